"""API tokens, the password, signing out everywhere, adding papers and backups."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from paperclipper.model import Scope
from paperclipper.services.access import libraries, passwords, sessions, tokens
from paperclipper.services.transfer import backups
from paperclipper.store.database import timestamps
from paperclipper.web.pages.layout.filters import day
from web.pages.reading import HOSTILE, Browser, Inline, clip, follow, post, text

PASSWORD = "otters count shells"


@pytest.fixture
def another(app, store):
    """Another browser of the reader's, also signed in."""
    app.test_client_class = Browser
    browser = app.test_client()
    post(browser, "/sign-in", code=sessions.create_sign_in_code(store))
    return browser


def is_signed_in(browser):
    return browser.get("/settings").status_code == 200


class TestTokens:
    def test_a_token_is_shown_once_and_works(self, reader, store):
        answer = post(reader, "/settings/tokens", name="My script", scope=["read", "write"])
        secret = re.search(r'value="(pcl_[^"]+)"', text(answer))[1]
        assert answer.headers["Cache-Control"] == "no-store"
        token = tokens.authenticate(secret)
        assert (token.name, token.scopes, token.library_id) == ("My script", {Scope.READ, Scope.WRITE}, store)
        page = text(reader.get("/settings"))
        assert secret not in page
        assert "My script" in page

    @pytest.mark.parametrize(
        "form",
        [
            {"name": "", "scope": "read"},
            {"name": "x" * 101, "scope": "read"},
            {"name": "x"},
            {"name": "x", "scope": "admin"},
        ],
    )
    def test_invalid_forms_are_refused(self, reader, store, form):
        answer = post(reader, "/settings/tokens", **form)
        assert answer.status_code == 422
        assert "No token was created." in text(answer)
        assert tokens.list_tokens(store) == []


class TestPassword:
    def test_setting_changing_or_removing_it_ends_all_other_sessions(self, reader, store, another):
        library = libraries.get(store).name
        page = follow(reader, post(reader, "/settings/password", password=PASSWORD, again=PASSWORD))
        assert "Password set." in page
        assert f"<b>{library}</b>" in page
        assert (is_signed_in(reader), is_signed_in(another)) == (True, False)

        post(another, "/sign-in", library=library, password=PASSWORD)
        assert is_signed_in(another)
        post(reader, "/settings/password", password=PASSWORD * 2, again=PASSWORD * 2)
        assert (is_signed_in(reader), is_signed_in(another)) == (True, False)
        assert post(another, "/sign-in", library=library, password=PASSWORD).status_code == 403

        assert "Password removed." in follow(reader, post(reader, "/settings/password/remove"))
        assert not passwords.has_password(store)
        assert is_signed_in(reader)

    @pytest.mark.parametrize(
        ("password", "again"), [("short", "short"), (PASSWORD, PASSWORD + "!"), ("", "")]
    )
    def test_invalid_passwords_change_nothing(self, reader, store, another, password, again):
        answer = post(reader, "/settings/password", password=password, again=again)
        assert answer.status_code == 422
        assert password not in text(answer) or not password
        assert not passwords.has_password(store)
        assert is_signed_in(another)

    def test_other_libraries_are_not_changed(self, reader, store):
        other = libraries.add("other").id
        post(reader, "/settings/password", password=PASSWORD, again=PASSWORD)
        assert not passwords.has_password(other)
        assert "one of several on this server" in text(reader.get("/settings"))


class TestSigningIn:
    def test_the_fields_are_shown_only_if_a_library_has_a_password(self, stranger, store):
        assert 'type="password"' not in text(stranger.get("/sign-in"))
        passwords.set_password(store, PASSWORD)
        page = text(stranger.get("/sign-in?next=/trash"))
        assert 'autocomplete="current-password"' in page
        answer = post(stranger, "/sign-in", library=" library ", password=PASSWORD, next="/trash")
        assert (answer.status_code, answer.location) == (303, "/trash")
        assert is_signed_in(stranger)

    @pytest.mark.parametrize(
        "form", [{"library": "library"}, {"library": "nobody", "password": PASSWORD}, {"library": ""}]
    )
    def test_a_wrong_name_and_a_wrong_password_get_the_same_message(self, stranger, store, form):
        passwords.set_password(store, PASSWORD)
        answer = post(stranger, "/sign-in", **form)
        assert answer.status_code == 403
        assert "Wrong library name or password." in text(answer)
        assert not is_signed_in(stranger)

    def test_signing_in_does_not_redirect_elsewhere(self, stranger, store):
        passwords.set_password(store, PASSWORD)
        form = {"library": "library", "password": PASSWORD, "next": "//evil.example"}
        assert post(stranger, "/sign-in", **form).location == "/"


def test_signing_out_everywhere_ends_every_session_and_no_token(reader, store, another):
    _, secret = tokens.create(store, "My script", [Scope.READ])
    assert post(reader, "/sign-out/everywhere").location == "/sign-in"
    assert (is_signed_in(reader), is_signed_in(another)) == (False, False)
    assert tokens.authenticate(secret)


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


class TestAddingPapers:
    def test_each_line_has_a_result(self, reader, store):
        page = text(
            post(
                reader,
                "/add",
                lines="2506.01234\r\nhttps://arxiv.org/pdf/2506.01234v2\r\n\r\nnot a link\r\n",
            )
        )
        assert re.findall(r'class="line outcome-(\w+)"', page) == ["added", "known", "unreadable"]
        assert page.count(">arXiv 2506.01234</a>") == 2
        assert 'autocapitalize="none">\nnot a link</textarea>' in page
        assert "arXiv 2506.01234" in text(reader.get("/"))

    def test_repeating_it_adds_nothing(self, reader, store):
        for _ in range(2):
            page = text(post(reader, "/add", lines="2506.01234"))
        assert "Already in your library." in page
        assert "1 paper" in text(reader.get("/"))

    @pytest.mark.parametrize("lines", ["", " \r\n", "2506.01234\r\n" * 501])
    def test_invalid_forms_are_reported(self, reader, lines):
        answer = post(reader, "/add", lines=lines)
        assert answer.status_code == 422
        assert "Nothing was added." in text(answer)

    def test_hostile_text_is_escaped(self, reader):
        for lines in (HOSTILE, f"https://evil.example/{HOSTILE}".replace(" ", "")):
            assert Inline(text(post(reader, "/add", lines=lines))).found == []


class TestBackups:
    def test_the_last_backup_their_number_and_folder_are_shown(self, reader, store, tmp_path):
        (today,) = {backups.make_daily_backup(timestamps.now().date())}
        page = text(reader.get("/settings"))
        assert f"the last one on {day(timestamps.now())}" in page
        assert "1 backup is kept in" in page
        assert str(today.parent) in page
        assert "backup is more than two days old" not in page

    def test_a_missing_and_an_old_backup_are_reported(self, reader, store, monkeypatch):
        assert "There is no backup yet." in text(reader.get("/settings"))
        backups.make_daily_backup(timestamps.now().date())
        later = timestamps.now() + timedelta(days=3)
        monkeypatch.setattr(timestamps, "now", lambda: later)
        assert "The last backup is more than two days old." in text(reader.get("/settings"))


def test_hostile_names_are_escaped(reader, stranger, store):
    passwords.set_password(store, PASSWORD)
    pages = [
        post(reader, "/settings/tokens", name=HOSTILE),
        post(stranger, "/sign-in", library=HOSTILE, password="x"),
    ]
    assert [Inline(text(page)).found for page in pages] == [[], []]
