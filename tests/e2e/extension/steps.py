"""Steps that several tests share."""

from digest_pages import DAY
from e2e.extension.host import DIGEST


def sign_in(browser, link):
    """Open the one-time link. Return the tab, which shows the library."""
    tab = browser.new_tab(link)
    tab.see(".bar nav", "Settings")
    return tab


def ask_to_connect(browser, library):
    """Enter the address in the options page, press Connect, and return the page, which shows the words."""
    options = browser.new_tab(browser.extension_url("options/options.html"))
    # Until the page has set the address, it would overwrite what is typed.
    options.wait("() => document.querySelector('#address').value")
    options.fill("#address", library.origin)
    options.click("#connect")
    texts = options.see("#words, #problem")
    assert options.texts("#problem") == [], texts
    return options


def connect(browser, library):
    """Connect the browser in both tabs, and close them."""
    options = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    question.click(".pair-actions button.btn-first")
    question.see("h1", "Connected")
    question.close()
    options.front()
    options.see("#title", "This browser is connected")
    options.close()


def open_day(browser):
    """Open the day of invented papers in a new tab, and wait for the strips."""
    tab = browser.new_tab(f"{DIGEST}/papers/date/{DAY}")
    tab.see(".clip-btn")
    return tab


def button(arxiv_id):
    """Return the selector of a paper's clip button."""
    return f"{strip(arxiv_id)} >>> .clip-btn"


def strip(arxiv_id):
    """Return the selector of a paper's strip."""
    return f'paperclipper-strip[data-key="arxiv:{arxiv_id}"]'


def await_state(tab, arxiv_id, state):
    """Wait until the paper's button is `clip`, `saving`, `saved`, `waiting` or `failed`."""
    tab.see(f'{strip(arxiv_id)} >>> .clip-btn[data-state="{state}"]')


def clip(tab, arxiv_id):
    """Press Clip, and wait until the paper is saved."""
    await_state(tab, arxiv_id, "clip")
    tab.click(button(arxiv_id))
    await_state(tab, arxiv_id, "saved")


def submit(tab, selector):
    """Press something that loads a page, and wait for the page."""
    tab.evaluate("() => void (document.documentElement.dataset.old = 'yes')")
    tab.click(selector)
    tab.wait("() => document.readyState === 'complete' && !document.documentElement.dataset.old")
