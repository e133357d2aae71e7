"""The domain model: the types passed between all layers.

They are immutable and have no side effects: this package must not depend on SQL, HTTP, Whoosh or files.
CONTRIBUTING.md defines the terms.
"""

from paperclipper.model.access import (
    Pairing,
    Token,
)
from paperclipper.model.enums import (
    ActionKind,
    AnnotationKind,
    Colour,
    Decision,
    DigestKind,
    PageKind,
    PairingState,
    Scheme,
    Scope,
    Sort,
    Source,
    Status,
)
from paperclipper.model.history import (
    Action,
    Backup,
    Change,
    Purge,
    Revision,
)
from paperclipper.model.libraries import (
    Library,
    Position,
    Version,
)
from paperclipper.model.papers import (
    Annotation,
    AnnotationDraft,
    Backlink,
    Clip,
    ClipRequest,
    DayDecision,
    FoldedTitle,
    Identifier,
    IndexEntry,
    LinkTarget,
    Paper,
    PaperFacts,
    PaperState,
    Sighting,
    SourcePage,
    Tag,
    TextQuote,
)

__all__ = [
    "Action",
    "ActionKind",
    "Annotation",
    "AnnotationDraft",
    "AnnotationKind",
    "Backlink",
    "Backup",
    "Change",
    "Clip",
    "ClipRequest",
    "Colour",
    "DayDecision",
    "Decision",
    "DigestKind",
    "FoldedTitle",
    "Identifier",
    "IndexEntry",
    "Library",
    "LinkTarget",
    "PageKind",
    "Pairing",
    "PairingState",
    "Paper",
    "PaperFacts",
    "PaperState",
    "Position",
    "Purge",
    "Revision",
    "Scheme",
    "Scope",
    "Sighting",
    "Sort",
    "Source",
    "SourcePage",
    "Status",
    "Tag",
    "TextQuote",
    "Token",
    "Version",
]
