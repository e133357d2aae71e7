"""The page of a paper: links, changes since the clip, stubs and merging; and the list of changes."""

from datetime import datetime
from uuid import uuid4

import pytest
from playhouse.test_utils import count_queries

from paperclipper.identifiers import identify
from paperclipper.services.actions import undoing
from paperclipper.services.papers import lookup, stubs
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.services.trash import trashing
from web.pages.reading import (
    HOSTILE,
    ORIGIN,
    Form,
    Inline,
    ask_to_connect,
    clip,
    follow,
    highlight,
    note,
    post,
    text,
)


class TestPaper:
    def test_the_facts_of_the_clip_are_shown(self, reader, store):
        paper_id = clip(
            store,
            abstract="Bounds of $K_5$ hold.",
            authors=("Ada Otter", "Bo Badger"),
            published_inferred=True,
            published=datetime(2025, 6, 3).date(),
            ai_summary="A machine wrote this.",
            organisation="Riverside",
            keywords=("counting",),
            code_url="https://git.example/otters",
            identifiers=identify(arxiv_id="2506.01234"),
        )
        clip(store, identifiers=identify(arxiv_id="2506.01234"))
        page = text(reader.get(f"/papers/{paper_id}"))
        for words in (
            "<math",
            "Ada Otter, Bo Badger",
            "3 Jun 2025 (year inferred",
            "by AI, from the digest",
            "Riverside",
            "counting",
            "Clipped twice",
            'href="https://git.example/otters"',
            'href="https://huggingface.co/papers/2506.01234"',
            'href="https://arxiv.org/abs/2506.01234"',
            'href="https://arxiv.org/pdf/2506.01234"',
        ):
            assert words in page

    def test_status_star_and_rating_are_set_by_forms(self, reader, store):
        paper_id = clip(store)
        post(reader, f"/papers/{paper_id}/status", status="reading")
        post(reader, f"/papers/{paper_id}/star", starred="1")
        answer = post(reader, f"/papers/{paper_id}/rating", rating="4")
        assert (answer.status_code, answer.location) == (303, f"/papers/{paper_id}")
        paper = lookup.paper(store, paper_id)
        assert (paper.status, paper.starred, paper.rating) == ("reading", True, 4)
        post(reader, f"/papers/{paper_id}/rating", rating="")
        assert lookup.paper(store, paper_id).rating is None

    @pytest.mark.parametrize(
        ("action", "form"), [("status", {"status": "eaten"}), ("rating", {"rating": "6"})]
    )
    def test_invalid_values_are_refused(self, reader, store, action, form):
        answer = post(reader, f"/papers/{clip(store)}/{action}", **form)
        assert answer.status_code == 422
        assert "one of" in text(answer) or "from 1 to 5" in text(answer)

    def test_tags_are_added_and_removed(self, reader, store):
        paper_id = clip(store)
        post(reader, f"/papers/{paper_id}/tags", tag="rivers/small, #to cite")
        assert {tag.name for tag in lookup.paper(store, paper_id).tags} == {"rivers/small", "to cite"}
        assert '<option value="rivers/small">' in text(reader.get(f"/papers/{paper_id}"))
        post(reader, f"/papers/{paper_id}/tags/remove", tag="to cite")
        assert [tag.name for tag in lookup.paper(store, paper_id).tags] == ["rivers/small"]

    def test_the_redirect_stays_on_the_server(self, reader, store):
        paper_id = clip(store)
        assert post(reader, f"/papers/{paper_id}/star", starred="1", back="/?q=x").location == "/?q=x"
        away = post(reader, f"/papers/{paper_id}/star", starred="0", back="//evil.example")
        assert away.location == f"/papers/{paper_id}"

    def test_an_unknown_paper_is_not_found(self, reader):
        answer = reader.get("/papers/nothing")
        assert answer.status_code == 404
        assert "There is no paper nothing in this library." in text(answer)

    def test_hostile_text_is_escaped(self, reader, store):
        paper_id = clip(
            store,
            HOSTILE,
            abstract=HOSTILE,
            authors=(HOSTILE,),
            organisation=HOSTILE,
            keywords=(HOSTILE,),
            ai_summary=HOSTILE,
            code_url="javascript:alert(3)",
        )
        tagging.add(store, paper_id, HOSTILE[:90])
        note(store, paper_id, HOSTILE)
        ask_to_connect(HOSTILE)
        for path in ("/", "/?q=alert", f"/?q={HOSTILE}", f"/papers/{paper_id}?q={HOSTILE}", "/settings"):
            answer = reader.get(path)
            assert answer.status_code == 200
            assert Inline(text(answer)).found == [], path


class TestLinks:
    def test_notes_link_to_papers_and_papers_link_back(self, reader, store):
        otters = clip(store, identifiers=identify(arxiv_id="2506.01234"))
        badgers = clip(store, "Badgers at night")
        made = note(store, badgers, "Like [[2506.01234]], [[OTTERS that count|the otters]] and [[Wolves]].")
        page = text(reader.get(f"/papers/{badgers}"))
        assert f'<a href="/papers/{otters}" rel="noopener noreferrer">2506.01234</a>' in page
        assert f'<a href="/papers/{otters}" rel="noopener noreferrer">the otters</a>' in page
        assert '<span class="no-paper">Wolves<' in page
        back = text(reader.get(f"/papers/{otters}"))
        assert f'<a href="/papers/{badgers}#note-{made.id}">Badgers at night</a>' in back
        assert "Like <b>2506.01234</b>, the otters and Wolves." in back

    def test_a_link_appears_when_its_paper_is_added(self, reader, store):
        badgers = clip(store, "Badgers at night")
        note(store, badgers, "See [[Otters that count]].")
        assert "no-paper" in text(reader.get(f"/papers/{badgers}"))
        otters = clip(store)
        assert f'href="/papers/{otters}"' in text(reader.get(f"/papers/{badgers}"))
        assert "Notes that link here" in text(reader.get(f"/papers/{otters}"))

    def test_there_is_no_section_without_backlinks(self, reader, store):
        assert "Notes that link here" not in text(reader.get(f"/papers/{clip(store)}"))


class TestSinceClipped:
    def test_changes_since_the_clip_are_shown(self, reader, store):
        named = {"identifiers": identify(arxiv_id="2506.01234")}
        paper_id = clip(store, upvotes=12, comments=4, arxiv_version=1, **named)
        clip(store, upvotes=155, comments=3, arxiv_version=3, code_url="https://git.example/otters", **named)
        page = text(reader.get(f"/papers/{paper_id}"))
        for words in (
            "+143 upvotes since you clipped it",
            "from 12 to 155",
            "−1 comment since you clipped it",
            "Code is available",
            "Version 3 is out",
            'href="https://arxiv.org/abs/2506.01234v3"',
        ):
            assert words in page

    def test_nothing_is_shown_if_nothing_changed(self, reader, store):
        named = {"identifiers": identify(arxiv_id="2506.01234")}
        paper_id = clip(store, **named)
        clip(store, **named)
        assert "since-clipped" not in text(reader.get(f"/papers/{paper_id}"))


class TestStub:
    def test_only_the_identifier_is_shown_and_how_to_add_the_rest(self, reader, store):
        (made,) = stubs.paste(store, "2506.01234")
        page = text(reader.get(f"/papers/{made.paper_id}"))
        assert "Only the identifier is known" in page
        assert page.count('href="https://arxiv.org/abs/2506.01234"') == 2
        assert f'href="/papers/{made.paper_id}/edit"' in page
        assert "a pasted link" in page
        for absent in ('id="abs-h"', 'class="authors', "Keywords"):
            assert absent not in page

    def test_a_stub_without_an_arxiv_id(self, reader, store):
        (made,) = stubs.paste(store, "https://otters.example/paper")
        assert "when you open the paper on arXiv or Daily Papers" in text(
            reader.get(f"/papers/{made.paper_id}")
        )


class TestMerge:
    @pytest.fixture
    def two(self, store):
        first = clip(
            store, "Otters that count", abstract="They count.", identifiers=identify(arxiv_id="2506.01234")
        )
        second = clip(store, "Otters that count, extended", identifiers=identify(doi="10.1000/otters"))
        tagging.add(store, second, "rivers")
        note(store, second, "On the other one.")
        return first, second

    @pytest.mark.parametrize(
        "named",
        [
            "{id}",
            "10.1000/otters",
            "https://doi.org/10.1000/otters",
            "otters that COUNT: extended",
            ORIGIN + "/papers/{id}?q=x",
        ],
    )
    def test_the_other_paper_is_found_by_id_link_or_title_and_merged(self, reader, store, two, named):
        first, second = two
        answer = post(reader, f"/papers/{first}/merge", other=named.format(id=second))
        page = follow(reader, answer)
        assert answer.location.startswith(f"/papers/{first}?done=")
        assert "On the other one." in page
        assert "Merged two papers" in page
        assert lookup.paper(store, second).id == first
        form = Form(page, "/undo")
        undone = follow(
            reader, post(reader, f"/actions/{undoing.newest(store, 1)[0].id}/undo", **form.fields)
        )
        assert "Undone." in undone
        assert "On the other one." not in undone
        assert lookup.paper(store, second).id == second

    def test_similar_papers_are_offered(self, reader, store, two):
        first, second = two
        answer = post(reader, f"/papers/{first}/merge", other="extended otters")
        assert answer.status_code == 422
        assert f'name="other" value="{second}"' in text(answer)
        assert f'name="other" value="{first}"' not in text(answer)

    @pytest.mark.parametrize("other", ["zeppelin", "", "word " * 30])
    def test_nothing_is_offered_if_nothing_matches(self, reader, two, other):
        answer = post(reader, f"/papers/{two[0]}/merge", other=other)
        assert answer.status_code == 422

    def test_a_paper_is_not_merged_with_itself(self, reader, store, two):
        assert "That is this paper." in text(post(reader, f"/papers/{two[0]}/merge", other="2506.01234"))
        trashing.trash(store, two[1])
        assert post(reader, f"/papers/{two[0]}/merge", other=two[1]).status_code == 422

    def test_hostile_text_is_escaped(self, reader, store, two):
        clip(store, HOSTILE)
        answers = [post(reader, f"/papers/{two[0]}/merge", other=other) for other in (HOSTILE, "alert")]
        assert [Inline(text(answer)).found for answer in answers] == [[], []]


class TestChanges:
    def test_actions_are_listed_and_undone(self, reader, store):
        assert "No changes yet." in text(reader.get("/actions"))
        first, second = clip(store), clip(store, "Badgers at night")
        post(reader, f"/papers/{first}/merge", other=second)
        page = text(reader.get("/actions"))
        assert "Merged two papers: “Badgers at night”" in page
        (action,) = undoing.newest(store, 9)
        answer = post(reader, f"/actions/{action.id}/undo")
        assert answer.location == f"/actions?done={action.id}"
        assert ", undone " in follow(reader, answer)

    def test_an_action_that_cannot_be_undone_gives_the_reason(self, reader, store):
        tagging.add(store, clip(store), "rivers")
        for name in ("streams", "brooks"):
            (tag,) = tagging.suggest(store)
            tag_editing.edit(store, tag.id, {"name": name}, str(tag.version))
        answer = post(reader, f"/actions/{undoing.newest(store, 9)[1].id}/undo", back="//evil.example")
        assert answer.status_code == 409
        assert "since been renamed again" in text(answer)

    @pytest.mark.parametrize("done", [str(uuid4()), "", "x"])
    def test_an_unknown_action_is_not_shown(self, reader, done):
        assert 'class="bulk undo"' not in text(reader.get(f"/actions?done={done}"))


def test_more_notes_need_no_more_queries(reader, store):
    def queries(paper_id):
        with count_queries() as counter:
            assert reader.get(f"/papers/{paper_id}").status_code == 200
        return counter.count

    one, many = clip(store, abstract="They count."), clip(store, "Badgers at night", abstract="They dig.")
    note(store, one, "[[Badgers at night]]")
    for number in range(9):
        note(store, many, f"[[Otters that count]] {number}")
        highlight(store, many, "They dig.", "dig", body=f"[[Title {number}]]")
    assert queries(many) == queries(one)
