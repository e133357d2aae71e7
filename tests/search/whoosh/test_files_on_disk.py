"""What we read of a segment as arrays is what Whoosh reads. Fails if a new Whoosh changes its format."""

import time
from array import array

import numpy as np
import pytest
from whoosh.reading import TermNotFound

from paperclipper.search.document import LABELS, NUMBERS, STEMS, TITLE, WORDS
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.postings.arrays import POSITION_BITS
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.schema import PAPER
from search.index.list_source import ListSource, invented, paper

LOW = (1 << POSITION_BITS) - 1


@pytest.fixture(scope="module")
def segment(tmp_path_factory):
    """A segment with a paper without text and a deleted paper."""
    index = WhooshIndex(tmp_path_factory.mktemp("raw") / "lib")
    many = [paper(f"k{i}", "", "keel " * (1 + i % 2)) for i in range(100)]
    odd = paper("odd", "Œuvre — 機械学習 naïve", "Łódź keel", upvotes=7)
    source = ListSource([*invented(300), *many, odd, paper("bare", "")])
    assert index.catch_up(source, time.monotonic() + 60)
    source.remove("p7")
    assert index.catch_up(source, time.monotonic() + 60)
    yield max(index._current_snapshot().view.segments, key=lambda segment: segment.count)
    index.close()


def read_by_whoosh(reader, field, term):
    """Return what Whoosh's matcher yields: numbers, weights and values."""
    matcher, found = reader.postings(field, term), []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight(), matcher.value()))
        matcher.next()
    return found


def test_every_term_and_its_postings(segment):
    reader, seen = segment.reader, set()
    for field, term in reader.all_terms():
        seen.add((field, term))
        own, text = read_by_whoosh(reader, field, term), term.decode()
        numbers, weights = segment.postings(field, text)
        live = segment.live[numbers]
        assert [(n, w) for n, w, _ in own] == list(
            zip(numbers[live].tolist(), weights[live].tolist(), strict=True)
        )
        info = reader.term_info(field, term)
        assert (
            segment.terms(field).frequency(term) == reader.doc_frequency(field, term) == info.doc_frequency()
        )
        assert (info.weight(), info.max_weight()) == (weights.sum(), weights.max())
        assert reader.frequency(field, term) == weights.sum()
        if field == WORDS:
            positions = segment.positions(text)
            assert {n: array("I", v).tolist() for n, _, v in own} == {
                n: (positions[positions >> POSITION_BITS == n] & LOW).tolist() for n, _, _ in own
            }
        elif field == STEMS:
            assert segment.zone_masks(field, text)[live].tolist() == [array("H", v)[0] for _, _, v in own]
        else:
            assert (
                segment.stored_postings.zone_masks(field, 0, 1)
                is segment.stored_postings.positions(field, 0, 1)
                is None
            )
    assert seen == {(field, term) for field, terms in segment.columns.terms.items() for term in terms}


def test_missing_terms(segment):
    assert not len(segment.postings(STEMS, "zebra").numbers)
    assert not len(segment.positions("zebra"))
    assert not len(segment.zone_masks(STEMS, "zebra"))
    assert segment.terms(STEMS).frequency(b"") == 0
    assert not len(segment.terms("no such field"))
    assert (STEMS, b"zebra") not in segment.reader
    with pytest.raises(TermNotFound):
        segment.reader.term_info(STEMS, b"zebra")


def test_whoosh_iterates_over_the_terms(segment):
    reader = segment.reader
    assert set(reader.indexed_field_names()) == set(segment.columns.terms)
    words = [term.decode() for term in segment.terms(WORDS)]
    cursor = reader.cursor(WORDS)
    assert (cursor.first(), cursor.next(), cursor.find("keel"), cursor.text()) == (*words[:2], "keel", "keel")
    assert cursor.term_info().doc_frequency() == segment.terms(WORDS).frequency(b"keel")
    assert cursor.find("\U0010ffff") is cursor.term_info() is None
    assert not cursor.is_valid()
    with_prefix = [term.decode() for term in reader.expand_prefix(WORDS, "k")]
    assert with_prefix == [word for word in words if word.startswith("k")] != []
    assert [(term, info.doc_frequency()) for term, info in reader.iter_field(LABELS)] == [
        (term, segment.terms(LABELS).frequency(term)) for term in segment.terms(LABELS)
    ]


def test_every_column(segment):
    reader = segment.reader
    for name in NUMBERS:
        assert internals.number_column(reader, name).tolist() == list(
            reader.column_reader(name, translate=False)
        )
    assert internals.text_column(reader, PAPER) == [
        reader.stored_fields(i)[PAPER] for i in range(reader.doc_count_all())
    ]
    for field in (STEMS, TITLE):
        own = [reader.doc_field_length(i, field) or 0 for i in range(reader.doc_count_all())]
        assert internals.field_lengths(reader, field).tolist() == own
    assert (
        np.flatnonzero(~segment.live).tolist()
        == [i for i in range(segment.count) if reader.is_deleted(i)]
        != []
    )
