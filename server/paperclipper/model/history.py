"""History: changes, earlier versions, undoable actions, purges and backups."""

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
    """An entry of `GET /changes`: a changed row, the stamp of its latest change, and its current state.

    `kind` is paper, annotation, tag or decision. `gone` means merged, purged or permanently deleted.
    `merged_into` is the id of the survivor of a merge.
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
    """An earlier version of an annotation or of a paper's edited fields. `content` is in stored form."""

    version: Version
    content: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True)
class Action:
    """An undoable action on many rows. `title` describes it; `record` contains the data needed to undo it."""

    id: str
    kind: ActionKind
    title: str
    made_at: datetime
    undone_at: datetime | None = None
    record: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Purge:
    """The permanent deletion of the texts of these papers and annotations.

    `clean_at` is None until the texts have been removed from all of the library's files.
    """

    id: str
    made_at: datetime
    paper_ids: tuple[str, ...] = ()
    annotation_ids: tuple[str, ...] = ()
    clean_at: datetime | None = None


@dataclass(frozen=True)
class Backup:
    """A copy of the database made by this installation."""

    id: str
    path: Path
    made_at: datetime
