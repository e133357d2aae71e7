"""Papers in a list as a reader sees them: the title and the best piece of the texts, with what the search found marked.

Must not know how papers were found, nor read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.formats.text import formulas
from paperclipper.formats.text.plain_markdown import strip_markup
from paperclipper.model import Paper
from paperclipper.search import Answer, Fragments, Hit, Marked, Query, unmarked


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


def result_items(found: Sequence[tuple[Hit, Paper]], query: Query, answer: Answer | None) -> tuple[Item, ...]:
    """The papers that were found, in order; nothing is marked without an answer."""
    papers = [paper for _, paper in found]
    marked = answer.highlight(papers, formulas.spans) if answer else unmarked(papers, formulas.spans)
    return tuple([_item(hit, paper, query, each) for (hit, paper), each in zip(found, marked, strict=True)])


def _item(hit: Hit, paper: Paper, query: Query, marked: Marked) -> Item:
    snippet = strip_markup(marked.snippet) if marked.field == "note" else marked.snippet
    missing = tuple([query.text_of(span) for span in hit.missing])
    return Item(paper, marked.title, snippet, marked.field, marked.matched, missing)
