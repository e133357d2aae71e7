from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest

from builders import a_clip, uuid7
from paperclipper.errors import GoneError, InvalidInputError, QueryError
from paperclipper.model import (
    AnnotationDraft,
    AnnotationKind,
    ClipRequest,
    Decision,
    PageKind,
    PaperFacts,
    Sort,
    Source,
    SourcePage,
)
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions
from paperclipper.services.papers import clipping, editing
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.search import indexing, searching
from paperclipper.services.search.searching import SearchRequest
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.store.search import rankings

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
DAY = date(2026, 3, 9)
TITLES = [
    "Folding Paper Boats",
    "Sails: Learned or Given?",
    "Anchors as Regularisers",
    "A Keel for Every Boat",
]


@pytest.fixture
def library_id(store, tmp_path):
    indexing.use_folder(tmp_path)
    return store


@pytest.fixture
def ids(library_id):
    return [save(library_id, i, title) for i, title in enumerate(TITLES)]


def save(library_id, number, title, abstract="We fold $x^2$ boats, <b>and</b> float them.", **facts):
    facts = PaperFacts(title, abstract, published=DAY, **facts)
    request = ClipRequest(
        f"01956f00-0000-7000-8000-{number:012x}",
        NOW + timedelta(minutes=number),
        Source.DATA,
        SourcePage(PageKind.DIGEST),
        facts,
    )
    return clipping.save(library_id, request).paper_id


def search(library_id, q="", **how):
    return searching.search(library_id, SearchRequest(q, **how))


def titles(items):
    return [item.paper.facts.title for item in items]


def found(library_id, q, **how):
    return titles(search(library_id, q, **how).items)


def plain(fragments):
    return "".join(f"[{piece}]" if hit else piece for piece, hit in fragments)


def values(results, key):
    return {value.name: value.count for facet in results.facets if facet.key == key for value in facet.values}


def test_a_saved_paper_is_found_by_the_next_search(library_id, ids):
    results = search(library_id, "learned sails")
    assert titles(results.items) == ["Sails: Learned or Given?"]
    assert (results.total, results.behind) == (1, 0)
    assert plain(results.items[0].title) == "[Sails]: [Learned] or Given?"


def test_a_paper_with_only_a_title_has_no_snippet(library_id):
    save(library_id, 0, TITLES[0], "")
    (item,) = search(library_id, "boats").items
    assert (item.snippet, item.field, item.matched) == ([], "abstract", ("title",))


def test_the_snippet_is_from_the_text_that_matched(library_id, ids):
    note = AnnotationDraft(AnnotationKind.NOTE, body="Compare with the sextant of last year.")
    annotations.put(library_id, "5a0c1d9e-7a77-4c62-9d0b-3e2f5a6b7c8d", ids[0], note, None)
    item = search(library_id, "sextant").items[0]
    assert (item.field, item.matched) == ("note", ("note",))
    assert plain(item.snippet) == "Compare with the [sextant] of last year."
    item = search(library_id, "anchors").items[0]
    assert (item.field, item.matched) == ("abstract", ("title",))
    assert plain(item.snippet) == "We fold $x^2$ boats, <b>and</b> float them."


def test_a_trashed_paper_is_found_only_after_it_is_restored(library_id, ids):
    trashing.trash(library_id, ids[1])
    assert search(library_id, "sails").total == 0
    trashing.restore(library_id, ids[1])
    assert found(library_id, "sails") == [TITLES[1]]


def test_as_you_type_the_last_word_is_a_prefix(library_id, ids):
    assert found(library_id, "regul", as_you_type=True) == [TITLES[2]]
    assert found(library_id, "regul") == []


def test_the_venue_is_searched_without_a_field_name(library_id):
    save(library_id, 1, "Keels", venue="Harbour Letters")
    assert found(library_id, "harbour letters") == found(library_id, "venue:harbour") == ["Keels"]


def test_skipped_papers_are_found_only_by_is_skipped(library_id, ids):
    def skip(decision):
        decisions.decide(library_id, DAY, a_clip(title="Boats Passed Over").facts, decision)

    skip(Decision.SKIPPED)
    assert (
        found(library_id, "is:dismissed") == found(library_id, "passed is:dismissed") == ["Boats Passed Over"]
    )
    assert found(library_id, "passed") == []
    assert "Boats Passed Over" not in found(library_id, "boats")
    skip(None)
    assert found(library_id, "is:dismissed") == []
    decisions.decide(library_id, DAY, PaperFacts(TITLES[0], identifiers=()), Decision.SKIPPED)


def test_a_tag_filter_includes_nested_tags_and_ignores_case(library_id, ids):
    tagging.add(library_id, ids[0], "Fleet/Wooden")
    tagging.add(library_id, ids[1], "Fleet")
    assert sorted(found(library_id, "#fleet")) == sorted(TITLES[:2])
    assert found(library_id, "tag:fleet/wooden") == [TITLES[0]]
    assert sorted(found(library_id, "boat* -#fleet")) == sorted(TITLES[2:])


# Partial matches and silence


def test_partial_matches_come_last_and_are_not_counted(library_id, ids):
    save(library_id, 9, "Boats without Water", "Dry.")
    results = search(library_id, "float boats")
    assert sorted(titles(results.items)) == sorted(TITLES)
    assert [(item.paper.facts.title, item.missing) for item in results.partial] == [
        ("Boats without Water", ("float",))
    ]
    assert (results.total, sum(values(results, "year").values())) == (4, 4)


def test_words_that_no_paper_has_together(library_id, ids):
    results = search(library_id, "sails anchors")
    assert (results.items, results.total) == ((), 0)
    missing = {item.paper.facts.title: item.missing for item in results.partial}
    assert missing == {TITLES[1]: ("anchors",), TITLES[2]: ("sails",)}


def test_an_unknown_word_is_explained_with_suggestions(library_id, ids):
    results = search(library_id, "keal boats")
    (unknown, known) = results.explanation
    assert (unknown.text, unknown.count, known.text, known.count) == ("keal", 0, "boats", 4)
    assert [(suggestion.text, suggestion.q, suggestion.count) for suggestion in unknown.similar] == [
        ("keel", "keel boats", 1)
    ]
    assert (unknown.without.q, unknown.without.count) == ("boats", 4)
    assert titles(results.partial)[0] == TITLES[3]  # a similar spelling counts, too
    for suggestion in (*unknown.similar, unknown.without):
        assert search(library_id, suggestion.q).total == suggestion.count


def test_a_word_usually_written_as_two_gets_a_suggestion(library_id):
    save(library_id, 1, "Rigging", "Every boat sails.")
    for typed, apart, total in [("boatsails", "boat sails", 1), ("riggingsails", "rigging sails", 0)]:
        results = search(library_id, typed)
        assert results.total == total
        assert [(suggestion.q, suggestion.count) for suggestion in results.explanation[0].split] == [
            (apart, 1)
        ]


def test_punctuation_alone_finds_nothing(library_id, ids):
    assert search(library_id, "?!").total == 0


# Order and pages


def test_order(library_id):
    for number, (published, boats) in enumerate([(2024, 3), (2026, 1), (2025, 2)]):
        facts = PaperFacts(f"Paper {number}", "boat " * boats, published=date(published, 1, 1))
        page = SourcePage(PageKind.DIGEST, upvotes=[7, 5, 9][number])
        clipping.save(library_id, ClipRequest(uuid7(), NOW + timedelta(number), Source.DATA, page, facts))
    orders = {sort: found(library_id, "boat", sort=sort) for sort in Sort}
    assert {sort: [title[-1] for title in order] for sort, order in orders.items()} == {
        Sort.RELEVANCE: ["0", "2", "1"],
        Sort.CLIPPED: ["2", "1", "0"],
        Sort.PUBLISHED: ["1", "2", "0"],
        Sort.UPVOTES: ["2", "0", "1"],
    }
    assert found(library_id, "boat sort:upvotes") == orders[Sort.UPVOTES]
    assert found(library_id, "year:2024..2026") == orders[Sort.CLIPPED]  # no words to be relevant to


def pages(library_id, q, meanwhile=lambda: None, limit=2):
    """All pages of a search, from the first to the last; something happens after each."""
    turned, cursor = [], ""
    while cursor is not None:
        results = search(library_id, q, limit=limit, cursor=cursor)
        turned.append([item.paper.id for item in results.items])
        cursor = results.next
        meanwhile()
    return turned


@pytest.mark.parametrize("q", ["", "float", "year:2026", "float sort:upvotes"])
def test_each_paper_is_on_one_page_despite_new_clips(library_id, ids, q):
    numbers = iter(range(100, 200))
    turned = pages(library_id, q, lambda: save(library_id, next(numbers), "Late Boats"))
    assert sorted(chain.from_iterable(turned)) == sorted(ids)
    assert [len(page) for page in turned] == [2, 2]


def test_editing_a_paper_moves_no_other_paper(library_id, ids):
    def edit():
        editing.edit(library_id, ids[0], PaperEdit({"starred": True}), None)

    assert set(chain.from_iterable(pages(library_id, "float", edit, limit=1))) >= set(ids[1:])


def test_the_previous_page_is_unchanged(library_id, ids):
    for q in ("", "float"):
        first = search(library_id, q, limit=2)
        second = search(library_id, q, limit=2, cursor=first.next)
        again = search(library_id, q, limit=2, cursor=second.previous)
        assert (again.items, again.total) == (first.items, first.total)
        assert (first.previous, second.next) == (None, None)


def test_pages_expire_after_an_hour(library_id, ids, monkeypatch):
    cursor = search(library_id, "float", limit=2).next
    later = datetime.now(UTC) + timedelta(minutes=61)
    monkeypatch.setattr(rankings.timestamps, "now", lambda: later)
    with pytest.raises(GoneError, match="Search again"):
        search(library_id, "float", limit=2, cursor=cursor)


@pytest.mark.parametrize(("q", "cursor"), [("", "20"), ("boats", "x"), ("boats", "0" * 24), ("", "<1.x")])
def test_invalid_cursors_are_rejected(library_id, ids, q, cursor):
    with pytest.raises(InvalidInputError, match="cursor"):
        search(library_id, q, cursor=cursor)


# Facets and filters


def test_facets_count_all_matches_and_link_to_searches(library_id):
    for number in range(5):
        save(library_id, number, f"Boat {number}", authors=("Ada Keel",) if number < 3 else ("Bo Mast",))
    results = search(library_id, "boat", limit=2)
    assert values(results, "author") == {"Ada Keel": 3, "Bo Mast": 2}
    assert (values(results, "status"), values(results, "year")) == ({"unread": 5}, {"2026": 5})
    for facet in results.facets:
        for value in facet.values:
            narrowed = search(library_id, value.q)
            assert narrowed.total == value.count
            (on,) = (each for other in narrowed.facets for each in other.values if each.active)
            assert (on.name, on.q) == (value.name, "boat")


def test_active_filters_can_be_removed(library_id, ids):
    assert [each.text for each in search(library_id, 'keel author:"Ada Keel" -title:boat').filters] == [
        'author:"Ada Keel"',
        "-title:boat",
    ]
    results = search(library_id, "boats year:2026 -tag:none clipped:2026-03")
    assert [(each.text, each.q) for each in results.filters] == [
        ("year:2026", "boats -tag:none clipped:2026-03"),
        ("-tag:none", "boats year:2026 clipped:2026-03"),
        ("clipped:2026-03", "boats year:2026 -tag:none"),
    ]


# Limits


def test_hostile_searches_are_answered_or_rejected_with_a_position(library_id, ids):
    with pytest.raises(QueryError) as caught:
        search(library_id, "boats " * 60)
    assert caught.value.position is not None
    hostile = [
        "*",
        "?*",
        "[a TO z]",
        "abcdefgh~9",
        "(" * 250,
        "NOT " * 60,
        '"',
        '-"',
        "\0",
        "\ud800",
        "a" * 256,
    ]
    for text in hostile:
        with suppress(QueryError):
            assert search(library_id, text, as_you_type=True, unfinished=True).behind == 0


def test_a_prefix_of_too_many_words_is_reported_as_truncated(library_id):
    abstract = " ".join(f"prefix{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(300))
    save(library_id, 1, "Words", abstract)
    results = search(library_id, "prefix*")
    assert (results.total, results.truncated_prefixes) == (1, ("prefix",))


def test_without_an_index_the_results_report_how_far_it_is_behind(library_id, tmp_path, monkeypatch):
    (tmp_path / "index").write_text("in the way")
    save(library_id, 1, "Folding Paper Boats")
    results = search(library_id, "boats")
    assert (results.items, results.behind) == ((), 1)
    assert found(library_id, "") == ["Folding Paper Boats"]
    (tmp_path / "index").unlink()
    assert found(library_id, "boats") == ["Folding Paper Boats"]
