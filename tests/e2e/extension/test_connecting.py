import pytest

from digest_pages import paper_id
from e2e.extension.host import DIGEST
from e2e.extension.steps import ask_to_connect, await_state, button, connect, open_day, sign_in, strip, submit

pytestmark = pytest.mark.both_browsers


def test_a_browser_connects_once_the_reader_has_signed_in_and_allowed_it(browser, library):
    options = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    assert "paperclipper open" in question.text("main")
    assert question.count(".pair-actions") == 0
    assert sign_in(browser, library.printed_link).text("h1").startswith("Your library is empty.")

    question.front()
    assert len(words := question.text(".match-words").split()) == 3
    options.front()
    assert options.text("#words").split() == words

    question.front()
    question.click(".pair-actions button.btn-first")
    question.see("h1", "Connected")
    assert question.each("main a.btn-first", "(link) => link.href") == [f"{DIGEST}/papers"]

    options.front()
    options.see("#title", "This browser is connected")
    assert library.origin in options.text("#connected-to")
    assert options.each("#todays-papers", "(link) => link.href") == [f"{DIGEST}/papers"]
    options.close()
    question.close()


def test_clips_made_before_connecting_are_sent_once_the_browser_is_connected(browser, library):
    options = browser.new_tab(browser.extension_url("options/options.html"))
    options.click("#disconnect")
    options.see("#title", "Connect this browser")
    options.close()
    digest = open_day(browser)
    await_state(digest, paper_id(0), "clip")
    digest.click(button(paper_id(0)))
    digest.see(f"{strip(paper_id(0))} >>> .strip-fix", "Kept in this browser. Connect to send it")

    options = ask_to_connect(browser, library)
    ignored = browser.tab_at(f"{library.origin}/pair/")
    ignored.see(".match-words")
    ignored.close()
    reader = browser.new_tab(library.origin)
    reader.click(".pairing-requests a")
    assert reader.text(".match-words").split() == options.text("#words").split()
    reader.click(".pair-actions button.btn-first")
    reader.see("h1", "Connected")

    await_state(digest, paper_id(0), "saved")
    assert len(library.paper(paper_id(0))["clips"]) == 1
    for tab in (options, reader, digest):
        tab.close()


def test_after_a_token_is_revoked_the_strip_links_to_connecting_again(browser, library):
    digest = open_day(browser)
    await_state(digest, paper_id(0), "saved")
    reader = browser.new_tab(f"{library.origin}/settings")
    while reader.texts("form[action$='/revoke'] button"):
        submit(reader, "form[action$='/revoke'] button")
    reader.close()

    digest.click(button(paper_id(1)))
    digest.see(f"{strip(paper_id(1))} >>> .strip-fix", "Disconnected: connect again")
    digest.click(f"{strip(paper_id(1))} >>> .strip-fix")
    options = browser.tab_at(browser.extension_url("options/options.html"))
    options.see("#connect")
    options.close()
    connect(browser, library)
    await_state(digest, paper_id(1), "saved")
    digest.close()
