"""Finding papers: typing, facets, suggestions and pages, with and without JavaScript."""

import pytest

from e2e.extension.steps import sign_in, submit
from e2e.pages.page import until

RIVERS = ("Lena", "Ob", "Oder", "Po", "Rhine", "Tagus", "Volga")
MANY = 25
ABSTRACT = "They count shells on the coast, and sleep in the reeds."


@pytest.fixture(scope="module")
def papers(library):
    """25 papers on otters, the last one clipped last, every third with a tag; and one on herons."""
    for number in range(MANY):
        arxiv_id = f"2603.{number:05}"
        title = f"Otters of the {RIVERS[number % len(RIVERS)]}, part {number + 1}"
        library.clip(arxiv_id, title, ABSTRACT, clipped_at=f"2026-03-09T08:30:{number:02}Z")
        if number % 3 == 0:
            library.ask("PUT", f"/papers/arxiv:{arxiv_id}/tags/water%2Ffresh")
    library.clip("2603.00099", "Herons at noon", "They sleep on one leg.", clipped_at="2026-03-08T08:30:00Z")


@pytest.fixture(scope="module")
def reader(browser, library, papers):
    """A signed-in tab."""
    tab = sign_in(browser, library.printed_link)
    yield tab
    tab.close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def tab(request, browser, reader):
    """A tab with or without JavaScript."""
    tab = browser.new_tab()
    if request.param == "without JavaScript":
        tab.without_script()
    yield tab
    tab.close()


def unfold(tab):
    """Open the facets in a narrow window, and folded values."""
    for summary in ("#narrow > summary", ".facet-more > summary"):
        if tab.texts(summary):
            tab.click(summary)


def titles(tab):
    """Return the titles of the papers that match everything."""
    return [title.removesuffix(" (unread)") for title in tab.texts("[data-part=results] > .rows .row-title")]


def test_typing_narrows_and_back_restores_the_search(reader, library):
    reader.open(f"{library.origin}/")
    reader.see("[data-count]", "26 papers")
    reader.type("#q", "slee")
    reader.see("[data-search-status]", "26 papers")
    reader.type("#q", "p volg")
    reader.see("[data-count]", "3 papers")
    assert all("Volga" in title for title in titles(reader))
    reader.type("#q", "a leg")
    reader.see("[data-count]", "No paper has all three.")
    assert reader.see(".row-missing", "Missing")[0] in ("Missing leg", "Missing volga")
    reader.fill("#q", "sleep volga")
    reader.see("[data-count]", "3 papers")
    shown = titles(reader)
    submit(reader, ".row-title a")
    assert reader.text("h1") in shown
    reader.evaluate("() => void history.back()")
    reader.see("[data-count]", "3 papers")
    assert reader.evaluate("() => document.querySelector('#q').value") == "sleep volga"
    assert titles(reader) == shown


def test_a_facet_narrows_and_removing_its_filter_widens(tab, library):
    tab.open(f"{library.origin}/?q=otters")
    tab.see("[data-count]", "25 papers")
    unfold(tab)
    submit(tab, ".facet .nest a")
    assert tab.text("[data-count]") == "9 papers"
    assert tab.texts(".reading-as .chip") == ["#water/fresh"]
    assert tab.evaluate("() => document.querySelector('#q').value") == "otters #water/fresh"
    unfold(tab)
    assert "fresh" in tab.text(".facet .nest [aria-current]")
    submit(tab, ".reading-as .chip-remove")
    assert tab.text("[data-count]") == "25 papers"


def test_suggestions_for_a_misspelt_word_find_the_papers(tab, library):
    tab.open(f"{library.origin}/?q=heronz+noon")
    assert tab.text("h1") == "No paper has both. Here is what each part finds."
    tab.see(".partial .row-title", "Herons at noon")
    submit(tab, ".explanation-table a")
    assert titles(tab) == ["Herons at noon"]
    tab.open(f"{library.origin}/?q=heronz+noon")
    submit(tab, ".explanation-table:last-of-type a")
    assert tab.evaluate("() => document.querySelector('#q').value") == "noon"
    assert titles(tab) == ["Herons at noon"]


def test_next_and_previous_page(tab, library):
    for place in ("/?q=otters&sort=clipped", "/"):
        tab.open(library.origin + place)
        first = titles(tab)
        assert first[0].endswith("part 25")
        submit(tab, "[rel=next]")
        second = titles(tab)
        assert len(first) == 20
        assert not set(first) & set(second)
        assert tab.texts("[rel=next]") == []
        submit(tab, "[rel=prev]")
        assert titles(tab) == first


def test_an_error_shows_its_position_after_typing_stops(reader, library):
    reader.open(f"{library.origin}/")
    reader.type("#q", "otters year:next")
    assert "“next”" in reader.text("#q-error")
    assert reader.evaluate("() => document.querySelector('#q').ariaInvalid") == "true"
    assert reader.texts(".error-position mark") == ["n"]
    submit(reader, "[data-search] .btn")
    selected = "(q = document.querySelector('#q')) => q.value.slice(q.selectionStart, q.selectionEnd)"
    assert reader.evaluate(selected) == "n"
    assert reader.evaluate("() => document.activeElement.id") == "q"
    submit(reader, "#q-error a")
    assert reader.evaluate("() => document.querySelector('#q').value") == "otters year next"


def test_all_results_are_tagged_at_once(tab, library):
    def tagged():
        return next(
            (tag["papers"] for tag in library.ask("GET", "/tags")["items"] if tag["name"] == "count"), 0
        )

    before = tagged()
    tab.open(f"{library.origin}/?q=otters")
    tab.see(".row-title")
    tab.click(".rows li:first-child [data-select]")
    tab.click("[data-bulk-all]")
    tab.click(".bulk-form .menu summary")
    tab.type("#bulk-tag", "count")
    submit(tab, ".bulk-actions [value=tag]")
    assert tagged() == before + MANY
    submit(tab, ".undo button")
    until(lambda: tagged() == before, "the tags gone")


def test_rows_are_focused_and_selected_by_keyboard(reader, library):
    reader.open(f"{library.origin}/?q=volga")
    reader.see(".row-title")
    here = "() => document.activeElement.closest('.row')?.querySelector('h2').innerText"
    for key in ("j", "j", "k"):
        reader.press(key)
    assert reader.evaluate(here).startswith(titles(reader)[0])
    reader.press("x")
    reader.see("[data-bulk-count]", "1 of 3 selected")
    reader.press("Escape")
    reader.gone(".bulk-form")
    reader.press("/")
    assert reader.evaluate("() => document.activeElement.id") == "q"
    reader.press("Escape")
    assert reader.evaluate("() => document.activeElement === document.body")


def test_skipped_papers_are_found_by_is_skipped_and_cannot_be_selected(tab, library):
    body = {"decision": "skipped", "title": "Cranes in autumn", "arxiv_id": "2603.00777"}
    library.ask("PUT", "/days/2026-03-10/decisions", body)
    tab.open(f"{library.origin}/?q=cranes")
    assert tab.text("h1").startswith("Nothing found")
    tab.open(f"{library.origin}/?q=is:skipped")
    assert titles(tab) == ["Cranes in autumn"]
    assert "Skipped" in tab.text(".row-side")
    assert tab.count("[data-select], .bulk-form") == 0
