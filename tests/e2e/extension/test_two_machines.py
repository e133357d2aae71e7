"""A library on another machine, reached through a TLS proxy under its public name."""

import json
import shutil

import pytest

import running
from digest_pages import paper_id
from e2e.browsers.chromium import EXTENSION
from e2e.extension.host import PAPERS
from e2e.extension.steps import await_state, button, clip, connect, open_day, sign_in, submit
from e2e.pages.library import Library

PASSWORD = "otters count shells"
# Browsers ask whether the extension may connect to papers.example, in a window that no test can answer in
# Chromium. Here the manifest already allows it.
BROWSERS = ["chromium", pytest.param("firefox", marks=pytest.mark.nightly)]
pytestmark = pytest.mark.parametrize("bare_browser", BROWSERS, indirect=True, scope="module")


@pytest.fixture(scope="module")
def browser(bare_browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("allowed") / "extension"
    shutil.copytree(EXTENSION, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["host_permissions"].append(f"{PAPERS}/*")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    bare_browser.install(folder)
    return bare_browser


@pytest.fixture(scope="module")
def library(browser, host, tmp_path_factory):
    data = tmp_path_factory.mktemp("library") / "data"
    with running.running(data, arguments=("--public-url", PAPERS)) as server:
        host.library = server.port
        yield Library(server, PAPERS)


def test_a_browser_on_another_machine_signs_in_connects_and_clips(browser, library):
    page = sign_in(browser, library.printed_link)
    assert page.url.startswith(f"{PAPERS}/")
    connect(browser, library)
    tab = open_day(browser)
    clip(tab, paper_id(0))
    assert library.find(paper_id(0))
    with library.stopped():
        tab.click(button(paper_id(1)))
        await_state(tab, paper_id(1), "waiting")
    tab.open(tab.url)
    await_state(tab, paper_id(1), "saved")
    tab.close()

    page.open(f"{PAPERS}/?q=paper")
    page.click(".row-title a")
    page.type("#new-note", "Read on the train")
    submit(page, ".is-editing .btn-first")
    page.see(".note-body", "Read on the train")
    page.close()


def test_a_phone_signs_in_with_a_password(browser, library):
    page = sign_in(browser, library.new_link())
    page.open(f"{PAPERS}/settings")
    page.click(".new-token:has(#again) summary")
    page.type("#new-password", PASSWORD)
    page.type("#again", PASSWORD)
    submit(page, ".new-token[open] .btn-first")
    submit(page, "form[action$='/everywhere'] button")
    page.open(f"{PAPERS}/tags")
    page.type("#library", "library")
    page.type("#password", PASSWORD)
    submit(page, ".credentials button")
    page.see(".bar [aria-current=page]", "Tags")
    page.close()
