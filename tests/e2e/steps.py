"""What a reader does in more than one story."""

from host import DIGEST


def sign_in(browser, link):
    """Open the one-time link; the tab, in which the library is open."""
    tab = browser.new_tab(link)
    tab.see(".bar nav", "Settings")
    return tab


def ask_to_connect(browser, library):
    """Type the address into the settings and press Connect; the settings, which show the words."""
    settings = browser.new_tab(browser.ours("options.html"))
    settings.fill("#address", library.origin)
    settings.click("#connect")
    settings.see("#words")
    return settings


def connect(browser, library):
    """Connect by both screens, and close them."""
    settings = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    question.click(".pair-acts button.btn-first")
    question.see("h1", "Connected")
    question.close()
    settings.front()
    settings.see("#title", "This browser is connected")
    settings.close()


def strip(arxiv_id, within=""):
    """The selector of a paper's strip, or of something in it."""
    return f'paperclipper-strip[data-key="arxiv:{arxiv_id}"] {within}'.strip()


def in_strip(tab, arxiv_id, selector):
    """A function's view of one strip's shadow root: the first element of that selector, as JavaScript."""
    return f"document.querySelector('{strip(arxiv_id)}').shadowRoot.querySelector('{selector}')"


def open_day(browser, day="2026-03-09"):
    """The digest of that day in a new tab, once every card has its strip."""
    tab = browser.new_tab(f"{DIGEST}/papers/date/{day}")
    tab.see(".clip-btn")
    return tab
