"""What is marked, and which piece is shown. golden.py covers that matches are marked at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.errors import QueryError
from paperclipper.formats.text import formulas
from paperclipper.search.highlighting.matcher import find_all, matchers_by_zone
from paperclipper.search.highlighting.snippets import WIDTH, best_snippet, mark, widen
from paperclipper.search.query.planner import make_plan, with_similar
from paperclipper.search.query.syntax import resolve_tags
from search.index.list_source import ListSource, ask, paper
from search.oracles.memory_index import MemoryIndex

FILL = "plain words that nobody looks for and which only take room here "
LIBRARY = MemoryIndex()
LIBRARY.catch_up(
    ListSource(
        [
            paper("a", "Transformers and transformations", "The self-supervised keel of keels"),
            paper("b", "We call it Quick Zebra Voting (QZV)", "large language models, 机器学习"),
        ]
    ),
    0,
)


def widened_matches(text, matcher):
    return widen(find_all([text], matcher)[0], formulas.spans(text))


def all_marks(text, matcher):
    return mark(text, widened_matches(text, matcher))


def a_snippet(text, matcher, *width):
    return best_snippet(text, widened_matches(text, matcher), formulas.spans(text), *width)


def matcher(query, zone="abstract", **how):
    return matchers_by_zone(make_plan(resolve_tags(ask(query, **how), lambda _: ()), LIBRARY))[zone]


def marked(fragments):
    return "".join(f"[{piece}]" if hit else piece for piece, hit in fragments)


def shown(text, query, zone="abstract", **how):
    return marked(all_marks(text, matcher(query, zone, **how)))


def snippet_text(text, query, width=WIDTH):
    return "".join(piece for piece, _ in a_snippet(text, matcher(query), width))


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Learned Models learn", "learning model", "[Learned] [Models] [learn]"),
        ("Café society", "cafe", "[Café] society"),
        ("Pok\\'emon battles", "pokemon", "[Pok\\'emon] battles"),
        ("Keel's end", "keel", "[Keel]'s end"),
        ("Self-Supervised nets", "selfsupervised", "[Self-Supervised] nets"),
        ("Selfsupervised nets", "self-supervised", "[Selfsupervised] nets"),
        ("Self-supervised nets", "supervised", "Self-[supervised] nets"),
        ("self nets are self-supervised", "self-supervised", "self nets are [self-supervised]"),
        ("GPT-4 and GPT 4, not GPT-3", "gpt4", "[GPT-4] and [GPT 4], not GPT-3"),
        ("The the", "the keel", "The the"),
        ("The the", "the", "[The] [the]"),
        ("To be or not", '"to be"', "[To be] or not"),
        ("keel or a keel", '"a keel"', "keel or [a keel]"),
        ("the state-of-the-art of art", '"state of the art"', "the [state-of-the-art] of art"),
        ("stateoftheart results", '"state-of-the-art results"', "[stateoftheart results]"),
        ("机器学习", "机器学", "[机器学]习"),
        ("机器学习", "器", "机[器学]习"),
        ("transformers transform", "transf*", "[transformers] transform"),
        ("Transformer", "transfomers~", "[Transformer]"),
        ("an LLM", "large language models", "an [LLM]"),
        ("large language models", "llm", "[large language models]"),
        ("quick zebra voting", "QZV", "[quick zebra voting]"),
        ("keel -mast", "keel -mast", "[keel] -mast"),
        ("keel mast hull", "keel or (mast -hull)", "[keel] [mast] hull"),
        ("unread keel", "keel is:unread year:2024 #unread", "unread [keel]"),
        ("<b>keel</b>", "keel", "<b>[keel]</b>"),
        (r"of $\alpha + \beta$ kind", "alpha", r"of [$\alpha + \beta$] kind"),
        (r"of $\alpha + \beta$ kind", "alpha beta", r"of [$\alpha + \beta$] kind"),
        (
            r"of $$\alpha$$, \(\beta\), \[\gamma\]",
            "alpha beta gamma",
            r"of [$$\alpha$$], [\(\beta\)], [\[\gamma\]]",
        ),
        (r"the $\ell_2$ norm", '"l 2 norm"', r"the [$\ell_2$ norm]"),
        (r"an $\ell_2$ norm $x$", "norm", r"an $\ell_2$ [norm] $x$"),
        ("from $5 keel to $10", "keel", "from $5 [keel] to $10"),
        (r"\$5 keel\$ and $x$", "keel", r"\$5 [keel]\$ and $x$"),
        ("$a keel\n\nb$", "keel", "$a [keel]\n\nb$"),
        ("nothing", "keel", "nothing"),
        ("", "keel", ""),
    ],
)
def test_marks(text, query, expected):
    assert shown(text, query) == expected


def test_a_prefix_is_marked():
    assert shown("Transformers", "transf", as_you_type=True) == "[Transformers]"


def test_a_similar_spelling_is_marked_if_it_was_looked_for():
    plan = with_similar(make_plan(ask("transfomers mast"), LIBRARY), LIBRARY)
    assert (
        marked(all_marks("Transformers and masts", matchers_by_zone(plan)["title"]))
        == "[Transformers] and [masts]"
    )


@pytest.mark.parametrize(
    ("query", "part", "expected"),
    [
        ("title:keel", "title", "[keel] of masts"),
        ("title:keel", "abstract", "keel of masts"),
        ("title:keel mast", "abstract", "keel of [masts]"),
        ("title:keel or note:mast", "note", "keel of [masts]"),
        ('title:"keel of masts"', "title", "[keel of masts]"),
        ("org:keel", "organisation", "[keel] of masts"),
        ("title:(keel mast)", "title", "[keel] of [masts]"),
    ],
)
def test_a_word_of_one_field_is_marked_only_there(query, part, expected):
    assert shown("keel of masts", query, part) == expected


def test_a_match_has_the_number_of_its_clause():
    text = "masts, keels of $keel$"
    found = [
        (text[start:end], clause)
        for start, end, clause in widened_matches(text, matcher("keel is:unread mast"))
    ]
    assert found == [("masts", 2), ("keels", 0), ("$keel$", 0)]


def test_the_snippet_has_the_most_different_words():
    text = "keel keel keel " + FILL * 10 + "keel with rudder " + FILL * 10
    assert "keel with rudder" in snippet_text(text, "keel rudder")


def test_the_first_of_equal_pieces_is_shown_with_some_words_before_it():
    text = FILL * 4 + "the first keel " + FILL * 10 + "keel again"
    piece = snippet_text(text, "keel")
    assert "the first keel" in piece
    assert text.index(piece) == text.index("the first keel") - piece.index("the first keel")
    assert 20 < piece.index("keel") <= 70


def test_without_a_match_the_start_is_shown():
    assert snippet_text(FILL * 10, "zebra").startswith("plain words")
    assert snippet_text("short", "zebra") == "short"


def test_a_piece_starts_and_ends_with_whole_words():
    text = FILL * 5 + "keel, " + FILL * 5
    words = text.split(" ")
    piece = snippet_text(text, "keel")
    assert len(piece) <= WIDTH + 60
    assert set(piece.split(" ")) <= set(words)
    assert piece[0].isalpha()


def test_a_piece_does_not_start_with_closing_punctuation():
    text = "x" * 50 + " end. " + "Plain beginning of the fifty characters to the keel here " + FILL * 5
    piece = snippet_text(text, "keel")
    assert not piece.startswith((".", " "))


def test_a_phrase_is_shown_whole():
    text = FILL * 5 + '"mast of the keel" ' + FILL * 5
    assert ("mast of the keel", True) in a_snippet(text, matcher('"mast of the keel"'), 30)


@given(st.integers(0, 400), st.integers(0, 60))
def test_a_formula_is_shown_whole_or_not_at_all(lead, length):
    formula = "$" + "x^2 " * length + "y$"
    piece = snippet_text((FILL * 10)[:lead] + "keel " + formula + " " + FILL * 5, "keel")
    assert piece.count("$") in (0, 2)
    assert formula in piece or "$" not in piece


@given(st.integers(0, 300), st.integers(0, 200), st.integers(0, 100))
def test_a_match_in_or_after_a_formula_is_shown(lead, length, between):
    formula = "$" + "x^2 " * length + "y$"
    for text in (formula.replace("y", "keel"), f"{formula} {'and ' * between}keel"):
        fragments = a_snippet((FILL * 10)[:lead] + text + " " + FILL * 5, matcher("keel"))
        assert any(hit and "keel" in piece for piece, hit in fragments)
        assert sum(piece.count("$") for piece, _ in fragments) in (0, 2)


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_match_in_a_text_without_spaces_is_shown(before, after):
    fragments = a_snippet("我" * before + "机器" + "我" * after, matcher("机器"))
    assert ("机器", True) in fragments
    assert sum(len(piece) for piece, _ in fragments) <= WIDTH + 60


MATHS = [
    "$",
    "$",
    "$$",
    "\\",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    " ",
    "\n",
    "a",
    "x",
    "1",
    "(",
    "[",
    "keel",
    " keel ",
]


@given(st.lists(st.sampled_from(MATHS), max_size=30).map("".join))
def test_formulas_are_marked_as_a_whole(text):
    spans = formulas.spans(text)
    for start, end, _ in widened_matches(text, matcher("keel or a or 1")):
        touched = [span for span in spans if span[0] < end and start < span[1]]
        assert all(start <= span[0] and span[1] <= end for span in touched)
        assert touched or text[start:end].strip("\\") in ("keel", "a", "1")


@given(st.text(), st.text(max_size=20), st.integers(20, 300))
def test_fragments_are_a_piece_of_the_text(text, query, width):
    try:
        fragments = matcher(query)
    except QueryError:
        return
    assert "".join(piece for piece, _ in all_marks(text, fragments)) == text
    assert snippet_text(text, query, width) in text


QUERIES = [
    "keel mast",
    '"keel mast"',
    "self-supervised keel*",
    "机器学",
    "O(n^2) or alpha",
    '"the keel" -mast',
]
WORDS = [
    "keel",
    "mast",
    "the",
    "self-supervised",
    "selfsupervised",
    "机器学习",
    "$n^2$",
    r"$\alpha$",
    "O(n²)",
]
WORDS += [FILL, ", "]


@given(
    st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join),
    st.sampled_from(QUERIES),
    st.integers(61, 300),
)
def test_a_snippet_shows_a_match_and_marks_the_same_as_the_whole_text(text, query, width):
    found = matcher(query)
    fragments = a_snippet(text, found, width)
    assert any(hit for _, hit in fragments) == bool(find_all([text], found)[0])
    assert {piece for piece, hit in fragments if hit} <= {
        piece for piece, hit in all_marks(text, found) if hit
    }
    assert all(piece for piece, _ in fragments)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ["keel ", "keel $x$ ", "keel \\( ", "keel $$ ", "$keel", "\\keel "])
def test_a_long_note_is_cut_fast(text):
    assert a_snippet(text * (100_000 // len(text)), matcher("keel mast"))
