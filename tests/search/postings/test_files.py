"""Postings are read as they were written, one term or many terms at a time."""

import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.postings.arrays import POSITION_BITS, FieldPostings
from paperclipper.search.postings.files import PostingsReader, PostingsWriter

PAPERS = st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True).map(sorted)
TERMS = st.dictionaries(st.text(max_size=6).map(str.encode), PAPERS, max_size=6)
KINDS = st.fixed_dictionaries({kind: st.booleans() for kind in ("weights", "zone_masks", "positions")})
FIELDS = st.dictionaries(st.sampled_from(("authors", "stems", "words")), st.tuples(TERMS, KINDS))


class Memory(io.BytesIO):
    """A file that can still be read after it is closed."""

    def get(self, position, length):
        return self.getvalue()[position : position + length]

    def close(self):
        pass


def postings(field, terms, kinds):
    """Return invented postings. Paper n has each term at n % 4 positions."""
    numbers = np.array([paper for papers in terms.values() for paper in papers], np.int64)
    starts = np.cumsum([0, *map(len, terms.values())])
    positions = np.array(
        [paper << POSITION_BITS | i for paper in numbers for i in range(paper % 4)], np.int64
    )
    ends = np.cumsum([0, *(sum(paper % 4 for paper in papers) for papers in terms.values())])
    found = FieldPostings(field, list(terms), starts, numbers)
    if kinds["weights"]:
        found = found._replace(weights=np.arange(len(numbers)) / 2)
    if kinds["zone_masks"]:
        found = found._replace(zone_masks=np.arange(len(numbers)) % 2048)
    return found._replace(positions=positions, position_offsets=ends) if kinds["positions"] else found


def pieces(found):
    """Split postings in two, as a merge yields them."""
    half = len(found.terms) // 2
    return [
        part for part in (slice_of(found, 0, half), slice_of(found, half, len(found.terms))) if part.terms
    ]


def slice_of(found, first, last):
    begin, end = found.offsets[[first, last]]
    cut = {
        kind: None if (column := getattr(found, kind)) is None else column[begin:end]
        for kind in ("weights", "zone_masks")
    }
    part = found._replace(terms=found.terms[first:last], numbers=found.numbers[begin:end], **cut)
    part = part._replace(offsets=found.offsets[first : last + 1] - begin)
    if found.positions is None:
        return part
    begin, end = found.position_offsets[[first, last]]
    return part._replace(
        positions=found.positions[begin:end],
        position_offsets=found.position_offsets[first : last + 1] - begin,
    )


def listed(column):
    return None if column is None else column.tolist()


@given(FIELDS)
def test_postings_are_read_as_they_were_written(fields):
    files = {}
    writer = PostingsWriter(lambda kind: files.setdefault(kind, Memory()))
    made = [
        postings(field, dict(sorted(terms.items())), kinds)
        for field, (terms, kinds) in sorted(fields.items())
        if terms
    ]
    for found in made:
        for piece in pieces(found):
            writer.add(piece)
    writer.close()
    reader = PostingsReader(files.__getitem__, lambda kind: len(files[kind].getvalue()))
    assert list(reader.fields) == [found.field for found in made]
    for found in made:
        terms = reader.terms(found.field)
        assert list(terms) == found.terms
        assert [terms.index_of(term) for term in found.terms] == list(range(len(terms)))
        ranges = [(0, len(terms)), *((i, i + 1) for i in range(len(terms)))]
        for first, last in ranges:
            expected = slice_of(found, first, last)
            for kind in ("numbers", "weights", "zone_masks", "positions"):
                assert listed(getattr(reader, kind)(found.field, first, last)) == listed(
                    getattr(expected, kind)
                )
            if found.positions is not None:
                assert (
                    reader.position_counts(found.field, first, last).tolist()
                    == np.diff(expected.position_offsets).tolist()
                )
