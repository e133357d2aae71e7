import pytest

import digest_pages
import running
from e2e.browsers import chromium, firefox
from e2e.extension.host import ARXIV, DIGEST, Host
from e2e.extension.steps import connect, sign_in
from e2e.pages.library import Library

BROWSERS = {"chromium": chromium.Chromium, "firefox": firefox.Firefox}


@pytest.hookimpl(tryfirst=True)  # before pytest deselects by markers
def pytest_collection_modifyitems(items):
    """Run only tests marked `both_browsers` in Firefox by day, the others nightly."""
    for item in items:
        if "bare_browser" not in getattr(item, "fixturenames", ()):
            continue
        item.add_marker(pytest.mark.browser)
        in_firefox = item.callspec.params.get("bare_browser") == "firefox"
        if in_firefox and not item.get_closest_marker("both_browsers"):
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session")
def host(tmp_path_factory):
    """The two sites with a day of invented papers, and the page of each paper on both sites."""
    host = Host(tmp_path_factory.mktemp("host"))
    day = digest_pages.day()
    host.pages[f"{DIGEST}/papers"] = host.pages[f"{DIGEST}/papers/date/{digest_pages.DAY}"] = day
    for number in range(len(digest_pages.PAPERS)):
        arxiv_id = digest_pages.paper_id(number)
        host.pages[f"{DIGEST}/papers/{arxiv_id}"] = digest_pages.paper_page(number)
        host.pages[f"{ARXIV}/abs/{arxiv_id}"] = digest_pages.arxiv(number)
    yield host
    host.close()


@pytest.fixture(scope="module", params=BROWSERS)
def bare_browser(request, host, tmp_path_factory):
    """A new browser without the extension."""
    browser = BROWSERS[request.param](host, tmp_path_factory.mktemp(request.param))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def browser(bare_browser):
    """A new browser with the extension."""
    bare_browser.install()
    return bare_browser


@pytest.fixture(scope="module")
def library(browser, tmp_path_factory):
    """A new, empty library for this browser."""
    with running.running(tmp_path_factory.mktemp("library") / "data") as server:
        yield Library(server)


@pytest.fixture(scope="module")
def connected(browser, library):
    """The reader has signed in and connected the browser to the library."""
    sign_in(browser, library.printed_link).close()
    connect(browser, library)


@pytest.fixture(autouse=True)
def no_errors(request):
    """Assert that our pages and scripts logged no errors, violated no policy and opened no dialog."""
    yield
    if "bare_browser" in request.fixturenames:
        assert request.getfixturevalue("bare_browser").take_errors() == []
