"""The order of the annotations next to a paper: highlights in text order, highlights not found in the text,
then notes.
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
    """A note or highlight. `number` labels its mark in the text; `earlier` counts earlier versions."""

    annotation: Annotation
    number: int | None = None
    earlier: int = 0

    @property
    def is_orphan(self) -> bool:
        """Whether this is a highlight that was not found in the abstract."""
        return self.annotation.draft.quote is not None and self.number is None


@dataclass(frozen=True)
class AnnotationList:
    """The ordered entries, and the spans to highlight in the abstract."""

    entries: tuple[Entry, ...]
    marks: tuple[HighlightSpan, ...]


def arrange(paper: Paper, earlier: Mapping[str, int]) -> AnnotationList:
    """Arrange a paper's annotations. `earlier` maps annotation ids to their number of earlier versions."""
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
    """Return a fingerprint of the abstract, because positions are valid only in the same text."""
    return hashlib.sha256(paper.facts.abstract.encode("utf-8", "surrogatepass")).hexdigest()[:16]
