"""The JSON Schemas of the search response, for the OpenAPI document.

The examples are the response to `boats year:2026` in a library of one paper.
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
    "A paper that matches the search.",
    **NAMED["Paper"]["properties"],
    notes=integer(1, "The number of notes."),
    highlights=integer(0, "The number of highlights."),
    title_marked=_marked(
        "The title as pairs of text and whether it is a match.",
        "Folding Paper ",
        "Boats",
        " with Diffusion",
    ),
    snippet=_marked(
        "The best excerpt of the other text fields, as pairs too.",
        "We fold ",
        "boats",
        " out of noise, one crease at a time.",
    ),
    field=text("abstract", "The field that the snippet is from.", enum=_TEXTS),
    matched=array(text("title", enum=["title", *_TEXTS]), "The fields that contain matches.")
    | {"examples": [["title", "abstract", "keywords", "summary", "link"]]},
    missing=empty_array(
        text("cranes"),
        "For a partial match: the parts of the query that it lacks; empty if only the spelling differs.",
    ),
)
_SUGGESTION = named(
    "Suggestion",
    "A suggested search.",
    text=text("year:2026", "The suggested words or tag, or the whole query."),
    q=text("year:2026", "The suggested query."),
    count=nullable(integer(1), "The number of papers that match `text`; null if unknown."),
)
_CLAUSE = named(
    "ClauseMatches",
    "The matches of one part of a query.",
    text=text("boats", "The part, as typed."),
    count=integer(1, "The number of papers that match this part alone."),
    similar=empty_array(_SUGGESTION, "Words or tags with a similar spelling."),
    split=empty_array(_SUGGESTION, "The word split into two."),
    without=nullable(_SUGGESTION, "The query without this part; null if it is the only part."),
)
_YEAR_CLAUSE = example(_CLAUSE) | {
    "text": "year:2026",
    "without": {"text": "boats", "q": "boats", "count": 1},
}
_FACET_VALUE = named(
    "FacetValue",
    "A facet value, to narrow the search or widen it again.",
    name=text("reading"),
    count=integer(1, "The number of matching papers with this value."),
    q=text("boats year:2026 status:reading", "The query with this value, or without it if it is active."),
    active=boolean(False, "Whether the query already contains it."),
    depth=integer(0, "1 for a tag that is nested in a preceding one.", maximum=1),
)


def _facet(description: str, filters: dict[str, str]) -> Shape:
    """Return the schema of a facet; `filters` has the query syntax of each example value."""
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
    "description": "The number of matching papers by value; facets without values are omitted.",
    "properties": {
        "tag": _facet(
            "Most frequent first, each followed by its nested tags.",
            {"boats": "#boats", "boats/paper": "#boats/paper"},
        ),
        "status": _facet("", {"reading": "status:reading"}),
        "year": _facet("Year of publication, latest first.", {}) | {"examples": [[_YEAR_ON]]},
        "author": _facet("Most frequent first.", {"Ada Paper": 'author:"Ada Paper"'}),
        "org": _facet("Organisations, most frequent first.", {"Harbour Lab": 'org:"Harbour Lab"'}),
        "has": _facet(
            "Notes, highlights, a star, code.",
            {"notes": "has:note", "a star": "is:starred", "code": "has:code"},
        ),
    },
}
HITS = page(
    HIT,
    null_example(text("5b1f0c2d9e7a4c62b83d1e5f.20"), "The `cursor` of the next page; null on the last."),
    total=integer(1, "The number of complete matches; only the first 1000 are on pages."),
    sort=enum_of(Sort, "relevance", "The order of the results."),
    partial=empty_array(HIT, "The best partial or differently spelt matches, if the first page has space."),
    facets=_FACETS,
    filters=array(
        record(text=text("year:2026", "As typed."), q=text("boats", "The query without it.")),
        "The filters in the query.",
    ),
    explanation=array(
        _CLAUSE, "The matches of each part, on a first page with fewer than 3 complete matches."
    )
    | {"examples": [[example(_CLAUSE), _YEAR_CLAUSE]]},
    truncated_prefixes=empty_array(
        text("di"), "Prefixes of so many words that only the most frequent ones were searched."
    ),
    behind=integer(0, "The number of papers not searchable yet; 0 if the results are complete."),
    milliseconds={"type": "number", "minimum": 0, "examples": [4.2]},
)
