"""The plain model that test_any_sequence.py compares a library with."""

from dataclasses import dataclass, field

from paperclipper.model import Status


@dataclass(eq=False)
class ExpectedPaper:
    """A paper of the plain model."""

    first: object
    names: set = field(default_factory=set)
    clips: set = field(default_factory=set)
    tags: set = field(default_factory=set)
    notes: dict = field(default_factory=dict)
    starred: bool = False
    status: Status = Status.UNREAD
    title: str | None = None
    trashed: bool = False

    def absorb(self, other):
        self.names |= other.names
        self.clips |= other.clips
        self.tags |= other.tags
        self.notes |= other.notes
        self.starred |= other.starred
        self.status = other.status if self.status is Status.UNREAD else self.status
        self.title = self.title or other.title
        self.trashed &= other.trashed
        self.first = min(self.first, other.first)
