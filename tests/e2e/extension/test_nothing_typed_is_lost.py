"""Typed text survives a closed tab, a stopped server, and a full disk of the server or the browser."""

import pytest

from digest_pages import paper_id
from e2e.extension.steps import await_state, button, clip, open_day, submit
from e2e.pages.page import FIND_VISIBLE, until

# In Firefox, other tests use panel and popup by day; these run nightly.
BROWSERS = ["chromium", pytest.param("firefox", marks=pytest.mark.nightly)]
pytestmark = pytest.mark.usefixtures("connected")
in_both = pytest.mark.parametrize("bare_browser", BROWSERS, indirect=True, scope="module")

FIELD = f"(selector) => ({FIND_VISIBLE})(selector).value"
# Leaves only enough of the extension's storage for a few words.
FILL = """async () => {
  await chrome.storage.local.set({ filling: "" });
  const free = chrome.storage.local.QUOTA_BYTES - (await chrome.storage.local.getBytesInUse(null));
  await chrome.storage.local.set({ filling: "x".repeat(free - 20) });
}"""


@pytest.fixture(scope="module")
def paper(browser, library):
    """The URL of a paper's page in the library."""
    return library.clip("2603.00001", "Otters that count", "Otters count shells.")["page_url"]


@pytest.fixture
def page(browser, paper):
    tab = browser.new_tab(paper)
    tab.see("h1", "Otters")
    yield tab
    tab.close()


def notes(library, arxiv_id, expected):
    until(lambda: library.notes(arxiv_id) == expected, lambda: library.notes(arxiv_id))


def open_panel(browser, arxiv_id):
    tab = open_day(browser)
    await_state(tab, arxiv_id, "saved")
    tab.click(button(arxiv_id))
    tab.see(".panel-head")
    return tab


def clip_again(tab, arxiv_id):
    tab.click(button(arxiv_id))
    await_state(tab, arxiv_id, "saved")


@in_both
def test_in_the_panel_of_a_closed_tab_while_the_server_is_stopped(browser, library):
    tab = open_day(browser)
    clip(tab, paper_id(0))
    tab.click(button(paper_id(0)))
    with library.stopped():
        tab.type(".panel #note", "Half a thou")
        tab.see(".panel #note-state", "Waiting for the server")
        tab.close()
        browser.stop_background()
        tab = open_panel(browser, paper_id(0))
        until(
            lambda: tab.evaluate(FIELD, ".panel #note") == "Half a thou",
            lambda: tab.evaluate(FIELD, ".panel #note"),
        )
        tab.type(".panel #note", "ght")
        tab.click(".panel-close")
    tab.open(tab.url)
    notes(library, paper_id(0), ["Half a thought"])
    tab.close()


@in_both
def test_in_the_panel_while_the_servers_disk_is_full(browser, library):
    tab = open_day(browser)
    clip(tab, paper_id(1))
    tab.click(button(paper_id(1)))
    with library.disk_full():
        tab.type(".panel #note", "No room for this")
        tab.see(".panel #note-state", "Waiting for the server")
        assert library.notes(paper_id(1)) == []
    tab.open(tab.url)
    notes(library, paper_id(1), ["No room for this"])
    tab.close()


# In Firefox an extension may fill the disk.
@pytest.mark.parametrize("bare_browser", ["chromium"], indirect=True, scope="module")
def test_in_the_panel_while_the_browsers_storage_is_full(browser, library):
    tab = open_day(browser)
    clip(tab, paper_id(2))
    options = browser.new_tab(browser.extension_url("options/options.html"))
    options.see("#title")
    options.evaluate(FILL)
    tab.front()
    tab.click(button(paper_id(2)))
    tab.type(".panel #note", "Nowhere to keep these words")
    assert "this browser’s storage is full" in tab.text(".panel #note-error")
    assert tab.text(".panel #note-state") == "Not stored"
    tab.type(".panel .tag-input", "lonely")
    tab.press("Enter")
    tab.see(".panel .stop", "Not stored: this browser’s storage is full.")
    assert tab.evaluate(FIELD, ".panel .tag-input") == "lonely"
    assert tab.evaluate(FIELD, ".panel #note") == "Nowhere to keep these words"
    tab.click(button(paper_id(3)))
    await_state(tab, paper_id(3), "failed")

    options.evaluate("() => chrome.storage.local.remove('filling')")
    options.close()
    clip_again(tab, paper_id(3))
    tab.click(button(paper_id(2)))
    tab.type(".panel #note", ".")
    tab.click(".panel-close")
    notes(library, paper_id(2), ["Nowhere to keep these words."])
    tab.close()


@in_both
def test_on_the_page_of_a_closed_tab_while_the_server_is_stopped(browser, library, page, paper):
    page.type("#new-note", "They count to")
    page.see(".is-editing .draft-line", "Draft kept")
    again = browser.new_tab(paper)
    again.see(".is-editing .draft-line", "Not saved yet: this is your draft.")
    again.type("#new-note", " nine")
    with library.stopped():
        again.click(".is-editing .btn-first")
        again.see(".is-editing .draft-line", "the server is not responding")
        assert again.evaluate(FIELD, "#new-note") == "They count to nine"
    assert all("Failed to load resource" in trouble for trouble in browser.take_errors())
    submit(again, ".is-editing .btn-first")
    again.see(".note-body", "They count to nine")
    assert again.evaluate(FIELD, "#new-note") == ""
    again.open(paper)
    again.see("h1")
    assert again.texts(".draft-line") == []
    again.close()


@in_both
def test_on_the_page_while_the_servers_disk_is_full(library, page):
    page.type("#new-note", "Shells, and then pebbles")
    with library.disk_full():
        submit(page, ".is-editing .btn-first")
        page.see("h1", "Disk full")
        assert page.evaluate(FIELD, "textarea") == "Shells, and then pebbles"
        submit(page, ".btn-first")
        page.see(".is-editing .draft-line", "Not saved yet")
    submit(page, ".is-editing .btn-first")
    page.see(".note-body", "Shells, and then pebbles")


@in_both
def test_a_draft_does_not_overwrite_what_was_saved_since(browser, library, page, paper):
    note = library.write("2603.00001", "One otter")
    page.open(paper)
    editor = f"#note-{note} .note-edit"
    page.click(f"{editor} summary")
    page.fill(f"#body-{note}", "Two otters")
    page.see(f"{editor} .draft-line", "Draft kept")
    library.rewrite(note, "Three otters")
    page.open(paper)
    page.see(f"{editor} .draft-line", "Not saved yet")
    submit(page, f"{editor} .btn-first")
    assert page.texts("pre.text") == ["Three otters", "Two otters"]


@in_both
def test_details_and_a_comment_survive_their_tab(browser, library, page, paper):
    page.open(f"{paper}/edit")
    page.fill("#f-venue", "Riverbank")
    page.see(".draft-line", "Draft kept")
    page.open(paper)
    page.click(".highlight-form summary")
    page.type("#quote", "Otters count")
    page.type("#comment", "Do they?")
    page.see(".highlight-form .draft-line", "Draft kept")
    page.open(paper)
    page.see(".highlight-form .draft-line", "Not saved yet")
    submit(page, ".highlight-form .btn-first")
    page.see(".note-body", "Do they?")
    assert page.texts(".highlight-form .draft-line") == []
    page.open(f"{paper}/edit")
    page.see(".draft-line", "Not saved yet")
    submit(page, ".details-form .btn-first")
    assert library.find("2603.00001")["venue"] == "Riverbank"
    page.open(f"{paper}/edit")
    page.see("h1")
    assert page.texts(".draft-line") == []
