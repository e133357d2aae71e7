"""Chromium with the extension folder as it ships, driven by Playwright."""

import contextlib
import json
import time
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from e2e.extension.host import NAMES
from e2e.pages import page

EXTENSION = Path(__file__).parents[3] / "extension"
EXTENSION_ID = "jjngigbblgkpbkdggjoilkamgiifikde"  # by the manifest's key
# Chromium marks what a remote control has loaded, and forgets it when it closes. What a hand has loaded it keeps.
BY_REMOTE_CONTROL = 0x8000


class Tab(page.Page):
    def __init__(self, tab):
        self.tab = tab

    def evaluate(self, function, *arguments):
        end = time.monotonic() + page.PATIENCE
        while True:
            try:
                return self.tab.evaluate(f"(all) => ({function})(...all)", list(arguments))
            except Error as error:
                # The page goes elsewhere at this moment: the question is for the one that comes.
                if "context was destroyed" not in str(error) or time.monotonic() > end:
                    raise
                self.tab.wait_for_load_state()

    def open(self, url):
        self.tab.goto(url)

    def _visible(self, selector):
        self.see(selector)
        return self.tab.evaluate_handle(page.FIND_VISIBLE, selector).as_element()

    def click(self, selector):
        page.until(lambda: self._clicked(selector), f"a click on {selector}")

    def _clicked(self, selector):
        try:
            self._visible(selector).click(timeout=page.PATIENCE * 1000)
        except Error as error:
            if "been closed" in str(error) and "performing click action" in str(error):
                return True  # what was pressed closed its page
            # Drawn anew between the look and the click: nothing was pressed.
            if "not attached" not in str(error):
                raise
            return False
        return True

    def type(self, selector, text):
        self._visible(selector).type(text, timeout=page.PATIENCE * 1000)

    def press(self, key):
        self.tab.keyboard.press(key)

    def drag(self, start, end):
        mouse = self.tab.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=4)
        mouse.up()

    def shift_click(self, selector):
        self._visible(selector).click(modifiers=["Shift"], timeout=page.PATIENCE * 1000)

    def without_script(self):
        """From the next page on, none of the page's own scripts run in this tab."""
        session = self.tab.context.new_cdp_session(self.tab)
        session.send("Emulation.setScriptExecutionDisabled", {"value": True})

    def size(self, width, height=900):
        self.tab.set_viewport_size({"width": width, "height": height})

    def theme(self, scheme):
        """`light` or `dark`: what the reader's system wishes."""
        self.tab.emulate_media(color_scheme=scheme)

    def front(self):
        self.tab.bring_to_front()
        # Playwright holds every tab for visible, so that none hears that the reader comes back to it.
        self.evaluate("() => void document.dispatchEvent(new Event('visibilitychange'))")

    def close(self):
        self.tab.close()


class Chromium:
    """The browser, at first without the extension."""

    name = "chromium"

    def __init__(self, host, profile):
        self._troubles = []
        self._origin = f"chrome-extension://{EXTENSION_ID}"
        self._host, self._profile = host, profile
        self._preferences = profile / "Default" / "Preferences"
        self._preferences.parent.mkdir()
        self._preferences.write_text(json.dumps({"extensions": {"ui": {"developer_mode": True}}}))
        self._playwright = sync_playwright().start()
        self._start()

    def _start(self):
        self._context = self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path="/usr/bin/chromium",
            ignore_https_errors=True,
            ignore_default_args=["--disable-extensions"],
            args=_flags(self._host),
        )
        self._context.on("page", self._listen)

    def install(self, folder=EXTENSION):
        """Load the extension, as by Load unpacked."""
        session = self._context.browser.new_browser_cdp_session()
        assert session.send("Extensions.loadUnpacked", {"path": str(folder)})["id"] == EXTENSION_ID
        session.detach()

    def quit(self):
        """Close the browser; what it knows stays in its profile."""
        self._context.close()

    def start_again(self):
        """Open it again as the reader does: with the extension, which Chromium keeps."""
        kept = json.loads(self._preferences.read_text())
        kept["extensions"]["settings"][EXTENSION_ID]["creation_flags"] &= ~BY_REMOTE_CONTROL
        self._preferences.write_text(json.dumps(kept))
        self._start()

    def _listen(self, tab):
        tab.on("console", lambda said: self._note(said, tab) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: self._note_error(error, tab))
        tab.on(
            "dialog", lambda dialog: (self._troubles.append(f"a dialog: {dialog.message}"), dialog.dismiss())
        )

    def _note(self, said, tab):
        where = said.location.get("url") or tab.url
        is_the_page = where == tab.url and said.text.startswith(
            "Failed to load resource"
        )  # a status that was meant
        if self._is_ours(where) and not is_the_page:
            self._troubles.append(f"{tab.url}: {said.text} ({said.location})")

    def _note_error(self, error, tab):
        if self._is_ours(tab.url) or self._origin in (error.stack or ""):
            self._troubles.append(f"{tab.url}: {error}")

    def _is_ours(self, url):
        return url.startswith((self._origin, "http://127.0.0.1:"))

    def take_troubles(self):
        """The errors, broken policies and dialogs of our own pages and scripts since it was last asked."""
        taken, self._troubles = self._troubles, []
        return taken

    def new_tab(self, url=None):
        tab = Tab(self._context.new_page())
        if url:
            tab.open(url)
        return tab

    def tab_at(self, start):
        """The tab whose address begins so, once it is there: one that the extension opened."""
        return Tab(page.until(lambda: self._find(start), f"a tab at {start}"))

    def _find(self, start):
        self._context.pages[0].wait_for_timeout(20)  # lets Playwright hear of new tabs
        return next((tab for tab in self._context.pages if tab.url.startswith(start)), None)

    def ours(self, file):
        """The address of a page of the extension."""
        return f"{self._origin}/{file}"

    def popup_over(self, tab):
        """The popup as it is over this tab: a page of its own behind it, so that the tab stays the active one."""
        tab.front()
        helper = self.new_tab(self.ours("popup/popup.html"))
        tab.front()
        with self._context.expect_page() as opened:
            helper.evaluate("() => void chrome.tabs.create({ url: '/popup/popup.html', active: false })")
        helper.close()
        tab.front()
        return Tab(opened.value)

    def stop_background(self):
        """Stop the worker, as the browser does when nothing happens for a while."""
        tab = self._context.pages[0]
        session = self._context.new_cdp_session(tab)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        session.detach()

    def close(self):
        with contextlib.suppress(Error):
            self._context.close()
        self._playwright.stop()


def _flags(host):
    names = ", ".join(f"MAP {name}:443 127.0.0.1:{host.port}" for name in NAMES)
    return [
        "--no-sandbox",  # the tests of CI run as root
        "--disable-gpu",
        "--ignore-certificate-errors",  # the worker's requests too
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--enable-unsafe-extension-debugging",  # else no extension may be loaded from here
        f"--host-resolver-rules={names}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        # Else these pages would count as local ones, and might ask local servers as the real ones may not.
        f"--ip-address-space-overrides=127.0.0.1:{host.port}=public",
    ]
