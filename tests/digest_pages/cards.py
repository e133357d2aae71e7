"""Cards of digest lists, with the markup of the site."""

import html

from digest_pages.papers import JSON

ARTICLE = '<article class="relative flex flex-col overflow-hidden rounded-xl border">'


def card(entry: JSON, *, logged_in: bool = False, comments: str = "") -> str:
    """Return a day's card. `comments` are the comment nodes that Svelte 5 leaves between texts."""
    paper = entry["paper"]
    link = f"/papers/{paper['id']}"
    return (
        f"{ARTICLE}{_thumbnail(link, paper['id'])}"
        '<div class="by">Submitted by\n\t\t\t<div></div> reader</div>'
        f'<div class="body"><div class="row">{_vote(paper, logged_in, comments)}'
        '<dialog><div tabindex="-1"></div></dialog>'
        f'<div class="w-full min-w-0">{_title(entry, link, comments)}'
        '<div class="flex min-w-0 items-center justify-between">'
        f'{_authors(paper, link, comments)}<div class="nums">'
        f'<a href="{link}"><svg></svg><span>{paper.get("githubStars", "")}</span></a>'
        f"{_discussion(entry, link, comments)}</div></div>"
        "</div></div></div></article>"
    )


def _title(entry: JSON, link: str, comments: str) -> str:
    title = html.escape(entry["title"])
    return f'<h3><a href="{link}" class="line-clamp-3">{comments}{title}{comments}</a></h3>'


def _thumbnail(link: str, arxiv_id: str) -> str:
    image = f'<img alt="" class="invisible" data-of="{arxiv_id}">'
    return f'<a href="{link}" class="thumb peer"><i></i><i></i><i></i><i></i>{image}</a>'


def _vote(paper: JSON, logged_in: bool, comments: str) -> str:
    number = paper["upvotes"] or "-"
    disabled = "" if logged_in else "disabled "
    box = (
        f'<div class="vote"><input {disabled}type="checkbox" class="peer hidden"><svg></svg>'
        f'<div class="leading-none">{comments}{number}{comments}</div></div>'
    )
    if logged_in:
        return f"<div>{box}</div>"
    return f'<div><a href="/login?next=%2Fpapers%2F{paper["id"]}">{box}</a></div>'


def _authors(paper: JSON, link: str, comments: str) -> str:
    organisation = paper.get("organization")
    if organisation:
        name = html.escape(organisation["fullname"])
        return (
            f'<a href="/{organisation["name"]}" class="chip rounded-full">'
            f'<img alt=""> <span>{name}</span></a>'
        )
    count = len(paper["authors"])
    faces = "".join(
        f'<li title="{html.escape(author["name"])}"></li>'
        for author in paper["authors"]
        if not author["hidden"]
    )
    return (
        f'<a href="{link}" class="who"><ul>{faces}<li class="order-first">'
        f"<div><div>·</div>{comments} {count} authors</div></li></ul></a>"
    )


def _discussion(entry: JSON, link: str, comments: str) -> str:
    number = entry["numComments"]
    return f'<span><a href="{link}#community"><svg></svg>{comments} {number}</a></span>' if number else ""


def trending_card(entry: JSON) -> str:
    """Return a card of the trending list, which has it twice: for wide and for narrow windows."""
    return f"{ARTICLE}{_trending_half(entry, 'wide')}{_trending_half(entry, 'narrow')}</article>"


def _trending_half(entry: JSON, width: str) -> str:
    paper = entry["paper"]
    link = f"/papers/{paper['id']}"
    return (
        f'<div class="{width}"><div class="body">'
        f'<h3><a href="{link}"><!--[-->{html.escape(entry["title"])}<!--]--></a></h3>'
        f'<p class="line-clamp-2">{html.escape(paper["ai_summary"])}</p>'
        f"{_authors(paper, link, '<!---->')}<span>·</span><span>Published on Mar 6, 2026</span>"
        '<div role="checkbox" aria-checked="false">Upvote '
        f'<div class="font-semibold text-orange-500">{paper["upvotes"]}</div></div>'
        f'<a href="{paper["githubRepo"]}">3.29k</a>'
        f'<a href="https://arxiv.org/abs/{paper["id"]}">arXiv</a></div></div>'
    )


def search_card(entry: JSON) -> str:
    """Return a result of the digest's own search: with abstract and short date, without thumbnail."""
    paper = entry["paper"]
    link = f"/papers/{paper['id']}"
    return (
        f'{ARTICLE}<div class="body"><div class="row">{_vote(paper, False, "")}<div>'
        f'<h3><a href="{link}">{html.escape(entry["title"])}</a></h3>'
        f'<a href="{link}" class="abstract">{html.escape(paper["summary"])}</a>'
        f"<div>{_authors(paper, link, '')}<span>·</span><span>Mar 6</span>"
        f"{_discussion(entry, link, '')}</div></div></div></div></article>"
    )
