"""Every kind of digest page, clipped as a reader would, card by card."""

import html
import json
import re

import pytest

import digest_pages
from digest_pages import DAY, build, item, items
from e2e.extension.host import DIGEST
from e2e.pages.page import until

pytestmark = pytest.mark.usefixtures("connected")

DAY_URL = f"{DIGEST}/papers/date/{DAY}"
REAL_PAGE = "digest/papers_day_2026-03-09.html"
DATA = re.compile(r'(data-target="DailyPapers"[^>]*?) data-props="([^"]*)"')
# The page was saved without its stylesheets; without them some images are enormous.
SMALL_IMAGES = (
    "<style>svg, img, video, li { width: 1em; height: 1em; content: normal !important }</style></head>"
)
FROM_CARD = ("title", "organisation", "upvotes", "comments")
ALL = (*FROM_CARD, "abstract", "authors", "author_count", "published", "rank", "day")


def numbered(page, number):
    """Return the same page about papers that are on no other page."""
    return page.replace("2603.9000", f"2603.9{number}00")


def hidden():
    """Return papers with an author whom the site does not name."""
    entries = [item(1), item(4)]
    for entry in entries:
        entry["paper"]["authors"][1]["hidden"] = True
    return entries


# The page's name, its URL, its entries, and the fields that it has for each.
KINDS = [
    ("old_day", DAY_URL, items(4), ALL),
    ("organisations", DAY_URL, [entry for entry in items() if "organization" in entry], ALL),
    ("hidden_authors", DAY_URL, hidden(), ALL),
    ("line_breaks", DAY_URL, items(3), ALL),
    ("svelte_comments", DAY_URL, items(4), ALL),
    ("logged_in", DAY_URL, items(4), ALL),
    ("trending", f"{DIGEST}/papers/trending", items(4), [name for name in ALL if name != "day"]),
    ("search", f"{DIGEST}/papers?q=lanterns", items(4), FROM_CARD),
]


@pytest.mark.parametrize("number", range(len(KINDS)), ids=[kind[0] for kind in KINDS])
def test_every_card_is_clipped_with_the_facts_on_the_page(browser, library, host, number):
    name, url, entries, known = KINDS[number]
    if name == "old_day":
        entries = [{key: value for key, value in entry.items() if key != "organization"} for entry in entries]
        for entry in entries:
            entry["paper"].pop("organization", None)
    address = url.partition("?")[0]
    before = host.pages.get(address)
    host.pages[address] = numbered(build(name), number + 1)
    tab = browser.new_tab(url)
    clip_all(tab, len(entries))
    assert tab.evaluate("() => document.documentElement.dataset.island") == "hydrated"
    tab.close()
    host.pages[address] = before

    expected = [facts(entry) for entry in json.loads(numbered(json.dumps(entries), number + 1))]
    for rank, each in enumerate(expected, 1):
        each["rank"] = rank
        assert saved(library, each["id"], known) == {field: each[field] for field in known}


def test_an_empty_day_and_a_stale_day(browser, library, host):
    host.pages[f"{DIGEST}/papers/date/2026-03-07"] = digest_pages.empty_day()
    host.pages[f"{DIGEST}/papers/date/2026-03-11"] = numbered(digest_pages.stale(), 9)
    tab = browser.new_tab(f"{DIGEST}/papers/date/2026-03-07")
    tab.wait("() => document.documentElement.dataset.island === 'hydrated'")
    assert tab.count(".clip-btn") == 0
    tab.open(f"{DIGEST}/papers/date/2026-03-11")
    clip_all(tab, 3)
    tab.close()
    (clip,) = library.paper("2603.99000")["clips"]
    assert (clip["source"], clip["digest"]["day"]) == ("card", "2026-03-11")


@pytest.mark.both_browsers
def test_the_real_page_is_clipped_from_its_data_and_from_its_cards_alone(browser, library, host, shared_data):
    page = (shared_data / REAL_PAGE).read_text().replace("</head>", SMALL_IMAGES, 1)
    entries = json.loads(html.unescape(DATA.search(page)[2]))["dailyPapers"]
    expected = [facts(entry) | {"rank": rank} for rank, entry in enumerate(entries, 1)]
    assert len(expected) == 25

    # Without its data first, before the library has better facts.
    host.pages[DAY_URL], before = DATA.sub(r"\1", page), host.pages[DAY_URL]
    tab = browser.new_tab(DAY_URL)
    clip_all(tab, 25)
    for each in expected:
        assert saved(library, each["id"], FROM_CARD) == {field: each[field] for field in FROM_CARD}
        paper = library.paper(each["id"])
        assert not any(paper[name] for name in ("abstract", "authors", "published", "keywords", "ai_summary"))
        assert paper["author_count"] in (None, each["author_count"])
        library.ask("DELETE", f"/papers/arxiv:{each['id']}")

    host.pages[DAY_URL] = page
    tab.open(DAY_URL)
    clip_all(tab, 25)
    for each in expected:
        assert saved(library, each["id"], ALL) == {field: each[field] for field in ALL}
    host.pages[DAY_URL] = before
    tab.close()


def clip_all(tab, count):
    """Press every button, and wait until all papers are saved."""
    until(lambda: len(tab.texts(".clip-btn[data-state=clip]")) == count, lambda: tab.texts(".clip-btn"))
    for host in tab.each("paperclipper-strip", "(strip) => strip.dataset.key"):
        tab.click(f'[data-key="{host}"] >>> .clip-btn')
    until(
        lambda: len(tab.texts(".clip-btn[data-state=saved]")) == count,
        lambda: tab.texts(".clip-btn"),
        patience=30,
    )


def saved(library, arxiv_id, fields):
    """Return these fields of the paper or its newest clip."""
    paper = library.paper(arxiv_id)
    clip = max(paper["clips"], key=lambda clip: clip["clipped_at"])
    return {name: (paper | clip | (clip["digest"] or {}))[name] for name in fields}


def facts(entry):
    """Return the facts of an entry of the page's data under the library's names."""
    paper = entry["paper"]
    organisation = paper.get("organization") or entry.get("organization") or {}
    return {
        "id": paper["id"],
        "title": line(entry["title"]),
        "abstract": line(paper["summary"]),
        "authors": [line(author["name"]) for author in paper["authors"] if not author["hidden"]],
        "author_count": len(paper["authors"]),
        "published": paper["publishedAt"][:10],
        "organisation": line(organisation.get("fullname") or ""),
        "upvotes": paper["upvotes"],
        "comments": entry["numComments"],
        "day": DAY,
    }


def line(text):
    return " ".join(text.split())
