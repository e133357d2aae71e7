"""What changed between two texts, word by word.

Pure. Long texts are compared line by line, and very long ones not at all, so that no pair of texts takes long.
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
    """What became of a run of text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


class Run(NamedTuple):
    """A run of text: in both, only in the old, or only in the new."""

    change: DiffKind
    text: str

    @property
    def space(self) -> str:
        """The white space that it begins with: nobody wants to see that marked."""
        return self.text[: len(self.text) - len(self.words)]

    @property
    def words(self) -> str:
        """The rest."""
        return self.text.lstrip() or self.text


def compare(old: str, new: str) -> list[Run]:
    """The runs of both texts in order: all but the new ones make the old text, all but those gone the new one."""
    for parts in (_WORDS, _LINES):
        before, after = parts.findall(old), parts.findall(new)
        if max(len(before), len(after)) <= _MAX_PARTS:
            return list(_runs(before, after))
    return [Run(DiffKind.KEPT, old)] if old == new else list(_replaced([old], [new]))


def _runs(old: list[str], new: list[str]) -> Iterator[Run]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Run(DiffKind.KEPT, "".join(old[a:b]))
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: list[str], new: list[str]) -> Iterator[Run]:
    for change, text in ((DiffKind.GONE, "".join(old)), (DiffKind.NEW, "".join(new))):
        if text:
            yield Run(change, text)
