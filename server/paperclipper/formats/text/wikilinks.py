"""Links between notes: `[[2401.12345]]`, `[[Title of a paper]]`, `[[2401.12345|label]]`.

Pure. The syntax is that of wikis and Obsidian. `target` parses what a link refers to; whether the library has
such a paper is for others to know.
"""

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.model import FoldedTitle, Identifier, LinkTarget

PATTERN = re.compile(r"\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")
_CODE = re.compile(r"(?P<fence>`{3,}|~{3,}).*?(?:(?P=fence)|\Z)|(?P<ticks>`+)[^`]*(?P=ticks)", re.DOTALL)


class Link(NamedTuple):
    """A link as written: what it refers to, and its label."""

    name: str
    label: str


def links(markdown: str) -> Iterator[Link]:
    """Yield the links of a note in order, except those in code."""
    for match in PATTERN.finditer(_CODE.sub(" ", markdown)):
        yield from_match(match)


def from_match(match: "re.Match[str]") -> Link:
    """Return the link of a match of `PATTERN`."""
    name = match[1].strip()
    return Link(name, (match[2] or name).strip())


def context(markdown: str, targets: Container[LinkTarget], reach: int = 90) -> tuple[str, str, str]:
    """Return the text before, of and after the first link to one of these targets, on one line."""
    for match in PATTERN.finditer(markdown):
        if target(from_match(match).name) in targets:
            before, after = _plain(markdown[: match.start()]), _plain(markdown[match.end() :])
            return _last(before, reach), from_match(match).label, _first(after, reach)
    return "", "", _first(_plain(markdown), 2 * reach)


def _plain(markdown: str) -> str:
    """Return the text on one line, with links as their labels and without the most common markup."""
    return re.sub(
        r"\s+", " ", re.sub(r"\*\*|`", "", PATTERN.sub(lambda match: from_match(match).label, markdown))
    )


def _first(text: str, reach: int) -> str:
    return text if len(text) <= reach else text[:reach].rpartition(" ")[0] + "…"


def _last(text: str, reach: int) -> str:
    return text if len(text) <= reach else "…" + text[-reach:].partition(" ")[2]


def target(name: str) -> LinkTarget:
    """Return the identifier that a link refers to, or else the title."""
    try:
        return identifiers.parse(name)
    except InvalidInputError:
        return FoldedTitle(identifiers.fold_title(name))


def targets_of(title: str, names: tuple[Identifier, ...]) -> list[LinkTarget]:
    """Return every target that refers to a paper with this title and these identifiers."""
    return [FoldedTitle(identifiers.fold_title(title)), *names]
