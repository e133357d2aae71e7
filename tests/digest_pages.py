"""Builds digest and arXiv pages, true to how the sites print them, around invented papers.

What a real page does that has tripped readers is here on purpose: hidden authors, hard line breaks, comment nodes between texts, cards that
are printed twice, lists without data, old and new shapes of the data. Each page hydrates itself shortly after `load`, as Svelte does, and
throws its island away (`html[data-island="rebuilt"]`) if anything was put into it before. Pages stand alone: no request leaves them.

Use `build(name)` from tests, or `python tests/digest_pages.py NAME > page.html`.
"""

import argparse
import html
import json
from collections.abc import Callable
from typing import Any

JSON = dict[str, Any]
DAY = "2026-03-09"

# title, authors, organisation (name, full name), upvotes, comments, abstract
PAPERS: list[tuple[str, str, tuple[str, str] | None, int, int, str]] = [
    (
        "Lantern Decoding: Reading Long Documents by Their Own Light",
        "Ida Vestergaard; Tomasz Wrona; Mei Okafor",
        ("harbour-lab", "Harbour Lab"),
        64,
        2,
        "Long documents are read word by word even where most words say nothing new. We let the decoder choose which lines to light, and read only those. "
        "On three libraries of letters, lantern decoding keeps 98.2% of the answers at a fifth of the cost $O(n \\log n)$.",
    ),
    (
        "Do Tide Tables Transfer? Forecasting with Borrowed Seas",
        "Noor Haddad; Petra Lind; Samuel Oyelaran; Yuki Brandt",
        None,
        49,
        0,
        "A model that learnt the tides of one harbour is asked for those of another. It does well where the coast bends alike, and we say when it will not.",
    ),
    (
        "Small Hands: Grasping Soft Fruit with Two Fingers and a Prior",
        "Lucía Ferrer; Anselm Roth",
        ("orchard-robotics", "Orchard Robotics"),
        41,
        5,
        "Soft fruit bruises before a gripper feels it. We learn a prior of ripeness from video, and close two fingers by what is seen, not by what is felt.",
    ),
    (
        "The Patient Index: Search that Waits for Its Words",
        "Greta Holm",
        None,
        0,
        0,
        "An index that is always current is always busy. We show that waiting a fraction of a second, and saying so, costs readers nothing they notice.",
    ),
    (
        "Paper Cranes: Folding Proofs into Shorter Proofs",
        "Aiko Mori; Benedikt Wolf; Chinwe Eze; Dalia Amsel; Erik Sund",
        None,
        37,
        11,
        "Proofs found by machine are long. Folding replaces what was proved twice by one lemma, and the lemma by its name; half of the length goes.",
    ),
    (
        "Whose Words? Telling Quotation from Echo in Summaries",
        "Farah Nasser; Gil Katz",
        ("reading-room", "reading-room"),
        33,
        1,
        "Summaries repeat their sources. We separate quotation, which is owed to the source, from echo, which is owed to habit, with a test of two lines.",
    ),
    (
        "Slow Weather, Fast Maps: Rendering Clouds at Walking Speed",
        "Hanna Bergqvist; Ivo Marin; Jun Park",
        None,
        28,
        3,
        "Clouds move slowly and renderers quickly. We spend the difference on light that scatters twice, and draw a sky at 24 frames on a telephone.",
    ),
    (
        "A Grammar of Gestures for Kitchens",
        "Kofi Mensah; Lena Dahl; Marta Rossi",
        None,
        12,
        0,
        "Cooks point, and robots look at the finger. We write down the eleven gestures that kitchens share, and teach them with forty recorded breakfasts.",
    ),
    (
        "Counting Birds with Nothing but Microphones",
        "Nils Aasen; Olu Adeyemi",
        ("open-meadow", "Open Meadow"),
        9,
        0,
        "Birds that sing together are counted as one. Two microphones and a little geometry count them apart, in wind, at dawn, on a coin cell.",
    ),
]


def paper_id(number: int) -> str:
    """The arXiv id of an invented paper; the numbers lie far above those in use that month."""
    return f"2603.9{number:04d}"


def item(number: int) -> JSON:
    """One entry of `dailyPapers` as pages of 2026 print it."""
    title, names, organisation, upvotes, comments, abstract = PAPERS[number % len(PAPERS)]
    authors = [
        {"_id": f"a{number}{i}", "name": name, "hidden": False} for i, name in enumerate(names.split("; "))
    ]
    paper: JSON = {
        "id": paper_id(number),
        "authors": authors,
        "publishedAt": "2026-03-06T18:58:04.000Z",
        "submittedOnDailyAt": f"{DAY}T01:22:24.366Z",
        "title": title,
        "summary": abstract,
        "upvotes": upvotes,
        "discussionId": f"d{number}",
        "ai_summary": f"In short: {abstract.split('. ')[0]}.",
        "ai_keywords": ["reading", "invention"],
        "githubRepo": f"https://github.com/example/paper-{number}",
        "githubStars": 57,
        "projectPage": f"https://example.org/paper-{number}",
    }
    if organisation:
        paper["organization"] = {"_id": "o", "name": organisation[0], "fullname": organisation[1]}
    beside = {"organization": paper["organization"]} if organisation else {}
    return {
        "paper": paper,
        "publishedAt": "2026-03-06T13:58:04.000Z",
        "title": title,
        "summary": abstract,
        "numComments": comments,
        "upvoted": False,
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{paper_id(number)}.png",
        "submittedBy": {"name": "reader", "fullname": "A Reader"},
        "isAuthorParticipating": False,
        **beside,
    }


def items(count: int = 9) -> list[JSON]:
    """The first `count` invented papers."""
    return [item(number) for number in range(count)]


def props(papers: list[JSON], **more: Any) -> JSON:
    """The data of a day's list in 2026."""
    period = {
        "dateString": DAY,
        "prevDate": "2026-03-06",
        "periodType": "day",
        "query": {},
        "isTrending": False,
    }
    return {"canSubmit": False, "dailyPapers": papers, "publisher": {"user": "keeper"}, **period, **more}


def card(entry: JSON, *, logged_in: bool = False, comments: str = "") -> str:
    """A day's card. `comments` is what Svelte 5 leaves between text nodes."""
    paper = entry["paper"]
    link = f"/papers/{paper['id']}"
    return (
        f'<article class="relative flex flex-col overflow-hidden rounded-xl border">{_thumbnail(link, paper["id"])}'
        f'<div class="by">Submitted by\n\t\t\t<div></div> reader</div>'
        f'<div class="body"><div class="row">{_vote(paper, logged_in, comments)}<dialog><div tabindex="-1"></div></dialog>'
        f'<div class="w-full min-w-0"><h3><a href="{link}" class="line-clamp-3">{comments}{html.escape(entry["title"])}{comments}</a></h3>'
        f'<div class="flex min-w-0 items-center justify-between">{_who(paper, link, comments)}<div class="nums">'
        f'<a href="{link}"><svg></svg><span>{paper.get("githubStars", "")}</span></a>{_discussion(entry, link, comments)}</div></div>'
        f"</div></div></div></article>"
    )


def _thumbnail(link: str, arxiv_id: str) -> str:
    return f'<a href="{link}" class="thumb peer"><i></i><i></i><i></i><i></i><img alt="" class="invisible" data-of="{arxiv_id}"></a>'


def _vote(paper: JSON, logged_in: bool, comments: str) -> str:
    number = paper["upvotes"] or "-"
    checked = "" if logged_in else "disabled "
    box = f'<div class="vote"><input {checked}type="checkbox" class="peer hidden"><svg></svg><div class="leading-none">{comments}{number}{comments}</div></div>'
    return (
        f"<div>{box}</div>"
        if logged_in
        else f'<div><a href="/login?next=%2Fpapers%2F{paper["id"]}">{box}</a></div>'
    )


def _who(paper: JSON, link: str, comments: str) -> str:
    organisation = paper.get("organization")
    if organisation:
        return f'<a href="/{organisation["name"]}" class="chip rounded-full"><img alt=""> <span>{html.escape(organisation["fullname"])}</span></a>'
    count = len(paper["authors"])
    faces = "".join(
        f'<li title="{html.escape(author["name"])}"></li>'
        for author in paper["authors"]
        if not author["hidden"]
    )
    return f'<a href="{link}" class="who"><ul>{faces}<li class="order-first"><div><div>·</div>{comments} {count} authors</div></li></ul></a>'


def _discussion(entry: JSON, link: str, comments: str) -> str:
    number = entry["numComments"]
    return f'<span><a href="{link}#community"><svg></svg>{comments} {number}</a></span>' if number else ""


def trending_card(entry: JSON) -> str:
    """Trending prints the whole card twice in one article, for wide and for narrow windows."""
    paper, link = entry["paper"], f"/papers/{entry['paper']['id']}"
    half = (
        f'<div class="{{}}"><div class="body"><h3><a href="{link}"><!--[-->{html.escape(entry["title"])}<!--]--></a></h3>'
        f'<p class="line-clamp-2">{html.escape(paper["ai_summary"])}</p>{_who(paper, link, "<!---->")}<span>·</span><span>Published on Mar 6, 2026</span>'
        f'<div role="checkbox" aria-checked="false">Upvote <div class="font-semibold text-orange-500">{paper["upvotes"]}</div></div>'
        f'<a href="{paper["githubRepo"]}">3.29k</a><a href="https://arxiv.org/abs/{paper["id"]}">arXiv</a></div></div>'
    )
    return f'<article class="relative flex flex-col overflow-hidden rounded-xl border">{half.format("wide")}{half.format("narrow")}</article>'


def search_card(entry: JSON) -> str:
    """A result of the digest's own search: with its abstract, a short date, no thumbnail."""
    paper, link = entry["paper"], f"/papers/{entry['paper']['id']}"
    return (
        f'<article class="relative flex flex-col overflow-hidden rounded-xl border"><div class="body"><div class="row">{_vote(paper, False, "")}<div><h3><a href="{link}">'
        f'{html.escape(entry["title"])}</a></h3><a href="{link}" class="abstract">{html.escape(paper["summary"])}</a>'
        f"<div>{_who(paper, link, '')}<span>·</span><span>Mar 6</span>{_discussion(entry, link, '')}</div></div></div></div></article>"
    )


STYLE = """
*,::before,::after{box-sizing:border-box}body{margin:0;font:16px/1.5 "Source Sans Pro","Segoe UI",Roboto,"Liberation Sans",sans-serif;background:#fff;color:#111827}
a{color:inherit;text-decoration:none}h1{font-size:1.5rem;margin:0}h3{font-size:1.125rem;line-height:1.5rem;margin:0 0 .25rem;font-weight:600}ul{display:flex;list-style:none;margin:0;padding:0}
header{border-bottom:1px solid #f3f4f6;padding:.9rem 2rem;font-weight:600}.contents{display:contents}section.container{max-width:80rem;margin:0 auto;padding:2rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1.5rem;margin-top:1.5rem}
article{position:relative;display:flex;flex-direction:column;overflow:hidden;border:1px solid #e5e7eb;border-radius:.75rem;background:linear-gradient(#f9fafb,#fff)}
.thumb{display:grid;gap:.5rem;align-content:start;height:8rem;padding:1.2rem 2rem;background:#fff;border-bottom:1px solid #e5e7eb;border-radius:.75rem}
.row>:last-child{flex:1;min-width:0}.thumb i{height:.45rem;background:#e5e7eb}.thumb i:first-child{height:.7rem;width:70%}.thumb i:nth-child(4){width:55%}.thumb img,.hidden,dialog:not([open]),.narrow{display:none}
.by{position:absolute;right:.5rem;top:6.6rem;display:flex;gap:.3rem;border:1px solid #e5e7eb;border-radius:.4rem;padding:0 .5rem;font-size:.8rem;background:#fff;color:#374151}
.body{padding:1.25rem 1.5rem;flex:1}.row{display:flex;gap:1.25rem}.vote{width:3rem;height:3.5rem;border:1px solid #d1d5db;border-radius:.75rem;display:grid;place-content:center;background:#fff}
.chip{border:1px solid #bfdbfe;background:#eff6ff;color:#1d4ed8;border-radius:9rem;padding:.05rem .5rem;font-size:.875rem}.chip img{display:none}.who,.nums{font-size:.875rem;color:#4b5563}
.justify-between{display:flex;justify-content:space-between;gap:.5rem;align-items:center}.nums{display:flex;gap:.5rem}.nums a{border:1px solid #f3f4f6;border-radius:.4rem;padding:0 .3rem}
svg{width:.8rem;height:.8rem;background:currentColor;clip-path:polygon(50% 12%,100% 88%,0 88%)}.nums svg{clip-path:circle(40%)}.vote{justify-items:center;gap:.2rem;line-height:1}button{font:inherit;font-size:.9rem;border:1px solid #e5e7eb;background:none;border-radius:.5rem;padding:.1rem .7rem;color:inherit}.who ul{gap:.3rem}.who li div{display:inline}.nums a{display:flex;align-items:center;gap:.25rem}html.dark button{border-color:#374151}
main.paper h1{max-width:40rem}main.paper p{max-width:44rem}
html.dark body{background:#0b0f19;color:#e5e7eb}html.dark article{border-color:#1f2937;background:linear-gradient(#0d1220,#0b0f19)}html.dark .thumb,html.dark .vote,html.dark .by{background:#111827;border-color:#374151;color:inherit}
html.dark .thumb i{background:#1f2937}html.dark header,html.dark .nums a{border-color:#1f2937}html.dark .who,html.dark .nums{color:#9ca3af}html.dark .chip{background:#172554;border-color:#1e3a8a;color:#93c5fd}
@media(max-width:600px){section.container{padding:1rem}.wide{display:none}.narrow{display:block}}
"""

THEME = """
document.documentElement.classList.toggle("dark", /theme=dark/.test(document.cookie) || matchMedia("(prefers-color-scheme: dark)").matches);
"""

# Hydration walks what the server printed: a stranger among it, and the island is made anew.
HYDRATE = """
const island = document.querySelector("[data-target]"), printed = island.innerHTML;
addEventListener("load", () => setTimeout(() => {
  const clean = island.innerHTML === printed;
  if (!clean) island.innerHTML = printed;
  document.documentElement.dataset.island = clean ? "hydrated" : "rebuilt";
}, 60));
"""


def page(
    target: str, data: JSON | None, markup: str, title: str = "Daily Papers - Hugging Face", main: str = ""
) -> str:
    """A whole page around one island; `data` None leaves the island without data."""
    attribute = "" if data is None else f' data-props="{html.escape(json.dumps(data))}"'
    return (
        f'<!doctype html><html lang="en" class=""><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><script>{THEME}</script></head>"
        f'<body class="DailyPapersPage"><header>Hugging Face</header><main class="{main}">'
        f'<div class="SVELTE_HYDRATER contents" data-target="{target}"{attribute}>{markup}</div></main><script>{HYDRATE}</script></body></html>\n'
    )


def listing(data: JSON | None, cards: list[str], heading: str = "Daily Papers") -> str:
    """A list page of the digest."""
    tabs = "<button>Daily</button><button>Weekly</button><button>Monthly</button>"
    markup = f'<section class="container"><h1>{heading}</h1>{tabs} <a href="/papers/trending">Trending</a><div class="grid">{"".join(cards)}</div></section>'
    return page("DailyPapers", data, markup)


def day() -> str:
    """A day as pages of 2026 print it: five papers with authors, four with an organisation's chip."""
    return listing(props(items()), [card(entry) for entry in items()])


def old_day() -> str:
    """A day as pages of 2024 printed it: `date`, no periodType, no summary beside the paper, no keywords, a wrapper round each card."""
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
    """Only papers with an organisation's chip, which stands where the authors would."""
    chips = [entry for entry in items() if "organization" in entry]
    return listing(props(chips), [card(entry) for entry in chips])


def hidden_authors() -> str:
    """Authors whom the site does not name, and counts."""
    entries = [item(1), item(4)]
    for entry in entries:
        entry["paper"]["authors"][1]["hidden"] = True
    return listing(props(entries), [card(entry) for entry in entries])


def line_breaks() -> str:
    """Titles and abstracts with arXiv's hard line breaks in them."""
    entries = items(3)
    for entry in entries:
        entry["title"] = entry["paper"]["title"] = entry["title"].replace(" ", "\n  ", 2)
        entry["summary"] = entry["paper"]["summary"] = (
            entry["summary"].replace(". ", ".\n  ").replace(" the ", "\nthe ")
        )
    return listing(props(entries), [card(entry) for entry in entries])


def svelte_comments() -> str:
    """Svelte 5 puts comments everywhere, even between text nodes."""
    return listing(
        props(items(4)), [f"<!--[-->{card(entry, comments='<!--[--><!---->')}<!--]-->" for entry in items(4)]
    )


def trending() -> str:
    """Trending: each card twice in its article, no dateString."""
    data = props(items(4), periodType="day", isTrending=True)
    del data["dateString"]
    return listing(data, [trending_card(entry) for entry in items(4)], "Trending Papers")


def search() -> str:
    """The digest's own search, its island without data."""
    return listing(None, [search_card(entry) for entry in items(4)])


def logged_in() -> str:
    """A day seen by somebody signed in: the vote box is no link to the sign-in page."""
    return listing(props(items(4), canSubmit=True), [card(entry, logged_in=True) for entry in items(4)])


def stale() -> str:
    """A day whose data still tell of the day before."""
    return listing(props(items(3), dateString="2026-03-06"), [card(entry) for entry in items(3)])


def empty_day() -> str:
    """A day without papers."""
    return listing(props([]), [])


def paper_page(number: int = 0) -> str:
    """The digest's page of one paper."""
    entry = item(number)
    paper = entry["paper"]
    comments = [
        {"id": "c1", "type": "comment", "data": {"hidden": False}},
        {"id": "e", "type": "locking"},
        {"id": "c2", "type": "comment", "data": {"hidden": False}},
    ]
    data = {
        "paper": paper,
        "comments": comments,
        "upvoted": False,
        "dailyPaperRank": number + 1,
        "organization": paper.get("organization"),
        "query": {},
    }
    markup = f'<section class="container"><h1>{html.escape(paper["title"])}</h1><p>Published on Mar 6</p><h2>Abstract</h2><p>{html.escape(paper["summary"])}</p></section>'
    return page("PaperContent", data, markup, f"Paper page - {html.escape(paper['title'])}", "paper")


def arxiv(number: int = 0) -> str:
    """arXiv's abstract page of one paper, in its second version."""
    paper = item(number)["paper"]
    names = [author["name"].rsplit(" ", 1) for author in paper["authors"]]
    tags = [
        ("title", paper["title"]),
        *(("author", f"{last}, {first}") for first, last in names),
        ("date", "2026/03/06"),
        ("online_date", "2026/03/08"),
    ]
    tags += [
        ("doi", "10.5555/invented.1"),
        ("pdf_url", f"https://arxiv.org/pdf/{paper['id']}"),
        ("arxiv_id", paper["id"]),
        ("abstract", paper["summary"]),
    ]
    metas = "".join(f'<meta name="citation_{name}" content="{html.escape(text)}">' for name, text in tags)
    authors = ", ".join(f'<a href="#">{html.escape(" ".join(name))}</a>' for name in names)
    history = '<div class="submission-history"><h2>Submission history</h2><strong><a href="#">[v1]</a></strong> Fri, 6 Mar 2026<br><strong>[v2]</strong> Sun, 8 Mar 2026<br></div>'
    style = "body{font:16px/1.4 sans-serif;margin:0;background:#fff;color:#000}#header{background:#b31b1b;color:#fff;padding:.6rem 20px}h1.title{font-size:1.5em;margin:.5em 0 .5em 20px}.authors,blockquote,.dateline,.submission-history{margin:.5em 20px}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>[{paper["id"]}] {html.escape(paper["title"])}</title>{metas}<style>{style}</style></head>'
        f'<body><div id="header">arXiv</div><main><div id="content-inner"><div id="abs"><div class="dateline">[Submitted on 6 Mar 2026]</div>'
        f'<h1 class="title mathjax"><span class="descriptor">Title:</span>{html.escape(paper["title"])}</h1><div class="authors"><span class="descriptor">Authors:</span>{authors}</div>'
        f'<blockquote class="abstract"><span class="descriptor">Abstract:</span>{html.escape(paper["summary"])}</blockquote></div>{history}</div></main></body></html>\n'
    )


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
    """The page of that name. Raises KeyError for a name that is not in `PAGES`."""
    return PAGES[name]()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=sorted(PAGES))
    print(build(parser.parse_args().name), end="")
