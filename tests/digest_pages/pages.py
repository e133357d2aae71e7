"""Whole pages of the digest and of arXiv."""

import html
import json
from collections.abc import Callable
from pathlib import Path

from digest_pages.cards import card, search_card, trending_card
from digest_pages.papers import DAY, JSON, item, items, props

_FOLDER = Path(__file__).parent
STYLE = (_FOLDER / "style.css").read_text()
THEME = (_FOLDER / "theme.js").read_text()
HYDRATE = (_FOLDER / "hydrate.js").read_text()
TITLE = "Daily Papers - Hugging Face"
COMMENTS = [
    {"id": "c1", "type": "comment", "data": {"hidden": False}},
    {"id": "e", "type": "locking"},
    {"id": "c2", "type": "comment", "data": {"hidden": False}},
]
ARXIV_STYLE = """
body { font: 16px/1.4 sans-serif; margin: 0; background: #fff; color: #000; }
#header { background: #b31b1b; color: #fff; padding: 0.6rem 20px; }
h1.title { font-size: 1.5em; margin: 0.5em 0 0.5em 20px; }
.authors, blockquote, .dateline, .submission-history { margin: 0.5em 20px; }
"""


def page(target: str, data: JSON | None, markup: str, title: str = TITLE, main: str = "") -> str:
    """Return a page with one element that is hydrated; without `data`, the element has none."""
    attribute = "" if data is None else f' data-props="{html.escape(json.dumps(data))}"'
    return (
        '<!doctype html><html lang="en" class=""><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><script>{THEME}</script></head>"
        f'<body class="DailyPapersPage"><header>Hugging Face</header><main class="{main}">'
        f'<div class="SVELTE_HYDRATER contents" data-target="{target}"{attribute}>{markup}</div></main>'
        f"<script>{HYDRATE}</script></body></html>\n"
    )


def listing(data: JSON | None, cards: list[str], heading: str = "Daily Papers") -> str:
    """Return a list page of the digest."""
    tabs = "<button>Daily</button><button>Weekly</button><button>Monthly</button>"
    trending = '<a href="/papers/trending">Trending</a>'
    grid = f'<div class="grid">{"".join(cards)}</div>'
    markup = f'<section class="container"><h1>{heading}</h1>{tabs} {trending}{grid}</section>'
    return page("DailyPapers", data, markup)


def day() -> str:
    """A day in 2026: five papers with authors, four with an organisation."""
    return listing(props(items()), [card(entry) for entry in items()])


def old_day() -> str:
    """A day in 2024: `date`, no `periodType`, no summary beside the paper, no keywords, wrapped cards."""
    old = items(4)
    for entry in old:
        del entry["summary"]
        entry["paper"] = {
            key: entry["paper"][key]
            for key in ("id", "authors", "publishedAt", "title", "summary", "upvotes", "discussionId")
        }
        entry.pop("organization", None)
    data = {
        "date": f"{DAY}T00:00:00.000Z",
        "dailyPapers": old,
        "prevDate": "2026-03-06",
        "publisher": {"user": "keeper"},
        "canSubmit": False,
    }
    return listing(data, [f"<div>{card(entry)}</div>" for entry in old])


def organisations() -> str:
    """Papers with an organisation, which is shown in place of the authors."""
    chips = [entry for entry in items() if "organization" in entry]
    return listing(props(chips), [card(entry) for entry in chips])


def hidden_authors() -> str:
    """Papers with an author who is counted but not named."""
    entries = [item(1), item(4)]
    for entry in entries:
        entry["paper"]["authors"][1]["hidden"] = True
    return listing(props(entries), [card(entry) for entry in entries])


def line_breaks() -> str:
    """Titles and abstracts with arXiv's hard line breaks."""
    entries = items(3)
    for entry in entries:
        title = entry["title"].replace(" ", "\n  ", 2)
        abstract = entry["summary"].replace(". ", ".\n  ").replace(" the ", "\nthe ")
        entry["title"] = entry["paper"]["title"] = title
        entry["summary"] = entry["paper"]["summary"] = abstract
    return listing(props(entries), [card(entry) for entry in entries])


def svelte_comments() -> str:
    """A day with the comments of Svelte 5, even between text nodes."""
    cards = [f"<!--[-->{card(entry, comments='<!--[--><!---->')}<!--]-->" for entry in items(4)]
    return listing(props(items(4)), cards)


def trending() -> str:
    """The trending list: each card twice, no `dateString`."""
    data = props(items(4), periodType="day", isTrending=True)
    del data["dateString"]
    return listing(data, [trending_card(entry) for entry in items(4)], "Trending Papers")


def search() -> str:
    """The digest's own search, without data."""
    return listing(None, [search_card(entry) for entry in items(4)])


def logged_in() -> str:
    """A day for a visitor who is signed in: the vote box is not a link to the sign-in page."""
    return listing(props(items(4), canSubmit=True), [card(entry, logged_in=True) for entry in items(4)])


def stale() -> str:
    """A day whose data are those of the previous day."""
    return listing(props(items(3), dateString="2026-03-06"), [card(entry) for entry in items(3)])


def empty_day() -> str:
    """A day without papers."""
    return listing(props([]), [])


def paper_page(number: int = 0) -> str:
    """The digest's page of a paper."""
    paper = item(number)["paper"]
    data = {
        "paper": paper,
        "comments": COMMENTS,
        "upvoted": False,
        "dailyPaperRank": number + 1,
        "organization": paper.get("organization"),
        "query": {},
    }
    title = html.escape(paper["title"])
    markup = (
        f'<section class="container"><h1>{title}</h1><p>Published on Mar 6</p><h2>Abstract</h2>'
        f"<p>{html.escape(paper['summary'])}</p></section>"
    )
    return page("PaperContent", data, markup, f"Paper page - {title}", "paper")


def arxiv(number: int = 0) -> str:
    """arXiv's abstract page of a paper, in its second version."""
    paper = item(number)["paper"]
    title = html.escape(paper["title"])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>[{paper['id']}] {title}</title>{_citation_tags(paper)}<style>{ARXIV_STYLE}</style></head>"
        '<body><div id="header">arXiv</div><main><div id="content-inner"><div id="abs">'
        '<div class="dateline">[Submitted on 6 Mar 2026]</div>'
        f'<h1 class="title mathjax"><span class="descriptor">Title:</span>{title}</h1>'
        f"{_arxiv_authors(paper)}"
        '<blockquote class="abstract"><span class="descriptor">Abstract:</span>'
        f"{html.escape(paper['summary'])}</blockquote></div>"
        '<div class="submission-history"><h2>Submission history</h2>'
        '<strong><a href="#">[v1]</a></strong> Fri, 6 Mar 2026<br>'
        "<strong>[v2]</strong> Sun, 8 Mar 2026<br></div></div></main></body></html>\n"
    )


def _citation_tags(paper: JSON) -> str:
    names = [author["name"].rsplit(" ", 1) for author in paper["authors"]]
    tags = [
        ("title", paper["title"]),
        *(("author", f"{last}, {first}") for first, last in names),
        ("date", "2026/03/06"),
        ("online_date", "2026/03/08"),
        ("doi", "10.5555/invented.1"),
        ("pdf_url", f"https://arxiv.org/pdf/{paper['id']}"),
        ("arxiv_id", paper["id"]),
        ("abstract", paper["summary"]),
    ]
    return "".join(f'<meta name="citation_{name}" content="{html.escape(text)}">' for name, text in tags)


def _arxiv_authors(paper: JSON) -> str:
    links = ", ".join(f'<a href="#">{html.escape(author["name"])}</a>' for author in paper["authors"])
    return f'<div class="authors"><span class="descriptor">Authors:</span>{links}</div>'


PAGES: dict[str, Callable[[], str]] = {
    build.__name__: build
    for build in (
        day,
        old_day,
        organisations,
        hidden_authors,
        line_breaks,
        svelte_comments,
        trending,
        search,
        logged_in,
        stale,
        empty_day,
        paper_page,
        arxiv,
    )
}


def build(name: str) -> str:
    """Return the page with this name. Raise KeyError if it is not in `PAGES`."""
    return PAGES[name]()
