"""Papers in a list as a reader sees them: the title and the best piece of the texts, with what the search found marked.

Must not know how papers were found, nor read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from paperclipper.formats.text import formulas
from paperclipper.formats.text.plain_markdown import bare
from paperclipper.model import Paper
from paperclipper.search.document import Text, texts
from paperclipper.search.highlighting.matcher import Match, matches, sought
from paperclipper.search.highlighting.snippets import Fragments, marks, over_formulas, snippet
from paperclipper.search.query.plan import Plan
from paperclipper.search.query.results import Hit
from paperclipper.search.query.syntax import Query

_YOURS = ("note", "quote")


@dataclass(frozen=True)
class Item:
    """A paper in a list: its title and the best piece of its texts, marked.

    `field` names where that piece is from, `matched` all kinds of text in which the search found words, `missing` the
    parts of the search that the paper lacks.
    """

    paper: Paper
    title: Fragments
    snippet: Fragments
    field: str
    matched: tuple[str, ...]
    missing: tuple[str, ...] = ()


class _Looked(NamedTuple):
    """A text that was looked through, and what was found in it."""

    text: Text
    found: Sequence[Match]


_NOTHING = _Looked(Text("abstract", ""), ())


def items(found: Sequence[tuple[Hit, Paper]], query: Query, plan: Plan | None) -> tuple[Item, ...]:
    """The papers that were found, in order. All their texts are looked through at once, which is soonest done."""
    written = [[text for text in texts(paper) if text.text or text.field == "title"] for _, paper in found]
    places = iter(matches([text for each in written for text in each], sought(plan)))
    return tuple(
        [
            _item(hit, paper, query, [_looked(text, next(places)) for text in each])
            for (hit, paper), each in zip(found, written, strict=True)
        ]
    )


def _looked(text: Text, found: Sequence[Match]) -> _Looked:
    return _Looked(text, over_formulas(found, formulas.spans(text.text)) if found else found)


def _item(hit: Hit, paper: Paper, query: Query, looked: Sequence[_Looked]) -> Item:
    title, *others = looked
    answering = [each for each in others if each.found]
    matched = dict.fromkeys([each.text.field for each in (title, *answering) if each.found])
    missing = tuple([query.text[span.start : span.end] for span in hit.missing])
    best = max(answering, key=_worth) if answering else others[0] if others else _NOTHING
    (field, text), places = best
    piece = snippet(text, places, formulas.spans(text))
    piece = bare(piece) if field == "note" else piece
    return Item(paper, marks(title.text.text, title.found), piece, field, tuple(matched), missing)


def _worth(looked: _Looked) -> tuple[int, bool]:
    """The more clauses a text answers, the better; what the reader wrote before what he read."""
    return len({match.clause for match in looked.found}), looked.text.field in _YOURS
