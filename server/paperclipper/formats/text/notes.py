"""Rendering a note's Markdown as safe HTML, including tables, task lists, formulas and `[[links]]` to papers.

Pure. Raw HTML is disabled, the output is filtered with an allow-list, and no external resources are loaded.
Rendering is limited by counting steps, not by time, so that a note looks the same on every machine.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from paperclipper.formats.text import formulas, wikilinks
from paperclipper.identifiers import is_url

# Beyond these limits, a note is shown as plain text: parsing time is quadratic in the number of unmatched
# brackets, each table row has as many cells as the header, and any character may start an inline element.
MAX_NOTE = 100_000
MAX_BRACKETS = 2_000
MAX_LINES = 10_000
MAX_BLOCKS = 20_000
MAX_STEPS = 40_000

Resolve = Callable[[str], str | None]
"""Maps the name in a `[[link]]` to the URL of the paper's page, or to None if the paper is not saved."""

_TAG_NAMES = (
    "p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li a span "
    "table thead tbody tr th td input"
)
_TAGS = frozenset(_TAG_NAMES.split()) | formulas.MATHML_TAGS
_BOXES = {
    "[ ] ": '<input type="checkbox" aria-label="to do"> ',
    "[x] ": '<input type="checkbox" checked aria-label="done"> ',
    "[X] ": '<input type="checkbox" checked aria-label="done"> ',
}
_ATTRIBUTES = {
    "a": frozenset({"href", "title"}),
    "ol": frozenset({"start"}),
    "input": frozenset({"disabled", "checked", "aria-label"}),
}
_CLASSES = {"span": frozenset({"no-paper", "visually-hidden"})}


class _TooMuchError(Exception):
    """The note exceeds the rendering limits."""


def to_html(markdown: str, resolve: Resolve = lambda _: None) -> str:
    """Return the note as HTML that is safe to insert into a page. Never raises."""
    links = _PaperLinks(resolve)
    try:
        _refuse_long(markdown)
        return _clean(_parser(links).render(markdown), links.addresses)
    except _TooMuchError:
        return f"<pre>{escape(markdown)}</pre>"


def _refuse_long(markdown: str) -> None:
    lengths = (
        (len(markdown), MAX_NOTE),
        (markdown.count("["), MAX_BRACKETS),
        (markdown.count("\n"), MAX_LINES),
    )
    if any(found > most for found, most in lengths):
        raise _TooMuchError


def _parser(links: "_PaperLinks") -> MarkdownIt:
    parser = MarkdownIt("js-default", {"linkify": False})
    options = {"allow_labels": False, "allow_space": False, "allow_digits": False, "double_inline": True}
    parser.use(dollarmath_plugin, **options, renderer=_FormulaBudget())
    parser.core.ruler.after("block", "count_blocks", _count_blocks)
    parser.core.ruler.after("inline", "tasks", _mark_tasks)
    parser.add_render_rule("image", _image_as_link)
    parser.inline.ruler.before("link", "paper_link", links.read)
    parser.inline.ruler.before("text", "count_steps", _Steps())
    return parser


def _count_blocks(state: StateCore) -> None:
    if len(state.tokens) > MAX_BLOCKS:
        raise _TooMuchError


class _Steps:
    """A parser rule that never matches, and counts and limits the inline parsing steps."""

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def __call__(self, state: StateInline, silent: bool) -> bool:
        self._left -= 1
        if self._left < 0:
            raise _TooMuchError
        return False


class _PaperLinks:
    """Parses `[[links]]` and collects their URLs in `addresses`, the only relative URLs allowed in links."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self.addresses: set[str] = set()

    def read(self, state: StateInline, silent: bool) -> bool:
        match = wikilinks.PATTERN.match(state.src, state.pos, state.posMax)
        if match is None or state.linkLevel > 0:
            return False
        if not silent:
            state.push("html_inline", "", 0).content = self._shown(wikilinks.from_match(match))
        state.pos = match.end()
        return True

    def _shown(self, link: wikilinks.Link) -> str:
        label, address = escape(link.label), self._resolve(link.name)
        if address is None:
            missing = '<span class="visually-hidden"> (not in your library)</span>'
            return f'<span class="no-paper">{label}{missing}</span>'
        self.addresses.add(address)
        return f'<a href="{escape(address)}">{label}</a>'


def _mark_tasks(state: StateCore) -> None:
    """Replace `[ ]` and `[x]` at the start of list items with checkboxes (GFM, "Task list items")."""
    for item, inline in zip(state.tokens, state.tokens[2:], strict=False):
        if item.type == "list_item_open" and inline.children and inline.content[:4] in _BOXES:
            text = inline.children[0]
            text.content = text.content[4:]
            box = Token("html_inline", "", 0, content=_BOXES[inline.content[:4]])
            inline.children.insert(0, box)


class _FormulaBudget:
    """Renders formulas, or shows their source once the limits are exceeded."""

    def __init__(self) -> None:
        self._left, self._letters_left = formulas.MAX_FORMULAS, formulas.MAX_FORMULA_TEXT

    def __call__(self, latex: str, options: Mapping[str, Any]) -> str:
        self._left -= 1
        self._letters_left -= len(latex)
        if self._left < 0 or self._letters_left < 0:
            return f"<code>{escape(latex)}</code>"
        return formulas.to_html(latex.strip(), display=bool(options["display_mode"]))


def _image_as_link(
    _: RendererHTML, tokens: Sequence[Token], index: int, options: Mapping[str, Any], env: object
) -> str:
    """Render an image as a link, because loading it would reveal the reader to the image's host."""
    address = str(tokens[index].attrs.get("src", ""))
    return f'<a href="{escape(address)}">{escape(tokens[index].content or address)}</a>'


def _clean(html: str, own: Container[str]) -> str:
    attributes = {tag: set(names) for tag, names in {**formulas.MATHML_ATTRIBUTES, **_ATTRIBUTES}.items()}

    def only_web_links(tag: str, attribute: str, value: str) -> str | None:
        """Keep absolute web links, and relative links only if they were generated here."""
        return value if (tag, attribute) != ("a", "href") or value in own or is_url(value) else None

    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=attributes,
        attribute_filter=only_web_links,
        allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        set_tag_attribute_values={"input": {"disabled": ""}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
