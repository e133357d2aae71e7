"""What a reader does with saved papers: highlights, links, versions, tags, bulk edits, trash, passwords."""

import re

import pytest

import running
from e2e.extension.steps import sign_in, submit
from e2e.pages.page import until

ABSTRACT = "Otters count shells on the coast. Bounds of $K_5$ hold, for otters, in every river of the north."
NAMES = ("2603.00001", "2603.00002", "2603.00003", "2603.00004")
PASSWORD = "otters count shells"


@pytest.fixture(scope="module")
def papers(library):
    """Four papers, the last one clipped last."""
    words = ("Otters that count", "Badgers at night", "Wolves in snow", "Herons at noon")
    each = enumerate(zip(NAMES, words, strict=True))
    return [
        library.clip(name, title, ABSTRACT, clipped_at=f"2026-03-09T08:3{n}:00Z") for n, (name, title) in each
    ]


@pytest.fixture(scope="module")
def reader(browser, library, papers):
    """A signed-in tab."""
    tab = sign_in(browser, library.printed_link)
    yield tab
    tab.close()


@pytest.fixture
def plain(browser, reader):
    """A tab without JavaScript."""
    tab = browser.new_tab()
    tab.without_script()
    yield tab
    tab.close()


def open_paper(tab, library, papers, number=0):
    tab.open(f"{library.origin}/papers/{papers[number]['id']}")
    tab.see("h1")


def quotes(library, number=0):
    """Return the words of the paper's highlights, by colour."""
    items = library.ask("GET", f"/papers/arxiv:{NAMES[number]}/annotations")["items"]
    return {item["colour"]: item["quote"]["exact"] for item in items if item["quote"]}


@pytest.mark.both_browsers
def test_a_passage_is_highlighted_annotated_recoloured_and_restored(reader, library, papers):
    open_paper(reader, library, papers)
    reader.select("[data-abstract]", "shells on the coast")
    reader.see(".highlight-bar")
    submit(reader, ".highlight-bar [value=blue]")
    assert quotes(library) == {"blue": "shells on the coast"}

    # Text and part of a formula, selected with keys, with a note.
    reader.select("[data-abstract]", "Bounds of ")
    reader.evaluate("() => getSelection().extend(document.querySelector('[data-abstract] mi').firstChild, 1)")
    reader.see(".highlight-bar")
    reader.press("h")
    assert reader.evaluate("() => document.activeElement.value") == "yellow"
    reader.click("[data-with-note]")
    reader.type("#comment", "Which bounds? See [[2603.00002]].")
    submit(reader, ".highlight-form .btn-first")
    assert quotes(library)["yellow"] == "Bounds of $K_5$"
    assert reader.texts(".note-body a") == ["2603.00002"]

    # From the highlight to its note, and back.
    reader.click("mark.hl-yellow")
    reader.wait("() => location.hash.startsWith('#note-') && document.querySelector(location.hash)")
    reader.click(".note:target .note-no")
    reader.wait("() => document.querySelector('mark:target')")

    reader.click(".note:has(.hl-yellow) .note-edit summary")
    reader.click(".note-edit[open] .colour-pink input")
    submit(reader, ".note-edit[open] .btn-first")
    assert set(quotes(library)) == {"blue", "pink"}
    reader.click(".note:has(.hl-pink) .note-edit summary")
    submit(reader, ".note-edit[open] [formaction]")
    reader.gone("mark.hl-pink")
    submit(reader, ".undo button")
    reader.see("mark.hl-pink")


def test_notes_link_to_papers_and_versions_are_compared(plain, library, papers):
    open_paper(plain, library, papers, 1)
    plain.type("#new-note", "They dig. See [[otters that count]] and [[Moles]].")
    submit(plain, "form.is-editing .btn-first")
    assert plain.texts(".no-paper") == ["Moles (not in your library)"]
    submit(plain, ".note-body a")
    assert plain.text("h1") == "Otters that count"
    submit(plain, ".backlinks a")

    plain.click(".note-edit summary")
    plain.fill(".note-edit[open] textarea", "They dig deep.")
    submit(plain, ".note-edit[open] .btn-first")
    submit(plain, ".note-foot a")
    assert plain.texts(".diff ins") == ["deep"]
    submit(plain, ".version button")
    assert plain.text(".note-body").startswith("They dig. See otters")


def test_highlighting_and_details_need_no_javascript_and_conflicts_lose_nothing(
    plain, reader, library, papers
):
    open_paper(plain, library, papers, 2)
    plain.click(".highlight-form summary")
    plain.type("#quote", "otters, in every brook")
    submit(plain, ".highlight-form .btn-first")
    plain.see(".highlight-form [role=alert]", "not in the abstract")
    plain.fill("#quote", "of K5 hold,  for otters")
    plain.click(".highlight-form .colour-orange input")
    submit(plain, ".highlight-form .btn-first")
    assert quotes(library, 2) == {"orange": "of $K_5$ hold, for otters"}

    for tab in (plain, reader):
        open_paper(tab, library, papers, 2)
        tab.click(".menu summary")
        submit(tab, ".menu a[href$='/edit']")
    reader.fill("#f-venue", "Nature")
    submit(reader, ".details-form .btn-first")
    plain.fill("#f-venue", "Science")
    submit(plain, ".details-form .btn-first")
    assert plain.texts(".conflict pre") == ["Nature"]
    assert plain.evaluate("() => document.querySelector('#f-venue').value") == "Science"
    submit(plain, ".details-form .btn-first")
    assert plain.see(".links", "Science")
    paper = library.paper(NAMES[2])
    assert (paper["venue"], paper["sealed"]) == ("Science", ["venue"])


def test_bulk_edits_are_made_and_undone(reader, plain, library, papers):
    def tags():
        return [library.paper(name)["tags"] for name in NAMES]

    reader.open(f"{library.origin}/")
    reader.see(".row-title")
    assert reader.texts(".bulk-form") == []
    reader.click(".rows li:nth-child(1) [data-select]")
    reader.shift_click(".rows li:nth-child(3) [data-select]")
    reader.see("[data-bulk-count]", "3 of 4 selected")
    reader.press("Escape")
    reader.gone(".bulk-form")
    for key in ("k", "x", "k", "Shift+X"):
        reader.press(key)
    reader.see("[data-bulk-count]", "2 of 4 selected")
    reader.click(".bulk-form .menu summary")
    reader.type("#bulk-tag", "fauna/birds")
    submit(reader, ".bulk-actions [value=tag]")
    reader.see(".undo", "2 papers: tagged")
    assert tags() == [[], [], ["fauna/birds"], ["fauna/birds"]]

    plain.open(f"{library.origin}/")
    plain.click(".rows li:nth-child(4) [data-select]")
    submit(plain, ".bulk-form [value=trash]")
    assert library.find(NAMES[0]) is None
    submit(plain, ".undo button")
    plain.see(".undo", "Undone.")
    assert library.find(NAMES[0])

    # The page of tags.
    submit(plain, ".bar nav a[href='/tags']")
    submit(plain, ".tag-row-name")
    plain.fill("#name", "fauna/herons")
    plain.click(".colour-green input")
    submit(plain, "form.stack .btn-first")
    assert plain.see(".tag-row-name", "fauna/herons, green")
    submit(plain, ".undo button")
    submit(plain, ".tag-row-name")
    submit(plain, "form[action$='/delete'] button")
    assert tags() == [[], [], [], []]
    submit(plain, ".bar nav a[href='/']")
    plain.open(f"{library.origin}/actions")
    submit(plain, ".line-actions button")
    assert tags()[3] == ["fauna/birds"]


def test_a_link_is_added_and_two_papers_are_merged(plain, library, papers):
    plain.open(f"{library.origin}/add")
    plain.type("#lines", "https://arxiv.org/abs/2603.00009v2\nno link at all")
    submit(plain, "form.stack .btn-first")
    assert [words.split(".")[0] for words in plain.texts(".added-lines .line")] == ["Added", "Not added"]
    submit(plain, ".added-lines a")
    plain.see(".stub", "Only the identifier is known")
    plain.click(".menu summary")
    submit(plain, ".menu a[href$='/merge']")
    plain.type("#other", "herons")
    submit(plain, ".input-group button")
    submit(plain, ".lines button")
    assert plain.text("h1") == "Herons at noon"
    submit(plain, ".undo button")
    assert plain.text("h1") == "arXiv 2603.00009"


def test_backups_with_purged_papers_are_deleted(reader, library, papers, tmp_path):
    running.command("backup", str(tmp_path / "papers.backup"), data=library.data)
    for name in (NAMES[0], NAMES[3]):
        library.ask("DELETE", f"/papers/arxiv:{name}")
    reader.open(f"{library.origin}/trash")
    submit(reader, ".rows li:first-child form button")
    assert library.find(NAMES[3])
    submit(reader, ".trash-actions a")
    reader.see(".purge-list", "Otters that count")
    submit(reader, ".btn-stop")
    reader.see("[data-purge-done=yes]")
    held = until(lambda: reader.texts(".lines .mono"), "the backup")
    assert str(tmp_path / "papers.backup") in held
    while reader.count(".confirm"):
        reader.click(".confirm summary")
        submit(reader, ".confirm[open] .btn-stop")
    reader.see(".setting h2", "No backup")
    assert not (tmp_path / "papers.backup").exists()


def test_a_password_signs_in_and_signing_out_everywhere_ends_all_sessions(plain, reader, library):
    plain.open(f"{library.origin}/settings")
    plain.click(".new-token:has(#token-name) summary")
    plain.type("#token-name", "My script")
    submit(plain, ".new-token[open] .btn-first")
    secret = plain.evaluate("() => document.querySelector('#secret').value")
    assert re.fullmatch(r"pcl_\w{8}_[\w-]{43}", secret)

    plain.click(".new-token:has(#again) summary")
    plain.type("#new-password", PASSWORD)
    plain.type("#again", PASSWORD)
    submit(plain, ".new-token[open] .btn-first")
    plain.see("[role=status]", "Password set.")
    submit(plain, "form[action$='/everywhere'] button")
    reader.open(f"{library.origin}/tags")
    reader.type("#library", "library")
    reader.type("#password", PASSWORD)
    submit(reader, ".credentials button")
    reader.see(".bar [aria-current=page]", "Tags")
