"""Words, their spans and their chains. For the papers that a query finds by them, see golden.py."""

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.text.compounds import MAX_PARTS, compound_forms
from paperclipper.search.text.folding import fold
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import (
    ANALYSIS_VERSION,
    STOP_WORDS,
    Chain,
    Word,
    chains,
    run_chains,
    runs,
    words,
)

PIECES = [*"Z2.,-'\"\\{}$^_&/:(*+# \n", "ab", " ", "Self", "GPT", "Net", "1,000", "2401.01335v2"]
PIECES += [
    "million",
    'o"e',
    "’",
    "–",
    "\\alpha",
    "\\mathbf",
    "α",
    "λό",
    "∞",
    "机器学",
    "한국",
    "ﬁ",
    "ß",
    "İ",
    "²",
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


def texts(text):
    return [word.text for word in words(text)]


def joined_chains(text):
    return ["+".join(word.text for word in chain.words) for chain in chains(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schrödinger's CAFÉ", ["schrodinger", "cafe"]),
        ("Poke\u0301mon", ["pokemon"]),
        ("eﬃcient ﬁlters", ["efficient", "filters"]),
        ("Ｆｕｌｌ width", ["full", "width"]),
        ("Łódź, Ørsted, Straße", ["lodz", "orsted", "strasse"]),
        (r"Pok\'emon, Schr\"odinger, G{\"o}del, Erd\H{o}s", ["pokemon", "schrodinger", "godel", "erdos"]),
        ("self-supervised", ["self", "supervised"]),
        ("Q-learning in 3 steps", ["q", "learning", "in", "3", "steps"]),
        ("students' work", ["students", "work"]),
        ("snake_case and __init__", ["snake", "case", "and", "init"]),
        ("CamelCaseName, ChatGPT", ["camel", "case", "name", "chat", "gpt"]),
        ("LoRA, arXiv, iPhone", ["lora", "arxiv", "iphone"]),
        ("arXiv:2401.01335v2 and 2401.01335", ["arxiv", "2401.01335", "and", "2401.01335"]),
        ("1,000,000 of 3,4", ["1000000", "of", "3", "4"]),
        ("the 3rd of 1.58", ["the", "3rd", "of", "1.58"]),
        ("C++, C#, A* and A*B", ["c++", "c#", "a*", "and", "a", "b"]),
        ("O(n²)", ["o", "n", "2"]),
        (r"$\mathcal{O}(n^2)$", ["o", "n", "2"]),
        (r"\alpha, α and \varepsilon", ["alpha", "alpha", "and", "epsilon"]),
        (r"n \to ∞", ["n", "rightarrow", "infty"]),
        (r"\textbf{bold} mathbf", ["bold"]),
        ("λόγος", ["λογοσ"]),
        ("机器学习", ["机器", "器学", "学习", "习"]),
        ("学", ["学"]),
        ("한국어 AI", ["한국", "국어", "어", "ai"]),
        ("ガイド", ["ガイ", "イド", "ド"]),
        ("", []),
        ("—?!", []),
    ],
)
def test_words(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "state-of-the-art self supervised-learning -x- y",
            ["state+of+the+art", "self", "supervised+learning", "x", "y"],
        ),
        ("GPT4, GPT-4 and GPT 4", ["gpt+4", "gpt+4", "and", "gpt", "4"]),
        ("Qwen2.5-Math-72B", ["qwen+2.5+math+72+b"]),
        ("a—b, a--b, a - b", ["a", "b"] * 3),
        ("TCP/IP", ["tcp", "ip"]),
        ("one.Two;three", ["one", "two", "three"]),
        ("fi-\nne", ["fi", "ne"]),
        ("1 million images, 7 images", ["1+million", "images", "7", "images"]),
        ("R&D", ["r+d"]),
        ("O'Brien's don’t", ["o+brien", "don+t"]),
        ("τ-bench and μP", ["tau+bench", "and", "mu+p"]),
        ("10^{139} of VLA^2", ["10+139", "of", "vla+2"]),
        ("GPT模型x", ["gpt", "模型+型", "x"]),
        ("模型-模型", ["模型+型", "模型+型"]),
    ],
)
def test_words_written_together_form_a_chain(text, expected):
    assert joined_chains(text) == expected


def test_each_span_covers_its_word_in_the_text():
    text = "of Schrödinger's  CamelCase, 1,000 and \\mathbf{W}_2"
    spans = [(word.text, text[word.start : word.end]) for word in words(text)]
    assert spans == [
        ("of", "of"),
        ("schrodinger", "Schrödinger"),
        ("camel", "Camel"),
        ("case", "Case"),
        ("1000", "1,000"),
        ("and", "and"),
        ("w", "W"),
        ("2", "2"),
    ]


def test_chinese_characters_form_a_chain_of_overlapping_pairs_and_the_last_character():
    (chain,) = chains("，机器学")
    assert chain == Chain((Word("机器", 1, 3), Word("器学", 2, 4), Word("学", 3, 4)), is_cjk=True)


def test_a_chain_of_stop_words_has_only_stop_words():
    assert [chain.has_only_stop_words for chain in chains("the all-in the-keel")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("self-supervised", ["selfsupervised"]),
        ("state-of-the-art", ["stateoftheart"]),
        ("Qwen2.5-Math-72B", ["qwen2.5math72b", "qwen2.5", "72b"]),
        ("GPT-4o", ["gpt4o", "4o"]),
        ("don't", ["dont"]),
        ("R&D", ["r&d"]),
        ("100k", ["100k", "100000"]),
        ("1.5 million", ["1.5million", "1500000"]),
        ("2.5B", ["2.5b", "2500000000"]),
        ("0.0005k", ["0.0005k", "0.5"]),
        ("3x", ["3x"]),
        ("keel", []),
        ("a1b2c3d4e", []),
        (f"{'x' * 20}-{'y' * 21}", []),
    ],
)
def test_compounds_of_a_chain(text, expected):
    (chain,) = chains(text)
    assert list(chain.compounds) == expected


@given(st.lists(st.sampled_from(["keel", "self", "4", "b", "1.5"]), max_size=10), st.data())
def test_the_first_compound_is_the_whole_and_none_repeats(parts, data):
    gaps = data.draw(
        st.lists(
            st.sampled_from(["", "-", "&"]), min_size=max(0, len(parts) - 1), max_size=max(0, len(parts) - 1)
        )
    )
    found = compound_forms(parts, gaps)
    assert bool(found) == (1 < len(parts) <= MAX_PARTS)
    if found:
        assert found[0].replace("&", "") == "".join(parts)
        assert len(set(found)) == len(found)
        assert ("&" in found[0]) == ("&" in gaps)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("models", "model", True),
        ("learning", "learned", True),
        ("generalization", "generalizations", True),
        ("generalise", "generalization", True),
        ("colours", "color", True),
        ("modelling", "modeled", True),
        ("hypotheses", "hypothesis", True),
        ("matrices", "matrix", True),
        ("llms", "llm", True),
        ("organised", "organization", True),
        ("organ", "organization", False),
        ("organism", "organization", False),
        ("general", "generative", False),
        ("news", "new", False),
        ("policy", "police", False),
        ("bayes", "bay", False),
        ("gpt4", "gpt", False),
        ("as", "a", False),
    ],
)
def test_stems(one, other, same):
    assert (stem(one) == stem(other)) is same


@pytest.mark.parametrize(
    "word", ["promise", "premise", "noise", "denoise", "exercise", "enterprise", "precise", "otherwise"]
)
def test_words_that_always_end_in_ise_are_not_changed_to_ize(word):
    assert "z" not in stem(word)


@pytest.mark.parametrize("word", ["", "ab", "gpt4", "café", "学习", "c++", "λογοσ"])
def test_a_non_english_word_is_its_own_stem(word):
    assert stem(word) == word


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from([str.upper, str.lower, str.swapcase]))
def test_folding_ignores_case(text, change):
    letters = "".join(c for c in text if c.upper().lower() == c.lower() and len(c.upper()) == 1)
    assert fold(change(letters)) == fold(letters)


@given(TEXTS)
def test_spans_are_in_order_and_do_not_overlap(text):
    end = 0
    for chain in chains(text):
        for word in chain.words:
            assert 0 <= word.start < word.end <= len(text)
            assert word.start >= (end - chain.is_cjk)
            end = word.end


@given(TEXTS)
def test_words_are_folded(text):
    for chain in chains(text):
        assert all(fold(word.text) == word.text for word in chain.words if not chain.is_cjk)


@given(TEXTS)
def test_every_word_is_in_one_chain(text):
    assert [word for chain in chains(text) for word in chain.words] == list(words(text))


@given(TEXTS)
def test_a_run_is_analysed_the_same_alone_and_in_its_text(text):
    alone = [chain for run in runs(text) for chain in run_chains(run)]
    assert [(c.compounds, c.is_cjk, [w.text for w in c.words]) for c in alone] == [
        (c.compounds, c.is_cjk, [w.text for w in c.words]) for c in chains(text)
    ]


@given(
    st.lists(
        st.sampled_from(["Keel", "self-supervised", "GPT4", "O(n^2)", "机器学", "the", "1 k"]), max_size=5
    )
)
def test_separated_parts_are_analysed_independently(parts):
    assert texts(" | ".join(parts)) == [text for part in parts for text in texts(part)]


def test_each_stop_word_is_one_folded_word():
    assert all(texts(word) == [word] for word in STOP_WORDS)


def test_the_analysis_version_includes_the_stemmer_version():
    assert Stemmer.version() in ANALYSIS_VERSION
