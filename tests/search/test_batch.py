"""That many papers at once become what `document` makes of each."""

from array import array
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

import golden
from index_feed import paper
from paperclipper.model import IndexEntry
from paperclipper.search.batch import Batch
from paperclipper.search.document import STEMS, TITLE, WORDS, document, unscored_terms

PIECES = [text for text, _, _ in golden.ROWS] + [
    "",
    "the",
    "-",
    "keel",
    "Keels",
    "self-supervised",
    "机器学习",
    "GPT-4",
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join)
PAPERS = st.lists(
    st.builds(
        lambda title, abstract, notes, quotes, venue, authors: {
            "title": title,
            "abstract": abstract,
            "notes": notes,
            "quotes": quotes,
            "venue": venue,
            "authors": tuple(authors),
        },
        TEXT,
        TEXT,
        st.lists(TEXT, max_size=2),
        st.lists(TEXT.filter(bool), max_size=2),
        TEXT,
        st.lists(TEXT, max_size=2),
    ),
    max_size=4,
)


def entries(papers):
    made = [paper(f"p{i}", **facts) for i, facts in enumerate(papers)]
    return [IndexEntry(each.id, i + 1, each) for i, each in enumerate(made)]


def values(found):
    if not found.ends:
        return [b""] * len(found.numbers)
    return [found.values[start:end] for start, end in pairwise(found.ends)]


def by_paper(postings):
    """(paper, field, term) -> weight and what is written beside."""
    read = {}
    for found in postings:
        beside = values(found)
        assert list(found.terms) == sorted(set(found.terms))
        for term, (start, end) in zip(found.terms, pairwise(found.starts.tolist()), strict=True):
            assert start < end
            assert list(found.numbers[start:end]) == sorted(set(found.numbers[start:end].tolist()))
            for i in range(start, end):
                read[int(found.numbers[i]), found.field, term.decode()] = (float(found.weights[i]), beside[i])
    return read


def written(field, posting):
    if field == WORDS:
        return array("I", posting.positions).tobytes()
    return array("H", [posting.parts]).tobytes() if field == STEMS else b""


@given(PAPERS)
def test_many_papers_are_what_each_is(papers):
    batch, expected = Batch(), {}
    for number, entry in enumerate(entries(papers)):
        it = document(entry)
        lengths = batch.add(number, entry.paper, unscored_terms(entry, entry.paper))
        assert lengths == {field: sum(each.count for each in it.fields[field].values()) for field in (STEMS, TITLE)}
        for field, postings in it.fields.items():
            for term, posting in postings.items():
                expected[number, field, term] = (posting.weight, written(field, posting))
    postings = list(batch.postings())
    assert [found.field for found in postings] == sorted({found.field for found in postings})
    assert by_paper(postings) == expected
