import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.identifiers import (
    EPrint,
    canonical_url,
    check_url,
    fold_title,
    identify,
    parse,
    parse_arxiv,
    parse_doi,
)
from paperclipper.model import Identifier, Scheme

ARXIV, DOI, URL = Scheme.ARXIV, Scheme.DOI, Scheme.URL


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2603.01234", EPrint("2603.01234", None)),
        (" 2603.01234v3 ", EPrint("2603.01234", 3)),
        ("0704.0001", EPrint("0704.0001", None)),
        ("arXiv:2603.01234v12", EPrint("2603.01234", 12)),
        ("ARXIV: 2603.01234", EPrint("2603.01234", None)),
        ("hep-th/9901001", EPrint("hep-th/9901001", None)),
        ("hep-th/9901001v2", EPrint("hep-th/9901001", 2)),
        ("math.GT/0309136", EPrint("math.GT/0309136", None)),
        ("10.48550/arXiv.2603.01234", EPrint("2603.01234", None)),
        ("https://arxiv.org/abs/2603.01234", EPrint("2603.01234", None)),
        ("http://www.arxiv.org/abs/2603.01234v2", EPrint("2603.01234", 2)),
        ("https://arxiv.org/pdf/2603.01234v2.pdf", EPrint("2603.01234", 2)),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", EPrint("hep-th/9901001", None)),
        ("https://arxiv.org/html/2603.01234v1#S3", EPrint("2603.01234", 1)),
        ("https://export.arxiv.org/abs/2603.01234?context=cs", EPrint("2603.01234", None)),
        ("https://huggingface.co/papers/2603.01234", EPrint("2603.01234", None)),
        ("https://huggingface.co/papers/2603.01234.md", EPrint("2603.01234", None)),
        ("https://hf.co/papers/2603.01234/", EPrint("2603.01234", None)),
        ("https://www.alphaxiv.org/abs/2603.01234v1", EPrint("2603.01234", 1)),
        ("https://doi.org/10.48550/arXiv.2603.01234", EPrint("2603.01234", None)),
    ],
)
def test_arxiv_ids_are_parsed_from_ids_and_links(text, found):
    assert parse_arxiv(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2613.01234",  # there is no thirteenth month
        "2603.012",
        "2603.012345",
        "2603.01234v0",
        "2603.01234v1234",
        "hep-th/9913001",
        "hep-th/99010011",
        "see 2603.01234",
        "２６03.01234",  # full-width digits
        "https://example.org/abs/2603.01234",
        "https://arxiv.org/list/cs.CL/new",
        "https://arxiv.org.example.org/abs/2603.01234",
        "https://huggingface.co/datasets/2603.01234",
        "https://[arxiv.org/abs/2603.01234",
    ],
)
def test_other_texts_have_no_arxiv_id(text):
    assert parse_arxiv(text) is None


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/182", "10.1000/182"),
        (" doi: 10.1000/ABC ", "10.1000/abc"),
        ("DOI:10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/A(b)", "10.1000/a(b)"),
        ("http://dx.doi.org/10.1000/a%2Fb", "10.1000/a/b"),
        ("10.1000/100%25", "10.1000/100%25"),
        ("10.100/182", None),
        ("10.1000/", None),
        ("10.1000/a b", None),
        ("11.1000/182", None),
        ("10.1000/" + "x" * 257, None),
    ],
)
def test_dois(text, doi):
    assert parse_doi(text) == doi


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.ORG/Paper", "https://example.org/Paper"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a/#part", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&b=2&a=1&fbclid=y", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?b=", "https://example.org/a?b="),
        ("https://example.org/%7Eada/caf%C3%A9", "https://example.org/~ada/caf%C3%A9"),
        ("https://example.org/café", "https://example.org/caf%C3%A9"),
    ],
)
def test_urls_of_one_page_have_one_canonical_form(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "paper",
        "//example.org/a",
        "https:///a",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,hi",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://ada@example.org/",
        "https://ada:secret@example.org/",
        "https://example.org@evil.example/",
        "https://example.org/a b",
        "https://example.org/a\nb",
        "https://example.org/\x00",
        "https://example.org/\x7f",
        "https://example.org/\u202e",  # reverses the text after it
        "https://example.org/\ud800",
        "https://example.org\\@evil.example/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/" + "a" * 2048,
    ],
)
@pytest.mark.parametrize("read", [check_url, canonical_url, parse])
def test_invalid_urls_are_rejected(url, read):
    with pytest.raises(InvalidInputError):
        read(url)


def test_a_valid_url_is_returned_unchanged():
    assert check_url("https://Example.org/A?utm_source=x#y") == "https://Example.org/A?utm_source=x#y"


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ({}, ()),
        ({"arxiv_id": "2603.01234v2"}, (Identifier(ARXIV, "2603.01234"),)),
        ({"doi": "10.48550/arXiv.2603.01234"}, (Identifier(ARXIV, "2603.01234"),)),
        (
            {"arxiv_id": "2603.01234", "doi": "10.48550/arXiv.2603.01234v1"},
            (Identifier(ARXIV, "2603.01234"),),
        ),
        (
            {"arxiv_id": "2603.01234", "doi": "10.1000/A", "url": "https://example.org/"},
            (Identifier(ARXIV, "2603.01234"), Identifier(DOI, "10.1000/a")),
        ),
        ({"url": "https://example.org/a/"}, (Identifier(URL, "https://example.org/a"),)),
        ({"url": "https://arxiv.org/pdf/2603.01234"}, (Identifier(ARXIV, "2603.01234"),)),
    ],
)
def test_values_of_a_page_become_identifiers(given_, found):
    assert identify(**given_) == found


@pytest.mark.parametrize(
    ("given_", "pointer"),
    [({"arxiv_id": "2613.1"}, "/arxiv_id"), ({"doi": "11.1/x"}, "/doi"), ({"url": "javascript:x"}, "/url")],
)
def test_an_invalid_value_has_a_pointer(given_, pointer):
    with pytest.raises(InvalidInputError) as caught:
        identify(**given_)
    assert caught.value.pointer == pointer


ARXIV_IDS = st.from_regex(
    r"(0[7-9]|[1-4]\d)(0[1-9]|1[0-2])\.\d{4,5}|[a-z-]{0,3}[a-z]{2}/\d\d(0[1-9]|1[0-2])\d{3}", fullmatch=True
)
DOIS = st.from_regex(r"10\.[0-9]{4,9}/[!-~]{1,40}", fullmatch=True)
URLS = st.from_regex(
    r"https?://[a-z]{1,9}\.(org|co)(:[1-9]\d{0,3})?(/[a-zA-Z0-9%~é.+-]{0,9}){0,3}(\?[a-z0-9=&+%]{0,9})?",
    fullmatch=True,
)


@given(st.one_of(ARXIV_IDS, DOIS, URLS))
@example("10.1000/100%2525")
@example("https://[::1]:8377/a")
@example("https://example.org/%25")
@example("https://example.org//")
@example("http://example.org/?url:https://example.org/a")
def test_a_written_identifier_is_parsed_as_the_same(text):
    try:
        identifier = parse(text)
    except InvalidInputError:
        assume(False)
    assert parse(str(identifier)) == identifier


@given(st.text(max_size=80))
def test_any_text_is_an_identifier_or_is_rejected(text):
    try:
        identifier = parse(text)
    except InvalidInputError:
        return
    assert identifier.value


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "https://arxiv.org/abs/" + "/" * 50_000,
        "10.1000/" * 6_000,
        "%25" * 17_000,
        "-" * 50_000,
        "1" * 50_000,
    ],
    ids=lambda text: text[:8],
)
def test_long_texts_are_rejected_quickly(text):
    started = time.perf_counter()
    with pytest.raises(InvalidInputError):
        parse(text)
    fold_title(text)
    assert time.perf_counter() - started < 0.5


def test_links_to_a_paper():
    assert identifiers.arxiv_abstract_url("2603.01234") == "https://arxiv.org/abs/2603.01234"
    assert identifiers.arxiv_abstract_url("2603.01234", 2) == "https://arxiv.org/abs/2603.01234v2"
    assert identifiers.arxiv_pdf_url("hep-th/9901001") == "https://arxiv.org/pdf/hep-th/9901001"
    assert identifiers.digest_paper_url("2603.01234") == "https://huggingface.co/papers/2603.01234"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Folding Paper Boats", "folding  paper\nboats"),
        ("Boats: Folded or Sailed?", "Boats Folded or Sailed"),
        ("Naïve Bézier Boats", "Naive Bezier boats"),
        (r"\textbf{Boats} and $\alpha$-Sails", "textbf Boats and alpha-Sails"),
        ("Straße", "STRASSE"),
        ("ﬁsh", "fish"),
        ("Boats\u200b for All", "Boats for All"),
    ],
)
def test_variants_of_a_title_fold_to_the_same(one, other):
    assert fold_title(one) == fold_title(other)


def test_different_titles_differ_and_symbols_alone_are_a_title():
    assert fold_title("Boats 1") != fold_title("Boats 2")
    assert fold_title("折り紙") != fold_title("紙")
    assert fold_title("!?") != fold_title("?!") != ""
