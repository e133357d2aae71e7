"""The facet labels of papers as arrays."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paperclipper.search.document import OPEN_FACETS
from paperclipper.search.postings.arrays import Integers
from paperclipper.search.postings.term_dictionary import offsets, ranges

_NAMESPACES = 1 + len(OPEN_FACETS)
_NAMESPACE_OF = {facet: namespace for namespace, facet in enumerate(OPEN_FACETS, 1)}


class Vocabulary(dict[str, int]):
    """Numbers the facet labels consistently across all segments.

    The labels of closed facets share namespace 0; each open facet has its own namespace. `namespaces` lists
    the labels of each namespace by number. A label maps to its number times the number of namespaces, plus
    its namespace.
    """

    def __init__(self) -> None:
        super().__init__()
        self.namespaces: tuple[list[str], ...] = tuple([] for _ in range(_NAMESPACES))

    def __missing__(self, label: str) -> int:
        namespace = _NAMESPACE_OF.get(label.partition(":")[0], 0)
        labels = self.namespaces[namespace]
        code = self[label] = len(labels) * _NAMESPACES + namespace
        labels.append(label)
        return code


class Labels(NamedTuple):
    """The label numbers of each paper in one namespace; those of paper i start at `offsets[i]`."""

    offsets: Integers
    numbers: Integers

    def of(self, papers: Integers) -> Integers:
        """Return the concatenated label numbers of the given papers."""
        starts = self.offsets[papers]
        found: Integers = self.numbers[ranges(starts, self.offsets[papers + 1] - starts)]
        return found


def parse_labels(texts: Sequence[str], vocabulary: Vocabulary) -> list[Labels]:
    """Parse the labels of papers, one label per line, and return them by namespace."""
    sizes = np.fromiter((text.count("\n") + 1 if text else 0 for text in texts), np.int64, len(texts))
    labels = "\n".join([text for text in texts if text]).split("\n") if sizes.any() else []
    codes = np.fromiter(map(vocabulary.__getitem__, labels), np.int32, len(labels))
    papers = np.repeat(np.arange(len(sizes)), sizes)
    numbers, namespaces = np.divmod(codes, _NAMESPACES)
    return [
        _labels(papers[namespaces == namespace], numbers[namespaces == namespace], len(sizes))
        for namespace in range(_NAMESPACES)
    ]


def _labels(papers: Integers, numbers: Integers, count: int) -> Labels:
    return Labels(offsets(np.bincount(papers, minlength=count)), numbers)


def concatenate_labels(parts: Sequence[Labels]) -> Labels:
    """Concatenate the labels of several segments."""
    bases = np.cumsum([0, *(len(part.numbers) for part in parts)])
    offsets = [part.offsets[:-1] + base for part, base in zip(parts, bases[:-1], strict=True)]
    return Labels(np.concatenate([*offsets, bases[-1:]]), np.concatenate([part.numbers for part in parts]))
