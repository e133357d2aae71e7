"""Links between notes: `[[2401.12345]]`, `[[Title of a paper]]`, `[[2401.12345|label]]`.

Pure. The syntax is the same as in wikis and Obsidian. `target` parses the target of a link, but does not
check whether the paper is in the library.
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
    """A link as written: its target name and its label."""

    name: str
    label: str


def links(markdown: str) -> Iterator[Link]:
    """Yield the links of a note in order, excluding links in code."""
    for match in PATTERN.finditer(_CODE.sub(" ", markdown)):
        yield from_match(match)


def from_match(match: "re.Match[str]") -> Link:
    """Return the link for a match of `PATTERN`."""
    name = match[1].strip()
    return Link(name, (match[2] or name).strip())


def context(markdown: str, targets: Container[LinkTarget], reach: int = 90) -> tuple[str, str, str]:
    """Return the text before the first link to any of these targets, its label, and the text after it."""
    for match in PATTERN.finditer(markdown):
        if target(from_match(match).name) in targets:
            before, after = _plain(markdown[: match.start()]), _plain(markdown[match.end() :])
            return _last(before, reach), from_match(match).label, _first(after, reach)
    return "", "", _first(_plain(markdown), 2 * reach)


def _plain(markdown: str) -> str:
    """Return the text on one line, with links replaced by their labels and common markup removed."""
    return re.sub(
        r"\s+", " ", re.sub(r"\*\*|`", "", PATTERN.sub(lambda match: from_match(match).label, markdown))
    )


def _first(text: str, reach: int) -> str:
    return text if len(text) <= reach else text[:reach].rpartition(" ")[0] + "…"


def _last(text: str, reach: int) -> str:
    return text if len(text) <= reach else "…" + text[-reach:].partition(" ")[2]


def target(name: str) -> LinkTarget:
    """Return the target of a link: an identifier if the name is valid as one, otherwise a title."""
    try:
        return identifiers.parse(name)
    except InvalidInputError:
        return FoldedTitle(identifiers.fold_title(name))


def targets_of(title: str, names: tuple[Identifier, ...]) -> list[LinkTarget]:
    """Return all link targets that match a paper with this title and these identifiers."""
    return [FoldedTitle(identifiers.fold_title(title)), *names]
