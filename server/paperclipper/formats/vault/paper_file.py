"""Creating and updating a paper's Markdown file in a folder of notes, using Obsidian's conventions.

Pure. An update changes only our front matter keys, unless the reader changed them, and the generated part
between our markers, which includes a hash to detect edits by the reader. Everything else belongs to the
reader and is preserved byte for byte. The text of a paper cannot forge a marker or start a structure outside
its callout.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from paperclipper import identifiers
from paperclipper.formats.digest.rows import one_line, unwrap
from paperclipper.formats.text import formulas
from paperclipper.formats.vault import front_matter
from paperclipper.formats.vault.front_matter import FENCE, Entry, FrontMatterError, entry
from paperclipper.model import Annotation, Paper, Scheme

MAX_DESCRIPTION = 300

_BEGIN = re.compile(r"^%% paperclipper:begin generated(?: ([0-9a-f]{12}))? %%[ \t]*$", re.MULTILINE)
_END = re.compile(r"^%% paperclipper:end generated %%[ \t]*$", re.MULTILINE)
_NOTES = re.compile(r"^%% (begin|end) notes %%[ \t]*$", re.MULTILINE)
_READER_SECTION = "\n## Notes\n\n%% begin notes %%\n\n%% end notes %%\n"
_PAPER_ID = re.compile(r"^paper_id:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_CITE_KEY = re.compile(r"^citekey:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_ARTICLES = {"a", "an", "the"}

# Characters with a meaning in Markdown or Obsidian; `_` only where it could open or close emphasis.
_ACTIVE = re.compile(
    r"[`*\[<#$]|\\(?=[!-/:-@\[-`{-~]|$)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=%)%|(?<==)=|(?<=~)~|(?<=\s)\^"
    r"|&(?=#?\w+;)|(?<=<)!"
)
_LINE_START = re.compile(r"(\d*)([-+=>.)~])")


class UnsafeUpdateError(ValueError):
    """The file cannot be updated safely. The message is the reason to show to the user."""


@dataclass(frozen=True)
class PaperFile:
    """A file's text and the hashes of our front-matter keys, to be passed as `last` next time."""

    text: str
    fingerprints: Mapping[str, str] = field(default_factory=dict)


def create(paper: Paper, cite_key: str) -> PaperFile:
    """Return a new file for a paper."""
    ours = _entries(paper, cite_key)
    text = front_matter.join(ours, f"\n{_generated(_body(paper))}{_READER_SECTION}")
    return PaperFile(text, front_matter.fingerprints(ours, ours, {}))


def update(text: str, paper: Paper, cite_key: str, last: Mapping[str, str]) -> PaperFile:
    """Return the paper's updated file. Its text equals `text` if nothing has changed.

    `cite_key` is used if the file has no cite key. Raise UnsafeUpdateError if the file has other line endings
    or no front matter, if its markers are missing, repeated or out of order, or if the reader edited its
    generated part.
    """
    if "\r" in text or text.startswith("\ufeff"):
        raise UnsafeUpdateError("its line endings are not LF, or it starts with a byte order mark")
    try:
        existing, rest = front_matter.split(text)
    except FrontMatterError as error:
        raise UnsafeUpdateError(str(error)) from error
    ours = _entries(paper, cite_key_of(text) or cite_key)
    entries = front_matter.update(existing, ours, last)
    body = _updated_body(rest, _body(paper))
    return PaperFile(front_matter.join(entries, body), front_matter.fingerprints(entries, ours, last))


def paper_id_of(text: str) -> str | None:
    """Return the id of the file's paper, even if the file is otherwise invalid, or None."""
    return _in_front_matter(_PAPER_ID, text)


def cite_key_of(text: str) -> str | None:
    """Return the cite key in a file, or None."""
    return _in_front_matter(_CITE_KEY, text)


def _in_front_matter(pattern: re.Pattern[str], text: str) -> str | None:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.startswith(FENCE):
        return None
    match = pattern.search(text.partition("\n---")[0])
    return match[1] if match else None


def cite_key(paper: Paper, taken: Iterable[str]) -> str:
    """Return a new cite key: last name, year and first title word in ASCII, with a letter added if taken."""
    author = paper.facts.authors[0] if paper.facts.authors else ""
    last_name = author.partition(",")[0] if "," in author else (author.split() or [""])[-1]
    year = str(paper.facts.published.year) if paper.facts.published else ""
    words = [word for word in map(_ascii, paper.facts.title.split()) if word and word not in _ARTICLES]
    key = _ascii(last_name) + year + (words[0] if words else "")
    return _unique(key or "paper", set(taken))


def _ascii(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", letters)


def _unique(key: str, taken: set[str]) -> str:
    candidates = (key + _letters(number) for number in range(len(taken) + 1))
    return next(candidate for candidate in candidates if candidate not in taken)


def _letters(number: int) -> str:
    """Return an empty string, b, c, … z, ba, bb, …"""
    letters = ""
    while number:
        number, digit = divmod(number, 26)
        letters = chr(ord("a") + digit) + letters
    return letters


def _entries(paper: Paper, key: str) -> list[Entry]:
    """Return the entries of our keys in order. Empty entries are omitted, except for keys in `_ALWAYS`."""
    facts = paper.facts
    arxiv_doi = f"10.48550/arXiv.{paper.arxiv_id}" if paper.arxiv_id else None
    values: dict[str, front_matter.Value] = {
        "title": facts.title,
        "source": _source(paper),
        "author": facts.authors,
        "author_count": None if facts.authors else facts.author_count,
        "published": facts.published,
        "created": paper.clipped_at.date() if paper.clipped_at else None,
        "description": _description(facts.abstract),
        "tags": sorted((tag.name for tag in paper.tags), key=str.casefold),
        "aliases": [f"arXiv {paper.arxiv_id}"] if paper.arxiv_id else [],
        "arxiv_id": paper.arxiv_id,
        "arxiv_version": facts.arxiv_version,
        "doi": paper.doi or arxiv_doi,
        "pdf": identifiers.arxiv_pdf_url(paper.arxiv_id, facts.arxiv_version) if paper.arxiv_id else None,
        "code": facts.code_url,
        "citekey": key,
        "status": str(paper.status),
        "rating": paper.rating,
        "paper_id": paper.id,
    }
    return [entry(name, value) for name, value in values.items() if value or name in _ALWAYS]


_ALWAYS = {"title", "source", "author", "published", "created", "description", "tags", "status", "rating"}


def _source(paper: Paper) -> str:
    """Return the URL of the paper's digest page, else of its first clip's page, else its URL identifier."""
    if paper.arxiv_id:
        return identifiers.digest_paper_url(paper.arxiv_id)
    pages = (clip.page.page_url for clip in reversed(paper.clips) if clip.page.page_url)
    addresses = (each.value for each in paper.facts.identifiers if each.scheme is Scheme.URL)
    return next(pages, None) or next(addresses, "")


def _description(abstract: str) -> str:
    """Return the abstract's first sentence, truncated at a word boundary if it is too long."""
    text = one_line(abstract)
    sentence = re.match(r".{20,}?[.!?](?= [A-Z])", text)
    first = sentence[0] if sentence else text
    if len(first) <= MAX_DESCRIPTION:
        return first
    return first[:MAX_DESCRIPTION].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _body(paper: Paper) -> str:
    """Return the generated part, to be placed between our markers."""
    sections = [f"# {escape_line(one_line(paper.facts.title))}\n"]
    if paper.facts.abstract:
        sections.append(_callout("[!abstract] Abstract", _plain_paragraphs(paper.facts.abstract)))
    if paper.highlights:
        sections += ["## Highlights\n", *map(_highlight, paper.highlights)]
    if paper.notes:
        sections += ["## Clipped notes\n", *map(_note, paper.notes)]
    return "\n" + "\n".join(sections) + "\n"


def _highlight(annotation: Annotation) -> str:
    draft = annotation.draft
    quote = _plain_paragraphs(draft.quote.exact) if draft.quote else ""
    colour = f"|{draft.colour}" if draft.colour else ""
    text = "\n\n".join(filter(None, [quote, _readers_markdown(draft.body)]))
    return f"{_callout(f'[!quote{colour}] Highlight', text)}\n^h-{annotation.id}\n"


def _note(annotation: Annotation) -> str:
    head = f"[!note] {annotation.created_at.date().isoformat()}"
    return f"{_callout(head, _readers_markdown(annotation.draft.body))}\n^n-{annotation.id}\n"


def _callout(head: str, text: str) -> str:
    """Return the text as a callout. An unclosed fence or comment ends with it, as every line is prefixed."""
    return "".join(f"> {line}".rstrip() + "\n" for line in [head, *text.split("\n")])


def _readers_markdown(text: str) -> str:
    """Return a note's Markdown with comment delimiters escaped, because our markers are comments."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return re.sub("(?<=%)%", r"\\%", text).replace("<!--", r"<\!--")


def _plain_paragraphs(text: str) -> str:
    return "\n\n".join(escape_line(paragraph) for paragraph in unwrap(text).split("\n\n"))


def escape_line(text: str) -> str:
    """Escape a line of plain text so that Markdown renders it unchanged. Formulas are kept."""
    written = "".join(
        _formula(piece) if piece.is_formula else _escape(piece.text) for piece in formulas.pieces(text)
    )
    return _LINE_START.sub(r"\1\\\2", written, count=1) if _LINE_START.match(written) else written


def _escape(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)


def _formula(piece: formulas.Piece) -> str:
    mark = "$$" if piece.display else "$"
    if "`" in piece.text or re.search(r"(?<!\\)\$", piece.text):
        return _escape(mark + piece.text + mark)
    return mark + piece.text.strip().replace("%%", "% %") + mark


def _generated(body: str) -> str:
    return f"%% paperclipper:begin generated {_hash(body)} %%\n{body}%% paperclipper:end generated %%\n"


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:12]


def _updated_body(rest: str, wanted: str) -> str:
    begin, end = _single(_BEGIN, rest), _single(_END, rest)
    _check_reader_section(rest, begin.start(), end.end())
    found = rest[begin.end() + 1 : end.start()]
    if found == wanted:
        return rest
    if found.strip() and _hash(found) != begin[1]:
        raise UnsafeUpdateError(
            "its generated part was edited; move your text below it, "
            "and empty the generated part to have it updated"
        )
    return rest[: begin.start()] + _generated(wanted).removesuffix("\n") + rest[end.end() :]


def _single(marker: re.Pattern[str], text: str) -> re.Match[str]:
    found = list(marker.finditer(text))
    if len(found) != 1:
        raise UnsafeUpdateError("a marker of its generated part is missing or repeated")
    return found[0]


def _check_reader_section(rest: str, begin: int, end: int) -> None:
    """Raise UnsafeUpdateError unless the reader's section has both markers or none, outside our part."""
    markers = [(match[1], match.start()) for match in _NOTES.finditer(rest)]
    inside = any(begin < position < end for _, position in markers)
    if begin > end or inside or [name for name, _ in markers] not in ([], ["begin", "end"]):
        raise UnsafeUpdateError("its markers are missing, repeated or out of order")
