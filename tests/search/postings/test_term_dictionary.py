"""Lookups in the term dictionary of a segment, and the most frequent terms of several segments."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.document import WORDS
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.postings.term_dictionary import TermDictionary
from search.index.list_source import ListSource, paper

TERMS = st.dictionaries(st.text("abcé", max_size=5).map(str.encode), st.integers(1, 9), max_size=80)


def terms_of(counts):
    sizes = np.array([len(term) for term in counts], np.uint32)
    return TermDictionary(b"".join(counts), sizes, np.array(list(counts.values()), np.uint32), sizes[:0])


@given(TERMS, st.text("abcé", max_size=3).map(str.encode), st.integers(1, 5))
def test_the_dictionary_has_the_terms_it_was_given(counts, prefix, limit):
    counts = dict(sorted(counts.items()))
    terms = terms_of(counts)
    assert (list(terms), len(terms)) == (list(counts), len(counts))
    assert {term: terms.frequency(term) for term in counts} == counts
    assert terms.frequency(prefix) == counts.get(prefix, 0)
    assert terms.lower_bound(prefix) == sum(term < prefix for term in counts)
    with_prefix = [term for term in counts if term.startswith(prefix)]
    assert terms.first_with_prefix(prefix, limit) == with_prefix[:limit]
    found, more = terms.most_frequent_with_prefix(prefix, limit)
    assert more == (len(with_prefix) > limit)
    assert dict(found).items() <= counts.items()
    assert (
        sorted(n for _, n in found)
        == sorted((counts[term] for term in with_prefix), reverse=True)[:limit][::-1]
    )


@pytest.fixture
def view(tmp_path):
    """Three segments, one of them with many words."""
    index, source = WhooshIndex(tmp_path / "lib"), ListSource()
    texts = [
        " ".join(f"keel{a}{b}" for a in "ab" for b in "abcdefgh") + " kit",
        "keelah keelzz kit",
        "keelah keelzz keelad",
    ]
    for number, text in enumerate(texts):
        source.put(paper(f"p{number}", text))
        assert index.catch_up(source, time.monotonic() + 60)
    yield index._current_snapshot().view
    index.close()


def test_most_frequent_terms_with_a_prefix(view):
    assert len(view.segments) == 3
    assert view.most_frequent_terms(WORDS, "keel", 1) == (["keelah"], True)
    assert view.most_frequent_terms(WORDS, "keel", 3) == (["keelah", "keelad", "keelzz"], True)
    assert view.most_frequent_terms(WORDS, "ki", 3) == (["kit"], False)
    assert view.most_frequent_terms(WORDS, "zebra", 3) == ([], False)
    assert [view.frequency(WORDS, word) for word in ("keelah", "keelad", "keelzz", "keelab")] == [3, 2, 2, 1]
