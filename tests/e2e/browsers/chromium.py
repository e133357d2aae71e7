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
# Chromium marks an extension that was loaded by remote control, and forgets it when it closes.
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
                # The page is navigating: ask the next one.
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
                return True  # the click closed the page
            # Redrawn before the click: nothing was pressed.
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
        """Disable the page's own scripts in this tab, from the next page on."""
        session = self.tab.context.new_cdp_session(self.tab)
        session.send("Emulation.setScriptExecutionDisabled", {"value": True})

    def size(self, width, height=900):
        self.tab.set_viewport_size({"width": width, "height": height})

    def theme(self, scheme):
        """Set the system's colour scheme, `light` or `dark`."""
        self.tab.emulate_media(color_scheme=scheme)

    def front(self):
        self.tab.bring_to_front()
        # In Playwright every tab is visible, so that none is notified when it comes to the front.
        self.evaluate("() => void document.dispatchEvent(new Event('visibilitychange'))")

    def close(self):
        self.tab.close()


class Chromium:
    """The browser, without the extension until `install`."""

    name = "chromium"

    def __init__(self, host, profile):
        self._errors = []
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
        """Load the extension, like Load unpacked."""
        session = self._context.browser.new_browser_cdp_session()
        assert session.send("Extensions.loadUnpacked", {"path": str(folder)})["id"] == EXTENSION_ID
        session.detach()

    def quit(self):
        """Close the browser and keep its profile."""
        self._context.close()

    def start_again(self):
        """Open it again, with the extension, which Chromium keeps."""
        preferences = json.loads(self._preferences.read_text())
        preferences["extensions"]["settings"][EXTENSION_ID]["creation_flags"] &= ~BY_REMOTE_CONTROL
        self._preferences.write_text(json.dumps(preferences))
        self._start()

    def _listen(self, tab):
        tab.on(
            "console",
            lambda message: self._note(message, tab) if message.type in ("error", "warning") else None,
        )
        tab.on("pageerror", lambda error: self._note_error(error, tab))
        tab.on(
            "dialog", lambda dialog: (self._errors.append(f"a dialog: {dialog.message}"), dialog.dismiss())
        )

    def _note(self, message, tab):
        where = message.location.get("url") or tab.url
        # The page itself may have the status that the test wants.
        is_the_page = where == tab.url and message.text.startswith("Failed to load resource")
        if self._is_ours(where) and not is_the_page:
            self._errors.append(f"{tab.url}: {message.text} ({message.location})")

    def _note_error(self, error, tab):
        if self._is_ours(tab.url) or self._origin in (error.stack or ""):
            self._errors.append(f"{tab.url}: {error}")

    def _is_ours(self, url):
        return url.startswith((self._origin, "http://127.0.0.1:"))

    def take_errors(self):
        """Return the errors, policy violations and dialogs of our pages and scripts since the last call."""
        taken, self._errors = self._errors, []
        return taken

    def new_tab(self, url=None):
        tab = Tab(self._context.new_page())
        if url:
            tab.open(url)
        return tab

    def tab_at(self, start):
        """Wait for a tab with this start of the URL, opened by the extension."""
        return Tab(page.until(lambda: self._find(start), f"a tab at {start}"))

    def _find(self, start):
        self._context.pages[0].wait_for_timeout(20)  # lets Playwright notice new tabs
        return next((tab for tab in self._context.pages if tab.url.startswith(start)), None)

    def extension_url(self, file):
        """Return the URL of a file of the extension."""
        return f"{self._origin}/{file}"

    def popup_over(self, tab):
        """Open the popup of this tab in a background tab, so that the tab stays active."""
        tab.front()
        helper = self.new_tab(self.extension_url("popup/popup.html"))
        tab.front()
        with self._context.expect_page() as opened:
            helper.evaluate("() => void chrome.tabs.create({ url: '/popup/popup.html', active: false })")
        helper.close()
        tab.front()
        return Tab(opened.value)

    def stop_background(self):
        """Stop the worker, as the browser does when it is idle."""
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
        "--no-sandbox",  # CI runs the tests as root
        "--disable-gpu",
        "--ignore-certificate-errors",  # also of the worker
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--enable-unsafe-extension-debugging",  # for loading an extension
        f"--host-resolver-rules={names}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        # Otherwise these pages would count as local, and could call local servers, unlike the real ones.
        f"--ip-address-space-overrides=127.0.0.1:{host.port}=public",
    ]
