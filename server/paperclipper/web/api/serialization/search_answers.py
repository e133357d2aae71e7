"""What a search answers, one shape a thing. The examples are what `boats year:2026` finds in a library of one paper.

For the document alone, as answers.py.
"""

from paperclipper.model import Sort
from paperclipper.web.api.serialization.answers import page
from paperclipper.web.api.serialization.shapes import (
    NAMED,
    Shape,
    array,
    boolean,
    empty_array,
    enum_of,
    example,
    integer,
    named,
    null_example,
    nullable,
    record,
    text,
)

_TEXTS = [
    "abstract",
    "note",
    "quote",
    "author",
    "organisation",
    "keywords",
    "venue",
    "summary",
    "identifier",
    "link",
]
_MARKED: Shape = {
    "type": "array",
    "prefixItems": [text("boats"), boolean(True)],
    "minItems": 2,
    "maxItems": 2,
}


def _marked(description: str, before: str, found: str, after: str) -> Shape:
    return array(_MARKED, description) | {"examples": [[[before, False], [found, True], [after, False]]]}


HIT = named(
    "Hit",
    "A paper that a search found.",
    **NAMED["Paper"]["properties"],
    notes=integer(1, "How many notes it has."),
    highlights=integer(0, "How many highlights it has."),
    title_marked=_marked(
        "The title in pieces: the text, and whether the search found it.",
        "Folding Paper ",
        "Boats",
        " with Diffusion",
    ),
    snippet=_marked(
        "The best piece of its other texts, in the same way.",
        "We fold ",
        "boats",
        " out of noise, one crease at a time.",
    ),
    field=text("abstract", "The text that the snippet is a piece of.", enum=_TEXTS),
    matched=array(text("title", enum=["title", *_TEXTS]), "All texts in which the search found words.")
    | {"examples": [["title", "abstract", "keywords", "summary", "link"]]},
    missing=empty_array(
        text("cranes"), "Of one in `partial`: what of the search it lacks; nothing, if it is spelt otherwise."
    ),
)
_SUGGESTION = named(
    "Suggestion",
    "Another search to try.",
    text=text("year:2026", "The words or the tag that it has instead, or all of it."),
    q=text("year:2026", "The search."),
    count=nullable(integer(1), "How many papers have that `text`; null where nobody counted."),
)
_CLAUSE = named(
    "ClauseMatches",
    "What one part of a search finds.",
    text=text("boats", "The part, as it was typed."),
    count=integer(1, "How many papers it finds by itself."),
    similar=empty_array(_SUGGESTION, "Words or tags spelt nearly so."),
    split=empty_array(_SUGGESTION, "The word written apart."),
    without=nullable(_SUGGESTION, "The search without this part; null where it is the only one."),
)
_YEAR_CLAUSE = example(_CLAUSE) | {
    "text": "year:2026",
    "without": {"text": "boats", "q": "boats", "count": 1},
}
_FACET_VALUE = named(
    "FacetValue",
    "A way to narrow a search down, or to widen it again.",
    name=text("reading"),
    count=integer(1, "How many of the papers that match have it."),
    q=text("boats year:2026 status:reading", "The search with it; without it, where it is on."),
    active=boolean(False, "Whether the search asks for it already."),
    depth=integer(0, "1 for a tag that is nested in one before it.", maximum=1),
)


def _facet(description: str, filters: dict[str, str]) -> Shape:
    """A facet; `filters` has, of each value in the example, what is typed for it."""
    shown = [
        {
            "name": name,
            "count": 1,
            "q": f"boats year:2026 {typed}",
            "active": False,
            "depth": int("/" in name),
        }
        for name, typed in filters.items()
    ]
    return array(_FACET_VALUE, description) | {"examples": [shown]}


_YEAR_ON = {"name": "2026", "count": 1, "q": "boats", "active": True, "depth": 0}
_FACETS: Shape = {
    "type": "object",
    "description": "How many papers match, by each value of these; one without values is not there.",
    "properties": {
        "tag": _facet(
            "The most frequent first, those nested in one behind it.",
            {"boats": "#boats", "boats/paper": "#boats/paper"},
        ),
        "status": _facet("", {"reading": "status:reading"}),
        "year": _facet("Of publication, the latest first.", {}) | {"examples": [[_YEAR_ON]]},
        "author": _facet("The most frequent first.", {"Ada Paper": 'author:"Ada Paper"'}),
        "org": _facet("Organisations, the most frequent first.", {"Harbour Lab": 'org:"Harbour Lab"'}),
        "has": _facet(
            "Notes, highlights, a star, code.",
            {"notes": "has:note", "a star": "is:starred", "code": "has:code"},
        ),
    },
}
HITS = page(
    HIT,
    null_example(text("5b1f0c2d9e7a4c62b83d1e5f.20"), "The `cursor` of the next page; null on the last."),
    total=integer(1, "How many papers match in full; of a search the first 1000 stand on pages."),
    sort=enum_of(Sort, "relevance", "The order that they are in."),
    partial=empty_array(
        HIT, "The best that lack words, or spell them otherwise; on a first page with room for them."
    ),
    facets=_FACETS,
    filters=array(
        record(text=text("year:2026", "As it was typed."), q=text("boats", "The search without it.")),
        "The parts of the search that are no words.",
    ),
    explanation=array(
        _CLAUSE, "What each part finds, on a first page with fewer than 3 papers that match in full."
    )
    | {"examples": [[example(_CLAUSE), _YEAR_CLAUSE]]},
    truncated_prefixes=empty_array(
        text("di"), "Beginnings of so many words that only the most frequent ones were looked for."
    ),
    behind=integer(0, "How many papers the index has still to read; 0: the answer is exact."),
    milliseconds={"type": "number", "minimum": 0, "examples": [4.2]},
)
