"""The tag tree. `games/cooperative` is nested in `games`, even if there is no tag `games`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from paperclipper.model import Tag


@dataclass
class Branch:
    """A component of a tag name, the tag that ends with it (if any), and its nested branches."""

    label: str
    tag: Tag | None = None
    branches: list["Branch"] = field(default_factory=list)


def build(tags: Iterable[Tag]) -> list[Branch]:
    """Build a tree of the tags. Each level is sorted alphabetically, ignoring case."""
    top = Branch("")
    for tag in sorted(tags, key=lambda tag: [part.casefold() for part in tag.name.split("/")]):
        at = top
        for part in tag.name.split("/"):
            at = _branch(at, part)
        at.tag = tag
    return top.branches


def _branch(within: Branch, label: str) -> Branch:
    """Return the branch with this label, adding it if needed.

    Only the last branch can match, because the tags are sorted.
    """
    last = within.branches[-1] if within.branches else None
    if last is None or last.label.casefold() != label.casefold():
        last = Branch(label)
        within.branches.append(last)
    return last
