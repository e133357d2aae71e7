"""A reader's browser, helpers to fill a library, and parsers of pages."""

import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode
from uuid import uuid4

from flask.testing import FlaskClient

from paperclipper.formats.text import anchoring
from paperclipper.model import (
    AnnotationDraft,
    AnnotationKind,
    ClipRequest,
    Colour,
    PageKind,
    PaperFacts,
    Source,
    SourcePage,
)
from paperclipper.services.access import pairing
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import clipping

ORIGIN = "http://127.0.0.1:8377"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


class Browser(FlaskClient):
    def open(self, *args, **options):
        return super().open(*args, base_url=ORIGIN, **options)


def post(client, path, **form):
    """Send a form; a value may be a list."""
    body = urlencode(form, doseq=True)
    headers = {"Origin": ORIGIN, "Content-Length": str(len(body))}
    return client.post(path, data=body, content_type="application/x-www-form-urlencoded", headers=headers)


def follow(client, answer):
    """Return the page that the response to a form redirects to."""
    assert answer.status_code == 303, text(answer)
    return text(client.get(answer.location))


def clip(library_id, title="Otters that count", upvotes=12, comments=1, **facts):
    page = SourcePage(PageKind.DIGEST, rank=3, upvotes=upvotes, comments=comments)
    request = ClipRequest(str(uuid4()), datetime.now(UTC), Source.DATA, page, PaperFacts(title, **facts))
    return clipping.save(library_id, request).paper_id


def note(library_id, paper_id, body):
    made, _ = annotations.put(
        library_id, str(uuid4()), paper_id, AnnotationDraft(AnnotationKind.NOTE, body), None
    )
    return made


def highlight(library_id, paper_id, text, words, colour=Colour.GREEN, body=""):
    """Highlight these words of the text."""
    at = text.index(words)
    quote = anchoring.quote(text, at, at + len(words))
    draft = AnnotationDraft(AnnotationKind.HIGHLIGHT, body, quote, colour, made_in="page")
    return annotations.put(library_id, str(uuid4()), paper_id, draft, None)[0]


def ask_to_connect(client_name="Firefox"):
    """Request a connection, as the extension would."""
    return pairing.create(client_name, "c" * 43, "moz-extension://0a1b")


def text(response):
    """The page, its whitespace normalised, so that no test depends on a template's line breaks."""
    return normalise(response.get_data(as_text=True))


def normalise(html):
    """Put each tag on one line, collapse whitespace, and drop it where a block begins or ends."""
    return "".join(Normaliser(html).pieces)


class Normaliser(HTMLParser):
    """Rebuilds a page piece by piece; what is in `pre` or `textarea` stays exactly as it is."""

    BLOCKS = re.compile(
        r"</?(article|aside|body|caption|datalist|dd|details|div|dl|dt|fieldset|footer|form|h[1-6]|head"
        r"|header|html|legend|li|link|main|meta|nav|ol|option|p|pre|script|section|summary|table|tbody|td"
        r"|textarea|th|thead|title|tr|ul)[ >]"
    )
    VERBATIM = frozenset({"pre", "textarea"})
    ATTRIBUTE = re.compile(r'\s+([^\s"=>]+)(="[^"]*")?')

    def __init__(self, html):
        super().__init__(convert_charrefs=False)
        self.pieces, self._verbatim = [], 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        source = self.get_starttag_text()
        named = "".join(f" {name}{value}" for name, value in self.ATTRIBUTE.findall(source) if name != "/")
        self._add(f"<{tag}{named}>")
        self._verbatim += tag in self.VERBATIM

    def handle_endtag(self, tag):
        self._verbatim -= tag in self.VERBATIM
        self._add(f"</{tag}>")

    def handle_data(self, data):
        if self._verbatim:
            self.pieces.append(data)
            return
        collapsed, before = re.sub(r"\s+", " ", data), self.pieces[-1] if self.pieces else ""
        at_boundary = not before or before.endswith((" ", "\n")) or self.BLOCKS.match(before)
        self.pieces.append(collapsed.lstrip(" ") if at_boundary else collapsed)

    def handle_entityref(self, name):
        self.pieces.append(f"&{name};")

    def handle_charref(self, name):
        self.pieces.append(f"&#{name};")

    def _add(self, piece):
        if self.BLOCKS.match(piece) and self.pieces and not self._verbatim:
            self.pieces[-1] = self.pieces[-1].rstrip(" ")
        self.pieces.append(piece)


class Form(HTMLParser):
    """The fields of the first form whose action ends with `action`, as a browser would send them."""

    def __init__(self, page, action):
        super().__init__()
        self.fields, self._action, self._is_in, self._area = {}, action, False, None
        self._found = False
        self.feed(page)
        assert self._found, f"no form to {action}"

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._is_in = not self._found and (given.get("action") or "").endswith(self._action)
            self._found = self._found or self._is_in
        if not self._is_in or "name" not in given:
            return
        if tag == "textarea":
            self._area = given["name"]
            self.fields[self._area] = ""
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_in = False
        if tag == "textarea" and self._area:
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += unescape(data)


class Inline(HTMLParser):
    """Collects what would run, or load from elsewhere."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            leads_to_script = name in ("href", "src") and "javascript:" in (value or "")
            if name == "style" or name.startswith("on") or leads_to_script:
                self.found.append((tag, name, value))
        inline_script = tag == "script" and not dict(attributes).get("src", "").startswith("/static/")
        if inline_script or tag in ("img", "style", "iframe"):
            self.found.append(tag)
