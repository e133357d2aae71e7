"""API route for searching papers."""

from dataclasses import asdict
from typing import Any

from flask import Response, g

from paperclipper.model import Scope
from paperclipper.services.search import facets, result_items, searching, suggestions
from paperclipper.web.api.serialization import representation, search_answers
from paperclipper.web.api.serialization.schemas import SearchQuerySchema
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint, page, with_duration

blueprint = ApiBlueprint("search", __name__, description="Full-text search")


@blueprint.route("/papers")
@blueprint.arguments(SearchQuerySchema(), location="query")
@blueprint.response(200, search_answers.HITS, errors=(410,))
@request_guard.requires(Scope.READ)
def search_papers(query: dict[str, Any]) -> Response:
    """Search papers. Returns the best matches first, or the newest papers without `q`.

    `total` and `facets` count only complete matches. If there are few, `partial` contains the best partial
    matches; if there are fewer than 3, `explanation` counts the matches for each part of the query. `next` is
    the cursor of the next page and is valid for an hour.
    """
    results = searching.search(g.library_id, searching.SearchRequest(**query))
    response = page(
        [_hit(item) for item in results.items],
        results.next,
        total=results.total,
        sort=results.order,
        partial=[_hit(item) for item in results.partial],
        facets={facet.key: [_facet_value(value) for value in facet.values] for facet in results.facets},
        filters=[asdict(filter_) for filter_ in results.filters],
        explanation=[_clause(each) for each in results.explanation],
        truncated_prefixes=list(results.truncated_prefixes),
        behind=results.behind,
    )
    return with_duration(response, results.milliseconds)


def _hit(item: result_items.Item) -> dict[str, Any]:
    counts = {"notes": len(item.paper.notes), "highlights": len(item.paper.highlights)}
    shown = {
        "title_marked": [list(piece) for piece in item.title],
        "snippet": [list(piece) for piece in item.snippet],
        "field": item.field,
        "matched": list(item.matched),
        "missing": list(item.missing),
    }
    return representation.paper(item.paper) | counts | shown


def _facet_value(value: facets.FacetValue) -> dict[str, Any]:
    return {
        "name": value.name,
        "count": value.count,
        "q": value.q,
        "active": value.active,
        "depth": value.depth,
    }


def _clause(clause: suggestions.ClauseMatches) -> dict[str, Any]:
    return {
        "text": clause.text,
        "count": clause.count,
        "similar": [asdict(suggestion) for suggestion in clause.similar],
        "split": [asdict(suggestion) for suggestion in clause.split],
        "without": asdict(clause.without) if clause.without else None,
    }
