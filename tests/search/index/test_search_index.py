"""The contract of `SearchIndex`, tested for each implementation."""

import time
from dataclasses import replace
from datetime import date, timedelta
from math import inf

import pytest

from paperclipper.errors import IndexUnavailableError
from paperclipper.model import Position, Sort, Status, Tag
from paperclipper.search.index import search_index
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from paperclipper.search.query.syntax import resolve_tags
from paperclipper.search.whoosh import index_folder
from search.index.list_source import NOW, ListSource, ask, invented, paper
from search.oracles.memory_index import MemoryIndex

TAGS = {"boat": ("t1", "t2"), "sail": ("t2",)}


@pytest.fixture(params=["whoosh", "memory"])
def index(request, tmp_path):
    if request.param == "memory":
        yield MemoryIndex()
    else:
        index = WhooshIndex(tmp_path / "lib")
        yield index
        index.close()


def search(index, text, *, limit=20, sort=None, as_you_type=False, **wanted):
    query = resolve_tags(ask(text, as_you_type=as_you_type), lambda name: TAGS.get(name, ()))
    return index.search(replace(query, sort=sort or query.sort), Wanted(limit, **wanted))


def found(index, text, **options):
    return [hit.paper_id for hit in search(index, text, **options).hits]


def follow(index, source):
    assert index.catch_up(source, time.monotonic() + 60)
    assert index.verify(source, deep=True) == []


LIBRARY = [
    paper(
        "boats",
        "Folding Paper Boats with Diffusion",
        "We fold boats that float.",
        authors=("Ada Österlund", "Bo Crease"),
        published=date(2024, 2, 29),
        organisation="Harbour Lab",
        tags=(Tag("t1", "boat"),),
        upvotes=51,
        clipped=NOW - timedelta(days=40),
    ),
    paper(
        "sails",
        "Sails: Learned or Given?",
        "Self-supervised sails, with GPT-4.",
        arxiv="2401.01335",
        published=date(2025, 12, 31),
        keywords=("cloth", "wind tunnels"),
        venue="NeurIPS 2025",
        tags=(Tag("t2", "boat/sail"),),
        starred=True,
        status=Status.READING,
        upvotes=50,
        code_url="https://github.com/harbour-lab/keelhaul",
    ),
    paper(
        "notes",
        "Rigging",
        "Ropes.",
        notes=["Compare with the *diffusion* of tar"],
        quotes=["knots per second"],
    ),
    paper("cjk", "深度学习方法", "关于神经网络", clipped=NOW - timedelta(days=3)),
]
SKIPPED = paper("skipped", "Diffusion of Boats Elsewhere", clipped=None, is_mine=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diffusion", ["boats", "notes"]),
        ("folded boat", ["boats"]),
        ("selfsupervised", ["sails"]),
        ("gpt4", ["sails"]),
        ("神经网络", ["cjk"]),
        ("with of", ["notes"]),
        ("zebra", []),
        ("-diffusion", ["cjk", "sails"]),
        # fields searched without a prefix
        ("osterlund", ["boats"]),
        ("crease ada", ["boats"]),
        ("harbour", ["boats", "sails"]),
        ("wind tunnel", ["sails"]),
        ("neurips", ["sails"]),
        ("2401.01335v7", ["sails"]),
        ("keelhaul", ["sails"]),
        ("tar knots", ["notes"]),
        # fields searched with a prefix
        ("title:diffusion", ["boats"]),
        ("abstract:diffusion", []),
        ("note:diffusion", ["notes"]),
        ("note:knots", []),
        ("quote:knots", ["notes"]),
        ('quote:"knots per second"', ["notes"]),
        ('note:"knots per second"', []),
        ("author:ada", ["boats"]),
        ('author:"bo crease"', ["boats"]),
        ('author:"österlund bo"', ["boats"]),  # the two names are adjacent
        ("title:ada", []),
        ("org:harbour", ["boats"]),
        ("venue:neurips", ["sails"]),
        ("title:(sails or boats) -author:ada", ["sails"]),
        ("title:fold*", ["boats"]),
        ("title:floa*", []),
        ("title:diffusoin~", ["boats"]),
        ("id:2401.01335", ["sails"]),
        ("id:2401.01335v2", ["sails"]),
        ("arxiv:2401.01336", []),
        # filters
        ("tag:boat", ["boats", "sails"]),
        ("#sail", ["sails"]),
        ("tag:none", []),
        ("-tag:boat", ["cjk", "notes"]),
        ("status:reading", ["sails"]),
        ("is:unread diffusion", ["boats", "notes"]),
        ("is:starred", ["sails"]),
        ("has:note", ["notes"]),
        ("has:highlight", ["notes"]),
        ("has:code", ["sails"]),
        ("-has:code -has:note", ["boats", "cjk"]),
        ("year:2024", ["boats"]),
        ("year:2024..2025", ["boats", "sails"]),
        ("year:2025..", ["sails"]),
        ("after:2024-03", ["sails"]),
        ("after:2024-02-29 before:2024-03", ["boats"]),
        ("before:2024-02-29", []),
        ("clipped:<7d", ["cjk", "notes", "sails"]),
        ("clipped:<2d", ["notes", "sails"]),
        ("clipped:>30d", ["boats"]),
        ("clipped:march", ["cjk", "notes", "sails"]),
        ("clipped:2026-01-28", ["boats"]),
        ("clipped:today", ["notes", "sails"]),
        ("digest:2026-03-09", ["notes", "sails"]),
        ("digest:2026-01", ["boats"]),
        ("upvotes:>50", ["boats"]),
        ("upvotes:50..51", ["boats", "sails"]),
        ("upvotes:<100 -upvotes:50", ["boats"]),
        ("status:reading or has:note", ["notes", "sails"]),
        ("(tag:boat or rigging) diffusion", ["boats", "notes"]),
    ],
)
def test_matching_papers(index, text, expected):
    source = ListSource(LIBRARY)
    source.put(SKIPPED, skipped=True)
    follow(index, source)
    assert sorted(found(index, text)) == sorted(expected)


def test_a_skipped_paper_is_found_only_by_is_dismissed(index):
    source = ListSource(LIBRARY)
    source.put(SKIPPED, skipped=True)
    source.put(LIBRARY[0], skipped=True)
    follow(index, source)
    assert index.status().papers == 4
    assert sorted(found(index, "diffusion")) == ["boats", "notes"]
    assert sorted(found(index, "is:dismissed")) == ["boats", "skipped"]
    assert found(index, "is:dismissed elsewhere") == ["skipped"]
    assert "skipped" not in found(index, "-is:dismissed")
    answer = search(index, "", facets=True)
    assert (answer.total, answer.facets["status"]) == (4, {"unread": 3, "reading": 1})


def test_facets_count_all_matches_regardless_of_the_limit(index):
    follow(index, ListSource(LIBRARY))
    facets = search(index, "diffusion or sails", limit=1, facets=True).facets
    assert facets["status"] == {"unread": 2, "reading": 1}
    assert facets["tag"] == {"t1": 1, "t2": 1}
    assert facets["year"] == {"2024": 1, "2025": 1}
    assert facets["author"] == {"Ada Österlund": 1, "Bo Crease": 1}
    assert facets["org"] == {"Harbour Lab": 1}
    assert facets["has"] == {"note": 1, "highlight": 1, "code": 1}


def test_sort_orders(index):
    follow(index, ListSource(LIBRARY))
    assert found(index, "diffusion", sort=Sort.CLIPPED) == ["notes", "boats"]
    assert found(index, "boats or sails", sort=Sort.PUBLISHED)[:2] == ["sails", "boats"]
    assert found(index, "sort:upvotes boats or sails")[:2] == ["boats", "sails"]
    assert found(index, "-zebra")[-2:] == [
        "cjk",
        "boats",
    ]  # without words to rank by, the latest clip comes first


def test_titles_and_notes_rank_above_abstracts(index):
    common = [paper(f"p{i}", "Something else", "The keel of a boat, and more of it.") for i in range(5)]
    own = [
        paper("it", "The Keel", "Of wood."),
        paper("noted", "A Thing", "Of wood, and of more.", notes=["Has a keel."]),
    ]
    follow(index, ListSource([*common, *own]))
    assert set(found(index, "keel")[:2]) == {"it", "noted"}


def test_a_title_that_starts_with_the_query_ranks_first(index):
    papers = [
        paper("in", "Keels and Masts: masts and keels", "Masts and keels, keels and masts."),
        paper(
            "begins",
            "Masts and keels of the northern islands, in so many words that it weighs little",
            "Of wood.",
        ),
        paper("whole", "Masts and Keels"),
    ]
    follow(index, ListSource(papers))
    assert found(index, "masts and keels") == ["whole", "begins", "in"]
    assert found(index, "masts and kee", as_you_type=True)[:2] == ["begins", "whole"] or found(
        index, "masts and kee", as_you_type=True
    )[:2] == ["whole", "begins"]


def test_the_last_word_is_a_prefix_as_you_type(index):
    follow(index, ListSource(LIBRARY))
    assert found(index, "sails superv", as_you_type=True) == ["sails"]
    assert found(index, "self-sup", as_you_type=True) == ["sails"]
    assert found(index, "xyl", as_you_type=True) == []


def test_partial_hits_lack_words_and_are_not_counted(index):
    follow(index, ListSource(LIBRARY))
    answer = search(index, "diffusion tar", partial=10)
    assert ([hit.paper_id for hit in answer.hits], answer.total) == (["notes"], 1)
    assert [(hit.paper_id, hit.missing) for hit in answer.partial] == [
        ("boats", (ask("diffusion tar").clauses[1].span,))
    ]
    assert search(index, "diffusion tar", partial=10, few=1).partial == ()
    assert search(index, "zebra quagga", partial=10).partial == ()


def test_partial_hits_match_the_filters(index):
    source = ListSource(LIBRARY)
    source.put(SKIPPED, skipped=True)
    follow(index, source)
    answer = search(index, "diffusion zebra has:note", partial=10)
    assert (answer.hits, [hit.paper_id for hit in answer.partial]) == ((), ["notes"])
    assert {hit.paper_id for hit in search(index, "diffusion zebra", partial=10).partial} == {
        "boats",
        "notes",
    }


def test_diagnostics_of_each_clause(index):
    follow(index, ListSource(LIBRARY))
    diagnostics = index.diagnose(
        resolve_tags(ask("diffusion knots tag:boat"), lambda name: TAGS.get(name, ()))
    )
    assert [(one.matches, one.matches_without) for one in diagnostics] == [(2, 0), (1, 1), (2, 1)]


def test_edits_and_removals_reach_the_index(index):
    source = ListSource(LIBRARY)
    follow(index, source)
    source.put(paper("boats", "Folding Kites"))
    source.remove("notes")
    follow(index, source)
    assert found(index, "diffusion") == []
    assert found(index, "kite") == ["boats"]
    assert index.status().papers == 3
    assert index.status().position == source.head()


def test_an_answer_has_the_position_of_its_index(index):
    source = ListSource(LIBRARY)
    follow(index, source)
    source.put(paper("late", "Late diffusion"))
    assert search(index, "diffusion").position == Position("lib", "first", 4)


@pytest.mark.parametrize("restored", ["of another epoch", "shorter"])
def test_a_foreign_index_is_rebuilt(index, restored):
    follow(index, ListSource(LIBRARY))
    follow(index, ListSource(LIBRARY[:2], epoch="second" if restored == "of another epoch" else "first"))
    assert found(index, "ropes") == []


def test_search_fails_before_the_first_catch_up(index):
    assert index.status().position is None
    with pytest.raises(IndexUnavailableError):
        search(index, "keel")


def test_an_empty_library_can_be_searched(index):
    follow(index, ListSource())
    assert found(index, "keel") == []
    assert found(index, "-keel") == []


def test_a_rebuild_is_correct_and_reports_its_progress(index):
    source = ListSource(invented(30))
    follow(index, source)
    steps = []
    index.rebuild(source, lambda position, head: steps.append((position.stamp, head.stamp)))
    assert steps[-1] == (30, 30)
    assert index.verify(source, deep=True) == []


def test_verify_finds_every_difference(index):
    source = ListSource(LIBRARY)
    follow(index, source)
    source.entries["cjk"] = source.entries["cjk"].__class__("cjk", 4, paper("cjk", "Other words, same stamp"))
    source.put(paper("sails", "Sails"))
    source.put(paper("new", "New"))
    source.remove("boats")
    assert {(d.paper_id, d.description.split()[0]) for d in index.verify(source, deep=False)} == {
        ("sails", "is"),
        ("new", "is"),
        ("boats", "should"),
    }
    assert "cjk" in {d.paper_id for d in index.verify(source, deep=True)}


def test_verify_finds_a_different_number(index):
    source = ListSource(LIBRARY)
    follow(index, source)
    one = source.entries["boats"]
    source.entries["boats"] = replace(one, paper=replace(one.paper, clipped_at=NOW))
    assert [difference.paper_id for difference in index.verify(source, deep=True)] == ["boats"]


def test_merging_segments_changes_no_answer(index):
    source = ListSource()
    for each in invented(30):
        source.put(each)
        index.catch_up(source, inf)
    source.remove("p3")
    follow(index, source)
    before = found(index, "keel", limit=60)
    index.merge_segments()
    assert sorted(found(index, "keel", limit=60)) == sorted(before)
    assert index.status().segments <= 22
    assert index.verify(source, deep=True) == []


def test_small_segments_are_merged_despite_too_many_large_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(index_folder, "MAX_SEGMENTS", 2)
    monkeypatch.setattr(search_index, "_MAX_MERGED_PAPERS", 3)
    index, source = WhooshIndex(tmp_path / "lib"), ListSource()
    for batch in ("abc", "def", "ghi", "j", "k"):
        for paper_id in batch:
            source.put(paper(paper_id, "keel"))
        assert index.catch_up(source, time.monotonic() + 60)
    index.merge_segments()
    assert sorted(
        segment.doc_count() for segment in index._current_folder().verified_generation().segments
    ) == [2, 3, 3, 3]
    assert index.verify(source, deep=True) == []
    index.close()
