"""The JSON Schema of the search response, for the OpenAPI document.

The examples show the response to `boats year:2026` in a library with one paper.
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
        "The title, as pairs of a text and whether it matches.",
        "Folding Paper ",
        "Boats",
        " with Diffusion",
    ),
    snippet=_marked(
        "The best excerpt from the other fields, in the same form.",
        "We fold ",
        "boats",
        " out of noise, one crease at a time.",
    ),
    field=text("abstract", "The field that contains the snippet.", enum=_TEXTS),
    matched=array(text("title", enum=["title", *_TEXTS]), "The fields that contain matches.")
    | {"examples": [["title", "abstract", "keywords", "summary", "link"]]},
    missing=empty_array(
        text("cranes"),
        "For a partial match: the unmatched parts of the query; empty if only the spelling differs.",
    ),
)
_SUGGESTION = named(
    "Suggestion",
    "A suggested search.",
    text=text("year:2026", "The suggested words or tag, or the whole query."),
    q=text("year:2026", "The suggested query."),
    count=nullable(integer(1), "The number of papers that match `text`. Null if unknown."),
)
_CLAUSE = named(
    "ClauseMatches",
    "The matches for one part of a query.",
    text=text("boats", "The part of the query, as typed."),
    count=integer(1, "The number of papers that match this part alone."),
    similar=empty_array(_SUGGESTION, "Words or tags with a similar spelling."),
    split=empty_array(_SUGGESTION, "The word split into two."),
    without=nullable(_SUGGESTION, "The query without this part. Null if it is the only part."),
)
_YEAR_CLAUSE = example(_CLAUSE) | {
    "text": "year:2026",
    "without": {"text": "boats", "q": "boats", "count": 1},
}
_FACET_VALUE = named(
    "FacetValue",
    "A facet value that can be added to the query or removed from it.",
    name=text("reading"),
    count=integer(1, "The number of matching papers with this value."),
    q=text("boats year:2026 status:reading", "The query with this value added, or removed if it is active."),
    active=boolean(False, "Whether the query already contains this value."),
    depth=integer(0, "1 for a tag nested in a preceding tag, otherwise 0.", maximum=1),
)


def _facet(description: str, filters: dict[str, str]) -> Shape:
    """Return the schema of a facet. `filters` maps each example value to its query syntax."""
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
    "description": "The number of matching papers per value. Facets without values are omitted.",
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
            "Papers with notes, highlights, a star or code.",
            {"notes": "has:note", "a star": "is:starred", "code": "has:code"},
        ),
    },
}
HITS = page(
    HIT,
    null_example(text("5b1f0c2d9e7a4c62b83d1e5f.20"), "The `cursor` of the next page. Null on the last."),
    total=integer(1, "The number of complete matches. Pagination ends after the first 1000."),
    sort=enum_of(Sort, "relevance", "The order of the results."),
    partial=empty_array(HIT, "The best partial matches or similar spellings, if the first page has space."),
    facets=_FACETS,
    filters=array(
        record(text=text("year:2026", "As typed."), q=text("boats", "The query without this filter.")),
        "The filters in the query.",
    ),
    explanation=array(
        _CLAUSE, "The matches for each part, on the first page if there are fewer than 3 results."
    )
    | {"examples": [[example(_CLAUSE), _YEAR_CLAUSE]]},
    truncated_prefixes=empty_array(
        text("di"), "Prefixes with so many matching words that only the most frequent were searched."
    ),
    behind=integer(0, "The number of papers not yet indexed. 0 if the results are complete."),
    milliseconds={"type": "number", "minimum": 0, "examples": [4.2]},
)
