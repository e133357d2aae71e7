"""That looking at a text's likely chunks finds what analysing all of it would; marks themselves: test_snippets.py."""

import json
import lzma
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.highlighting.matcher import Match, Sought, matches_in_all
from paperclipper.search.query.plan import PhraseNode
from paperclipper.search.text.stemming import _IRREGULAR, stem, stem_prefixes
from paperclipper.search.text.tokenizer import chains
from search.scoring import golden

GOLDEN_TEXTS = list(dict.fromkeys(text for text, _, _ in golden.ROWS))
PIECES = [*GOLDEN_TEXTS, *"-'’^&${}_\\\"+#*.,;/()2Ké İ\n\u00a0", "1 million", "1,000", "mathbf"]


def matches(text, wanted):
    return matches_in_all([text], wanted)[0]


def said_in(text):
    """Its words, and what its compounds are as one word."""
    return [
        said for chain in chains(text) for said in (*chain.compounds, *(word.text for word in chain.words))
    ]


SAID = sorted({said for text in GOLDEN_TEXTS for said in said_in(text)})
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


def clause_of(word, wanted):
    return wanted.words.get(word, wanted.stems.get(stem(word)))


def everywhere(text, wanted):
    """The matches by analysing all of a text."""
    found = []
    for chain in chains(text):
        whole = [clause for word in chain.compounds if (clause := clause_of(word, wanted)) is not None]
        if whole:
            found.append(Match(chain.words[0].start, chain.words[-1].end, whole[0]))
            continue
        asked = ((word, clause_of(word.text, wanted)) for word in chain.words)
        found += [Match(word.start, word.end, clause) for word, clause in asked if clause is not None]
    return sorted(found)


def looking_for(stems, words):
    return Sought({stem(word): 0 for word in stems}, dict.fromkeys(words, 1), ())


@pytest.mark.parametrize("text", GOLDEN_TEXTS)
def test_each_word_of_a_text_is_found_as_if_all_of_it_were_analysed(text):
    for word in said_in(text):
        for wanted in (looking_for([word], []), looking_for([], [word])):
            assert matches(text, wanted) == everywhere(text, wanted) != []


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40),
    st.sets(st.sampled_from(SAID), max_size=4),
    st.sets(st.sampled_from(SAID), max_size=4),
)
def test_the_same_places_are_found_in_whatever_text(text, stems, words):
    wanted = looking_for(stems, words)
    assert matches(text, wanted) == everywhere(text, wanted)


@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=5),
    st.sets(st.sampled_from(SAID), max_size=4),
)
def test_texts_are_looked_through_as_one_and_yet_apart(texts, words):
    wanted = looking_for(words, words)
    assert matches_in_all(texts, wanted) == [matches(text, wanted) for text in texts]


def test_no_quantity_reaches_from_one_text_into_the_next():
    wanted = looking_for([], ["5000000", "million"])
    assert matches_in_all(["", "of 5", "million keels"], wanted) == [[], [], [Match(0, 7, 1)]]


WORDS = ["keel", "keels", "mast", "self-play", "selfplay", "the", "机器学习", "$x$", ",", "--", "1 million"]


@given(
    st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join),
    st.lists(
        st.sets(st.sampled_from(sorted(set(said_in(" ".join(WORDS))))), min_size=1), min_size=1, max_size=4
    ),
)
def test_a_phrase_is_found_wherever_its_words_follow_each_other(text, slots):
    phrase = PhraseNode(tuple(map(tuple, slots)))
    places = [(word, (word.text, *chain.compounds)) for chain in chains(text) for word in chain.words]
    rows = [places[i : i + len(slots)] for i in range(len(places) - len(slots) + 1)]
    found = [row for row in rows if all(slot & {*said} for slot, (_, said) in zip(slots, row, strict=True))]
    expected = [Match(row[0][0].start, row[-1][0].end, 7) for row in found]
    assert matches(text, Sought({}, {}, ((phrase, 7),))) == expected


@pytest.mark.parametrize("text", ["tr-ans", "t^r'ans", "tr\\mathbf{an}s", "tr$mathbf$ans", "tr{mathbf}ans"])
def test_a_word_is_found_through_the_signs_in_it(text):
    wanted = looking_for([], ["trans"])
    assert matches(text, wanted) == everywhere(text, wanted) != []


def begins_as_said(word):
    return any(word.startswith(beginning) for beginning in stem_prefixes(stem(word)))


@pytest.mark.parametrize("word", [*_IRREGULAR, *SAID, *ODD])
def test_every_word_begins_as_its_stem_says(word):
    assert begins_as_said(word)


def test_every_word_of_real_papers_begins_as_its_stem_says(shared_data):
    with lzma.open(shared_data / "corpus/arxiv_papers.jsonl.xz", "rt") as lines:
        papers = (json.loads(line) for line, _ in zip(lines, range(20_000), strict=False))
        words = {
            word for it in papers for word in re.findall("[a-z]+", f"{it['title']} {it['abstract']}".lower())
        }
    assert len(words) > 30_000
    assert [word for word in words if not begins_as_said(word)] == []
