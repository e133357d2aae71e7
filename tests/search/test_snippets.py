import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.query import parse
from paperclipper.search.snippets import marks, snippet, wanted

FILL = "plain words that nobody looks for and which only take room here "


def shown(text, query, **options):
    return "".join(f"[{piece}]" if hit else piece for piece, hit in marks(text, wanted(parse(query, **options))))


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Learned Models learn", "learning model", "[Learned] [Models] [learn]"),
        ("Café society", "cafe", "[Café] society"),
        ("Self-Supervised nets", "selfsupervised", "[Self-Supervised] nets"),
        ("Selfsupervised nets", "self-supervised", "[Selfsupervised] nets"),
        ("The the", "the keel", "The the"),
        ("To be", '"to be"', "[To] [be]"),
        ("机器学习", "机器学", "[机器学]习"),
        ("<b>keel</b>", "keel", "<b>[keel]</b>"),
        (r"of $\alpha + \beta$ kind", "alpha", r"of [$\alpha + \beta$] kind"),
        (r"of $\alpha + \beta$ kind", "alpha beta", r"of [$\alpha + \beta$] kind"),
        ("nothing", "keel", "nothing"),
        ("", "keel", ""),
    ],
)
def test_marks(text, query, expected):
    assert shown(text, query) == expected


def test_an_open_end_is_marked():
    assert shown("Transformers", "transf", as_you_type=True) == "[Transformers]"


def cut(text, query, width=240):
    return "".join(piece for piece, _ in snippet(text, wanted(parse(query)), width))


def test_the_snippet_holds_most_different_words():
    text = "keel keel keel " + FILL * 10 + "keel with rudder " + FILL * 10
    assert "keel with rudder" in cut(text, "keel rudder")


def test_no_match_shows_the_beginning():
    assert cut(FILL * 10, "zebra").startswith("plain words")


@given(st.integers(0, 400), st.integers(0, 60))
def test_a_formula_is_whole_or_absent(lead, length):
    formula = "$" + "x^2 " * length + "y$"
    piece = cut((FILL * 10)[:lead] + "keel " + formula + " " + FILL * 5, "keel")
    assert piece.count("$") in (0, 2)
    assert formula in piece or "$" not in piece


@given(st.text(), st.text(max_size=20), st.integers(20, 300))
def test_fragments_are_a_piece_of_the_text(text, query, width):
    assert "".join(piece for piece, _ in marks(text, wanted(parse(query)))) == text
    assert cut(text, query, width) in text
