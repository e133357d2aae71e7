"""Template filters that format model objects. They are pure functions.

This is the only module besides the templates that builds a page's markup. Markup from formats/ is trusted;
all other text is escaped.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from flask import Blueprint
from markupsafe import Markup, escape

from paperclipper import identifiers
from paperclipper.formats.text import abstract, formulas, notes
from paperclipper.formats.text.abstract import HighlightSpan
from paperclipper.model import Annotation, Clip, PageKind, Paper, PaperFacts
from paperclipper.services.trash import trashing
from paperclipper.web.pages.layout import redirects

_MAX_NAMES = 4
_SENTENCE_ENDS = (".", "!", "?", "…", ".”", ".)")
_ORIGINS = {
    PageKind.DIGEST: "digest",
    PageKind.PAPER: "the paper’s digest page",
    PageKind.ARXIV: "arXiv",
    PageKind.IMPORT: "an imported file",
    PageKind.PASTE: "a pasted link",
}
_ALL_OF = ("both", "all three", "all four", "all five", "all six", "all seven", "all eight", "all nine")
_NUMBERS = ("no", "once", "twice", "three times", "four times", "five times")


def with_formulas(text: str) -> Markup:
    """Convert the formulas in a line of text to MathML."""
    return Markup("").join(
        Markup(formulas.to_html(piece.text)) if piece.is_formula else escape(piece.text)  # noqa: S704
        for piece in formulas.pieces(text)
    )


def mark_hits(fragments: Iterable[tuple[str, bool]]) -> Markup:
    """Join fragments of a text, marking those that matched the search."""
    hit = Markup('<mark class="hit">{}</mark>')
    return Markup("").join(
        hit.format(with_formulas(text)) if found else with_formulas(text) for text, found in fragments
    )


def snippet(fragments: Sequence[tuple[str, bool]]) -> Markup:
    """Join fragments like `mark_hits`. Add an ellipsis where the text starts or ends in mid-sentence."""
    text = "".join(fragment for fragment, _ in fragments).strip()
    before = "…" if text[:1].islower() else ""
    after = "" if text.endswith(_SENTENCE_ENDS) else "…"
    return Markup("{}{}{}").format(before, mark_hits(fragments).strip(), after)


def abstract_html(text: str, marks: Sequence[HighlightSpan] = ()) -> Markup:
    """Render an abstract as paragraphs, with the reader's highlights."""
    return Markup(abstract.to_html(text, marks))  # noqa: S704


def note_html(markdown: str, resolve: notes.Resolve) -> Markup:
    """Render a note. `resolve` returns the URL for a link to a paper."""
    return Markup(notes.to_html(markdown, resolve))  # noqa: S704


def markdown_html(markdown: str) -> Markup:
    """Render Markdown from our own documentation, with typographic apostrophes."""
    return Markup(notes.to_html(markdown.replace("'", "’")))  # noqa: S704


def day(value: date) -> str:
    """Format a date as `17 Feb 2025`, in the local time zone."""
    local = value.astimezone() if isinstance(value, datetime) else value
    return f"{local.day} {local:%b %Y}"


def moment(value: datetime) -> str:
    """Format a time as `17 Feb 2025, 09:14`, in the local time zone."""
    return f"{day(value)}, {value.astimezone():%H:%M}"


def kept_until(thing: Paper | Annotation) -> datetime | None:
    """Return the time at which a trashed item is deleted permanently."""
    return thing.deleted_at + trashing.RETENTION if thing.deleted_at else None


def short_day(value: date) -> str:
    """Format a date as `17 Feb`, with the year if it is not the current year."""
    this_year = str(datetime.now(UTC).astimezone().year)
    return day(value).removesuffix(f" {this_year}")


def counted(number: int, noun: str) -> str:
    """Return `1 paper` or `1,240 papers`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def all_parts(number: int) -> str:
    """Return `both`, `all three` and so on up to `all nine`, or `all of it` for larger numbers."""
    return _ALL_OF[number - 2] if 2 <= number < len(_ALL_OF) + 2 else "all of it"


def times(number: int) -> str:
    """Return `once`, `twice` or `12 times`."""
    return _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number:,} times"


def tag_query(name: str) -> str:
    """Return the search query for the papers with a tag."""
    return 'tag:"{}"'.format(name.replace('"', ""))


def signed(number: int, noun: str) -> str:
    """Return `+143 upvotes` or `−1 upvote`."""
    return f"{'+' if number > 0 else '−'}{counted(abs(number), noun)}"


def authors(facts: PaperFacts) -> str:
    """Return the first authors, or the number of authors if no names are known."""
    if not facts.authors:
        return counted(facts.author_count, "author") if facts.author_count else ""
    total = max(len(facts.authors), facts.author_count or 0)
    if total <= _MAX_NAMES:
        return ", ".join(facts.authors)
    named = facts.authors[: _MAX_NAMES - 1]
    return f"{', '.join(named)} and {total - len(named)} more"


def origin(clip: Clip) -> str:
    """Describe the source page of a clip, such as `digest of 5 Aug 2025, no. 17`."""
    words = _ORIGINS[clip.page.page_kind]
    if clip.page.page_kind is PageKind.DIGEST and clip.page.digest_day:
        words += f" of {day(clip.page.digest_day)}"
    return f"{words}, no. {clip.page.rank}" if clip.page.rank else words


def register(blueprint: Blueprint) -> None:
    """Register all filters."""
    for name, function in (
        ("with_formulas", with_formulas),
        ("mark_hits", mark_hits),
        ("snippet", snippet),
        ("abstract", abstract_html),
        ("note", note_html),
        ("markdown", markdown_html),
        ("day", day),
        ("moment", moment),
        ("kept_until", kept_until),
        ("short_day", short_day),
        ("counted", counted),
        ("times", times),
        ("all_parts", all_parts),
        ("tag_query", tag_query),
        ("signed", signed),
        ("authors", authors),
        ("origin", origin),
        ("http_url", redirects.http_url),
        ("host", redirects.host),
        ("arxiv_url", identifiers.arxiv_abstract_url),
        ("pdf_url", identifiers.arxiv_pdf_url),
        ("digest_url", identifiers.digest_paper_url),
    ):
        blueprint.add_app_template_filter(function, name)
