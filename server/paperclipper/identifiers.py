"""Parsing and normalising arXiv ids and versions, DOIs and URLs.

Pure. The schemes are arXiv ids (https://info.arxiv.org/help/arxiv_identifier.html), DOIs (ISO 26324, in ASCII
lower case) and, for papers with neither, canonical URLs.
"""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from paperclipper.errors import InvalidInputError
from paperclipper.model import Identifier, Scheme

_NEW_ARXIV = re.compile(r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v([1-9]\d{0,2}))?", re.ASCII)
_OLD_ARXIV = re.compile(
    r"([a-z][a-z-]{1,15}(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v([1-9]\d{0,2}))?", re.ASCII
)
_ARXIV_PATH = re.compile(r"/(?:abs|pdf|html|papers|format|src|e-print)/(.+?)(?:\.pdf|\.md)?/?")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S{1,256}")
_DOI_LINK = re.compile(r"https?://(?:dx\.)?doi\.org/(.+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)")
_ARXIV_HOSTS = {
    "arxiv.org",
    "export.arxiv.org",
    "huggingface.co",
    "alphaxiv.org",
    "ar5iv.labs.arxiv.org",
    "hf.co",
}
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|ref|source")
MAX_URL = 2048


class EPrint(NamedTuple):
    """An arXiv id without its version, and the version if specified."""

    id: str
    version: int | None


def parse_arxiv(text: str) -> EPrint | None:
    """Parse an arXiv id (with or without `arXiv:`), an arXiv link or an arXiv DOI. Otherwise, return None."""
    text = re.sub(r"(?i)^arxiv:\s*", "", text.strip())
    if "://" in text:
        text = _id_in_url(text) or ""
    doi = _ARXIV_DOI.fullmatch(text.lower())
    if doi:
        text = doi[1]
    match = _NEW_ARXIV.fullmatch(text) or _OLD_ARXIV.fullmatch(text)
    if not match:
        return None
    return EPrint(match[1], int(match[2]) if match[2] else None)


def _id_in_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if host in {"doi.org", "dx.doi.org"}:
        return unquote(parts.path.lstrip("/"))
    match = _ARXIV_PATH.fullmatch(parts.path) if host in _ARXIV_HOSTS else None
    return match[1] if match else None


def parse_doi(text: str) -> str | None:
    """Parse a DOI (with or without `doi:`) or a doi.org link. Return the DOI in lower case, or None."""
    text = re.sub(r"(?i)^doi:\s*", "", text.strip())
    link = _DOI_LINK.fullmatch(text)
    text = unquote(link[1]) if link else text
    return text.lower() if _DOI.fullmatch(text) else None


def check_url(url: str) -> str:
    """Return the URL if it uses http or https, has a host, and contains no user name or control characters.

    Raise InvalidInputError otherwise.
    """
    if len(url) > MAX_URL or " " in url or not url.isprintable():
        raise InvalidInputError(
            "This is not a web address: it is too long, or contains spaces or control characters."
        )
    if not _is_http(url):
        raise InvalidInputError(
            "This is not a web address: it must start with http:// or https:// and include a host."
        )
    return url


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and has_host and "@" not in parts.netloc and "\\" not in url


def is_url(text: str) -> bool:
    """Return whether `check_url` accepts the text."""
    try:
        check_url(text)
    except InvalidInputError:
        return False
    return True


def canonical_url(url: str) -> str:
    """Normalise a URL: lower-case the host and remove fragment, tracking parameters and trailing slash."""
    parts = urlsplit(check_url(url))
    name = (parts.hostname or "").lower()
    host = f"[{name}]" if ":" in name else name
    default_port = 80 if parts.scheme == "http" else 443
    port = f":{parts.port}" if parts.port not in (None, default_port) else ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    return urlunsplit((parts.scheme, host + port, path or "/", query, ""))


def identify(arxiv_id: str = "", doi: str = "", url: str = "") -> tuple[Identifier, ...]:
    """Return the canonical identifiers of a paper from the values on a page, most significant first.

    A DOI issued by arXiv is converted to the arXiv id. The URL is used only if there is no other identifier,
    because a paper's list page, abstract page and PDF have different URLs. Raise InvalidInputError with a
    pointer to the invalid value.
    """
    found: list[Identifier] = []
    if arxiv_id:
        found.append(_arxiv_identifier(arxiv_id))
    if doi:
        found.append(_doi_identifier(doi))
    if url and not found:
        found.append(_url_identifier(url))
    return tuple(dict.fromkeys(found))


def _arxiv_identifier(text: str) -> Identifier:
    eprint = parse_arxiv(text)
    if eprint is None:
        raise InvalidInputError(
            "This is not an arXiv id. Valid ids look like 2401.12345 or hep-th/9901001.", "/arxiv_id"
        )
    return Identifier(Scheme.ARXIV, eprint.id)


def _doi_identifier(text: str) -> Identifier:
    doi = parse_doi(text)
    if doi is None:
        raise InvalidInputError("This is not a DOI. Valid DOIs look like 10.1000/182.", "/doi")
    arxiv = parse_arxiv(doi) if _ARXIV_DOI.fullmatch(doi) else None
    return Identifier(Scheme.ARXIV, arxiv.id) if arxiv else Identifier(Scheme.DOI, doi)


def _url_identifier(url: str) -> Identifier:
    try:
        return parse(url)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), "/url") from error


def parse(text: str) -> Identifier:
    """Parse `arxiv:…`, `doi:…`, `url:…`, a link or a bare id. Raise InvalidInputError for anything else."""
    text = text.strip().removeprefix("url:")
    eprint = parse_arxiv(text)
    if eprint:
        return Identifier(Scheme.ARXIV, eprint.id)
    doi = parse_doi(text)
    if doi:
        return Identifier(Scheme.DOI, doi)
    return Identifier(Scheme.URL, canonical_url(text))


def arxiv_abstract_url(arxiv_id: str, version: int | None = None) -> str:
    """Return the URL of the abstract page on arXiv."""
    return f"https://arxiv.org/abs/{_versioned(arxiv_id, version)}"


def arxiv_pdf_url(arxiv_id: str, version: int | None = None) -> str:
    """Return the URL of the PDF on arXiv."""
    return f"https://arxiv.org/pdf/{_versioned(arxiv_id, version)}"


def _versioned(arxiv_id: str, version: int | None) -> str:
    return f"{arxiv_id}v{version}" if version else arxiv_id


def digest_paper_url(arxiv_id: str) -> str:
    """Return the URL of the paper's page in the digest."""
    return f"https://huggingface.co/papers/{arxiv_id}"


def fold_title(title: str) -> str:
    """Return the title folded for comparison: letters and digits only, without case or accents.

    LaTeX commands are folded to their names, because the digest shows them without the backslash.
    """
    decomposed = unicodedata.normalize("NFKD", title).casefold()
    folded = "".join(c for c in decomposed if c.isalnum())
    return folded or " ".join(decomposed.split())
