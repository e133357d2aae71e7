"""The annotations next to a paper: highlights in the order of the text, those that are not found in it, then
notes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from paperclipper.formats.text import abstract
from paperclipper.formats.text.abstract import HighlightSpan
from paperclipper.formats.text.anchoring import Span
from paperclipper.model import Annotation, Colour, Paper


@dataclass(frozen=True)
class Entry:
    """A note or highlight. `number` is shown at its mark in the text; `earlier` counts earlier versions."""

    annotation: Annotation
    number: int | None = None
    earlier: int = 0

    @property
    def is_orphan(self) -> bool:
        """Whether this is a highlight whose words are not in the abstract."""
        return self.annotation.draft.quote is not None and self.number is None


@dataclass(frozen=True)
class AnnotationList:
    """The entries in order, and the highlights to mark in the abstract."""

    entries: tuple[Entry, ...]
    marks: tuple[HighlightSpan, ...]


def arrange(paper: Paper, earlier: Mapping[str, int]) -> AnnotationList:
    """Find each highlight in the abstract. `earlier` counts earlier versions by annotation."""
    spans = {each.id: span for each in paper.highlights if (span := _find(paper, each))}
    anchored = sorted(
        (each for each in paper.highlights if each.id in spans), key=lambda each: spans[each.id]
    )
    orphans = [each for each in paper.highlights if each.id not in spans]
    numbers = {each.id: number for number, each in enumerate(anchored, 1)}
    ordered = [*anchored, *orphans, *paper.notes]
    entries = tuple(Entry(each, numbers.get(each.id), earlier.get(each.id, 0)) for each in ordered)
    return AnnotationList(entries, tuple(_mark(spans[each.id], each, numbers[each.id]) for each in anchored))


def _find(paper: Paper, highlight: Annotation) -> Span | None:
    quote = highlight.draft.quote
    return abstract.find(paper.facts.abstract, quote) if quote else None


def _mark(span: Span, highlight: Annotation, number: int) -> HighlightSpan:
    return HighlightSpan(*span, highlight.id, number, highlight.draft.colour or Colour.YELLOW)


def abstract_fingerprint(paper: Paper) -> str:
    """Identify the text of the abstract, since positions are only valid in the same text."""
    return hashlib.sha256(paper.facts.abstract.encode("utf-8", "surrogatepass")).hexdigest()[:16]
