"""What is read of Whoosh's inside, against what Whoosh reads itself: fails when a new Whoosh writes otherwise."""

import time
from array import array

import numpy as np
import pytest

from index_feed import ListFeed, invented, paper
from paperclipper.search import whoosh_raw
from paperclipper.search.document import NUMBERS, STEMS, TITLE, WORDS
from paperclipper.search.postings import PLACE_BITS
from paperclipper.search.whoosh_index import WhooshIndex
from paperclipper.search.whoosh_schema import PAPER


@pytest.fixture(scope="module")
def segment(tmp_path_factory):
    """Enough papers for several blocks of postings, one without any text, one deleted."""
    index = WhooshIndex(tmp_path_factory.mktemp("raw") / "lib")
    many = [paper(f"k{i}", "", "keel " * (1 + i % 2)) for i in range(4200)]
    odd = paper("odd", "Œuvre — 機械学習 naïve", "Łódź keel", upvotes=7)
    feed = ListFeed([*invented(300), *many, odd, paper("bare", "")])
    assert index.catch_up(feed, time.monotonic() + 60)
    feed.remove("p7")
    assert index.catch_up(feed, time.monotonic() + 60)
    yield max(index._refreshed()._view.segments, key=lambda segment: segment.count)
    index.close()


def test_every_term_and_its_postings(segment):
    terms = whoosh_raw.terms(segment.reader)
    seen = {field: [] for field in terms}
    for field, term in segment.reader.all_terms():
        seen[field].append(term)
        assert terms[field].frequency(term) == segment.reader.doc_frequency(field, term)
        raw = whoosh_raw.postings(segment.reader, terms[field].extents(term))
        matcher = segment.reader.postings(field, term)
        own, values = {}, {}
        while matcher.is_active():
            own[matcher.id()], values[matcher.id()] = matcher.weight(), matcher.value()
            matcher.next()
        stays = segment.alive[raw.numbers]
        read = dict(zip(raw.numbers[stays].tolist(), raw.weights[stays].tolist(), strict=True))
        assert read == pytest.approx(own)
        if field == WORDS:
            places = segment.postings(field, term.decode()).places
            for number, value in values.items():
                of_paper = places[places >> PLACE_BITS == number] & (1 << PLACE_BITS) - 1
                assert of_paper.tolist() == sorted(array("I", value))
        elif field == STEMS:
            parts = dict(zip(raw.numbers.tolist(), segment.postings(field, term.decode()).parts.tolist(), strict=True))
            assert {number: parts[number] for number in values} == {n: array("H", v)[0] for n, v in values.items()}
    assert seen == {field: [terms[field][i] for i in range(len(terms[field]))] for field in terms}
    assert terms[STEMS].extents(b"zebra") is None
    assert terms[STEMS].frequency(b"") == 0


def test_every_column(segment):
    reader = segment.reader
    for name in NUMBERS:
        assert whoosh_raw.numbers(reader, name).tolist() == list(reader.column_reader(name, translate=False))
    assert whoosh_raw.texts(reader, PAPER) == [reader.stored_fields(i)[PAPER] for i in range(reader.doc_count_all())]
    for field in (STEMS, TITLE):
        own = [reader.doc_field_length(i, field) or 0 for i in range(reader.doc_count_all())]
        assert whoosh_raw.lengths(reader, field).tolist() == own
    assert np.flatnonzero(~segment.alive).tolist() == [i for i in range(segment.count) if reader.is_deleted(i)] != []


def test_what_is_no_list_of_postings_is_refused(segment):
    with pytest.raises(ValueError, match="no postings"):
        whoosh_raw.postings(segment.reader, np.array([[1, 10]]))
