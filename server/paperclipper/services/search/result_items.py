"""Search results for display: each paper with its title and best snippet, with matches marked.

Neither searches for papers nor loads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.formats.text import formulas
from paperclipper.formats.text.plain_markdown import strip_markup
from paperclipper.model import Paper
from paperclipper.search import Answer, Fragments, Hit, Marked, Query, unmarked


@dataclass(frozen=True)
class Item:
    """A paper in a result list, with its title, best snippet and highlighted matches.

    `field` is the field that the snippet comes from, `matched` lists every field with a match, and `missing`
    lists the parts of the query that the paper does not match.
    """

    paper: Paper
    title: Fragments
    snippet: Fragments
    field: str
    matched: tuple[str, ...]
    missing: tuple[str, ...] = ()


def result_items(found: Sequence[tuple[Hit, Paper]], query: Query, answer: Answer | None) -> tuple[Item, ...]:
    """Return the papers as items, in the same order. Without an answer, nothing is marked."""
    papers = [paper for _, paper in found]
    marked = answer.highlight(papers, formulas.spans) if answer else unmarked(papers, formulas.spans)
    return tuple([_item(hit, paper, query, each) for (hit, paper), each in zip(found, marked, strict=True)])


def _item(hit: Hit, paper: Paper, query: Query, marked: Marked) -> Item:
    snippet = strip_markup(marked.snippet) if marked.field == "note" else marked.snippet
    missing = tuple([query.text_of(span) for span in hit.missing])
    return Item(paper, marked.title, snippet, marked.field, marked.matched, missing)
