import pytest

from digest_pages import DAY, paper_id
from e2e.extension.host import DIGEST
from e2e.extension.steps import button, strip
from e2e.pages.page import until

pytestmark = pytest.mark.both_browsers


def test_a_page_that_is_already_open_gets_strips_without_a_reload(bare_browser):
    tab = bare_browser.new_tab(f"{DIGEST}/papers/date/{DAY}")
    tab.wait("() => document.documentElement.dataset.island === 'hydrated'")
    tab.evaluate("() => void (document.documentElement.dataset.old = 'yes')")
    assert tab.count(".clip-btn") == 0
    bare_browser.install()
    until(lambda: len(tab.texts(".clip-btn")) == 9, "nine strips")
    tab.click(button(paper_id(0)))
    tab.see(f"{strip(paper_id(0))} >>> .strip-fix", "Kept in this browser. Connect to send it")
    assert tab.evaluate("() => ({ ...document.documentElement.dataset })") == {
        "island": "hydrated",
        "old": "yes",
    }
    tab.close()
