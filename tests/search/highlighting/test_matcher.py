"""Analysing only candidate chunks finds what analysing all of a text would; marks: test_snippets.py."""

import json
import lzma
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.highlighting.matcher import Match, Matcher, find_all
from paperclipper.search.query.plan import PhraseNode
from paperclipper.search.text.stemming import _IRREGULAR, stem, stem_prefixes
from paperclipper.search.text.tokenizer import chains
from search.scoring import golden

GOLDEN_TEXTS = list(dict.fromkeys(text for text, _, _ in golden.ROWS))
PIECES = [*GOLDEN_TEXTS, *"-'’^&${}_\\\"+#*.,;/()2Ké İ\n\u00a0", "1 million", "1,000", "mathbf"]


def matches(text, matcher):
    return find_all([text], matcher)[0]


def word_forms(text):
    """Return the words of a text, and its compounds as one word."""
    return [
        forms for chain in chains(text) for forms in (*chain.compounds, *(word.text for word in chain.words))
    ]


FORMS = sorted({forms for text in GOLDEN_TEXTS for forms in word_forms(text)})
ODD = [
    "dying",
    "lying",
    "tying",
    "skies",
    "colours",
    "catalysed",
    "tries",
    "uses",
    "using",
    "ties",
    "erbility",
    "llms",
]


def clause_for(word, matcher):
    return matcher.words.get(word, matcher.stems.get(stem(word)))


def find_by_analysing_all(text, matcher):
    """Return the matches found by analysing all of a text."""
    found = []
    for chain in chains(text):
        whole = [clause for word in chain.compounds if (clause := clause_for(word, matcher)) is not None]
        if whole:
            found.append(Match(chain.words[0].start, chain.words[-1].end, whole[0]))
            continue
        candidates = ((word, clause_for(word.text, matcher)) for word in chain.words)
        found += [Match(word.start, word.end, clause) for word, clause in candidates if clause is not None]
    return sorted(found)


def a_matcher(stems, words):
    return Matcher({stem(word): 0 for word in stems}, dict.fromkeys(words, 1), ())


@pytest.mark.parametrize("text", GOLDEN_TEXTS)
def test_each_word_of_a_text_is_found_as_if_all_of_it_were_analysed(text):
    for word in word_forms(text):
        for matcher in (a_matcher([word], []), a_matcher([], [word])):
            assert matches(text, matcher) == find_by_analysing_all(text, matcher) != []


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40),
    st.sets(st.sampled_from(FORMS), max_size=4),
    st.sets(st.sampled_from(FORMS), max_size=4),
)
def test_the_same_matches_are_found_in_any_text(text, stems, words):
    matcher = a_matcher(stems, words)
    assert matches(text, matcher) == find_by_analysing_all(text, matcher)


@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=5),
    st.sets(st.sampled_from(FORMS), max_size=4),
)
def test_texts_searched_together_do_not_affect_each_other(texts, words):
    matcher = a_matcher(words, words)
    assert find_all(texts, matcher) == [matches(text, matcher) for text in texts]


def test_no_quantity_extends_from_one_text_into_the_next():
    matcher = a_matcher([], ["5000000", "million"])
    assert find_all(["", "of 5", "million keels"], matcher) == [[], [], [Match(0, 7, 1)]]


WORDS = ["keel", "keels", "mast", "self-play", "selfplay", "the", "机器学习", "$x$", ",", "--", "1 million"]


@given(
    st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join),
    st.lists(
        st.sets(st.sampled_from(sorted(set(word_forms(" ".join(WORDS))))), min_size=1), min_size=1, max_size=4
    ),
)
def test_a_phrase_is_found_where_its_words_are_consecutive(text, slots):
    phrase = PhraseNode(tuple(map(tuple, slots)))
    tokens = [(word, (word.text, *chain.compounds)) for chain in chains(text) for word in chain.words]
    rows = [tokens[i : i + len(slots)] for i in range(len(tokens) - len(slots) + 1)]
    found = [row for row in rows if all(slot & {*forms} for slot, (_, forms) in zip(slots, row, strict=True))]
    expected = [Match(row[0][0].start, row[-1][0].end, 7) for row in found]
    assert matches(text, Matcher({}, {}, ((phrase, 7),))) == expected


@pytest.mark.parametrize("text", ["tr-ans", "t^r'ans", "tr\\mathbf{an}s", "tr$mathbf$ans", "tr{mathbf}ans"])
def test_a_word_is_found_despite_punctuation_in_it(text):
    matcher = a_matcher([], ["trans"])
    assert matches(text, matcher) == find_by_analysing_all(text, matcher) != []


def has_a_stem_prefix(word):
    return any(word.startswith(prefix) for prefix in stem_prefixes(stem(word)))


@pytest.mark.parametrize("word", [*_IRREGULAR, *FORMS, *ODD])
def test_every_word_starts_with_a_prefix_of_its_stem(word):
    assert has_a_stem_prefix(word)


def test_every_word_of_real_papers_starts_with_a_prefix_of_its_stem(shared_data):
    with lzma.open(shared_data / "corpus/arxiv_papers.jsonl.xz", "rt") as lines:
        papers = (json.loads(line) for line, _ in zip(lines, range(20_000), strict=False))
        words = {
            word for it in papers for word in re.findall("[a-z]+", f"{it['title']} {it['abstract']}".lower())
        }
    assert len(words) > 30_000
    assert [word for word in words if not has_a_stem_prefix(word)] == []
