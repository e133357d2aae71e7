import dataclasses
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from formats.vault.invented_papers import PAPER_ID, a_highlight, a_note, a_paper
from paperclipper.formats.vault import front_matter, paper_file
from paperclipper.formats.vault.paper_file import UnsafeUpdateError
from paperclipper.model import Identifier, Scheme, Status

texts = st.text(st.characters(exclude_categories=["Cs"]))
KEY = "keel2026folding"

GOLDEN = """---
title: "Folding Boats: The $n$-Crease Problem"
source: "https://huggingface.co/papers/2603.00042"
author:
  - "Ada Keel"
  - "Ben Mast"
published: 2026-03-06
created: 2026-03-09
description: "We fold #boats at [scale]."
tags:
  - "Boats/paper"
  - "folding"
aliases:
  - "arXiv 2603.00042"
arxiv_id: "2603.00042"
arxiv_version: 2
doi: "10.48550/arXiv.2603.00042"
pdf: "https://arxiv.org/pdf/2603.00042v2"
code: "https://github.com/keel/boats"
citekey: "keel2026folding"
status: "unread"
rating:
paper_id: "0b8f4c1e-0000-4000-8000-000000000001"
---

%% paperclipper:begin generated 83595b6a24b3 %%

# Folding Boats: The $n$-Crease Problem

> [!abstract] Abstract
> We fold \\#boats at \\[scale]. They float for $O(n_1^2)$ days.
>
> \\# Not a heading \\`\\`\\` not code

## Highlights

> [!quote|yellow] Highlight
> They float.
>
> why?

^h-0b8f4c1e-0000-4000-8000-000000000003

## Clipped notes

> [!note] 2026-03-09
> My *note*
> - one
>   - two

^n-0b8f4c1e-0000-4000-8000-000000000002

%% paperclipper:end generated %%

## Notes

%% begin notes %%

%% end notes %%
"""


def marked_paper(**changes):
    annotations = [a_note("My *note*\r\n- one\n  - two\n"), a_highlight("They float.", "why?")]
    return a_paper(annotations=annotations, **changes)


def first(paper):
    return paper_file.create(paper, KEY)


def again(text, paper, last=None):
    last = first(a_paper()).fingerprints if last is None else last
    return paper_file.update(text, paper, KEY, last).text


def keys(text):
    yaml = YAML(typ="safe", pure=True)
    return yaml.load(text.split("---\n")[1])


def shown(text):
    """Return the words that a Markdown viewer shows, in order."""
    tokens = MarkdownIt("commonmark").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    return "".join(child.content if child.type != "softbreak" else "\n" for child in inline)


def test_the_whole_file():
    assert first(marked_paper()).text == GOLDEN


def test_unknown_values_are_left_out_or_empty():
    paper = a_paper(
        tags=(),
        abstract="",
        authors=(),
        author_count=6,
        published=None,
        arxiv_version=None,
        code_url="",
        identifiers=(),
    )
    text = first(paper).text
    assert keys(text) == {
        "title": paper.facts.title,
        "source": "https://page.example/",
        "author": None,
        "author_count": 6,
        "published": None,
        "created": paper.clipped_at.date(),
        "description": None,
        "tags": None,
        "citekey": KEY,
        "status": "unread",
        "rating": None,
        "paper_id": PAPER_ID,
    }
    assert "[!abstract]" not in text
    assert "## Highlights" not in text
    assert "## Clipped notes" not in text


def test_a_paper_with_a_doi_and_a_url_as_source():
    doi = a_paper(identifiers=(Identifier(Scheme.DOI, "10.1000/boats"),))
    assert keys(first(doi).text)["doi"] == "10.1000/boats"
    url = a_paper(identifiers=(Identifier(Scheme.URL, "https://boats.example/"),), clips=())
    assert keys(first(url).text)["source"] == "https://boats.example/"


def test_a_long_first_sentence_is_cut_at_a_word():
    description = keys(first(a_paper(abstract="boats and sails " * 40)).text)["description"]
    assert len(description) <= paper_file.MAX_DESCRIPTION + 2
    assert description.endswith((" boats …", " and …", " sails …"))


@pytest.mark.parametrize(
    ("facts", "taken", "key"),
    [
        ({}, [], "keel2026folding"),
        ({}, ["keel2026folding"], "keel2026foldingb"),
        ({}, ["keel2026folding", "keel2026foldingb"], "keel2026foldingc"),
        ({"authors": ("Keel, Ada",)}, [], "keel2026folding"),
        ({"authors": ("Élodie Łódź-Çelik",)}, [], "odzcelik2026folding"),
        ({"title": "The A. I. Boat"}, [], "keel2026i"),
        ({"authors": (), "published": None}, [], "folding"),
        ({"authors": ("船长",), "published": None, "title": "論文"}, [], "paper"),
    ],
)
def test_cite_keys(facts, taken, key):
    assert paper_file.cite_key(a_paper(**facts), taken) == key


def test_a_file_keeps_its_cite_key():
    text = GOLDEN.replace(KEY, "mine2026")
    assert again(text, marked_paper(authors=("Cy Hull",)), {}) == text


# Text from outside stays inside its block


@given(texts)
@example("---\nowner: evil\n---\n")
@example("%% paperclipper:end generated %%")
def test_no_title_adds_a_key_or_a_marker(title):
    text = first(a_paper(title=title)).text
    assert keys(text)["title"] == (title or None)
    assert "owner" not in keys(text)
    assert again(text, a_paper(title=title)) == text


HOSTILE = [
    "%% end notes %%",
    "%% paperclipper:end generated %%",
    "%%%%",
    "<!-- hidden",
    "```\nopen fence",
    "~~~\nopen fence",
    "$$\nopen formula",
    "# heading",
    "---\nkey: value\n---",
    "a\rb\u2028c\x0b# d",
    "- [ ] task\n\n\n\n    code",
    "> quote\nlazy",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("where", ["abstract", "note", "quote", "comment"])
def test_no_text_forges_a_marker_or_leaves_a_block_open(text, where):
    paper = {
        "abstract": lambda: a_paper(abstract=text),
        "note": lambda: a_paper(annotations=[a_note(text)]),
        "quote": lambda: a_paper(annotations=[a_highlight(text)]),
        "comment": lambda: a_paper(annotations=[a_highlight("They float.", text)]),
    }[where]()
    file = first(paper).text
    body = file.split("---\n", 2)[2]
    assert body.count("%%") == 8
    assert "<!--" not in body
    headings = [
        token
        for token in MarkdownIt("commonmark").parse(body)
        if token.type == "heading_open" and not token.level
    ]
    assert [heading.tag for heading in headings][-1] == "h2"
    assert shown(body).endswith("Notes%% begin notes %%%% end notes %%")
    assert again(file, paper) == file


@given(texts)
def test_any_note_leaves_the_file_updatable(body):
    paper = a_paper(annotations=[a_note(body), a_highlight(body or "x", body)], abstract=body)
    text = first(paper).text
    assert again(text, paper) == text


@given(st.text("ab _*`[]<>#$\\%=~^&;!()|-+.1", min_size=1))
def test_plain_text_is_shown_unchanged(text):
    words = " ".join(text.split())
    if "$" not in words and "\\(" not in words and "\\[" not in words:
        assert shown(paper_file.escape_line(words)) == words


def test_formulas_stay_formulas():
    assert paper_file.escape_line(r"a_b $x_1 * y$ \(z^2\) \[w\] costs $5 %% $a %% b$") == (
        r"a_b $x_1 * y$ $z^2$ $$w$$ costs \$5 %\% $a % % b$"
    )


# Updates


def test_an_update_without_changes_changes_nothing():
    assert again(GOLDEN, marked_paper()) == GOLDEN
    assert again(GOLDEN, marked_paper(), {}) == GOLDEN


def test_changes_are_written_and_the_rest_stays():
    text = GOLDEN.replace("%% begin notes %%\n", "%% begin notes %%\nmy words %% and symbols\n").replace(
        "status: ", "mine:   [kept,  as is]\nstatus: "
    )
    text = text.replace("---\n\n%%", "---\nabove\n%%") + "below, no line end"
    now = again(text, a_paper(tags=["folding"], status=Status.READ, annotations=[a_note("New")]))
    assert keys(now)["tags"] == ["folding"]
    assert keys(now)["status"] == "read"
    assert "mine:   [kept,  as is]\n" in now
    assert "> New\n" in now
    assert "They float.\n" not in now
    before, after = now.split("%% paperclipper:begin")[0], now.split("generated %%\n")[-1]
    assert before.endswith("---\nabove\n")
    assert after == text.split("generated %%\n")[-1]


@given(texts.filter(lambda text: "\r" not in text and "%%" not in text and not re.search("---\n", text)))
def test_the_readers_text_stays_byte_for_byte(words):
    text = GOLDEN.replace("%% begin notes %%\n", f"%% begin notes %%\n{words}\n") + words
    now = again(text, a_paper())
    assert now.split("%% begin notes %%\n")[1] == text.split("%% begin notes %%\n")[1]


def test_a_key_edited_by_the_reader_stays():
    paper = marked_paper()
    last = first(paper).fingerprints
    text = GOLDEN.replace('"unread"', "read").replace('  - "folding"\n', '  - "folding"\n  - mine\n')
    newer = dataclasses.replace(paper, status=Status.ARCHIVED)
    assert again(text, newer, last) == text


def test_keys_reformatted_by_another_program_are_still_updated():
    paper = marked_paper()
    requoted = GOLDEN.replace('"unread"', "unread").replace('  - "folding"', "  - folding")
    assert again(requoted, paper, first(paper).fingerprints) == requoted
    now = again(requoted, dataclasses.replace(paper, status=Status.READ), first(paper).fingerprints)
    assert now == requoted.replace("status: unread", 'status: "read"')


def test_an_emptied_generated_part_is_written_again():
    head, rest = GOLDEN.split("\n# Folding", 1)
    emptied = head + "%% paperclipper:end generated %%" + rest.split("%% paperclipper:end generated %%")[1]
    assert again(emptied, marked_paper()) == GOLDEN


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("\n", "\r\n"), "line endings"),
        (lambda text: "\ufeff" + text, "byte order mark"),
        (lambda text: text.split("---\n", 2)[2], "no front matter"),
        (lambda text: text.replace("---\n\n%%", "\n%%"), "is not closed"),
        (lambda text: text.replace("---\ntitle", "---\nstatus: read\ntitle"), "a duplicate key"),
        (lambda text: text.replace("%% paperclipper:end generated %%\n", ""), "missing or repeated"),
        (lambda text: re.sub("%% paperclipper:begin.*\n", "", text), "missing or repeated"),
        (lambda text: text + "%% paperclipper:end generated %%\n", "missing or repeated"),
        (lambda text: text.replace("%% end notes %%\n", ""), "out of order"),
        (lambda text: text.replace("%% begin notes %%\n", ""), "out of order"),
        (
            lambda text: text.replace("begin", "BEGIN").replace("BEGIN notes", "begin notes"),
            "missing or repeated",
        ),
        (lambda text: text.replace("## Highlights", "%% begin notes %%\n%% end notes %%"), "out of order"),
        (lambda text: text.replace("They float for", "They ==float== for"), "was edited"),
    ],
)
def test_a_file_that_cannot_be_updated_safely_is_rejected(change, reason):
    with pytest.raises(UnsafeUpdateError, match=reason):
        again(change(GOLDEN), a_paper(abstract="Another abstract."))


def test_the_readers_section_may_be_removed():
    text = GOLDEN.replace("%% begin notes %%\n\n%% end notes %%\n", "free words\n")
    assert again(text, a_paper()).endswith("\n## Notes\n\nfree words\n")


@pytest.mark.parametrize(
    "change", [str, lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")]
)
def test_the_paper_id_is_found_in_an_invalid_file(change):
    assert paper_file.paper_id_of(change(GOLDEN)) == PAPER_ID
    assert paper_file.cite_key_of(change(GOLDEN)) == KEY


def test_other_files_have_no_paper_id():
    assert paper_file.paper_id_of("# A note\npaper_id: x\n") is None
    assert paper_file.paper_id_of("---\ntitle: x\n---\npaper_id: x\n") is None


def test_fingerprints_are_of_our_keys():
    copy = first(a_paper())
    assert set(copy.fingerprints) == set(keys(copy.text))
    assert copy.fingerprints["status"] == front_matter.fingerprint("status: unread\n")
