"""The queries that typed texts are parsed into."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.errors import QueryError
from paperclipper.search.query.syntax import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_FUZZY,
    MAX_WORDS,
    WordsClause,
    walk_clauses,
)
from search.index.list_source import ask
from search.query.query_text import parse_error, parse_or_error, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deep Learning", "deep learning"),
        ("the attention of a model", "attention model"),
        ("the of a", "the of a"),
        ("self-supervised", "self+supervised"),
        ("cat,dog;hen", "cat dog hen"),
        ("TCP/IP", "tcp ip"),
        ("foo:bar", "foo bar"),
        ("O(n^2)", "o+n+2"),
        ("cat(dog) hen", "cat+dog hen"),
        ("x - y", "x y"),
        ("cat--dog and -- --hen-", "cat+dog hen"),
        ("C++ or C#", "(c++ or c#)"),
        ("A* search", "a* search"),
        ("[a TO z]", "z"),
        ("机器学习", "机器+器学+学习+习"),
        (r"Schr\"odinger Erd\H{o}s", "schrodinger erdos"),
        ("$\\alpha$", "alpha"),
        ("2401.01335v3", "2401.01335"),
        ("https://arxiv.org/abs/2401.01335v2", "2401.01335"),
        ("10.1145/3442188.3445922,", "10.1145+3442188.3445922"),
        ("https://github.com/a-lab/title:x", "https+github+com+a+lab+title+x"),
        ("", ""),
        (" ?! ", ""),
        ("# @ ;", ""),
    ],
)
def test_words(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"to be" learning', '"to+be" learning'),
        ("“curly” „low“ «angled»", '"curly" "low" "angled"'),
        ('an "open phrase', '"open+phrase"'),
        ('cat"big dog"hen', 'cat "big+dog" hen'),
        ('"self-supervised nets"', '"self+supervised+nets"'),
        ('"big cat"* "big dog"~3', '"big+cat" "big+dog"'),
        (r'"the Schr\"odinger bridge" cat', '"the+schrodinger+bridge" cat'),
        ('"the Schr"odinger bridge" cat', '"the+schr+odinger+bridge" cat'),
        ('"big) cat (" dog', '"big+cat" dog'),
        ('"cat or dog"', '"cat+or+dog"'),
        ('"" "?"', ""),
    ],
)
def test_phrases(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat or dog", "(cat or dog)"),
        ("cat OR dog | hen", "(cat or dog or hen)"),
        ("cat dog or hen cow", "cat (dog or hen) cow"),
        ("cat and dog AND hen & cow", "cat dog hen cow"),
        ("or cat or", "cat"),
        ("cat or or dog", "(cat or dog)"),
        ("cat or (dog hen)", "(cat or (dog hen))"),
        ("(cat or dog) or hen", "(cat or dog or hen)"),
        ("(cat dog) hen", "(cat dog) hen"),
        ("(cat)(dog)hen", "cat dog hen"),
        ("((cat))", "cat"),
        ("(the cat) (the) ()", "cat"),
        ("(O(n^2) cat)", "(o+n+2 cat)"),
        ("cat) dog", "cat dog"),
        ("TCP/IP or UDP", "((tcp ip) or udp)"),
        ("UDP or TCP/IP cat", "(udp or (tcp ip)) cat"),
        ("cat or the", "(cat or the)"),
        ("cat or sort:clipped dog", "(cat or dog)"),
    ],
)
def test_or_and_parentheses(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vision -language", "vision -language"),
        ("vision NOT language", "vision -language"),
        ("vision not language", "vision language"),
        ("-only", "-only"),
        ("cat -the", "cat -the"),
        ('vision -"large language"', 'vision -"large+language"'),
        ("vision -vision-language", 'vision -"vision+language"'),
        ("-transf* -self-sup*", "-transf* -self+sup*"),
        ("-(cat dog)", "-(cat dog)"),
        ("-(cat or dog) hen", "-(cat or dog) hen"),
        ("cat or -dog", "(cat or -dog)"),
        ("-TCP/IP", "-(tcp ip)"),
        ("NOT NOT cat", "--cat"),
        ("-title:cat -#boat -status:read", "-title:cat -#boat -status:read"),
        ("title:(cat -dog)", "(title:cat -title:dog)"),
        (r"-5 -ä -机 -$x$ -\alpha", "-5 -a -机 -x -alpha"),
        ("cat NOT", "cat"),
        ("-() -(?) NOT sort:clipped", ""),
    ],
)
def test_exclusions(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trans*", "trans*"),
        ("*update** cat,dog*", "update* cat dog*"),
        ("self-sup* a-bc*", "self+sup* a+bc*"),
        ("机* 机器*", "机* 机器+器*"),
        ("title:trans*", "title:trans*"),
        ("tr?ns c*t *", "tr+ns c+t"),
        ("transfomer~ keels~2", "transfomer~1 keels~2"),
        ("title:transfomer~", "title:transfomer~1"),
        ("self-supervised~", "self+supervised"),
        ("~keel \\eg~progress", "keel eg+progress"),
    ],
)
def test_prefixes_and_similar_spellings(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "title:cat abstract:dog author:ada note:hen quote:cow",
            "title:cat abstract:dog author:ada note:hen quote:cow",
        ),
        ("org:meta venue:icml", "organisation:meta venue:icml"),
        ("authors:ada notes:hen quotes:cow TITLE:cat", "author:ada note:hen quote:cow title:cat"),
        ("author:bengio,hinton", "author:bengio author:hinton"),
        ('author:"ada keel"', 'author:"ada+keel"'),
        ("title:(cat or dog) hen", "(title:cat or title:dog) hen"),
        ("title:(cat author:ada)", "(title:cat author:ada)"),
        ("title:the", "title:the"),
        ("title:self-supervised", "title:self+supervised"),
        ("id:2401.01335v2 arXiv:2401.01335", "identifier:2401.01335 identifier:2401.01335"),
        ("doi:10.1145/3442188 id:2401*", "identifier:10.1145+3442188 identifier:2401*"),
        ("id:https://arxiv.org/abs/2401.01335", "identifier:2401.01335"),
        ("title: cat", "title cat"),
        ("title::cat", "title cat"),
        ("title:", "title"),
        ("title:?", ""),
    ],
)
def test_fields(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deep lea", "deep lea…"),
        ("deep lea ", "deep lea"),
        ("deep the", "deep the…"),
        ("self-sup", "self+sup…"),
        ("pre-", "pre…"),
        ('"deep lea', '"deep+lea"'),
        ("deep -lea", "deep -lea"),
        ("deep or lea", "(deep or lea…)"),
        ("deep or", "deep"),
        ("title:lea", "title:lea…"),
        ("lea*", "lea*"),
        ("leap~", "leap~1"),
        ("lea sort:clipped", "lea"),
        ("lea #boat", "lea #boat"),
        ("(lea)", "lea"),
        ("(deep lea)", "(deep lea)"),
        ("2401.0133", "2401.0133…"),
        ("10.1145/344", "10.1145+344…"),
    ],
)
def test_the_last_word_may_be_a_prefix_as_you_type(text, expected):
    assert shape(ask(text, as_you_type=True)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(lea", "lea…"),
        ("cat (deep or lea", "cat (deep or lea…)"),
        ("cat (deep lea", "cat (deep lea…)"),
        ("title:(deep (hull lea", "(title:deep (title:hull title:lea…))"),
        ("(deep the", "deep"),
        ("-(lea", "-lea"),
        ("(", ""),
        ("cat (", "cat"),
    ],
)
def test_closing_brackets_may_be_missing_from_an_unfinished_search(text, expected):
    assert shape(ask(text, as_you_type=True, unfinished=True)) == expected
    assert "never closed" in str(parse_error(text, as_you_type=True))


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("cat (dog", 4, "The bracket at character 5 is never closed."),
        ("title:(cat", 6, "The bracket at character 7 is never closed."),
        ("cat (f(x) dog", 4, "The bracket at character 5 is never closed."),
        ("cat ) dog", 4, "The bracket at character 5 was never opened."),
        ("(cat))", 5, "The bracket at character 6 was never opened."),
        ("cat tr*", 4, "“tr*” at character 5 is too short: it takes 3 letters before the *."),
        ("title:tr*", 6, "“tr*” at character 7 is too short: it takes 3 letters before the *."),
        ("cat tra~", 4, "“tra~” at character 5 is too short: it takes 4 letters before the ~."),
        ("transfomer~3", 10, "Write ~1 or ~2, the number of letters that may differ, not ~3."),
        ("transfomer~0", 10, "Write ~1 or ~2, the number of letters that may differ, not ~0."),
        (
            "status:foo",
            7,
            "There is no status:foo (character 8). It is one of: unread, reading, read, archived.",
        ),
        ("is:foo", 3, "There is no is:foo (character 4). It is one of: starred, skipped."),
        ("has:pdf", 4, "There is no has:pdf (character 5). It is one of: note, highlight, code."),
        ('has:"pdf"', 5, "There is no has:pdf (character 6). It is one of: note, highlight, code."),
        (
            "sort:foo",
            5,
            "There is no sort:foo (character 6). It is one of: relevance, clipped, published, upvotes.",
        ),
        (
            "cat year:foo",
            9,
            "“foo” at character 10 is not a date: write year:2026, year:2026-03 or year:2026-03-09.",
        ),
        (
            "year:..",
            5,
            "“..” at character 6 is not a date: write year:2026, year:2026-03 or year:2026-03-09.",
        ),
        (
            "after:2026-02-30",
            6,
            "“2026-02-30” at character 7 is not a date: write after:2026, after:2026-03 or after:2026-03-09.",
        ),
        ("digest:<7d", 7, "“<7d” at character 8 is not a day of the digest: write digest:2026-03-09."),
        ("year:2026..2024", 5, "“2026..2024” at character 6 ends before it begins: swap the two ends."),
        ("upvotes:50..10", 8, "“50..10” at character 9 ends before it begins: swap the two ends."),
        (
            "upvotes:..",
            8,
            "“..” at character 9 is not a number: write upvotes:>50, upvotes:<=20 or upvotes:10..50.",
        ),
        (
            "upvotes:many",
            8,
            "“many” at character 9 is not a number: write upvotes:>50, upvotes:<=20 or upvotes:10..50.",
        ),
    ],
)
def test_errors_have_a_position(text, position, message):
    error = parse_error(text)
    assert (error.position, str(error), error.pointer) == (position, message, "/q")


def test_too_many_characters_are_rejected():
    assert not ask("x" * MAX_CHARACTERS).is_empty
    error = parse_error("x" * (MAX_CHARACTERS + 1))
    assert "256 characters" in str(error)
    assert error.position == MAX_CHARACTERS


@pytest.mark.parametrize("text", ["{}", '"{}"', "title:({})", "-({})"])
def test_too_many_words_are_rejected(text):
    words = [f"w{i:02}x" for i in range(9)]  # three words each
    assert not ask(text.format(" ".join(words[:8]))).is_empty
    error = parse_error(text.format(" ".join(words)))
    assert f"{MAX_WORDS} words" in str(error)
    assert error.position == text.index("{") + 8 * 5


def test_stop_words_and_long_chinese_sentences_do_not_count_as_many_words():
    assert shape(ask("the of " * 20 + "keel")) == "keel"
    assert not ask("我们提出了一种新的方法来学习深度神经网络的表示并在多个数据集上进行评估").is_empty


def test_stop_words_in_a_phrase_count_as_words():
    assert f"{MAX_WORDS} words" in str(parse_error('"' + "the of " * 13 + '"'))


def test_too_many_similar_spellings_are_rejected():
    words = [f"{letter * 4}~" for letter in "abc"]
    assert not ask(" ".join(words[:MAX_FUZZY])).is_empty
    assert parse_error(f"{words[0]} or ({words[1]} -{words[2]})").position == len("aaaa~ or (bbbb~ -")
    assert "more than 2 words with ~" in str(parse_error(" ".join(words)))


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("NOT ", ""), ("title:(", ")"), ("(cat or (", "))"), ("-(", ")")]
)
def test_nesting_too_deep_is_rejected(opening, closing):
    levels = opening.count("(") + opening.count("NOT") + opening.count("-")
    deepest = MAX_DEPTH // levels
    assert not ask(opening * deepest + "hen" + closing * deepest).is_empty
    error = parse_error(opening * (deepest + 1) + "hen" + closing * (deepest + 1))
    assert "8 levels" in str(error)
    assert error.position in range(len(opening) * deepest, len(opening) * (deepest + 1))


def test_adjacent_brackets_are_not_nested():
    assert len(ask("(cat dog) " * 10).clauses) == 10


TOKENS = ["cat", "dog", " ", " ", " ", "or ", "NOT ", "-", "(", ")", '"', "*", "~", "~2", "#", "$", "\\"]
TOKENS += ["/", ",", "|", "..", ">", "the", "GPT-4", "机器", '\\"', "ß", "²", "\x00", "\u0301"]
TOKENS += ["title:", "author:", "id:", "tag:", "status:reading", "is:", "year:2024", "clipped:<7d"]
TOKENS += ["upvotes:", "sort:clipped", "10.1145/344", "https://arxiv.org/abs/", "2401.01335"]
TYPED = st.one_of(
    st.text(max_size=MAX_CHARACTERS + 9), st.lists(st.sampled_from(TOKENS), max_size=24).map("".join)
)


@given(TYPED, st.booleans(), st.booleans())
def test_any_text_is_a_query_with_clauses_within_it_or_an_error_with_a_position_in_it(
    text, as_you_type, unfinished
):
    query = parse_or_error(text, as_you_type=as_you_type, unfinished=unfinished)
    if isinstance(query, QueryError):
        assert 0 <= query.position <= len(text)
        return
    assert query.text == text
    for clause in walk_clauses(query.clauses):
        assert 0 <= clause.span.start < clause.span.end <= len(text)
        for word in clause.words if isinstance(clause, WordsClause) else ():
            assert clause.span.start <= word.start < word.end <= clause.span.end
    for one, other in itertools.pairwise(query.clauses):
        assert one.span.end <= other.span.start


@given(TYPED)
def test_as_you_type_only_the_end_of_a_query_differs(text):
    query, typing = (
        parse_or_error(text, unfinished=True),
        parse_or_error(text, as_you_type=True, unfinished=True),
    )
    if isinstance(query, QueryError):
        assert str(typing) == str(query)
        return
    open_ends = [
        clause
        for clause in walk_clauses(typing.clauses)
        if isinstance(clause, WordsClause) and clause.is_unfinished
    ]
    assert len(open_ends) <= 1
    assert all(clause.span.end == len(text) for clause in open_ends)
    if not open_ends:
        assert shape(typing) == shape(query)
