"""A paper as the index holds it. Pure: from model to postings; must not know how an index keeps them.

`batch` makes the same of many papers at once, and quicker.
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
STEMS = "stems"  # all texts, stemmed, without filler: what is scored
WORDS = "words"  # all texts as written, with positions: phrases, beginnings of words
TITLE = "title"  # the title, stemmed: scored once more
WHOLE_TITLE = "whole_title"  # all of the title in one term, see `whole_title`
ACRONYMS = "acronyms"  # "abc=expansion" and "expansion=abc" for each pair that the paper explains
LABELS = "labels"  # tag ids, status and the like, to filter and count by

# Its numbers, by which one filters and sorts. 0 where there is none.
CLIPPED = "clipped"  # milliseconds since 1970
PUBLISHED = "published"  # the day's proleptic ordinal
UPVOTES = "upvotes"  # one more than the most that a clip saw
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
"""The kinds of text, in the order of their bits in `Posting.zone_mask` and of their zones of positions."""
_WEIGHTS = {"title": 3.0, "note": 4.0, "quote": 4.0, "link": 0.5}
ZONE_BITS = 20
LAST_PLACE = (1 << ZONE_BITS) - 1
GAP = 100  # keeps a phrase from reaching over from one text into the next

FACETS = ("tag", "status", "year", "author", "org", "has", "is")
"""The labels that are counted over all matches; a label is its facet, a colon and a value."""
OPEN_FACETS = ("author", "org")
"""Those that have about as many values as there are papers."""
PASSED_OVER = "is:passed-over"  # only dismissed, never clipped: not the reader's
SKIPPED = "is:dismissed"


class Posting:
    """A term in one field of one document.

    `zone_mask` has a bit for each kind of text that the term is in; `positions` (`WORDS` alone has them) count words over
    all texts, with the kind of text, counted from 1, in the bits above `ZONE_BITS`.
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
    """What an index keeps of a paper: postings by field and term, and numbers."""

    paper_id: str
    stamp: int
    fields: Mapping[str, Postings]
    numbers: Mapping[str, int]


class Text(NamedTuple):
    """A text of a paper, under the name that a reader is told when it matched."""

    field: str
    text: str


def texts(paper: Paper) -> Iterator[Text]:
    """All that is searched of a paper, in the order in which a reader wants to be told of matches."""
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
    yield Text("identifier", ", ".join(i.value for i in facts.identifiers))
    if facts.code_url or facts.project_url:
        yield Text("link", ", ".join(url.partition("://")[2] for url in (facts.code_url, facts.project_url)))


def document(entry: IndexEntry) -> IndexDocument:
    """The index document of a live entry, in the state that the store stamped so."""
    paper = entry.paper
    assert paper is not None
    exact = _words([text for text in texts(paper) if text.text])
    scored = {WORDS: exact, STEMS: _stems(exact), TITLE: _title(paper.facts.title)}
    unscored = {
        field: {term: Posting() for term in terms} for field, terms in unscored_terms(entry, paper).items()
    }
    return IndexDocument(entry.paper_id, entry.index_stamp, scored | unscored, numbers(paper))


def unscored_terms(entry: IndexEntry, paper: Paper) -> dict[str, list[str]]:
    """The terms of the fields that say no more than that a term is there, each once."""
    found = {
        WHOLE_TITLE: filter(None, whole_title(paper.facts.title)),
        ACRONYMS: _acronyms(paper),
        LABELS: _labels(entry, paper),
    }
    return {field: list(dict.fromkeys(terms)) for field, terms in found.items()}


def faceted(labels: Iterable[str]) -> list[str]:
    """The labels that are counted over all matches."""
    return [label for label in labels if label.partition(":")[0] in FACETS]


def zone_weight(number: int) -> float:
    """What a word weighs in the kind of text with this number."""
    return _WEIGHTS.get(ZONES[number], 1.0) if number < len(ZONES) else 1.0


def signature(it: IndexDocument) -> int:
    """One number for all that a document holds, whatever its order. Comparable within one process."""
    return sum(
        posting_signature(field, term, posting.weight, posting.positions)
        for field, postings in it.fields.items()
        for term, posting in postings.items()
    ) + sum(number_signature(name, number) for name, number in it.numbers.items())


def posting_signature(field: str, term: str, weight: float, positions: Iterable[int]) -> int:
    """A posting's part in its document's signature."""
    return hash((field, term, weight, tuple(sorted(positions))))


def number_signature(name: str, number: int) -> int:
    """A number's part in its document's signature."""
    return hash((name, number))


def whole_title(title: str) -> tuple[str, str]:
    """A title as one term, in two ways: its words in order, so that a title's beginning is the term's beginning; and
    one that does not mind filler, order and inflection, and is never the beginning of the other.

    Empty where there are no words for it.
    """
    found = word_texts(title)
    telling = {stem(word) for word in found if word not in STOP_WORDS}
    return " ".join(found), "=" + " ".join(sorted(telling)) if telling else ""


def _words(parts: Iterable[Text]) -> dict[str, Posting]:
    """Every word, and every compound as one word, where it begins and where it ends."""
    found: dict[str, Posting] = {}
    place = 0
    for part in parts:
        zone = ZONES.index(part.field)
        weight, bit, base = _WEIGHTS.get(part.field, 1.0), 1 << zone, (zone + 1) << ZONE_BITS
        for run in runs(part.text):
            for chain in run_chains(run):
                begin = place
                for word, _, _ in chain.words:
                    posting = found.get(word)
                    if posting is None:
                        found[word] = posting = Posting(0.0, 0)
                    posting.weight += weight
                    posting.count += 1
                    posting.zone_mask |= bit
                    posting.positions.append(base | min(place, LAST_PLACE))
                    place += 1
                for compound in chain.compounds:
                    posting = found.setdefault(compound, Posting(0.0, 0))
                    posting.weight += weight
                    posting.count += 1
                    posting.zone_mask |= bit
                    posting.positions += (base | min(begin, LAST_PLACE), base | min(place - 1, LAST_PLACE))
        place += GAP
    return found


def _stems(exact: Mapping[str, Posting]) -> dict[str, Posting]:
    found: dict[str, Posting] = {}
    for word, posting in exact.items():
        if word in STOP_WORDS:
            continue
        stemmed = stem(word)
        same = found.get(stemmed)
        if same is None:
            found[stemmed] = Posting(posting.weight, posting.count, posting.zone_mask)
        else:
            same.weight += posting.weight
            same.count += posting.count
            same.zone_mask |= posting.zone_mask
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
        yield PASSED_OVER
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
    """What one filters and sorts by, 0 where there is none."""
    upvotes = [clip.page.upvotes for clip in paper.clips if clip.page.upvotes is not None]
    return {
        CLIPPED: milliseconds(paper.clipped_at) if paper.clipped_at else 0,
        PUBLISHED: paper.facts.published.toordinal() if paper.facts.published else 0,
        UPVOTES: max(upvotes) + 1 if upvotes else 0,
    }


def milliseconds(moment: datetime) -> int:
    """A moment as `CLIPPED` holds it."""
    return int(moment.astimezone(UTC).timestamp() * 1000)
