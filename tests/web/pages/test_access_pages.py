"""Signing in, and answering connection requests."""

import pytest

from paperclipper.services.access import pairing, sessions
from web.pages.reading import ORIGIN, ask_to_connect, post, text


class TestSigningIn:
    def test_pages_redirect_to_signing_in_and_back(self, stranger):
        answer = stranger.get("/settings?x=1")
        assert answer.status_code == 303
        assert answer.location == "/sign-in?next=/settings?x%3D1"
        assert 'name="next" value="/settings?x=1"' in text(stranger.get(answer.location))

    def test_a_code_opens_the_requested_page_once(self, stranger, store):
        code = sessions.create_sign_in_code(store)
        answer = post(stranger, "/sign-in", code=code, next="/settings")
        assert (answer.status_code, answer.location) == (303, "/settings")
        assert stranger.get("/settings").status_code == 200
        again = post(stranger, "/sign-in", code=code)
        assert again.status_code == 403
        assert "paperclipper open" in text(again)

    def test_the_whole_link_may_be_pasted(self, stranger, store):
        code = sessions.create_sign_in_code(store)
        assert post(stranger, "/sign-in", code=f" {ORIGIN}/sign-in#{code} ").status_code == 303

    @pytest.mark.parametrize(
        "away", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "evil", ""]
    )
    def test_signing_in_does_not_redirect_elsewhere(self, stranger, store, away):
        assert post(stranger, "/sign-in", code=sessions.create_sign_in_code(store), next=away).location == "/"

    def test_signing_out_ends_the_session(self, reader):
        post(reader, "/sign-out")
        assert reader.get("/").status_code == 303


class TestPairing:
    def test_a_stranger_sees_how_to_sign_in_and_not_the_words(self, stranger, store):
        asked = ask_to_connect()
        page = text(stranger.get(f"/pair/{asked.id}"))
        assert "paperclipper open" in page
        assert not any(f"<span>{word}</span>" in page for word in asked.words)
        answer = post(
            stranger, "/sign-in", code=sessions.create_sign_in_code(store), next=f"/pair/{asked.id}"
        )
        assert answer.location == f"/pair/{asked.id}"

    def test_every_page_shows_connection_requests(self, reader):
        asked = ask_to_connect("Firefox of the attic")
        for path in ("/", "/trash", "/settings", "/papers/nothing"):
            assert f'<a href="/pair/{asked.id}">' in text(reader.get(path))

    def test_allowing_links_to_todays_papers(self, reader):
        asked = ask_to_connect()
        page = text(reader.get(f"/pair/{asked.id}"))
        assert all(f"<span>{word}</span>" in page for word in asked.words)
        answer = post(reader, f"/pair/{asked.id}/allow")
        assert pairing.get(asked.id).state == "allowed"
        assert 'href="https://huggingface.co/papers"' in text(reader.get(answer.location))

    def test_denying(self, reader):
        asked = ask_to_connect()
        answer = post(reader, f"/pair/{asked.id}/deny")
        assert pairing.get(asked.id).state == "denied"
        assert "Not connected" in text(reader.get(answer.location))

    @pytest.mark.parametrize("action", ["allow", "deny"])
    def test_only_the_owner_can_answer(self, stranger, action):
        asked = ask_to_connect()
        post(stranger, f"/pair/{asked.id}/{action}")
        assert pairing.get(asked.id).state == "waiting"
