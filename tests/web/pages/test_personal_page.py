import re
import time
from datetime import datetime
from html import unescape
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from paperclipper.identifiers import identify
from paperclipper.model import Scope
from paperclipper.services.access import pairing, sessions, tokens
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from paperclipper.services.tags import tagging
from web.pages.reading import HOSTILE, ORIGIN, Inline, clip, note, post, text


def ask(client_name="Firefox"):
    return pairing.create(client_name, "c" * 43, "moz-extension://0a1b")


def turn(page, rel):
    """Where the list goes on, or back."""
    return unescape(re.search(rf'rel="{rel}" href="([^"]+)"', page)[1])


class TestSigningIn:
    def test_a_page_sends_a_stranger_to_sign_in_and_knows_the_way_back(self, stranger):
        answer = stranger.get("/settings?x=1")
        assert answer.status_code == 303
        assert answer.location == "/sign-in?next=/settings?x%3D1"
        assert 'name="next" value="/settings?x=1"' in text(stranger.get(answer.location))

    def test_a_code_opens_the_page_that_was_asked_for_once(self, stranger, store):
        code = sessions.create_sign_in_code(store)
        answer = post(stranger, "/sign-in", code=code, next="/settings")
        assert (answer.status_code, answer.location) == (303, "/settings")
        assert stranger.get("/settings").status_code == 200
        again = post(stranger, "/sign-in", code=code)
        assert again.status_code == 403
        assert "paperclipper open" in text(again)

    def test_a_whole_link_may_be_pasted(self, stranger, store):
        code = sessions.create_sign_in_code(store)
        assert post(stranger, "/sign-in", code=f" {ORIGIN}/sign-in#{code} ").status_code == 303

    @pytest.mark.parametrize(
        "away", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "evil", ""]
    )
    def test_signing_in_leads_nowhere_else(self, stranger, store, away):
        assert post(stranger, "/sign-in", code=sessions.create_sign_in_code(store), next=away).location == "/"

    def test_signing_out_ends_the_session(self, reader):
        post(reader, "/sign-out")
        assert reader.get("/").status_code == 303


class TestLibrary:
    def test_an_empty_library_teaches(self, reader):
        page = text(reader.get("/"))
        for words in ("Your library is empty", "chrome://extensions", "about:debugging", ORIGIN):
            assert words in page
        assert 'href="https://huggingface.co/papers"' in page

    def test_papers_stand_newest_first_twenty_a_page(self, reader, store):
        for number in range(21):
            clip(store, f"Paper number {number:02}")
            time.sleep(0.002)  # times are kept to the millisecond
        every = [f"{n:02}" for n in range(20, -1, -1)]
        for address in ("/", "/?q=paper&sort=clipped", "/?q=status:unread"):
            first = text(reader.get(address))
            second = text(reader.get(turn(first, "next")))
            again = text(reader.get(turn(second, "prev")))
            shown = [re.findall(r"(\d\d)</a>", page) for page in (first, second, again)]
            assert shown == [every[:20], every[20:], every[:20]]
            assert 'rel="prev"' not in first
            assert 'rel="next"' not in second

    @pytest.mark.parametrize("cursor", [f"{'0' * 24}.20", "20", "x"])
    def test_a_page_that_is_kept_no_longer_leads_to_the_first(self, reader, store, cursor):
        answer = reader.get(f"/?q=otters&sort=upvotes&cursor={cursor}")
        assert (answer.status_code, answer.location) == (303, "/?q=otters&sort=upvotes")

    def test_a_search_marks_its_words_and_keeps_the_way_back(self, reader, store):
        clip(store, abstract="They count shells & stones.")
        clip(store, "Badgers at night", abstract="They dig.")
        page = text(reader.get("/?q=shells"))
        assert '<mark class="hit">shells</mark> &amp; stones' in page
        assert "Badgers" not in page
        link = unescape(re.search(r'href="(/papers/[^"]+)"', page)[1])
        assert 'href="/?q=shells"' in text(reader.get(link))

    def test_the_unfinished_word_finds_in_the_list_alone_and_in_the_page(self, reader, store):
        clip(store)
        part, page = text(reader.get("/?q=ott&part=results")), text(reader.get("/?q=ott"))
        assert '<mark class="hit">Otters</mark>' in part
        assert '<mark class="hit">Otters</mark>' in page
        assert "<html" not in part

    def test_those_that_lack_words_stand_apart_and_each_part_is_told(self, reader, store):
        clip(store)
        page = text(reader.get("/?q=otters+zeppelin"))
        whole, close = page.split('id="partial-h"')
        assert "No paper has" in whole
        assert '<mark class="hit">Otters</mark>' not in whole
        assert '<mark class="hit">Otters</mark>' in close
        assert "<s>zeppelin</s>" in close
        assert 'href="/?q=otters"' in whole  # without the other
        assert 'href="/?q=zeppelin"' not in whole  # which finds nothing

    def test_nothing_found_says_so_and_offers_what_is_spelt_nearly_so(self, reader, store):
        clip(store)
        assert "Nothing found for “zeppelin”" in text(reader.get("/?q=zeppelin"))
        assert 'href="/?q=otters"' in text(reader.get("/?q=ottres"))

    def test_facets_and_filters_are_searches_to_follow(self, reader, store):
        tagging.add(store, clip(store), "rivers/small")
        page = text(reader.get("/?q=otters+status:unread&sort=upvotes"))
        assert 'href="/?q=otters+status:unread+%23rivers/small&amp;sort=upvotes"' in page
        for on in ('aria-current="true"', 'aria-label="Remove filter: status:unread"'):
            assert re.search(rf'href="/\?q=otters&amp;sort=upvotes"[^>]*{on}', page), on
        assert 'name="sort" value="upvotes"' in page

    @pytest.mark.parametrize(
        ("q", "told", "place"),
        [
            ("otter+" * 30, "the limit is 24 words", "o"),
            ("o" * 257, "the limit is 256 characters", "o"),
            ("otters+(count", "never closed", "("),
            ("otters+status:sunk", "There is no status:sunk", "s"),
        ],
    )
    def test_a_search_that_cannot_be_read_is_told_with_the_place(self, reader, store, q, told, place):
        clip(store)
        answer = reader.get(f"/?q={q}")
        assert answer.status_code == 200
        assert told in text(answer)
        assert f"<mark>{place}</mark>" in text(answer)

    def test_while_one_types_a_bracket_may_be_open(self, reader, store):
        clip(store)
        assert '<mark class="hit">Otters</mark>' in text(reader.get("/?q=otters+(cou&part=results"))

    def test_a_trashed_paper_offers_undo(self, reader, store):
        paper_id = clip(store)
        answer = post(reader, f"/papers/{paper_id}/trash")
        page = text(reader.get(answer.location))
        assert f'action="/papers/{paper_id}/restore"' in page
        assert "Otters" in text(reader.get("/trash"))
        assert "Otters" not in text(reader.get("/?part=results"))
        post(reader, f"/papers/{paper_id}/restore")
        assert "Otters" in text(reader.get("/?part=results"))


class TestPaper:
    def test_shows_what_the_clip_knew(self, reader, store):
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
    def test_what_cannot_be_is_told(self, reader, store, action, form):
        answer = post(reader, f"/papers/{clip(store)}/{action}", **form)
        assert answer.status_code == 422
        assert "one of" in text(answer) or "from 1 to 5" in text(answer)

    def test_tags_come_and_go(self, reader, store):
        paper_id = clip(store)
        post(reader, f"/papers/{paper_id}/tags", tag="rivers/small, #to cite")
        assert {tag.name for tag in lookup.paper(store, paper_id).tags} == {"rivers/small", "to cite"}
        assert '<option value="rivers/small">' in text(reader.get(f"/papers/{paper_id}"))
        post(reader, f"/papers/{paper_id}/tags/remove", tag="to cite")
        assert [tag.name for tag in lookup.paper(store, paper_id).tags] == ["rivers/small"]

    def test_the_way_back_stays_here(self, reader, store):
        paper_id = clip(store)
        assert post(reader, f"/papers/{paper_id}/star", starred="1", back="/?q=x").location == "/?q=x"
        away = post(reader, f"/papers/{paper_id}/star", starred="0", back="//evil.example")
        assert away.location == f"/papers/{paper_id}"

    def test_an_unknown_paper_is_a_page_of_its_own(self, reader):
        answer = reader.get("/papers/nothing")
        assert answer.status_code == 404
        assert "There is no paper nothing in this library." in text(answer)

    def test_hostile_words_stay_words(self, reader, store):
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
        ask(HOSTILE)
        for path in ("/", "/?q=alert", f"/?q={HOSTILE}", f"/papers/{paper_id}?q={HOSTILE}", "/settings"):
            answer = reader.get(path)
            assert answer.status_code == 200
            assert Inline(text(answer)).found == [], path


class TestNotes:
    def test_a_note_is_written_once_and_rendered(self, reader, store):
        paper_id, note_id = clip(store), str(uuid4())
        for _ in range(2):
            answer = post(reader, f"/papers/{paper_id}/notes", id=note_id, body="They **count**\r\nto $x^2$.")
            assert answer.location == f"/papers/{paper_id}#note-{note_id}"
        (made,) = lookup.paper(store, paper_id).notes
        assert made.draft.body == "They **count**\nto $x^2$."
        page = text(reader.get(f"/papers/{paper_id}"))
        assert "<strong>count</strong>" in page
        assert f'value="{made.version}"' in page

    def test_an_edit_from_the_present_version_is_saved(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        post(reader, f"/papers/{paper_id}/notes/{made.id}", body="two", version=str(made.version))
        assert annotations.get(store, made.id).draft.body == "two"

    def test_what_is_not_taken_is_given_back_as_text_and_no_secret_with_it(self, reader):
        path = f"/papers/{uuid4()}/notes"
        answer = post(reader, path, id=str(uuid4()), body="Two <b>otters</b>", password="a secret of mine")
        page = text(answer)
        assert answer.status_code == 404
        assert "Two &lt;b&gt;otters&lt;/b&gt;</textarea>" in page
        assert "a secret of mine" not in page

    def test_a_late_edit_loses_neither_text(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        path = f"/papers/{paper_id}/notes/{made.id}"
        post(reader, path, body="two <b>", version=str(made.version))
        late = post(reader, path, body="three <b>", version=str(made.version))
        assert late.status_code == 409
        assert annotations.get(store, made.id).draft.body == "two <b>"
        page = text(late)
        assert "two &lt;b&gt;\n\nthree &lt;b&gt;" in page
        version = re.search(r'name="version" value="([^"]+)"', page)[1]
        post(reader, path, body="two and three", version=version)
        assert annotations.get(store, made.id).draft.body == "two and three"

    def test_an_edit_of_a_note_deleted_meanwhile_can_bring_it_back(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        annotations.trash(store, made.id)
        path = f"/papers/{paper_id}/notes/{made.id}"
        late = post(reader, path, body="two", version=str(made.version))
        assert "then deleted" in text(late)
        version = re.search(r'name="version" value="([^"]+)"', text(late))[1]
        post(reader, path, body="two", version=version)
        assert [n.draft.body for n in lookup.paper(store, paper_id).notes] == ["two"]

    def test_a_new_note_sent_again_with_other_words_loses_neither(self, reader, store):
        paper_id, note_id = clip(store), str(uuid4())
        post(reader, f"/papers/{paper_id}/notes", id=note_id, body="one")
        again = post(reader, f"/papers/{paper_id}/notes", id=note_id, body="one and more")
        assert again.status_code == 409
        assert "one and more" in text(again)

    def test_deleting_can_be_undone(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        answer = post(reader, f"/papers/{paper_id}/notes/{made.id}/delete")
        assert lookup.paper(store, paper_id).notes == ()
        assert f"/notes/{made.id}/restore" in text(reader.get(answer.location))
        post(reader, f"/papers/{paper_id}/notes/{made.id}/restore")
        assert len(lookup.paper(store, paper_id).notes) == 1

    @pytest.mark.parametrize("body", ["", " \r\n", "x" * 100_001, "a\x00b"])
    def test_what_is_no_note_is_refused(self, reader, store, body):
        paper_id = clip(store)
        assert post(reader, f"/papers/{paper_id}/notes", id=str(uuid4()), body=body).status_code == 422
        assert lookup.paper(store, paper_id).notes == ()


class TestPairing:
    def test_a_stranger_is_told_how_to_sign_in_and_not_the_words(self, stranger, store):
        asked = ask()
        page = text(stranger.get(f"/pair/{asked.id}"))
        assert "paperclipper open" in page
        assert not any(f"<span>{word}</span>" in page for word in asked.words)
        answer = post(
            stranger, "/sign-in", code=sessions.create_sign_in_code(store), next=f"/pair/{asked.id}"
        )
        assert answer.location == f"/pair/{asked.id}"

    def test_every_page_says_that_a_browser_waits(self, reader):
        asked = ask("Firefox of the attic")
        for path in ("/", "/trash", "/settings", "/papers/nothing"):
            assert f'<a href="/pair/{asked.id}">' in text(reader.get(path))

    def test_allowing_ends_with_todays_papers(self, reader):
        asked = ask()
        page = text(reader.get(f"/pair/{asked.id}"))
        assert all(f"<span>{word}</span>" in page for word in asked.words)
        answer = post(reader, f"/pair/{asked.id}/allow")
        assert pairing.get(asked.id).state == "allowed"
        assert 'href="https://huggingface.co/papers"' in text(reader.get(answer.location))

    def test_denying(self, reader):
        asked = ask()
        answer = post(reader, f"/pair/{asked.id}/deny")
        assert pairing.get(asked.id).state == "denied"
        assert "Not connected" in text(reader.get(answer.location))

    @pytest.mark.parametrize("action", ["allow", "deny"])
    def test_only_the_owner_answers(self, stranger, action):
        asked = ask()
        post(stranger, f"/pair/{asked.id}/{action}")
        assert pairing.get(asked.id).state == "waiting"


class TestSettings:
    def test_a_token_is_listed_until_it_is_revoked(self, reader, store):
        token, _ = tokens.create(store, "Attic browser", [Scope.CLIP])
        assert "Attic browser" in text(reader.get("/settings"))
        post(reader, f"/settings/tokens/{token.id}/revoke")
        assert "Attic browser" not in text(reader.get("/settings"))
        assert tokens.list_tokens(store)[0].revoked_at

    def test_the_first_copy(self, reader, store):
        clip(store)
        with reader.get("/export/markdown.zip") as answer:
            assert "paperclipper-markdown.zip" in answer.headers["Content-Disposition"]
            assert [name for name in ZipFile(BytesIO(answer.data)).namelist() if name.endswith(".md")]


def test_no_page_carries_inline_script_or_style(reader, store):
    paper_id = clip(store, abstract="A $x$.")
    note(store, paper_id, "one")
    asked = ask()
    for path in (
        "/",
        "/?q=otter",
        f"/papers/{paper_id}",
        "/settings",
        "/trash",
        f"/pair/{asked.id}",
        "/sign-in",
    ):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert Inline(text(answer)).found == [], path
