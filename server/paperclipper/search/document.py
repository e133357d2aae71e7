"""A paper as the index holds it. Pure: from model to postings; must not know how an index keeps them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from paperclipper.model import Paper
from paperclipper.search.analysis import FILLER, Word, chains, joined, stem, words

# The fields of an index document.
STEMS = "stems"  # all texts, stemmed, without filler: what is scored
WORDS = "words"  # all texts as written, with positions: phrases, beginnings of words
TITLE = "title"  # the title, both stemmed and as written
WHOLE_TITLE = "whole_title"  # one term: all of the title
LABELS = "labels"  # tag ids, status and the like, to filter by

_TITLE_WEIGHT = 3.0
_READERS_WEIGHT = 3.0
_GAP = 100  # keeps a phrase from reaching over from one text into the next


@dataclass
class Posting:
    """A term in one field of one document. `positions` count words, over all texts of the paper."""

    weight: float
    positions: list[int]


Postings = Mapping[str, Posting]


@dataclass(frozen=True)
class IndexDocument:
    """What an index keeps of a paper: postings by field and term."""

    paper_id: str
    stamp: int
    fields: Mapping[str, Postings]


@dataclass(frozen=True)
class Text:
    """A text of a paper, under the name that a reader is told when it matched."""

    field: str
    text: str
    weight: float = 1.0


def texts(paper: Paper) -> Iterator[Text]:
    """All that is searched of a paper, in the order in which a reader wants to be told of matches."""
    facts = paper.facts
    yield Text("title", facts.title, _TITLE_WEIGHT)
    yield Text("abstract", facts.abstract)
    for annotation in paper.annotations:
        yield Text("note", annotation.draft.body, _READERS_WEIGHT)
        if annotation.draft.quote:
            yield Text("quote", annotation.draft.quote.exact, _READERS_WEIGHT)
    yield Text("authors", "\n".join(facts.authors))
    yield Text("organisation", facts.organisation)
    yield Text("keywords", ", ".join(facts.keywords))
    yield Text("summary", facts.ai_summary)
    yield Text("identifier", "\n".join(i.value for i in facts.identifiers))


def document(paper: Paper, stamp: int) -> IndexDocument:
    """The index document of a paper, in the state that the store stamped so."""
    fields = _text_fields(texts(paper))
    fields[TITLE] = _title_field(paper.facts.title)
    key = title_key(words(paper.facts.title))
    fields[WHOLE_TITLE] = {key: Posting(1.0, [0])} if key else {}
    fields[LABELS] = {label: Posting(1.0, [0]) for label in _labels(paper)}
    return IndexDocument(paper.id, stamp, fields)


def signature(fields: Iterable[tuple[str, Postings]]) -> int:
    """One number for all postings of a document, whatever their order. Comparable within one process."""
    return sum(
        posting_signature(field, term, posting.weight, posting.positions if field == WORDS else ())
        for field, postings in fields
        for term, posting in postings.items()
    )


def posting_signature(field: str, term: str, weight: float, positions: Iterable[int]) -> int:
    """A posting's part in its document's signature; only the field `WORDS` has positions."""
    return hash((field, term, weight, tuple(positions)))


def title_key(title: Iterable[Word]) -> str:
    """One term for a whole title, which does not mind filler and order."""
    return " ".join(sorted({stem(word.text) for word in title if word.text not in FILLER}))


def _text_fields(parts: Iterable[Text]) -> dict[str, Postings]:
    stems: dict[str, Posting] = defaultdict(lambda: Posting(0.0, []))
    exact: dict[str, Posting] = defaultdict(lambda: Posting(0.0, []))
    position = 0
    for part in parts:
        for chain in chains(list(words(part.text))):
            if len(chain) > 1:
                compound = joined(chain)
                _add(exact[compound], part.weight, position)
                _add(stems[stem(compound)], part.weight, position)
            for word in chain:
                _add(exact[word.text], part.weight, position)
                if word.text not in FILLER:
                    _add(stems[stem(word.text)], part.weight, position)
                position += 1
        position += _GAP
    return {STEMS: stems, WORDS: exact}


def _title_field(title: str) -> Postings:
    found: dict[str, Posting] = defaultdict(lambda: Posting(0.0, []))
    for position, word in enumerate(words(title)):
        if word.text not in FILLER:
            for term in {word.text, stem(word.text)}:
                _add(found[term], 1.0, position)
    return found


def _add(posting: Posting, weight: float, position: int) -> None:
    posting.weight += weight
    posting.positions.append(position)


def _labels(paper: Paper) -> Iterator[str]:
    yield f"status:{paper.status}"
    if paper.starred:
        yield "is:starred"
    for tag in paper.tags:
        yield f"tag:{tag.id}"
