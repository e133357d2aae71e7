"""Word-by-word diffs of two texts.

Pure. To limit the running time, long texts are compared line by line, and very long texts are not compared.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

_WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+$")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MAX_PARTS = 3_000


class DiffKind(StrEnum):
    """The kind of a run of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Run(NamedTuple):
    """A run of text that occurs in both texts, only in the old text, or only in the new text."""

    kind: DiffKind
    text: str

    @property
    def space(self) -> str:
        """The leading white space, which is not marked as changed."""
        return self.text[: len(self.text) - len(self.words)]

    @property
    def words(self) -> str:
        """The text after `space`."""
        return self.text.lstrip() or self.text


def compare(old: str, new: str) -> list[Run]:
    """Return the runs of both texts in order.

    The old text consists of all runs except the added ones, the new text of all runs except the removed ones.
    """
    for parts in (_WORDS, _LINES):
        before, after = parts.findall(old), parts.findall(new)
        if max(len(before), len(after)) <= _MAX_PARTS:
            return list(_runs(before, after))
    return [Run(DiffKind.SAME, old)] if old == new else list(_replaced([old], [new]))


def _runs(old: list[str], new: list[str]) -> Iterator[Run]:
    for operation, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if operation == "equal":
            yield Run(DiffKind.SAME, "".join(old[a:b]))
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: list[str], new: list[str]) -> Iterator[Run]:
    for kind, text in ((DiffKind.REMOVED, "".join(old)), (DiffKind.ADDED, "".join(new))):
        if text:
            yield Run(kind, text)
