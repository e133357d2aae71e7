"""What a reader does in more than one story."""

from digest_pages import DAY
from e2e.extension.host import DIGEST


def sign_in(browser, link):
    """Open the one-time link; the tab, in which the library is open."""
    tab = browser.new_tab(link)
    tab.see(".bar nav", "Settings")
    return tab


def ask_to_connect(browser, library):
    """Type the address into the settings and press Connect; the settings, which show the words."""
    settings = browser.new_tab(browser.ours("options/options.html"))
    settings.wait(
        "() => document.querySelector('#address').value"
    )  # the address so far, else it comes while we type
    settings.fill("#address", library.origin)
    settings.click("#connect")
    said = settings.see("#words, #problem")
    assert settings.texts("#problem") == [], said
    return settings


def connect(browser, library):
    """Connect by both screens, and close them."""
    settings = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    question.click(".pair-actions button.btn-first")
    question.see("h1", "Connected")
    question.close()
    settings.front()
    settings.see("#title", "This browser is connected")
    settings.close()


def open_day(browser):
    """The day of invented papers in a new tab, once its cards have their strips."""
    tab = browser.new_tab(f"{DIGEST}/papers/date/{DAY}")
    tab.see(".clip-btn")
    return tab


def button(arxiv_id):
    """The selector of the clip button of a paper."""
    return f"{strip(arxiv_id)} >>> .clip-btn"


def strip(arxiv_id):
    """The selector of a paper's strip."""
    return f'paperclipper-strip[data-key="arxiv:{arxiv_id}"]'


def await_state(tab, arxiv_id, state):
    """Wait until the paper's button is `clip`, `saving`, `saved`, `waiting` or `failed`."""
    tab.see(f'{strip(arxiv_id)} >>> .clip-btn[data-state="{state}"]')


def clip(tab, arxiv_id):
    """Press Clip, and wait until the library has it."""
    await_state(tab, arxiv_id, "clip")
    tab.click(button(arxiv_id))
    await_state(tab, arxiv_id, "saved")


def submit(tab, selector):
    """Press something that loads a page, and wait for that page."""
    tab.evaluate("() => void (document.documentElement.dataset.old = 'yes')")
    tab.click(selector)
    tab.wait("() => document.readyState === 'complete' && !document.documentElement.dataset.old")
