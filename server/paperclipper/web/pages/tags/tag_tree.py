"""Tags as a tree: `games/cooperative` stands in `games`, whether or not that is a tag itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from paperclipper.model import Tag


@dataclass
class Branch:
    """A part of a tag's name, the tag that ends there if there is one, and what is nested in it."""

    label: str
    tag: Tag | None = None
    branches: list["Branch"] = field(default_factory=list)


def build(tags: Iterable[Tag]) -> list[Branch]:
    """The tree of these tags, each level in the order of the alphabet, whatever the case."""
    top = Branch("")
    for tag in sorted(tags, key=lambda tag: [part.casefold() for part in tag.name.split("/")]):
        at = top
        for part in tag.name.split("/"):
            at = _branch(at, part)
        at.tag = tag
    return top.branches


def _branch(within: Branch, label: str) -> Branch:
    """The branch of this label, made if it is new: in this order, it can only be the last one."""
    last = within.branches[-1] if within.branches else None
    if last is None or last.label.casefold() != label.casefold():
        last = Branch(label)
        within.branches.append(last)
    return last
