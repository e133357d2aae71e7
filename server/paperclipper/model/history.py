"""What changed: steps of the library, what was said before, acts that can be undone, and those that cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from paperclipper.model.enums import ActionKind
from paperclipper.model.libraries import Version
from paperclipper.model.papers import Annotation, DayDecision, Paper, Tag


@dataclass(frozen=True)
class Change:
    """One step of `GET /changes`: the row that changed last at `stamp`, and what it is now.

    `kind` is one of paper, annotation, tag, decision; `gone` says merged, purged or deleted for good, and `merged_into`
    names the survivor of a merge.
    """

    stamp: int
    kind: str
    id: str
    gone: bool = False
    merged_into: str | None = None
    paper: Paper | None = field(default=None, compare=False)
    annotation: Annotation | None = field(default=None, compare=False)
    tag: Tag | None = field(default=None, compare=False)
    decision: DayDecision | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Revision:
    """What an annotation, or sealed fields of a paper, said before a save. `content` is as the store keeps it."""

    version: Version
    content: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True)
class Action:
    """One act on many rows. `title` says in words what was done; `record` holds what undoing it needs."""

    id: str
    kind: ActionKind
    title: str
    made_at: datetime
    undone_at: datetime | None = None
    record: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Purge:
    """An act that cannot be undone: these papers and annotations lost their texts.

    `clean_at` is None until no file of the library holds them any more.
    """

    id: str
    made_at: datetime
    paper_ids: tuple[str, ...] = ()
    annotation_ids: tuple[str, ...] = ()
    clean_at: datetime | None = None


@dataclass(frozen=True)
class Backup:
    """A copy of the database that was made here, and where it was put."""

    id: str
    path: Path
    made_at: datetime
