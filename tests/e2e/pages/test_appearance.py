"""Every page passes axe and fits a narrow window, in both themes. One browser is enough for this."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from builders import uuid7
from digest_pages import paper_id
from e2e.extension.host import DIGEST
from e2e.extension.steps import ask_to_connect, await_state, button, clip, open_day, strip, submit

pytestmark = [
    pytest.mark.parametrize("bare_browser", ["chromium"], indirect=True, scope="module"),
    pytest.mark.usefixtures("connected"),
]

# All pages take minutes: CI checks three of them, the nightly run all.
IN_CI = ("library", "search", "paper")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
# Wait for the transition of colours between themes.
AT_REST = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.all(transitions.map((one) => one.finished.catch(() => {})));
}"""
PAGES = {
    "library": "/",
    "search": "/?q=tides+model",
    "nothing found": "/?q=zeppelin",
    "a search with filters": "/?q=tides+%23sea+status:unread",
    "some words missing": "/?q=tides+zeppelin+lantern",
    "a misspelt word": "/?q=tidez",
    "another order": "/?q=tides&sort=published",
    "skipped": "/?q=is:skipped",
    "invalid search": "/?q=(tides",
    "paper": f"/papers/arxiv:{paper_id(1)}",
    "trash": "/trash",
    "settings": "/settings",
    "sign in": "/sign-in",
    "no such page": "/papers/nothing",
    "the API": "/api/v1/docs",
    "tags": "/tags",
    "add papers": "/add",
    "changes": "/actions",
    "merge": f"/papers/arxiv:{paper_id(1)}/merge",
    "confirm purge": "/trash/purge",
}


@pytest.fixture(scope="module")
def papers(browser, library, connected):
    """Papers 0 and 1 are in the library, 1 with a tag and a note; 2 is in the trash; another was skipped."""
    tab = open_day(browser)
    for number in range(3):
        clip(tab, paper_id(number))
    tab.click(button(paper_id(1)))
    tab.type(".panel .tag-input", "sea")
    tab.press("Enter")
    tab.type(".panel #note", "Tides **elsewhere**, see `table 2` and [this](https://example.org).")
    tab.click(".panel-close")
    tab.see(".strip-details", "1 note")
    tab.click(button(paper_id(2)))
    tab.click(f"{strip(paper_id(2))} >>> .panel #remove")
    tab.see(".strip-details", "In the trash")
    skipped = {"decision": "skipped", "title": "Cranes", "arxiv_id": "2603.88888"}
    library.ask("PUT", "/days/2026-03-10/decisions", skipped)
    yield
    tab.close()


@pytest.mark.nightly
def test_the_first_visit(browser, library):
    tab = browser.new_tab(library.origin)
    tab.see("h1", "Your library is empty.")
    assert_accessible(tab)
    tab.close()


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(
    "name", [name if name in IN_CI else pytest.param(name, marks=pytest.mark.nightly) for name in PAGES]
)
def test_pages_of_the_library(browser, library, name):
    tab = browser.new_tab(library.origin + PAGES[name])
    assert_accessible(tab)
    tab.close()


@pytest.fixture(scope="module")
def annotations(library, papers):
    """Paper 0 with a highlight in every colour, one of them no longer found, and an edited note; the
    annotations.
    """
    paper = library.paper(paper_id(0))
    first, second = paper["abstract"][:30], paper["abstract"][20:90]
    texts = [first, second, paper["abstract"][100:140], paper["abstract"][-60:], "words that are nowhere"]
    made = []
    for colour, exact in zip(("yellow", "green", "blue", "pink", "orange"), texts, strict=True):
        mark = {
            "kind": "highlight",
            "quote": {"exact": exact},
            "colour": colour,
            "body": f"In {colour}, $x^2$.",
        }
        made.append(put(library, mark))
    note = put(library, {"kind": "note", "body": "See [[Nothing]]"})
    return [*made, put(library, {"kind": "note", "body": f"See [[{paper_id(1)}]]"}, note)]


def put(library, annotation, present=None):
    """Create an annotation on paper 0, or change one."""
    path = f"/annotations/{present['id'] if present else uuid7()}"
    base = present["version"] if present else None
    return library.ask("PUT", path, {"paper": f"arxiv:{paper_id(0)}", **annotation}, base)


OPEN_ALL = "() => { for (const each of document.querySelectorAll('main details')) each.open = true; }"


@pytest.mark.nightly
def test_a_paper_with_annotations(browser, library, annotations):
    tab = browser.new_tab(f"{library.origin}/papers/arxiv:{paper_id(0)}")
    tab.select("[data-abstract]", "Long documents are")
    tab.see(".highlight-bar")
    assert_accessible(tab)
    tab.evaluate(OPEN_ALL)
    assert_accessible(tab)
    tab.open(f"{library.origin}/papers/arxiv:{paper_id(0)}/notes/{annotations[-1]['id']}/history")
    tab.evaluate(OPEN_ALL)
    assert_accessible(tab)
    tab.open(f"{library.origin}/papers/arxiv:{paper_id(0)}/edit")
    tab.evaluate("() => { document.querySelector('[name=original_title]').value = 'Something else'; }")
    tab.fill("#f-title", "Another title")
    submit(tab, ".details-form .btn-first")
    tab.see(".conflict")
    assert_accessible(tab)
    tab.close()


@pytest.mark.nightly
@pytest.mark.usefixtures("papers")
def test_the_other_pages_in_use(browser, library):
    tab = browser.new_tab(f"{library.origin}/")
    tab.click("[data-select]")
    tab.click(".bulk-form .menu summary")
    assert_accessible(tab)
    tab.open(f"{library.origin}/tags")
    submit(tab, ".tag-row-name")
    tab.fill("#name", "no, name")
    submit(tab, "form.stack .btn-first")
    assert_accessible(tab)
    tab.open(f"{library.origin}/add")
    tab.fill("#lines", f"{paper_id(0)}\n2603.77777\nno link")
    submit(tab, "form.stack .btn-first")
    assert_accessible(tab)
    tab.open(f"{library.origin}/papers/arxiv:2603.77777")
    assert_accessible(tab)
    library.ask("DELETE", "/papers/arxiv:2603.77777")
    tab.open(f"{library.origin}/trash")
    submit(tab, ".trash-actions a")
    submit(tab, ".btn-stop")
    tab.evaluate(OPEN_ALL)
    assert_accessible(tab)
    tab.open(f"{library.origin}/settings")
    tab.evaluate(OPEN_ALL)
    tab.fill("#token-name", "A script")
    submit(tab, ".new-token .btn-first")
    tab.evaluate(OPEN_ALL)
    assert_accessible(tab)
    tab.close()


@pytest.mark.nightly
@pytest.mark.usefixtures("papers")
def test_a_search_as_it_is_typed(browser, library):
    tab = browser.new_tab(f"{library.origin}/")
    tab.type("#q", "tides year:n")
    tab.see("#q-error")
    assert_accessible(tab)
    tab.fill("#q", "tides zeppelin")
    tab.see(".partial")
    assert_accessible(tab)
    tab.fill("#q", "tides")
    tab.see("[data-count]", "1 paper")
    tab.evaluate(
        "() => { for (const each of document.querySelectorAll('.facets details')) each.open = true; }"
    )
    assert_accessible(tab)
    tab.close()


@pytest.mark.nightly
@pytest.mark.usefixtures("papers")
def test_connecting_and_the_options_page(browser, library):
    settings = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    assert_accessible(settings)
    assert_accessible(question)
    question.click(".pair-actions button.btn-first")
    question.see("h1", "Connected")
    assert_accessible(question)
    question.close()
    settings.see("#title", "This browser is connected")
    assert_accessible(settings)
    settings.close()


@pytest.mark.nightly
@pytest.mark.usefixtures("papers")
def test_the_popup(browser, library):
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(1)}")
    await_state(tab, paper_id(1), "saved")
    popup = browser.popup_over(tab)
    popup.see("#state", "In your library")
    assert_accessible(popup)
    popup.close()
    with library.stopped():
        tab.open(f"{DIGEST}/papers/{paper_id(3)}")
        await_state(tab, paper_id(3), "clip")
        tab.click(button(paper_id(3)))
        await_state(tab, paper_id(3), "waiting")
        popup = browser.popup_over(tab)
        popup.see("#outbox-heading", "1 waiting")
        assert_accessible(popup)
        popup.close()
    tab.close()


@pytest.mark.nightly
@pytest.mark.usefixtures("papers")
def test_strips_and_the_panel_on_the_digest(browser):
    tab = open_day(browser)
    await_state(tab, paper_id(1), "saved")
    for look in looks(tab):
        assert_clean(tab, look, "paperclipper-strip")
        tab.click(button(paper_id(1)))
        tab.see(".panel-head")
        assert_clean(tab, look, "paperclipper-strip")
        tab.click(".panel-close")
    tab.close()


def assert_accessible(tab):
    for look in looks(tab):
        assert_clean(tab, look)


def looks(tab):
    """Show the window narrow and wide, in both themes."""
    tab.front()  # in the background, transitions do not finish
    for theme in ("light", "dark"):
        for width in (360, 1280):
            tab.size(width)
            tab.theme(theme)
            yield theme, width


def assert_clean(tab, look, context=None):
    """No violations, and nothing wider than the window."""
    tab.evaluate(AT_REST)
    violations = Axe().run(tab.tab, context, RULES).response["violations"]
    found = [(one["id"], node["html"], node["failureSummary"]) for one in violations for node in one["nodes"]]
    assert found == [], look
    assert tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), look
