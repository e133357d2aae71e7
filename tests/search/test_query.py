from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.errors import QueryError
from paperclipper.search.analysis import words
from paperclipper.search.query import MAX_CHARACTERS, MAX_WORDS, parse


def shape(query):
    """The query written plainly: words of a clause joined by +, a phrase in quotes, an open end with a star."""

    def plain(clause):
        text = "+".join(word.text for word in clause.words)
        return (f'"{text}"' if clause.is_phrase else text) + "*" * clause.open_end

    return [plain(clause) for clause in query.required], [plain(clause) for clause in query.excluded]


@pytest.mark.parametrize(
    ("text", "required", "excluded"),
    [
        ("Deep Learning", ["deep", "learning"], []),
        ("the attention of a model", ["attention", "model"], []),
        ("to be or not to be", ["to", "be", "or", "not", "to", "be"], []),
        ('"to be" learning', ['"to+be"', "learning"], []),
        ("“curly quotes”", ['"curly+quotes"'], []),
        ('an "open phrase', ['"open+phrase"'], []),
        ("self-supervised", ["self+supervised"], []),
        ("vision -language", ["vision"], ["language"]),
        ('vision -"large language"', ["vision"], ['"large+language"']),
        ("vision -vision-language", ["vision"], ['"vision+language"']),
        ("-only", [], ["only"]),
        ("x - y", ["x", "y"], []),
        ("2401.01335v3", ["2401.01335"], []),
        ("C++ (title:x* OR ~5) [a TO z]", ["c", "title", "x", "5", "z"], []),
        ("* ?* *a* NOT NOT", ["a", "not", "not"], []),
        ("", [], []),
        ("?!", [], []),
    ],
)
def test_what_is_typed_is_a_query(text, required, excluded):
    assert shape(parse(text)) == (required, excluded)


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("deep lea", ["deep", "lea*"]),
        ("deep lea ", ["deep", "lea"]),
        ("deep the", ["deep", "the*"]),
        ("self-sup", ["self+sup*"]),
        ('"deep lea', ['"deep+lea"']),
        ("deep -lea", ["deep"]),
    ],
)
def test_the_last_word_is_open_as_you_type(text, required):
    assert shape(parse(text, as_you_type=True))[0] == required


def test_too_long_is_refused_with_the_place():
    with pytest.raises(QueryError, match="256 characters") as caught:
        parse("x" * 257)
    assert caught.value.position == MAX_CHARACTERS
    with pytest.raises(QueryError, match="24 words") as caught:
        parse(" ".join(f"w{i:02}" for i in range(25)))
    assert caught.value.position == 24 * 4


def test_filler_and_long_chinese_sentences_are_not_too_many_words():
    assert parse("the of " * 20 + "keel").required
    assert parse("我们提出了一种新的方法来学习深度神经网络的表示并在多个数据集上进行评估")


@given(st.text(max_size=MAX_CHARACTERS), st.booleans())
def test_any_text_is_a_query_or_too_many_words(text, as_you_type):
    if sum(1 for _ in words(text)) <= MAX_WORDS:
        parse(text, as_you_type=as_you_type)
    else:
        with suppress(QueryError):
            parse(text, as_you_type=as_you_type)
