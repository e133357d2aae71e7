import pytest

from digest_pages import DAY, arxiv, day, item, paper_id, paper_page
from e2e.extension.host import ARXIV, DIGEST
from e2e.extension.steps import await_state, button, clip, open_day, strip
from e2e.pages.page import FIND_VISIBLE, until

pytestmark = [pytest.mark.both_browsers, pytest.mark.usefixtures("connected")]

RECORD_HEIGHTS = """<script>
const heightOf = (card) => card.getBoundingClientRect().height;
window.heights = () => [...document.querySelectorAll("article")].map(heightOf);
document.addEventListener("DOMContentLoaded", () => (window.firstHeights = heights()));
</script></body>"""
SIZES = """(button) => {
  const own = button.getBoundingClientRect();
  const card = button.getRootNode().host.parentElement.getBoundingClientRect();
  return [own.width, own.height, own.left >= card.left && own.bottom <= card.bottom + 0.5];
}"""
# Records the states of a button.
WATCH = """(selector) => {
  const button = document.querySelector(selector).shadowRoot.querySelector(".clip-btn");
  window.seen = [button.dataset.state];
  const note = () => button.dataset.state === window.seen.at(-1) || window.seen.push(button.dataset.state);
  new MutationObserver(note).observe(button, { attributeFilter: ["data-state"] });
}"""


def test_every_card_gets_a_strip_and_nothing_moves(browser, host):
    host.pages[f"{DIGEST}/papers/date/2026-03-10"] = (
        day().replace(DAY, "2026-03-10").replace("</body>", RECORD_HEIGHTS)
    )
    tab = browser.new_tab(f"{DIGEST}/papers/date/2026-03-10")
    until(lambda: len(tab.texts(".clip-btn")) == 9, "nine strips")
    assert tab.evaluate("() => [document.documentElement.dataset.island, heights()]") == [
        "hydrated",
        tab.evaluate("() => firstHeights"),
    ]
    for width, height, is_on_the_card in tab.each(".clip-btn", SIZES):
        assert min(width, height) >= 28
        assert is_on_the_card
    tab.close()


def test_one_click_saves_everything_on_the_page(browser, library):
    tab = open_day(browser)
    tab.evaluate(WATCH, strip(paper_id(0)))
    clip(tab, paper_id(0))
    assert tab.evaluate("() => seen") == ["clip", "saving", "saved"]
    tab.close()

    paper, entry = library.paper(paper_id(0)), item(0)
    expected = {
        "title": entry["title"],
        "abstract": entry["summary"],
        "authors": ["Ida Vestergaard", "Tomasz Wrona", "Mei Okafor"],
        "author_count": 3,
        "published": "2026-03-06",
        "identifiers": [f"arxiv:{paper_id(0)}"],
        "organisation": "Harbour Lab",
        "keywords": ["reading", "invention"],
        "ai_summary": entry["paper"]["ai_summary"],
        "thumbnail_url": entry["thumbnail"],
        "code_url": entry["paper"]["githubRepo"],
        "project_url": entry["paper"]["projectPage"],
    }
    assert {name: paper[name] for name in expected} == expected
    (saved,) = paper["clips"]
    assert saved["digest"] == {"kind": "day", "day": DAY, "rank": 1}
    assert (saved["source"], saved["upvotes"], saved["comments"]) == ("data", 64, 2)
    assert saved["page"] == {"kind": "digest", "url": f"{DIGEST}/papers/date/{DAY}"}


def test_saved_papers_are_marked_when_the_page_is_opened_again(browser):
    tab = open_day(browser)
    clip(tab, paper_id(1))
    tab.open(tab.url)
    await_state(tab, paper_id(1), "saved")
    await_state(tab, paper_id(2), "clip")
    tab.close()


def test_a_second_click_opens_the_panel_and_removes_nothing(browser, library):
    tab = open_day(browser)
    clip(tab, paper_id(2))
    tab.click(button(paper_id(2)))
    assert tab.text(".panel-head") == item(2)["title"]
    tab.type(".tag-input", "robots")
    tab.press("Enter")
    tab.see(".panel .chip", "robots")
    tab.type(".panel #note", "Try it on **pears**.")
    tab.click(".panel-close")
    until(lambda: library.notes(paper_id(2)) == ["Try it on **pears**."], lambda: library.notes(paper_id(2)))
    assert library.find(paper_id(2))["tags"] == ["robots"]
    tab.see(f"{strip(paper_id(2))} >>> .strip-details", "#robots")
    tab.close()


def test_the_panel_shows_the_newest_note_of_the_extension_and_links_to_the_others(browser, library, host):
    host.pages[f"{DIGEST}/papers/{paper_id(11)}"] = paper_page(11)
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(11)}")
    clip(tab, paper_id(11))
    library.annotate(paper_id(11), "Read the appendix.", made_in="extension")
    library.annotate(paper_id(11), "Compare table 2.", made_in="extension")
    library.annotate(paper_id(11), "Ask Greta.", made_in="page")
    tab.click(button(paper_id(11)))
    tab.wait(f"(selector) => ({FIND_VISIBLE})(selector).value === 'Compare table 2.'", ".panel #note")
    assert tab.text("#other-notes") == "2 more notes in your library"
    tab.click("#other-notes")
    paper = browser.tab_at(f"{library.origin}/papers/")
    paper.see(".note-body", "Ask Greta.")
    assert sorted(paper.texts(".note-body")) == ["Ask Greta.", "Compare table 2.", "Read the appendix."]
    paper.close()
    tab.close()


def test_removing_offers_undo(browser, library):
    tab = open_day(browser)
    clip(tab, paper_id(3))
    tab.click(button(paper_id(3)))
    tab.click(".panel #remove")
    tab.see(f"{strip(paper_id(3))} >>> .strip-details", "In the trash")
    until(lambda: library.find(paper_id(3)) is None, "the paper in the trash")
    tab.click(f"{strip(paper_id(3))} >>> .undo")
    await_state(tab, paper_id(3), "saved")
    assert library.paper(paper_id(3))["deleted_at"] is None
    tab.close()


def test_a_clip_waits_for_the_server_and_is_sent_automatically(browser, library):
    tab = open_day(browser)
    await_state(tab, paper_id(4), "clip")
    with library.stopped():
        tab.click(button(paper_id(4)))
        await_state(tab, paper_id(4), "waiting")
        assert tab.text(f"{strip(paper_id(4))} >>> .strip-details") == "Waiting for the server"
    await_state(tab, paper_id(4), "saved")
    assert len(library.paper(paper_id(4))["clips"]) == 1
    tab.close()


def test_waiting_clips_survive_the_background_and_are_sent_once_and_in_order(browser, library):
    order = [paper_id(number) for number in (7, 5, 6)]
    tab = open_day(browser)
    await_state(tab, order[0], "clip")
    with library.stopped():
        for arxiv_id in order:
            tab.click(button(arxiv_id))
            await_state(tab, arxiv_id, "waiting")
        browser.stop_background()
        tab.open(tab.url)
        await_state(tab, order[0], "waiting")
        browser.stop_background()
    tab.open(tab.url)
    for arxiv_id in order:
        await_state(tab, arxiv_id, "saved")
    assert [len(library.paper(arxiv_id)["clips"]) for arxiv_id in order] == [1, 1, 1]
    assert library.order_of_arrival(order) == order
    tab.close()


def test_a_waiting_clip_survives_the_browser_and_is_sent_once(browser, library, host):
    host.pages[f"{DIGEST}/papers/{paper_id(14)}"] = paper_page(14)
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(14)}")
    await_state(tab, paper_id(14), "clip")
    with library.stopped():
        tab.click(button(paper_id(14)))
        await_state(tab, paper_id(14), "waiting")
        browser.quit()
    browser.start_again()
    assert len(library.paper(paper_id(14))["clips"]) == 1
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(14)}")
    await_state(tab, paper_id(14), "saved")
    assert len(library.paper(paper_id(14))["clips"]) == 1
    tab.close()


def test_the_papers_own_page_and_arxiv_clip_the_same_paper(browser, library):
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(8)}")
    clip(tab, paper_id(8))
    assert tab.evaluate("() => document.documentElement.dataset.island") == "hydrated"
    (saved,) = library.paper(paper_id(8))["clips"]
    assert (saved["page"]["kind"], saved["comments"], saved["digest"]["rank"]) == ("paper", 2, 9)
    tab.open(f"{ARXIV}/abs/{paper_id(8)}")
    await_state(tab, paper_id(8), "saved")
    tab.close()


def test_authors_are_read_from_the_arxiv_page(browser, library, host):
    number = 13
    host.pages[f"{ARXIV}/abs/{paper_id(number)}"] = arxiv(number)
    tab = browser.new_tab(f"{ARXIV}/abs/{paper_id(number)}")
    clip(tab, paper_id(number))
    paper = library.paper(paper_id(number))
    assert paper["authors"] == ["Aiko Mori", "Benedikt Wolf", "Chinwe Eze", "Dalia Amsel", "Erik Sund"]
    assert (paper["title"], paper["published"]) == (item(number)["title"], "2026-03-06")
    assert (paper["clips"][0]["page"]["kind"], paper["arxiv_version"]) == ("arxiv", 2)
    tab.close()


def test_the_popup_shows_the_papers_page_and_keeps_what_was_typed(browser, library, host):
    host.pages[f"{DIGEST}/papers/{paper_id(9)}"] = paper_page(9)
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(9)}")
    await_state(tab, paper_id(9), "clip")
    popup = browser.popup_over(tab)
    assert popup.text(".pop-title") == item(9)["title"]
    popup.click("#clip")
    popup.see("#state", "In your library")
    await_state(tab, paper_id(9), "saved")
    popup.type("#note", "A thought, half")
    popup.see("#note-state", "Draft kept")
    popup.close()
    popup = browser.popup_over(tab)
    popup.see(".pop-title")
    popup.wait("() => document.querySelector('#note').value === 'A thought, half'")
    popup.type("#note", " finished")
    popup.close()
    until(
        lambda: library.notes(paper_id(9)) == ["A thought, half finished"], lambda: library.notes(paper_id(9))
    )
    tab.close()


def test_the_popup_shows_that_the_server_is_not_running(browser, library):
    tab = open_day(browser)
    with library.stopped():
        popup = browser.popup_over(tab)
        popup.see("#server-notices", "The server is not running. Start it with paperclipper serve")
        popup.close()
    tab.close()


def test_elsewhere_the_popup_shows_the_paper_clipped_last(browser, library, host):
    host.pages[f"{DIGEST}/papers/{paper_id(10)}"] = paper_page(10)
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(10)}")
    clip(tab, paper_id(10))
    tab.open(f"{library.origin}/settings")
    popup = browser.popup_over(tab)
    assert popup.text("#last-clipped") == "Last clipped, not on this page"
    assert popup.text(".pop-title") == item(10)["title"]
    popup.close()
    tab.close()


def test_undo_in_the_popup_restores_the_paper_with_everything(browser, library, host):
    host.pages[f"{DIGEST}/papers/{paper_id(12)}"] = paper_page(12)
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(12)}")
    clip(tab, paper_id(12))
    popup = browser.popup_over(tab)
    popup.see("#state", "In your library")
    popup.front()
    popup.click("#star")
    popup.type("#tag", "kept")
    popup.press("Enter")
    popup.type("#note", "Worth a second look.")
    popup.see("#note-state", "Saved")
    before = library.paper(paper_id(12))
    assert (before["starred"], before["tags"]) == (True, ["kept"])
    assert library.notes(paper_id(12)) == ["Worth a second look."]

    popup.click("#remove")
    popup.see("#state", "In the trash.")
    until(lambda: library.find(paper_id(12)) is None, "the paper in the trash")
    popup.click("#undo")
    popup.see("#state", "In your library")
    assert popup.texts(".chip") == ["kept"]
    after = library.paper(paper_id(12))
    assert after == before | {"version": after["version"], "modified_at": after["modified_at"]}
    assert library.notes(paper_id(12)) == ["Worth a second look."]
    popup.close()
    tab.close()


def test_a_stub_is_filled_by_the_next_page_that_shows_the_paper(browser, library, host):
    host.pages[f"{DIGEST}/papers/{paper_id(15)}"] = paper_page(15)
    library.ask("POST", "/papers/stubs", {"lines": f"arxiv:{paper_id(15)}"})
    assert library.paper(paper_id(15))["stub"]
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(15)}")
    await_state(tab, paper_id(15), "saved")
    until(lambda: not library.find(paper_id(15))["stub"], "the stub filled")
    assert library.paper(paper_id(15))["title"] == item(15)["title"]
    tab.close()
