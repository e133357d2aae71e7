"""Marks the matches in the title of a paper and in the best snippet of its other texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from paperclipper.model import Paper
from paperclipper.search.document import Text, texts
from paperclipper.search.highlighting.matcher import Match, find_matches, matchers_by_zone
from paperclipper.search.highlighting.snippets import Fragments, Spans, best_snippet, mark, widen
from paperclipper.search.query.plan import Plan

Unbreakable = Callable[[str], Spans]
"""Returns the spans of a text that must not be cut or partly marked, such as formulas."""

_OWN_ZONES = ("note", "quote")


@dataclass(frozen=True)
class Marked:
    """The title of a paper and the best snippet of its other texts, with matches marked.

    `field` is the field that the snippet comes from; `matched` lists every field with a match.
    """

    title: Fragments
    snippet: Fragments
    field: str
    matched: tuple[str, ...]


class _MatchedText(NamedTuple):
    """A text and the matches in it."""

    text: Text
    matches: Sequence[Match]


_NO_TEXT = _MatchedText(Text("abstract", ""), ())


def highlight(papers: Sequence[Paper], plan: Plan | None, unbreakable: Unbreakable) -> list[Marked]:
    """Mark the matches of a plan in each paper, or nothing if there is no plan.

    All texts of all papers are searched together, which is faster.
    """
    by_paper = [[text for text in texts(paper) if text.text or text.field == "title"] for paper in papers]
    found = iter(
        find_matches([text for paper_texts in by_paper for text in paper_texts], matchers_by_zone(plan))
    )
    return [
        _marked([_matched_text(text, next(found), unbreakable) for text in paper_texts], unbreakable)
        for paper_texts in by_paper
    ]


def unmarked(papers: Sequence[Paper], unbreakable: Unbreakable) -> list[Marked]:
    """Return titles and snippets without marks, for papers that are not search results."""
    return highlight(papers, None, unbreakable)


def _matched_text(text: Text, found: Sequence[Match], unbreakable: Unbreakable) -> _MatchedText:
    return _MatchedText(text, widen(found, unbreakable(text.text)) if found else found)


def _marked(paper_texts: Sequence[_MatchedText], unbreakable: Unbreakable) -> Marked:
    title, *others = paper_texts
    matching = [each for each in others if each.matches]
    matched = dict.fromkeys([each.text.field for each in (title, *matching) if each.matches])
    best = max(matching, key=_relevance) if matching else others[0] if others else _NO_TEXT
    text = best.text.text
    piece = best_snippet(text, best.matches, unbreakable(text))
    return Marked(mark(title.text.text, title.matches), piece, best.text.field, tuple(matched))


def _relevance(text: _MatchedText) -> tuple[int, bool]:
    """Return a sort key that prefers texts matching more clauses, then the reader's notes and highlights."""
    return len({match.clause for match in text.matches}), text.text.field in _OWN_ZONES
