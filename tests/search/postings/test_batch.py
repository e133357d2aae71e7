"""A batch has the same postings for many papers as `document` has for each."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.model import IndexEntry
from paperclipper.search.document import STEMS, TITLE, WORDS, document, unscored_terms
from paperclipper.search.postings.arrays import POSITION_BITS
from paperclipper.search.postings.batch import MAX_PAPERS, Batch, RunCache
from search.index.list_source import paper
from search.scoring import golden

LOW = (1 << POSITION_BITS) - 1
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


def stored_values(found, index):
    """Return what is stored with each posting of a term: the positions in its paper, or the zone mask."""
    start, end = found.offsets[index : index + 2].tolist()
    if found.positions is not None:
        positions = found.positions[slice(*found.position_offsets[index : index + 2].tolist())]
        assert positions.tolist() == sorted(positions.tolist())
        return [
            (positions[positions >> POSITION_BITS == number] & LOW).tolist()
            for number in found.numbers[start:end]
        ]
    return [None] * (end - start) if found.zone_masks is None else found.zone_masks[start:end].tolist()


def by_paper(postings):
    """(paper, field, term) -> weight and stored value."""
    read = {}
    for found in postings:
        assert list(found.terms) == sorted(set(found.terms))
        for index, (term, (start, end)) in enumerate(
            zip(found.terms, pairwise(found.offsets.tolist()), strict=True)
        ):
            assert start < end
            assert list(found.numbers[start:end]) == sorted(set(found.numbers[start:end].tolist()))
            weights = [1.0] * (end - start) if found.weights is None else found.weights[start:end].tolist()
            for i, written in enumerate(stored_values(found, index)):
                read[int(found.numbers[start + i]), found.field, term.decode()] = (weights[i], written)
    return read


def written(field, posting):
    if field == WORDS:
        return sorted(posting.positions)
    return posting.zone_mask if field == STEMS else None


@given(PAPERS, PAPERS)
def test_a_batch_has_the_postings_of_each_document_whatever_is_cached(earlier, papers):
    run_cache = RunCache()
    before = Batch(run_cache)
    for number, entry in enumerate(entries(earlier)):
        before.add(number, entry.paper, {})
    batch, expected = Batch(run_cache), {}
    for number, entry in enumerate(entries(papers)):
        it = document(entry)
        lengths = batch.add(number, entry.paper, unscored_terms(entry, entry.paper))
        assert lengths == {
            field: sum(each.count for each in it.fields[field].values()) for field in (STEMS, TITLE)
        }
        for field, postings in it.fields.items():
            for term, posting in postings.items():
                expected[number, field, term] = (posting.weight, written(field, posting))
    postings = list(batch.postings())
    assert [found.field for found in postings] == sorted({found.field for found in postings})
    assert by_paper(postings) == expected


def test_a_full_batch_raises():
    with pytest.raises(ValueError, match="16384 papers"):
        Batch(RunCache()).add(MAX_PAPERS, paper("a", "keel"), {})
