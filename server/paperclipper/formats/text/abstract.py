"""Rendering an abstract as safe HTML, with its LaTeX formulas and the reader's highlights.

Pure. Abstracts contain no markup, so everything except formulas and URLs is escaped. Each piece has its
start offset in `data-at`, and an indivisible piece also has its end offset in `data-to`. From these offsets,
in code points of the source, a page can compute the range of a selection.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from itertools import pairwise, takewhile
from operator import eq

from paperclipper.formats.text import anchoring, formulas
from paperclipper.formats.text.anchoring import CompactText, Span
from paperclipper.formats.text.formulas import Piece
from paperclipper.identifiers import is_url
from paperclipper.model import Colour, TextQuote

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_URL = re.compile(r"https?://[^\s<>\"'`{}|\\^]+")
_TAG = re.compile(r"<[^>]*>")
_AFTER_URL = ".,;:!?)]*_"


@dataclass(frozen=True)
class HighlightSpan:
    """The range of a highlight in code points of the abstract. `number` is its reference number."""

    start: int
    end: int
    id: str
    number: int
    colour: Colour


@dataclass(frozen=True)
class _Run:
    """A piece of a paragraph. If `whole` is true, it is indivisible: highlighted entirely or not at all."""

    start: int
    end: int
    html: str
    whole: bool = False
    highlights: tuple[HighlightSpan, ...] = ()


def to_html(text: str, highlights: Sequence[HighlightSpan] = ()) -> str:
    """Return the abstract as `<p>` paragraphs, with formulas as MathML and URLs as links.

    A formula or URL that is partly covered by a highlight is highlighted entirely. Highlights may overlap.
    """
    ordered = sorted(highlights, key=lambda highlight: (highlight.start, -highlight.end, highlight.number))
    paragraphs = [[_highlighted(run, ordered) for run in runs] for runs in _paragraphs(text, ordered)]
    last = {highlight.id: run for runs in paragraphs for run in runs for highlight in run.highlights}
    opened_ids: set[str] = set()
    return "\n".join(f"<p>{''.join(_nested(runs, opened_ids, last))}</p>" for runs in paragraphs)


def find(text: str, quote: TextQuote) -> Span | None:
    """Return the range of the quote in the abstract's source, or else in its rendered text, or None."""
    return anchoring.find(text, quote) or anchoring.find_in_compact(_shown(text), quote)


@lru_cache(maxsize=32)
def _shown(text: str) -> CompactText:
    """Return the abstract as rendered. Each character of a formula maps to the range of the whole formula."""
    shown, starts, ends = "", [], []
    for run in (run for paragraph in _paragraphs(text, ()) for run in paragraph):
        if run.whole:
            part = anchoring.compact(unescape(_TAG.sub("", run.html)))
            starts += [run.start] * len(part.text)
            ends += [run.end] * len(part.text)
        else:
            part = anchoring.compact(text[run.start : run.end])
            starts += [run.start + start for start in part.starts]
            ends += [run.start + end for end in part.ends]
        shown += part.text
    return CompactText(shown, starts, ends)


def _paragraphs(text: str, highlights: Sequence[HighlightSpan]) -> Iterator[list[_Run]]:
    left = formulas.MAX_FORMULAS
    for paragraph in _PARAGRAPH.finditer(text):
        pieces = list(formulas.pieces(paragraph[0].rstrip()))
        found = (_runs(_moved(p, paragraph.start()), spare=left > i) for i, p in enumerate(pieces))
        yield [part for runs in found for run in runs for part in _cut(run, text, highlights)]
        left -= len(pieces)


def _moved(piece: Piece, by: int) -> Piece:
    return replace(piece, start=piece.start + by, end=piece.end + by)


def _runs(piece: Piece, *, spare: bool) -> Iterator[_Run]:
    if not piece.is_formula:
        yield from _linked(piece)
        return
    if spare:
        shown = formulas.to_html(piece.text, display=piece.display)
    else:
        shown = f"<code>{escape(piece.text)}</code>"
    html = f'<span data-at="{piece.start}" data-to="{piece.end}">{shown}</span>'
    yield _Run(piece.start, piece.end, html, whole=True)


def _linked(piece: Piece) -> Iterator[_Run]:
    position = 0
    for match in _URL.finditer(piece.text):
        url = match[0].rstrip(_AFTER_URL)
        start, end = match.start(), match.start() + len(url)
        if not is_url(url):
            continue
        yield _Run(piece.start + position, piece.start + start, "")
        at = f'data-at="{piece.start + start}" data-to="{piece.start + end}"'
        html = f'<a href="{escape(url)}" rel="noopener noreferrer" {at}>{escape(url)}</a>'
        yield _Run(piece.start + start, piece.start + end, html, whole=True)
        position = end
    yield _Run(piece.start + position, piece.end, "")


def _cut(run: _Run, text: str, highlights: Sequence[HighlightSpan]) -> Iterator[_Run]:
    """Split a run of plain text at the boundaries of highlights."""
    if run.whole:
        yield run
        return
    ends = {end for highlight in highlights for end in (highlight.start, highlight.end)}
    inside = {end for end in ends if run.start < end < run.end}
    for start, end in pairwise(sorted(inside | {run.start, run.end})):
        yield _Run(start, end, f'<span data-at="{start}">{escape(text[start:end])}</span>')


def _highlighted(run: _Run, highlights: Sequence[HighlightSpan]) -> _Run:
    return replace(run, highlights=tuple(h for h in highlights if h.start < run.end and run.start < h.end))


def _nested(runs: Sequence[_Run], opened_ids: set[str], last: dict[str, _Run]) -> Iterator[str]:
    """Yield the runs of a paragraph inside `<mark>` elements, nested where highlights overlap."""
    open_highlights: tuple[HighlightSpan, ...] = ()
    references = ""
    for run in (*runs, _Run(0, 0, "")):
        common = sum(takewhile(bool, map(eq, open_highlights, run.highlights)))
        closing = "</mark>" * (len(open_highlights) - common)
        opening = "".join(_open(highlight, opened_ids) for highlight in run.highlights[common:])
        yield closing + references + opening + run.html
        references = "".join(_reference(each) for each in run.highlights if last[each.id] is run)
        open_highlights = run.highlights


def _open(highlight: HighlightSpan, opened_ids: set[str]) -> str:
    """Return the opening tag. If a highlight is split into several elements, only the first has the id."""
    name = "" if highlight.id in opened_ids else f' id="mark-{escape(highlight.id)}" tabindex="-1"'
    opened_ids.add(highlight.id)
    return f'<mark class="hl hl-{highlight.colour}" data-mark="{escape(highlight.id)}"{name}>'


def _reference(highlight: HighlightSpan) -> str:
    number = highlight.number
    link = f'<a href="#note-{escape(highlight.id)}" aria-label="your highlight {number}">{number}</a>'
    return f'<sup class="ref">{link}</sup>'
