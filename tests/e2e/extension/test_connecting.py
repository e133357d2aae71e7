import pytest

from digest_pages import paper_id
from e2e.extension.host import DIGEST
from e2e.extension.steps import ask_to_connect, await_state, button, connect, open_day, sign_in, strip, submit

pytestmark = pytest.mark.both_browsers


def test_a_browser_connects_once_the_reader_signs_in_compares_the_words_and_allows(browser, library):
    settings = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    assert "paperclipper open" in question.text("main")
    assert question.count(".pair-actions") == 0
    assert sign_in(browser, library.printed_link).text("h1").startswith("Your library is empty.")

    question.front()
    assert len(words := question.text(".match-words").split()) == 3
    settings.front()
    assert settings.text("#words").split() == words

    question.front()
    question.click(".pair-actions button.btn-first")
    question.see("h1", "Connected")
    assert question.each("main a.btn-first", "(link) => link.href") == [f"{DIGEST}/papers"]

    settings.front()
    settings.see("#title", "This browser is connected")
    assert library.origin in settings.text("#connected-to")
    assert settings.each("#todays-papers", "(link) => link.href") == [f"{DIGEST}/papers"]
    settings.close()
    question.close()


def test_what_is_clipped_unconnected_is_kept_and_sent_once_any_page_of_the_library_allows_it(
    browser, library
):
    settings = browser.new_tab(browser.ours("options/options.html"))
    settings.click("#disconnect")
    settings.see("#title", "Connect this browser")
    settings.close()
    digest = open_day(browser)
    await_state(digest, paper_id(0), "clip")
    digest.click(button(paper_id(0)))
    digest.see(f"{strip(paper_id(0))} >>> .strip-fix", "Kept in this browser. Connect to send it")

    settings = ask_to_connect(browser, library)
    unheeded = browser.tab_at(f"{library.origin}/pair/")
    unheeded.see(".match-words")
    unheeded.close()
    reader = browser.new_tab(library.origin)
    reader.click(".pairing-requests a")
    assert reader.text(".match-words").split() == settings.text("#words").split()
    reader.click(".pair-actions button.btn-first")
    reader.see("h1", "Connected")

    await_state(digest, paper_id(0), "saved")
    assert len(library.paper(paper_id(0))["clips"]) == 1
    for tab in (settings, reader, digest):
        tab.close()


def test_a_revoked_key_ends_at_once_and_the_strip_leads_to_connecting_again(browser, library):
    digest = open_day(browser)
    await_state(digest, paper_id(0), "saved")
    reader = browser.new_tab(f"{library.origin}/settings")
    while reader.texts("form[action$='/revoke'] button"):
        submit(reader, "form[action$='/revoke'] button")
    reader.close()

    digest.click(button(paper_id(1)))
    digest.see(f"{strip(paper_id(1))} >>> .strip-fix", "Disconnected: connect again")
    digest.click(f"{strip(paper_id(1))} >>> .strip-fix")
    settings = browser.tab_at(browser.ours("options/options.html"))
    settings.see("#connect")
    settings.close()
    connect(browser, library)
    await_state(digest, paper_id(1), "saved")
    digest.close()
