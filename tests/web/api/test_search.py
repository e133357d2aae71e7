"""The search: its response, order, pagination, errors, suggestions and facets."""

import time
from datetime import date

import pytest

from builders import uuid7
from paperclipper.model import Scope, Sort
from paperclipper.services.access import tokens
from paperclipper.services.search import indexing
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.web.api.openapi import samples
from paperclipper.web.api.serialization import schemas, search_answers
from paperclipper.web.api.serialization.shapes import NAMED, example
from web.api import examples
from web.pages.reading import Browser, clip, highlight, note

GONE = f"{'0' * 24}.20"
CREASES = "We fold boats of paper, one crease at a time."
FLEET = {
    "Folding Boats": {
        "abstract": CREASES,
        "published": date(2024, 5, 1),
        "upvotes": 5,
        "authors": ("Ada Keel",),
    },
    "Sails for Boats": {"published": date(2026, 3, 5), "upvotes": 7, "authors": ("Ada Keel", "Bo Mast")},
    "Boats at Anchor": {"published": date(2025, 1, 1), "upvotes": 9, "authors": ("Bo Mast",)},
    "Cranes": {"abstract": "A crane of paper."},
}


@pytest.fixture
def library(store, tmp_path):
    indexing.use_folder(tmp_path)
    return store


@pytest.fixture
def fleet(library):
    """Paper ids by title, in the order of clipping."""
    made = {}
    for title, facts in FLEET.items():
        made[title] = clip(library, title, **facts)
        time.sleep(0.002)  # times are stored in milliseconds
    return made


@pytest.fixture
def ask(app, library):
    """A function that sends a request with all scopes and returns the response."""
    app.test_client_class = Browser
    client = app.test_client()
    _, secret = tokens.create(library, "all", list(Scope))

    def send(method, path, body=None, query=None, **headers):
        sent = {"Authorization": f"Bearer {secret}"} | {
            name.replace("_", "-"): headers[name] for name in headers
        }
        return client.open(f"/api/v1{path}", method=method, headers=sent, json=body, query_string=query)

    return send


@pytest.fixture
def find(ask):
    """A function that searches and returns the JSON."""

    def search(q="", **more):
        answer = ask("GET", "/papers", query={"q": q} | more)
        assert answer.status_code == 200, answer.data
        return answer.json

    return search


def titles(items):
    return [item["title"] for item in items]


def plain(pieces):
    return "".join(f"[{piece}]" if is_found else piece for piece, is_found in pieces)


def test_the_documented_example_is_the_real_response(library, ask, find):
    shown, own = (
        example(search_answers.HITS),
        set(NAMED["Hit"]["properties"]) - set(NAMED["Paper"]["properties"]),
    )
    facts = {name: value for name, value in shown["items"][0].items() if name in schemas.FactsSchema().fields}
    paper = ask("PUT", f"/clips/{uuid7()}", examples.clip(**facts)).json["paper"]
    ask(
        "PATCH",
        f"/papers/{paper['id']}",
        {"status": "reading", "starred": True},
        If_Match=f'"{paper["version"]}"',
    )
    tagging.add(library, paper["id"], "boats/paper")
    note(library, paper["id"], "Look here.")
    found = find(samples.QUERIES["q"])
    for answer in (shown, found):
        del answer["milliseconds"]
        answer["items"] = [{name: hit[name] for name in own} for hit in answer["items"]]
    assert found == shown


def test_unchanged_results_are_not_sent_again(library, fleet, ask):
    asked = {"q": "boats", "limit": 2}
    first = ask("GET", "/papers", query=asked)
    validator = first.headers["ETag"]
    assert validator.startswith('W/"')  # the duration varies
    assert first.json["milliseconds"] > 0
    again = ask("GET", "/papers", query=asked, If_None_Match=validator)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", validator)
    tagging.add(library, fleet["Boats at Anchor"], "harbour")
    assert ask("GET", "/papers", query=asked, If_None_Match=validator).status_code == 200


# Hits


@pytest.mark.parametrize(
    ("q", "field", "snippet", "matched"),
    [
        (
            "creases time",
            "abstract",
            "We fold boats of paper, one [crease] at a [time].",
            ["abstract", "quote"],
        ),
        ('"one crease"', "quote", "[one crease]", ["abstract", "quote"]),
        ("sextant", "note", "Bring the [sextant].", ["note"]),
        ("keel mast", "author", "Ada [Keel], Bo [Mast]", ["author"]),
        ("boats", "abstract", "We fold [boats] of paper, one crease at a time.", ["title", "abstract"]),
        ("anchor", "abstract", CREASES, ["title"]),
        ("status:unread has:note", "abstract", CREASES, []),
        ("", "abstract", CREASES, []),
    ],
)
def test_matches_are_marked(library, find, q, field, snippet, matched):
    paper_id = clip(library, "Boats at Anchor", abstract=CREASES, authors=("Ada Keel", "Bo Mast"))
    note(library, paper_id, "Bring the sextant.")
    highlight(library, paper_id, CREASES, "one crease")
    (hit,) = find(q)["items"]
    assert (hit["field"], plain(hit["snippet"]), hit["matched"]) == (field, snippet, matched)
    marked = {"boats": "[Boats] at Anchor", "anchor": "Boats at [Anchor]"}
    assert plain(hit["title_marked"]) == marked.get(q, "Boats at Anchor")
    assert (hit["missing"], hit["notes"], hit["highlights"]) == ([], 1, 1)


# Order and pagination


@pytest.mark.parametrize("q", ["boats", "year:2024..2026"])
@pytest.mark.parametrize(
    ("sort", "order"), [("clipped", [2, 1, 0]), ("published", [1, 2, 0]), ("upvotes", [2, 1, 0])]
)
def test_results_have_the_requested_order(fleet, find, q, sort, order):
    wanted = [list(fleet)[i] for i in order]
    for found in (find(q, sort=sort), find(f"{q} sort:{sort}"), find(f"{q} sort:relevance", sort=sort)):
        assert (titles(found["items"]), found["sort"]) == (wanted, sort)


def test_the_default_order_is_best_or_newest_first(fleet, find):
    for q, sort in (("boats", Sort.RELEVANCE), ("year:2024..2026", Sort.CLIPPED), ("", Sort.CLIPPED)):
        assert find(q)["sort"] == sort
        assert titles(find(q)["items"]) == titles(find(q, sort=sort)["items"])


@pytest.mark.parametrize("q", ["", "boats", "status:unread", "boats sort:upvotes"])
def test_every_paper_is_on_one_page_and_links_lead_to_the_next(library, ask, q):
    made = [clip(library, f"Boats {number}", upvotes=number % 3) for number in range(7)]
    path, seen = "/papers", []
    answer = ask("GET", path, query={"q": q, "limit": 3})
    while True:
        seen += [hit["id"] for hit in answer.json["items"]]
        assert (answer.json["total"], answer.json["partial"]) == (7, [])
        if answer.json["next"] is None:
            break
        following = ask("GET", path, query={"q": q, "limit": 3, "cursor": answer.json["next"]})
        link = answer.headers["Link"].partition(">")[0].partition("/api/v1")[2]
        answer = ask("GET", link)
        assert answer.json["items"] == following.json["items"]
    assert "Link" not in answer.headers
    assert sorted(seen) == sorted(made)


def test_a_deleted_paper_is_on_no_later_page(library, fleet, find):
    cursor = find("boats sort:upvotes", limit=1)["next"]
    trashing.trash(library, fleet["Sails for Boats"])
    page = find("boats sort:upvotes", limit=1, cursor=cursor)
    assert page["items"] == []
    assert titles(find("boats sort:upvotes", limit=1, cursor=page["next"])["items"]) == ["Folding Boats"]


# Invalid queries


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ({"q": "boats", "cursor": GONE}, 410, None),
        ({"cursor": GONE}, 422, "/cursor"),
        ({"q": "boats", "cursor": "20"}, 422, "/cursor"),
        ({"q": "boats", "cursor": "<1.6a0e9c2d-4b41-4f3d-8c8a-1b2c3d4e5f60"}, 422, "/cursor"),
        ({"q": "boats", "cursor": f"{GONE}²"}, 422, "/cursor"),
        ({"cursor": "<99999999999999999999.x"}, 422, "/cursor"),
        ({"cursor": "é" * 65}, 422, "/cursor"),
        ({"sort": "best"}, 422, "/sort"),
        ({"sort": ""}, 422, "/sort"),
        ({"q": "a\x00b"}, 422, "/q"),
        ({"q": "é" * 257}, 422, "/q"),
    ],
)
def test_an_invalid_parameter_is_named(fleet, ask, query, status, pointer):
    answer = ask("GET", "/papers", query=query)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert [each["pointer"] for each in answer.json.get("errors", [])] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("q", "position", "words"),
    [
        ("boats (of paper", 6, "never closed"),
        ("boats ) of paper", 6, "was never opened"),
        ("é status:sunk", 9, "There is no status:sunk"),
        ("boats bo*", 6, "too short"),
        ("boats~3", 5, "Write ~1 or ~2"),
        ("year:twenty", 5, "year"),
        ("boats " * 25, 144, "the limit is 24 words"),
    ],
)
def test_an_invalid_query_has_the_position_of_the_error(ask, q, position, words):
    answer = ask("GET", "/papers", query={"q": q})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert words in answer.json["detail"]
    assert answer.json["errors"] == [{"pointer": "/q", "detail": answer.json["detail"], "position": position}]


# Few results


@pytest.mark.parametrize(
    ("q", "items", "partial"),
    [
        (
            "folding boats crease",
            ["Folding Boats"],
            {"Sails for Boats": ["folding", "crease"], "Boats at Anchor": ["folding", "crease"]},
        ),
        ("anchor cranes", [], {"Boats at Anchor": ["cranes"], "Cranes": ["anchor"]}),
        ("anchr", [], {"Boats at Anchor": []}),
        ("boats sort:upvotes", ["Boats at Anchor", "Sails for Boats", "Folding Boats"], {}),
        ("zeppelin", [], {}),
    ],
)
def test_partial_matches_are_separate_and_list_missing_words(fleet, find, q, items, partial):
    found = find(q)
    assert (titles(found["items"]), found["total"]) == (items, len(items))
    assert {hit["title"]: hit["missing"] for hit in found["partial"]} == partial


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("boats", {}),
        ("keal", {"keal": (0, {"keel": "keel"}, {}, None)}),
        (
            "anchr boats",
            {"anchr": (0, {"anchor": "anchor boats"}, {}, "boats"), "boats": (3, {}, {}, "anchr")},
        ),
        ("foldingboats", {"foldingboats": (1, {}, {"folding boats": "folding boats"}, None)}),
        ("#fleat", {"#fleat": (0, {"Fleet": 'tag:"Fleet"'}, {}, None)}),
    ],
)
def test_a_search_with_few_results_explains_each_part(library, fleet, find, q, expected):
    tagging.add(library, fleet["Cranes"], "Fleet")
    explanation = find(q)["explanation"]
    ways = [
        {name: {each["text"]: each["q"] for each in part[name]} for name in ("similar", "split")}
        for part in explanation
    ]
    assert {
        part["text"]: (part["count"], way["similar"], way["split"], part["without"] and part["without"]["q"])
        for part, way in zip(explanation, ways, strict=True)
    } == expected
    for part in explanation:
        assert find(part["text"])["total"] == part["count"]
        for advice in [*part["similar"], *part["split"], *([part["without"]] if part["without"] else [])]:
            assert advice["count"] in (None, find(advice["q"])["total"])


# Facets and filters


def test_facet_counts_match_the_searches_they_lead_to(library, fleet, find):
    for title, tag in {"Folding Boats": "fleet/old", "Sails for Boats": "fleet", "Cranes": "birds"}.items():
        tagging.add(library, fleet[title], tag)
    found = find("boats", limit=1)
    assert {
        key: {value["name"]: value["count"] for value in values} for key, values in found["facets"].items()
    } == {
        "tag": {"fleet": 2, "fleet/old": 1},
        "status": {"unread": 3},
        "year": {"2026": 1, "2025": 1, "2024": 1},
        "author": {"Ada Keel": 2, "Bo Mast": 2},
    }
    assert [value["depth"] for value in found["facets"]["tag"]] == [0, 1]
    for key, values in found["facets"].items():
        for value in values:
            narrowed = find(value["q"])
            assert (value["active"], narrowed["total"]) == (False, value["count"])
            assert [each["q"] for each in narrowed["facets"][key] if each["active"]] == ["boats"]


def test_filters_can_be_taken_off(fleet, find):
    found = find("boats year:2024..2026 -status:read sort:upvotes")
    assert {each["text"]: each["q"] for each in found["filters"]} == {
        "year:2024..2026": "boats -status:read sort:upvotes",
        "-status:read": "boats year:2024..2026 sort:upvotes",
    }


def test_every_page_has_the_facets_of_all_that_match(fleet, find):
    first = find("boats", limit=1)
    second = find("boats", limit=1, cursor=first["next"])
    assert (second["facets"], second["filters"], second["explanation"]) == (first["facets"], [], [])


# Limits


def test_a_prefix_of_very_many_words_is_reported(library, find):
    clip(library, abstract=" ".join(f"prefix{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(300)))
    assert (find("prefix*")["total"], find("prefix*")["truncated_prefixes"]) == (1, ["prefix"])
    assert find("prefixaa*")["truncated_prefixes"] == []


def test_an_unavailable_index_reports_how_far_it_is_behind(library, tmp_path, find):
    (tmp_path / "index").write_text("in the way")
    clip(library)
    found = find("otters")
    assert (found["items"], found["total"], found["facets"], found["behind"]) == ([], 0, {}, 1)
    (tmp_path / "index").unlink()
    assert (find("otters")["total"], find("otters")["behind"]) == (1, 0)
