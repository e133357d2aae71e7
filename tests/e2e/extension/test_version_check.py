"""The popup's notices: server not running, update available, update ready."""

import json
import shutil

import pytest

from digest_pages import paper_id
from e2e.browsers.chromium import EXTENSION
from e2e.extension.steps import await_state, button, open_day
from e2e.pages.page import until

# These tests need their own browser with their own copy of the extension; Firefox runs nightly.
BROWSERS = ["chromium", pytest.param("firefox", marks=pytest.mark.nightly)]
pytestmark = [
    pytest.mark.usefixtures("connected"),
    pytest.mark.parametrize("bare_browser", BROWSERS, indirect=True, scope="module"),
]
VERSION = json.loads((EXTENSION / "manifest.json").read_text())["version"]


@pytest.fixture(scope="module")
def folder(bare_browser, tmp_path_factory):
    """A folder with an earlier version of the extension."""
    folder = tmp_path_factory.mktemp("loaded") / "extension"
    shutil.copytree(EXTENSION, folder)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"version": "{VERSION}"', '"version": "0.0.9"'))
    return folder


@pytest.fixture(scope="module")
def browser(bare_browser, folder):
    bare_browser.install(folder)
    return bare_browser


def test_server_stopped_then_update_available_then_update_ready_and_no_clip_is_lost(browser, library, folder):
    tab = open_day(browser)
    await_state(tab, paper_id(0), "clip")
    with library.stopped():
        for number in range(3):
            tab.click(button(paper_id(number)))
            await_state(tab, paper_id(number), "waiting")
        popup = browser.popup_over(tab)
        popup.see("#server-notices", "The server is not running, 3 waiting. Start it with paperclipper serve")
        popup.see("#outbox-heading", "3 waiting")
    again = browser.popup_over(tab)
    again.see("#server-notices", f"Update available: {VERSION}. Update this extension’s folder with")
    assert again.texts("#reload") == []
    # The popup that was already open shows it too.
    until(
        lambda: "not running" not in str(popup.texts("#server-notices")),
        lambda: popup.texts("#server-notices"),
    )
    for old in (again, popup):
        old.close()

    for file in EXTENSION.rglob("*"):
        if file.is_file():
            shutil.copy(file, folder / file.relative_to(EXTENSION))
    popup = browser.popup_over(tab)
    popup.see("#server-notices", f"Update ready: {VERSION}.")
    popup.click("#reload")
    tab.front()
    fresh = open_day(browser)
    for number in range(3):
        await_state(fresh, paper_id(number), "saved")
        assert len(library.find(paper_id(number))["clips"]) == 1
    popup = browser.popup_over(fresh)
    popup.see(".pop-links")
    assert popup.texts("#server-notices") == []
    for old in (popup, fresh, tab):
        old.close()
