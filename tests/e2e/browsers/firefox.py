"""Firefox with the extension folder as it ships, driven by Marionette."""

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path

import running
from e2e.browsers.marionette import Marionette, MarionetteError
from e2e.pages import page

EXTENSION = Path(__file__).parents[3] / "extension"
EXTENSION_ID = "paperclipper@paperclipper.invalid"
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "ArrowDown": "\ue015", "Shift": "\ue008"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

EVALUATE = """
const done = arguments[arguments.length - 1];
const given = [...arguments].slice(0, -1);
(async () => (%s)(...given))().then((value) => done({ value }), (error) => done({ error: String(error) }));
"""
# Disables the page's scripts; the privileged sandbox still runs ours.
NO_SCRIPT = "gBrowser.selectedBrowser.browsingContext.allowJavascript = false; arguments[0]()"
# Not our errors: a page was closed while it waited for the background; a layout was requested early.
NOT_OURS = (
    "after context unloaded",
    "while context is inactive",
    "Loading failed for the module with source “moz-extension",
    "Layout was forced before the page was fully loaded",
)
ORIGIN = "arguments[1](WebExtensionPolicy.getByID(arguments[0]).getURL('').slice(0, -1))"
STOP_BACKGROUND = """
const { extension } = WebExtensionPolicy.getByID(arguments[0]);
extension.terminateBackground().then(() => arguments[1]());
"""
MESSAGES = """
const found = Services.console.getMessageArray().filter((one) => one instanceof Ci.nsIScriptError);
Services.console.reset();
arguments[0](found.map((one) => [one.sourceName, String(one.errorMessage)]));
"""


def _to(x, y):
    return {"type": "pointerMove", "x": x, "y": y}


class Tab(page.Page):
    def __init__(self, browser, handle):
        self._browser, self._handle, self._sandbox = browser, handle, None

    def ask(self, command, **parameters):
        """Send a command to this tab."""
        self._browser.switch_to(self._handle)
        return self._browser.marionette(command, **parameters)

    def evaluate(self, function, *arguments):
        end = time.monotonic() + page.PATIENCE
        while True:
            with _ignoring_navigation(end):
                return self._evaluate(function, *arguments)
            time.sleep(page.PAUSE)

    def _evaluate(self, function, *arguments):
        script = EVALUATE % function
        asked = {"script": script, "args": list(arguments), "sandbox": self._sandbox, "newSandbox": False}
        answer = self.ask("WebDriver:ExecuteAsyncScript", **asked)["value"]
        if answer is None:  # the page was closed during the script
            raise MarionetteError(function, {"error": "javascript error", "message": "no answer"})
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def open(self, url):
        self.ask("WebDriver:Navigate", url=url)

    def _action(self, command, selector, **more):
        """Apply a command to the first visible element; retry while the page is changing."""

        def attempt():
            with _ignoring_navigation(end):
                element = self._evaluate(page.FIND_VISIBLE, selector)
                if element:
                    self.ask(command, id=element[ELEMENT], **more)
                    return True
            return False

        end = time.monotonic() + page.PATIENCE
        page.until(attempt, f"{command} of {selector}")

    def click(self, selector):
        self._action("WebDriver:ElementClick", selector)

    def type(self, selector, text):
        self._action("WebDriver:ElementSendKeys", selector, text=text)

    def press(self, key):
        keys = [KEYS.get(part, part) for part in key.split("+")]
        strokes = [{"type": "keyDown", "value": each} for each in keys]
        strokes += [{"type": "keyUp", "value": each} for each in reversed(keys)]
        self.ask("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": strokes}])

    def drag(self, start, end):
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._point([_to(*start), down, _to(*end) | {"duration": 50}, up])

    def shift_click(self, selector):
        self.see(selector)
        element = self._evaluate(page.FIND_VISIBLE, selector)
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        wait = {"type": "pause"}
        shift = [
            {"type": "keyDown", "value": KEYS["Shift"]},
            wait,
            wait,
            {"type": "keyUp", "value": KEYS["Shift"]},
        ]
        self._point(
            [wait, _to(0, 0) | {"origin": element}, down, up], {"type": "key", "id": "keys", "actions": shift}
        )

    def _point(self, steps, *others):
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self.ask("WebDriver:PerformActions", actions=[mouse, *others])

    def without_script(self):
        """Disable the page's own scripts in this tab, from the next page on."""
        self._browser.switch_to(self._handle)
        self._browser.marionette.chrome(NO_SCRIPT)
        self._sandbox = "system"

    def front(self):
        self._browser.switch_to(self._handle, focus=True)

    def close(self):
        self.ask("WebDriver:CloseWindow")
        self._browser.forget(self._handle)


class Firefox:
    """The browser, without the extension until `install`."""

    name = "firefox"

    def __init__(self, host, profile):
        self._host, self._profile = host, profile
        self._origin = "moz-extension://"
        self._start()

    def _start(self):
        port = running.free_port()
        (self._profile / "user.js").write_text(_preferences(self._host, port))
        # Without --remote-allow-system-access, pages of extensions cannot be opened.
        line = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]
        line += ["--profile", str(self._profile)]
        home = os.environ | {"HOME": str(self._profile)}
        self._process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=home)
        self.marionette = Marionette(port)
        self._current = self._first = self.marionette("WebDriver:GetWindowHandle")["value"]

    def install(self, folder=EXTENSION):
        """Load the extension, like Load Temporary Add-on."""
        self.marionette("Addon:Install", path=str(folder), temporary=True)
        self._origin = self.marionette.chrome(ORIGIN, EXTENSION_ID)

    def quit(self):
        """Close the browser and keep its profile."""
        with contextlib.suppress(MarionetteError, OSError):
            self.marionette("Marionette:Quit", flags=["eForceQuit"])
        self.marionette.close()
        self._process.wait(15)

    def start_again(self):
        """Open it again and load the extension, which Firefox does not keep."""
        self._start()
        self.install()

    def take_errors(self):
        """Return the errors and policy violations of our pages and scripts since the last call."""
        ours = (self._origin, "http://127.0.0.1:")
        messages = self.marionette.chrome(MESSAGES)
        found = [(where, what) for where, what in messages if where.startswith(ours)]
        return [f"{where}: {what}" for where, what in found if not any(text in what for text in NOT_OURS)]

    def switch_to(self, handle, focus=False):
        if handle != self._current or focus:
            self.marionette("WebDriver:SwitchToWindow", handle=handle, focus=focus)
            self._current = handle

    def forget(self, handle):
        if self._current == handle:
            self.switch_to(self._first)

    def _handles(self):
        return self.marionette("WebDriver:GetWindowHandles")

    def new_tab(self, url=None):
        opened = self.marionette("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        tab = Tab(self, opened)
        if url:
            tab.open(url)
        return tab

    def tab_at(self, start):
        """Wait for a tab with this start of the URL, opened by the extension."""
        return page.until(lambda: self._find(start), f"a tab at {start}")

    def _find(self, start):
        for handle in self._handles():
            tab = Tab(self, handle)
            if tab.ask("WebDriver:GetCurrentURL")["value"].startswith(start):
                return tab
        return None

    def extension_url(self, file):
        """Return the URL of a file of the extension."""
        return f"{self._origin}/{file}"

    def popup_over(self, tab):
        """Open the popup of this tab in a background tab, so that the tab stays active."""
        before = set(self._handles())
        helper = self.new_tab(self.extension_url("popup/popup.html"))
        tab.front()
        tabs = set(self._handles())
        helper.evaluate(
            "() => browser.tabs.create({ url: '/popup/popup.html', active: false }).then(() => null)"
        )
        opened = page.until(lambda: set(self._handles()) - tabs, "the popup")
        helper.close()
        tab.front()
        assert set(self._handles()) == before | opened
        return Tab(self, opened.pop())

    def stop_background(self):
        """Stop the event page, as the browser does when it is idle."""
        self.marionette.chrome(STOP_BACKGROUND, EXTENSION_ID)

    def close(self):
        try:
            self.quit()
        except subprocess.TimeoutExpired:
            self._process.kill()


@contextlib.contextmanager
def _ignoring_navigation(end):
    """Ignore errors of a page that is navigating, so that the caller can retry, until `end`."""
    temporary = {
        "no such element",
        "stale element reference",
        "element click intercepted",
        "element not interactable",
        "javascript error",
        "no such window",
        "unknown error",
    }
    try:
        yield
    except MarionetteError as error:
        if error.kind not in temporary or time.monotonic() > end:
            raise


def _preferences(host, port):
    values = {
        "marionette.port": port,
        "network.proxy.type": 1,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": host.proxy_port,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": host.proxy_port,
        "network.dns.forceResolve": "127.0.0.1",
        "app.normandy.enabled": False,
        "app.update.disabledForTesting": True,
        "browser.shell.checkDefaultBrowser": False,
        "browser.startup.page": 0,
        "datareporting.policy.dataSubmissionEnabled": False,
        "extensions.update.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "toolkit.telemetry.enabled": False,
    }
    return "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in values.items())
