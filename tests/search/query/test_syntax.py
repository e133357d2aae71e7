import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.errors import QueryError
from paperclipper.search.query.syntax import TagClause, resolve_tags, walk_clauses
from search.index.list_source import ask
from search.query.query_text import clause_shape, parse_or_error, shape


def test_an_empty_search_and_one_without_words():
    assert ask(" ?").is_empty
    assert not ask("#boat").is_empty
    assert not ask("#boat year:2024").has_words
    assert ask("#boat or -(keel #hull)").has_words


def test_labels_leave_out_excluded_ones():
    query = ask("(is:skipped or has:note) -is:starred status:read keel")
    assert query.labels() == {"is:dismissed", "has:note", "status:read"}


def test_every_tag_is_resolved():
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
def test_a_clause_can_be_removed_or_replaced(text, number, instead, expected):
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
def test_without_one_clause_a_query_is_the_others(clauses, data):
    chosen = data.draw(st.integers(0, len(clauses) - 1))
    text = " ".join(clauses)
    query = parse_or_error(text)
    if isinstance(query, QueryError):
        assert "the limit is" in str(query)
        return
    assert len(query.clauses) == len(clauses)
    others = query.without(query.clauses[chosen].span)
    assert shape(ask(others)) == " ".join(
        clause_shape(clause) for i, clause in enumerate(query.clauses) if i != chosen
    )
