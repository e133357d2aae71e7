import io
import zipfile

import pytest

import running
from digest_pages import item, paper_id
from e2e.extension.steps import button, clip, open_day, sign_in, submit

pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def tab(request, browser):
    """A tab with or without JavaScript."""
    tab = browser.new_tab()
    if request.param == "without JavaScript":
        tab.without_script()
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def clipped(browser, connected):
    """Papers 1 and 2 are in the library, 2 clipped last, with a note made on the digest."""
    digest = open_day(browser)
    clip(digest, paper_id(1))
    clip(digest, paper_id(2))
    digest.click(button(paper_id(2)))
    digest.type(".panel #note", "Try it on **pears**, at $v^2$.")
    digest.click(".panel-close")
    digest.see(".strip-details", "1 note")
    digest.close()


def test_the_next_request_after_a_clip_finds_the_paper(browser, library):
    reader = browser.new_tab(f"{library.origin}/")
    digest = open_day(browser)
    clip(digest, paper_id(0))
    reader.open(f"{library.origin}/?q=lantern+answers")
    assert reader.text(".row-title") == item(0)["title"] + " (unread)"
    assert {word.lower() for word in reader.texts(".row-snip mark")} == {"lantern", "answers"}
    reader.close()
    digest.close()


@pytest.mark.usefixtures("clipped")
def test_the_library_shows_the_newest_first(tab, library):
    tab.open(f"{library.origin}/")
    tab.see(".row-title")
    titles = [title.removesuffix(" (unread)") for title in tab.texts(".row-title")]
    assert titles[:2] == [item(2)["title"], item(1)["title"]]


@pytest.mark.usefixtures("clipped")
def test_a_paper_is_searched_opened_and_read(tab, library):
    tab.open(f"{library.origin}/")
    tab.type("#q", "ripeness fruit")
    tab.press("Enter")
    tab.see("[data-count]", "1 paper")
    assert {word.lower() for word in tab.texts(".row-snip mark, .row-title mark")} == {"ripeness", "fruit"}
    submit(tab, ".row-title a")
    assert tab.text("h1") == item(2)["title"]
    assert tab.text(".abstract") == item(2)["summary"]
    assert tab.text(".authors") == "Lucía Ferrer, Anselm Roth"
    assert tab.texts(".note-body strong") == ["pears"]
    assert tab.count(".note-body math") == 1
    links = tab.each(".links a", "(link) => link.href")
    places = ("huggingface.co/papers/", "arxiv.org/abs/", "arxiv.org/pdf/")
    assert [f"https://{place}{paper_id(2)}" for place in places] == links[:3]


@pytest.mark.usefixtures("clipped")
def test_status_star_tags_and_notes_are_edited(tab, library):
    tab.open(f"{library.origin}/papers/arxiv:{paper_id(1)}")
    tab.see("h1")
    submit(tab, ".segmented button[value=reading]")
    assert tab.each(".segmented button[value=reading]", "(one) => one.ariaPressed") == ["true"]
    tab.click("[data-star] button")
    tab.see("[data-star] button[aria-pressed=true]")
    tab.type(".tag-add .tag-input", "tides")
    submit(tab, ".tag-add button")
    assert tab.texts(".chip") == ["tides"]
    tab.type("#new-note", "Ask about *neap* tides.")
    submit(tab, "form.is-editing .btn-first")
    assert tab.texts(".note-body em")[-1] == "neap"
    paper = library.paper(paper_id(1))
    assert (paper["status"], paper["starred"], paper["tags"]) == ("reading", True, ["tides"])
    assert library.notes(paper_id(1))[-1] == "Ask about *neap* tides."

    submit(tab, ".chip-remove")
    submit(tab, ".segmented button[value=unread]")
    tab.click("[data-star] button")
    tab.see("[data-star] button[aria-pressed=false]")
    paper = library.paper(paper_id(1))
    assert (paper["status"], paper["starred"], paper["tags"]) == ("unread", False, [])


@pytest.mark.usefixtures("clipped")
def test_undo_restores_a_removed_paper(tab, library):
    tab.open(f"{library.origin}/papers/arxiv:{paper_id(2)}")
    tab.see("h1")
    tab.click(".menu summary")
    submit(tab, "form[action$='/trash'] button")
    assert library.find(paper_id(2)) is None
    assert item(2)["title"] not in " ".join(tab.texts(".row-title"))
    submit(tab, ".undo button")
    tab.see(".row-title", item(2)["title"])
    assert len(library.notes(paper_id(2))) == 1


@pytest.mark.both_browsers
@pytest.mark.usefixtures("clipped")
def test_results_appear_while_typing(browser, library):
    tab = browser.new_tab(f"{library.origin}/")
    tab.evaluate("() => void (document.documentElement.dataset.old = 'yes')")
    tab.type("#q", "coast")
    tab.see("[data-count]", "1 paper")
    assert tab.texts(".row-title")[0].startswith(item(1)["title"])
    assert tab.url == f"{library.origin}/?q=coast"
    assert tab.evaluate("() => document.documentElement.dataset.old") == "yes"
    tab.close()


def test_signing_in_needs_no_javascript(browser, library):
    tab = browser.new_tab()
    tab.without_script()
    tab.open(f"{library.origin}/settings")
    submit(tab, "form[action$='/sign-out'] button")
    tab.type("#code", library.new_link())
    submit(tab, "form[data-sign-in] button")
    tab.see(".bar nav", "Settings")
    tab.close()


@pytest.mark.usefixtures("clipped")
def test_the_command_and_the_page_export_the_same_files(browser, library, tmp_path):
    running.command("export", str(tmp_path / "out"), "--format", "markdown", data=library.data)
    folder = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.md")}
    assert len(folder) == len(library.ask("GET", "/papers")["items"])

    tab = sign_in(browser, library.new_link())
    tab.open(f"{library.origin}/settings")
    fetch = (
        "async (a) => [...new Uint8Array(await (await fetch(document.querySelector(a).href)).arrayBuffer())]"
    )
    with zipfile.ZipFile(io.BytesIO(bytes(tab.evaluate(fetch, "a[download]")))) as copy:
        assert {name.rpartition("/")[2]: copy.read(name) for name in copy.namelist()} == folder
    tab.close()
