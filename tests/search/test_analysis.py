import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.analysis import chains, fold, joined, stem, words


def texts(text):
    return [word.text for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schrödinger's CAFÉ", ["schrodinger", "s", "cafe"]),
        ("Poke\u0301mon", ["pokemon"]),
        ("eﬃcient ﬁlters", ["efficient", "filters"]),
        ("Ｆｕｌｌ width", ["full", "width"]),
        ("Łódź, Ørsted, Straße", ["lodz", "orsted", "strasse"]),
        ("self-supervised", ["self", "supervised"]),
        ("Q-learning in 3 steps", ["q", "learning", "in", "3", "steps"]),
        ("snake_case", ["snake", "case"]),
        ("arXiv:2401.01335v2 and 2401.01335", ["arxiv", "2401.01335", "and", "2401.01335"]),
        ("O(n²)", ["o", "n2"]),
        ("机器学习", ["机器", "器学", "学习"]),
        ("学", ["学"]),
        ("한국어 AI", ["한국", "국어", "ai"]),
        ("ガイド", ["ガイ", "イド"]),
        ("", []),
        ("—?!", []),
    ],
)
def test_words(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("models", "model", True),
        ("learning", "learned", True),
        ("generalization", "generalizations", True),
        ("gpt4", "gpt", False),
        ("as", "a", False),
    ],
)
def test_stems(one, other, same):
    assert (stem(one) == stem(other)) is same


def test_a_hyphen_ties_words_into_a_chain():
    found = [joined(chain) for chain in chains(list(words("state-of-the-art self supervised-learning -x- y")))]
    assert found == ["stateoftheart", "self", "supervisedlearning", "x", "y"]


@given(st.text())
def test_words_stand_where_they_say_and_are_folded(text):
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
    assert all(fold(t) == t for t in texts(text) if t.isascii())


@given(st.text())
def test_every_word_is_in_one_chain(text):
    found = list(words(text))
    assert [word for chain in chains(found) for word in chain] == found
