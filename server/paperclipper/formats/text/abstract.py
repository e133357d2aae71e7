"""An abstract as safe HTML, with its LaTeX formulas and the reader's highlights.

Pure. Nothing in an abstract is markup: everything except formulas and web addresses is escaped. Each piece
has its start in the abstract in `data-at`, and a piece that is highlighted as a whole or not at all has its
end in `data-to`, so that a page can compute what was selected in code points of the source.
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
    """The range of a highlight in code points of the abstract; `number` is its reference."""

    start: int
    end: int
    id: str
    number: int
    colour: Colour


@dataclass(frozen=True)
class _Run:
    """A piece of a paragraph. If `whole`, it is highlighted as a whole or not at all."""

    start: int
    end: int
    html: str
    whole: bool = False
    marks: tuple[HighlightSpan, ...] = ()


def to_html(text: str, marks: Sequence[HighlightSpan] = ()) -> str:
    """Return the abstract as `<p>` paragraphs, with formulas as MathML and web addresses as links.

    A formula or address that a highlight covers in part is highlighted as a whole. Highlights may overlap.
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.number))
    paragraphs = [[_marked(run, ordered) for run in runs] for runs in _paragraphs(text, ordered)]
    last = {mark.id: run for runs in paragraphs for run in runs for mark in run.marks}
    begun: set[str] = set()
    return "\n".join(f"<p>{''.join(_nested(runs, begun, last))}</p>" for runs in paragraphs)


def find(text: str, quote: TextQuote) -> Span | None:
    """Return the range of the quote in the abstract as in its source or as shown, or None."""
    return anchoring.find(text, quote) or anchoring.find_in_compact(_shown(text), quote)


@lru_cache(maxsize=32)
def _shown(text: str) -> CompactText:
    """Return the abstract as a reader sees it; each character of a formula stands for the whole formula."""
    seen, starts, ends = "", [], []
    for paragraph in _paragraphs(text, ()):
        for run in paragraph:
            there = anchoring.compact(
                unescape(_TAG.sub("", run.html)) if run.whole else text[run.start : run.end]
            )
            seen += there.text
            starts += [run.start if run.whole else run.start + start for start in there.starts]
            ends += [run.end if run.whole else run.start + end for end in there.ends]
    return CompactText(seen, starts, ends)


def _paragraphs(text: str, marks: Sequence[HighlightSpan]) -> Iterator[list[_Run]]:
    left = formulas.MAX_FORMULAS
    for paragraph in _PARAGRAPH.finditer(text):
        pieces = list(formulas.pieces(paragraph[0].rstrip()))
        found = (_runs(_moved(p, paragraph.start()), spare=left > i) for i, p in enumerate(pieces))
        yield [part for runs in found for run in runs for part in _cut(run, text, marks)]
        left -= len(pieces)


def _moved(piece: Piece, by: int) -> Piece:
    return replace(piece, start=piece.start + by, end=piece.end + by)


def _runs(piece: Piece, *, spare: bool) -> Iterator[_Run]:
    if not piece.is_formula:
        yield from _linked(piece)
        return
    shown = (
        formulas.to_html(piece.text, display=piece.display) if spare else f"<code>{escape(piece.text)}</code>"
    )
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


def _cut(run: _Run, text: str, marks: Sequence[HighlightSpan]) -> Iterator[_Run]:
    """Split a run of plain text at the edges of highlights."""
    if run.whole:
        yield run
        return
    edges = {edge for mark in marks for edge in (mark.start, mark.end) if run.start < edge < run.end}
    places = sorted(edges | {run.start, run.end})
    for start, end in pairwise(places):
        yield _Run(start, end, f'<span data-at="{start}">{escape(text[start:end])}</span>')


def _marked(run: _Run, marks: Sequence[HighlightSpan]) -> _Run:
    return replace(run, marks=tuple(mark for mark in marks if mark.start < run.end and run.start < mark.end))


def _nested(runs: Sequence[_Run], begun: set[str], last: dict[str, _Run]) -> Iterator[str]:
    """Yield the runs of a paragraph inside `<mark>` elements, nested where highlights overlap."""
    standing: tuple[HighlightSpan, ...] = ()
    ended = ""
    for run in (*runs, _Run(0, 0, "")):
        kept = sum(takewhile(bool, map(eq, standing, run.marks)))
        opened = "".join(_open(mark, begun) for mark in run.marks[kept:])
        yield "</mark>" * (len(standing) - kept) + ended + opened + run.html
        ended = "".join(_reference(mark) for mark in run.marks if last[mark.id] is run)
        standing = run.marks


def _open(mark: HighlightSpan, begun: set[str]) -> str:
    """Return the opening tag. A highlight may be split into several elements; the first has the id."""
    name = "" if mark.id in begun else f' id="mark-{escape(mark.id)}" tabindex="-1"'
    begun.add(mark.id)
    return f'<mark class="hl hl-{mark.colour}" data-mark="{escape(mark.id)}"{name}>'


def _reference(mark: HighlightSpan) -> str:
    label = f"your highlight {mark.number}"
    return f'<sup class="ref"><a href="#note-{escape(mark.id)}" aria-label="{label}">{mark.number}</a></sup>'
