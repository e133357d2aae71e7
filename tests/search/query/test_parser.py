"""What is typed, and the query that it is."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.errors import QueryError
from paperclipper.model import Sort, Status
from paperclipper.search.query.syntax import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_FUZZY,
    MAX_WORDS,
    AllClause,
    AnyClause,
    LabelClause,
    NotClause,
    RangeClause,
    TagClause,
    WordsClause,
    resolve_tags,
    walk_clauses,
)
from search.index.list_source import ask


def shape(query):
    """The query written plainly: words that stand together by +, a phrase in quotes, an open end with …"""
    return " ".join(plain(clause) for clause in query.clauses)


def plain(clause):
    match clause:
        case WordsClause():
            text = "+".join(word.text for word in clause.words)
            ends = (
                "*" * clause.is_prefix
                + "…" * clause.is_unfinished
                + (f"~{clause.distance}" if clause.distance else "")
            )
            return (
                (f"{clause.zone}:" if clause.zone else "")
                + (f'"{text}"' if clause.is_phrase else text)
                + ends
            )
        case LabelClause():
            return "|".join(clause.labels) + "*" * clause.is_prefix
        case TagClause():
            return f"#{clause.name}"
        case RangeClause():
            return f"{clause.column}:{clause.low}..{clause.high}"
        case AnyClause():
            return f"({' or '.join(plain(each) for each in clause.clauses)})"
        case AllClause():
            return f"({' '.join(plain(each) for each in clause.clauses)})"
        case NotClause():
            return f"-{plain(clause.clause)}"


def refused(text, **how):
    with pytest.raises(QueryError) as caught:
        ask(text, **how)
    return caught.value


def answer(text, **how):
    """The query that a text is, or why it is none."""
    try:
        return ask(text, **how)
    except QueryError as error:
        return error


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
def test_or_and_brackets(text, expected):
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
def test_what_is_left_out(text, expected):
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
def test_beginnings_and_near_spellings(text, expected):
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
        ('tag:boat #boat tag:#boat #big/boat tag:"big boat"', "#boat #boat #boat #big/boat #big boat"),
        ("status:reading STATUS:Read", "status:reading status:read"),
        ("is:starred is:skipped is:unread", "is:starred is:dismissed status:unread"),
        ("has:note has:notes has:highlight has:code", "has:note has:note has:highlight has:code"),
        ("upvotes:>50 upvotes:>=50", "upvotes:52..None upvotes:51..None"),
        ("upvotes:<50 upvotes:<=50 upvotes:50", "upvotes:1..50 upvotes:1..51 upvotes:51..51"),
        ("upvotes:10..50 upvotes:10.. upvotes:..50", "upvotes:11..51 upvotes:11..None upvotes:1..51"),
        ("upvotes:<0", "upvotes:1..0"),
        ("digest:2026-03-09 digest:2026-03 digest:2026", "digest:2026-03-09* digest:2026-03* digest:2026*"),
        ("digest:today digest:march", "digest:2026-03-09* digest:2026-03*"),
        ('status:"reading" or #boat', "(status:reading or #boat)"),
        ("# boat #-boat", "boat boat"),
    ],
)
def test_filters(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize("status", Status)
def test_every_status_can_be_asked_for(status):
    assert shape(ask(f"status:{status}")) == shape(ask(f"is:{status}")) == f"status:{status}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("year:2024..2026", date(2024, 1, 1), date(2026, 12, 31)),
        ("year:2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("year:>2024", date(2025, 1, 1), None),
        ("year:..2024", date.min, date(2024, 12, 31)),
        ("after:2026-03", date(2026, 3, 1), None),
        ("before:2026-03", date.min, date(2026, 2, 28)),
        ("before:2026-03-09", date.min, date(2026, 3, 8)),
        ("before:0001-01-01", date.min, date.min),
    ],
)
def test_days_of_publishing_are_ordinals(text, first, last):
    (clause,) = ask(text).clauses
    assert (clause.low, clause.high) == (first.toordinal(), last.toordinal() if last else None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("clipped:2026-03-09", date(2026, 3, 9), date(2026, 3, 9)),
        ("clipped:march", date(2026, 3, 1), date(2026, 3, 31)),
        ("clipped:<7d", date(2026, 3, 3), None),
        ("clipped:>7d", None, date(2026, 3, 1)),
        ("clipped:2025..today", date(2025, 1, 1), date(2026, 3, 9)),
    ],
)
def test_days_of_clipping_are_moments_of_this_machines_clock(text, first, last):
    (clause,) = ask(text).clauses
    moments = [number and date.fromtimestamp(number / 1000) for number in (clause.low, clause.high)]
    assert moments == [first or date.fromtimestamp(0), last]
    if first and last:
        assert (clause.high + 1 - clause.low) % 1000 == 0


@pytest.mark.parametrize("year", ["0001", "1969", "1970", "3000", "3001", "9999"])
def test_no_day_is_beyond_the_clock(year):
    (clause,) = ask(f"clipped:{year}").clauses
    assert clause.low <= clause.high + 1


@pytest.mark.parametrize(
    ("text", "sort", "order"),
    [
        ("keel", None, Sort.RELEVANCE),
        ("", None, Sort.CLIPPED),
        ("#boat", None, Sort.CLIPPED),
        ("-keel", None, Sort.RELEVANCE),
        ("keel sort:upvotes", Sort.UPVOTES, Sort.UPVOTES),
        ("sort:Published keel", Sort.PUBLISHED, Sort.PUBLISHED),
        ('sort:clipped (keel sort:"relevance")', Sort.RELEVANCE, Sort.RELEVANCE),
    ],
)
def test_the_order(text, sort, order):
    query = ask(text)
    assert (query.sort, query.order) == (sort, order)
    assert "sort" not in shape(query)


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
def test_the_last_word_may_be_a_beginning_as_you_type(text, expected):
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
def test_an_unfinished_search_may_lack_closing_brackets(text, expected):
    assert shape(ask(text, as_you_type=True, unfinished=True)) == expected
    assert "never closed" in str(refused(text, as_you_type=True))


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
def test_what_cannot_be_read_is_refused_with_the_place(text, position, message):
    error = refused(text)
    assert (error.position, str(error), error.pointer) == (position, message, "/q")


def test_too_many_characters_are_refused():
    assert not ask("x" * MAX_CHARACTERS).is_empty
    error = refused("x" * (MAX_CHARACTERS + 1))
    assert "256 characters" in str(error)
    assert error.position == MAX_CHARACTERS


@pytest.mark.parametrize("text", ["{}", '"{}"', "title:({})", "-({})"])
def test_too_many_words_are_refused(text):
    words = [f"w{i:02}x" for i in range(9)]  # three words each
    assert not ask(text.format(" ".join(words[:8]))).is_empty
    error = refused(text.format(" ".join(words)))
    assert f"{MAX_WORDS} words" in str(error)
    assert error.position == text.index("{") + 8 * 5


def test_filler_and_long_chinese_sentences_are_not_too_many_words():
    assert shape(ask("the of " * 20 + "keel")) == "keel"
    assert not ask("我们提出了一种新的方法来学习深度神经网络的表示并在多个数据集上进行评估").is_empty


def test_filler_in_a_phrase_is_too_many_words():
    assert f"{MAX_WORDS} words" in str(refused('"' + "the of " * 13 + '"'))


def test_too_many_near_spellings_are_refused():
    words = [f"{letter * 4}~" for letter in "abc"]
    assert not ask(" ".join(words[:MAX_FUZZY])).is_empty
    assert refused(f"{words[0]} or ({words[1]} -{words[2]})").position == len("aaaa~ or (bbbb~ -")
    assert "more than 2 words with ~" in str(refused(" ".join(words)))


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("NOT ", ""), ("title:(", ")"), ("(cat or (", "))"), ("-(", ")")]
)
def test_nesting_too_deep_is_refused(opening, closing):
    levels = opening.count("(") + opening.count("NOT") + opening.count("-")
    deepest = MAX_DEPTH // levels
    assert not ask(opening * deepest + "hen" + closing * deepest).is_empty
    error = refused(opening * (deepest + 1) + "hen" + closing * (deepest + 1))
    assert "8 levels" in str(error)
    assert error.position in range(len(opening) * deepest, len(opening) * (deepest + 1))


def test_brackets_side_by_side_are_not_deep():
    assert len(ask("(cat dog) " * 10).clauses) == 10


def test_nothing_typed_is_empty_and_filters_are_no_words():
    assert ask(" ?").is_empty
    assert not ask("#boat").is_empty
    assert not ask("#boat year:2024").has_words
    assert ask("#boat or -(keel #hull)").has_words


def test_the_labels_are_those_that_are_not_left_out():
    query = ask("(is:skipped or has:note) -is:starred status:read keel")
    assert query.labels() == {"is:dismissed", "has:note", "status:read"}


def test_every_tag_is_looked_up():
    query = resolve_tags(ask("#a (#b or -(#c keel))"), lambda name: (name.upper(),))
    assert [clause.ids for clause in walk_clauses(query.clauses) if isinstance(clause, TagClause)] == [
        ("A",),
        ("B",),
        ("C",),
    ]


@pytest.mark.parametrize(
    ("text", "number", "instead", "expected"),
    [
        ("cat  big dog", 1, "", "cat dog"),
        ("cat  big dog", 1, "small", "cat small dog"),
        ("cat", 0, "", ""),
        ('cat "big dog" #boat', 1, "", "cat #boat"),
        ("title:(cat dog) hen", 0, "", "hen"),
        ("title:(cat) hen", 0, "", "hen"),
        ("(cat or dog) or hen cow", 0, "", "cow"),
        ("cat -(dog hen) cow", 1, "", "cat cow"),
        ("cat NOT dog cow", 1, "", "cat cow"),
        ("“cat” transfomer~2 cow", 1, "", "“cat” cow"),
    ],
)
def test_a_part_can_be_left_out_of_what_was_typed_or_written_otherwise(text, number, instead, expected):
    query = ask(text)
    assert query.without(query.clauses[number].span, instead) == expected


ATOMS = [
    "cat",
    "self-supervised",
    '"big dog"',
    "title:hen",
    "title:(cat dog)",
    'author:"ada keel"',
    "trans*",
    "O(n^2)",
]
ATOMS += ["#boat", 'tag:"big boat"', "year:2024..2026", "is:unread", "upvotes:>5", "机器学"]
ATOMS += ["https://a.org/b?c=d", "-the"]
GROUPS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.builds(
        "{}({})".format,
        st.sampled_from(["", "-", "NOT ", "title:"]),
        st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda clauses: st.sampled_from([" ".join(clauses), " or ".join(clauses)])
        ),
    ),
    max_leaves=4,
)


@given(st.lists(GROUPS, min_size=1, max_size=4), st.data())
def test_without_one_part_a_search_is_the_others(clauses, data):
    chosen = data.draw(st.integers(0, len(clauses) - 1))
    text = " ".join(clauses)
    query = answer(text)
    if isinstance(query, QueryError):
        assert str(query).endswith("the limit is 24 words.")
        return
    assert len(query.clauses) == len(clauses)
    others = query.without(query.clauses[chosen].span)
    assert shape(ask(others)) == " ".join(
        plain(clause) for i, clause in enumerate(query.clauses) if i != chosen
    )


SIGNS = ["cat", "dog", " ", " ", " ", "or ", "NOT ", "-", "(", ")", '"', "*", "~", "~2", "#", "$", "\\"]
SIGNS += ["/", ",", "|", "..", ">", "the", "GPT-4", "机器", '\\"', "ß", "²", "\x00", "\u0301"]
SIGNS += ["title:", "author:", "id:", "tag:", "status:reading", "is:", "year:2024", "clipped:<7d"]
SIGNS += ["upvotes:", "sort:clipped", "10.1145/344", "https://arxiv.org/abs/", "2401.01335"]
TYPED = st.one_of(
    st.text(max_size=MAX_CHARACTERS + 9), st.lists(st.sampled_from(SIGNS), max_size=24).map("".join)
)


@given(TYPED, st.booleans(), st.booleans())
def test_any_text_is_a_query_whose_parts_lie_in_it_or_is_refused_at_a_place_in_it(
    text, as_you_type, unfinished
):
    query = answer(text, as_you_type=as_you_type, unfinished=unfinished)
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
def test_as_one_types_a_search_asks_for_the_same_but_for_its_end(text):
    query, typing = answer(text, unfinished=True), answer(text, as_you_type=True, unfinished=True)
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
