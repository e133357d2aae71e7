"""Converts a paper into an index document: its postings and numbers.

Pure; must not depend on how an index stores documents. `postings.batch` computes the same postings for many
papers at once, and faster.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from paperclipper.model import IndexEntry, Paper
from paperclipper.search.text.acronyms import defined_acronyms
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import STOP_WORDS, run_chains, runs, word_texts

# The fields of an index document.
STEMS = "stems"  # all texts, stemmed, without stop words; used for scoring
WORDS = "words"  # all texts, unstemmed, with positions; used for phrases and prefixes
TITLE = "title"  # the title, stemmed; boosts the score
WHOLE_TITLE = "whole_title"  # the whole title as one term, see `title_terms`
ACRONYMS = "acronyms"  # "abc=expansion" and "expansion=abc" for each acronym the paper defines
LABELS = "labels"  # tag ids, statuses and the like; used for filters and facets

# The number columns of an index document, used for filtering and sorting. 0 means unknown.
CLIPPED = "clipped"  # milliseconds since 1970
PUBLISHED = "published"  # proleptic Gregorian ordinal of the day
UPVOTES = "upvotes"  # one more than the highest count seen by a clip
NUMBERS = (CLIPPED, PUBLISHED, UPVOTES)

ZONES = (
    "title",
    "abstract",
    "note",
    "quote",
    "author",
    "organisation",
    "keywords",
    "venue",
    "summary",
    "identifier",
    "link",
)
"""The kinds of text. Their order defines the bits of `Posting.zone_mask` and the zones in positions."""
_WEIGHTS = {"title": 3.0, "note": 4.0, "quote": 4.0, "link": 0.5}
ZONE_BITS = 20
MAX_POSITION = (1 << ZONE_BITS) - 1
POSITION_GAP = 100  # between texts, so that no phrase matches across two texts

FACETS = ("tag", "status", "year", "author", "org", "has", "is")
"""The facets counted over all matches. A label consists of a facet, a colon and a value."""
OPEN_FACETS = ("author", "org")
"""The facets whose number of values grows with the number of papers."""
NEVER_CLIPPED = "is:passed-over"  # skipped but never clipped, so not one of the reader's papers
SKIPPED = "is:dismissed"


class Posting:
    """A term in one field of one document.

    `zone_mask` has a bit for each kind of text that contains the term. `positions`, only present in `WORDS`,
    count words across all texts of the paper; the bits above `ZONE_BITS` are the zone, counting from 1.
    """

    __slots__ = ("count", "positions", "weight", "zone_mask")

    def __init__(self, weight: float = 1.0, count: int = 1, zone_mask: int = 0) -> None:
        self.weight = weight
        self.count = count
        self.zone_mask = zone_mask
        self.positions: list[int] = []


Postings = Mapping[str, Posting]


@dataclass(frozen=True)
class IndexDocument:
    """The indexed form of a paper: postings by field and term, and numbers by column."""

    paper_id: str
    stamp: int
    fields: Mapping[str, Postings]
    numbers: Mapping[str, int]


class Text(NamedTuple):
    """A text of a paper, and the kind of text."""

    field: str
    text: str


def texts(paper: Paper) -> Iterator[Text]:
    """Yield all searchable texts of a paper, in the order in which matches are listed."""
    facts = paper.facts
    yield Text("title", facts.title)
    yield Text("abstract", facts.abstract)
    for annotation in paper.annotations:
        yield Text("note", annotation.draft.body)
        if annotation.draft.quote:
            yield Text("quote", annotation.draft.quote.exact)
    yield Text("author", ", ".join(facts.authors))
    yield Text("organisation", facts.organisation)
    yield Text("keywords", ", ".join(facts.keywords))
    yield Text("venue", facts.venue)
    yield Text("summary", facts.ai_summary)
    yield Text("identifier", ", ".join(identifier.value for identifier in facts.identifiers))
    if facts.code_url or facts.project_url:
        yield Text("link", ", ".join(url.partition("://")[2] for url in (facts.code_url, facts.project_url)))


def document(entry: IndexEntry) -> IndexDocument:
    """Return the index document of an entry. Its paper must not have been deleted."""
    paper = entry.paper
    assert paper is not None
    exact = _words([text for text in texts(paper) if text.text])
    scored = {WORDS: exact, STEMS: _stems(exact), TITLE: _title(paper.facts.title)}
    unscored = {
        field: {term: Posting() for term in terms} for field, terms in unscored_terms(entry, paper).items()
    }
    return IndexDocument(entry.paper_id, entry.index_stamp, scored | unscored, numbers(paper))


def unscored_terms(entry: IndexEntry, paper: Paper) -> dict[str, list[str]]:
    """Return the distinct terms of each unscored field."""
    terms = {
        WHOLE_TITLE: filter(None, title_terms(paper.facts.title)),
        ACRONYMS: _acronyms(paper),
        LABELS: _labels(entry, paper),
    }
    return {field: list(dict.fromkeys(found)) for field, found in terms.items()}


def facet_labels(labels: Iterable[str]) -> list[str]:
    """Return the labels that belong to facets."""
    return [label for label in labels if label.partition(":")[0] in FACETS]


def zone_weight(number: int) -> float:
    """Return the weight of a word in a zone."""
    return _WEIGHTS.get(ZONES[number], 1.0) if number < len(ZONES) else 1.0


def signature(index_document: IndexDocument) -> int:
    """Return an order-independent hash of a document's contents. Only comparable within one process."""
    return sum(
        posting_signature(field, term, posting.weight, posting.positions)
        for field, postings in index_document.fields.items()
        for term, posting in postings.items()
    ) + sum(number_signature(name, number) for name, number in index_document.numbers.items())


def posting_signature(field: str, term: str, weight: float, positions: Iterable[int]) -> int:
    """Return the contribution of a posting to the signature of its document."""
    return hash((field, term, weight, tuple(sorted(positions))))


def number_signature(name: str, number: int) -> int:
    """Return the contribution of a number to the signature of its document."""
    return hash((name, number))


def title_terms(title: str) -> tuple[str, str]:
    """Return two terms for a whole title: its words in order, and its distinct stems in alphabetical order.

    A prefix of the title is a prefix of the first term. The second term ignores stop words, word order and
    inflection; it starts with `=`, so that the two never share a prefix. Terms without words are empty.
    """
    found = word_texts(title)
    stems = {stem(word) for word in found if word not in STOP_WORDS}
    return " ".join(found), "=" + " ".join(sorted(stems)) if stems else ""


def _words(paper_texts: Iterable[Text]) -> dict[str, Posting]:
    """Return the postings of all words, and of compounds at the positions of their first and last words."""
    found: dict[str, Posting] = {}
    position = 0
    for text in paper_texts:
        zone = ZONES.index(text.field)
        for run in runs(text.text):
            for chain in run_chains(run):
                first = position
                for word in chain.words:
                    _add(found, word.text, zone, position)
                    position += 1
                for compound in chain.compounds:
                    _add(found, compound, zone, first, position - 1)
        position += POSITION_GAP
    return found


def _add(found: dict[str, Posting], term: str, zone: int, *positions: int) -> None:
    """Add one occurrence of a term to its posting."""
    posting = found.setdefault(term, Posting(0.0, 0))
    posting.weight += zone_weight(zone)
    posting.count += 1
    posting.zone_mask |= 1 << zone
    posting.positions += [(zone + 1) << ZONE_BITS | min(position, MAX_POSITION) for position in positions]


def _stems(exact: Mapping[str, Posting]) -> dict[str, Posting]:
    found: dict[str, Posting] = {}
    for word, posting in exact.items():
        if word not in STOP_WORDS:
            merged = found.setdefault(stem(word), Posting(0.0, 0))
            merged.weight += posting.weight
            merged.count += posting.count
            merged.zone_mask |= posting.zone_mask
    return found


def _title(title: str) -> dict[str, Posting]:
    return _stems(_words([Text("title", title)])) if title else {}


def _acronyms(paper: Paper) -> Iterator[str]:
    for text in (paper.facts.title, paper.facts.abstract, *(note.draft.body for note in paper.annotations)):
        if "(" in text:
            for short, long in defined_acronyms(text):
                yield f"{short}={long}"
                yield f"{long}={short}"


def _labels(entry: IndexEntry, paper: Paper) -> Iterator[str]:
    facts = paper.facts
    if entry.skipped:
        yield SKIPPED
    if not paper.is_mine:
        yield NEVER_CLIPPED
        return
    yield f"status:{paper.status}"
    yield from (f"tag:{tag.id}" for tag in paper.tags)
    yield from (f"author:{name}" for name in facts.authors)
    if facts.published:
        yield f"year:{facts.published.year}"
    having = {
        "is:starred": paper.starred,
        f"org:{facts.organisation}": facts.organisation,
        "has:code": facts.code_url,
        "has:note": paper.notes,
        "has:highlight": paper.highlights,
    }
    yield from (label for label, has in having.items() if has)
    yield from (f"digest:{clip.page.digest_day.isoformat()}" for clip in paper.clips if clip.page.digest_day)


def numbers(paper: Paper) -> dict[str, int]:
    """Return the numbers of a paper used for filtering and sorting; 0 if unknown."""
    upvotes = [clip.page.upvotes for clip in paper.clips if clip.page.upvotes is not None]
    return {
        CLIPPED: milliseconds(paper.clipped_at) if paper.clipped_at else 0,
        PUBLISHED: paper.facts.published.toordinal() if paper.facts.published else 0,
        UPVOTES: max(upvotes) + 1 if upvotes else 0,
    }


def milliseconds(moment: datetime) -> int:
    """Convert a time to milliseconds since 1970, the unit of `CLIPPED`."""
    return int(moment.astimezone(UTC).timestamp() * 1000)
