from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from paperclipper.formats.vault import front_matter
from paperclipper.formats.vault.front_matter import FrontMatterError, entry, fingerprint

# Text that a library can contain: no lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"]))
awkward = st.sampled_from(
    [
        "---\nowner: evil",
        "1e3",
        "0o17",
        "2401.00010",
        "null",
        "yes",
        "a: b #c",
        "\x85x\u2028y\ufeff",
        "- a",
        "'",
        '"',
        "\\",
    ]
)


def parsed(entries, version):
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    return yaml.load("".join(each.source for each in entries))


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@given(title=texts | awkward, authors=st.lists(texts | awkward), tags=st.lists(awkward))
def test_every_yaml_parser_reads_what_was_written(version, title, authors, tags):
    entries = [
        entry("title", title),
        entry("author", authors),
        entry("published", date(2026, 3, 6)),
        entry("tags", tags),
    ]
    assert parsed(entries, version) == {
        "title": title or None,
        "author": authors or None,
        "published": date(2026, 3, 6),
        "tags": tags or None,
    }


@given(texts | awkward, st.lists(texts | awkward), texts)
def test_splitting_and_joining_restores_the_file(title, authors, rest):
    entries = [entry("title", title), entry("author", authors), entry("rating", None)]
    file = front_matter.join(entries, rest)
    assert front_matter.split(file) == (entries, rest)


def test_a_lone_surrogate_is_replaced():
    assert front_matter.quoted("a\ud800b") == '"a\ufffdb"'


READERS = '# mine\n---x\n"odd key" : 1\ntitle: |\n  two\n  lines\n\nlist:\n- a\n- b\nlast: [1,\n  2]\n'


def test_the_readers_entries_stay_in_place():
    entries, rest = front_matter.split(f"---\n{READERS}---\nbody\n---\n")
    assert [each.key for each in entries] == ["", "odd key", "title", "list", "last"]
    assert front_matter.join(entries, rest) == f"---\n{READERS}---\nbody\n---\n"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("", "it has no front matter"),
        ("# A title\n", "it has no front matter"),
        ("---\ntitle: a\n", "its front matter is not closed"),
        ("---\ntitle: a\ntitle: b\n---\n", "its front matter contains a duplicate key"),
    ],
)
def test_invalid_front_matter_is_rejected(file, reason):
    with pytest.raises(FrontMatterError, match=reason):
        front_matter.split(file)


@pytest.mark.parametrize(
    "forms",
    [
        ['title: "a b"\n', "title: a b\n", "title: 'a b'\n", "title:   a b  \n"],
        ['title: "it\'s"\n', "title: 'it''s'\n", "title: it's\n"],
        [
            'tags:\n  - "a"\n  - "b, c"\n',
            "tags:\n- a\n- 'b, c'\n",
            'tags: [a, "b, c"]\n',
            "tags:\n    - a\n\n    - b, c\n",
        ],
        ["rating:\n", "rating: \n", "rating: []\n"],
    ],
)
def test_forms_of_a_value_have_the_same_fingerprint(forms):
    assert len({fingerprint(form) for form in forms}) == 1


def test_different_values_have_different_fingerprints():
    forms = [
        "tags:\n- a\n",
        "tags:\n- a\n- b\n",
        "tags: b\n",
        "tags:\n",
        "tags: a # b\n",
        "tags:\n- a\n# b\n",
        "tags: |\n  a\n",
    ]
    assert len({fingerprint(form) for form in forms}) == len(forms)


OURS = [entry("title", "New"), entry("tags", ["x", "y"]), entry("status", "read")]


def updated(file, last):
    entries, _ = front_matter.split(f"---\n{file}---\n")
    return "".join(each.source for each in front_matter.update(entries, OURS, last))


def fingerprints(**sources):
    return {key: fingerprint(source) for key, source in sources.items()}


def test_unedited_entries_are_updated():
    file = "mine: 1\ntitle: Old\nother: 2\n"
    assert (
        updated(file, fingerprints(title="title: Old\n", tags="", status=""))
        == 'mine: 1\ntitle: "New"\nother: 2\n'
    )


def test_entries_edited_or_removed_by_the_reader_stay_so():
    file = "title: Mine\nstatus: read\n"
    last = fingerprints(title="title: Old\n", tags="tags:\n- x\n", status="status: read\n")
    assert updated(file, last) == file


def test_a_new_key_is_inserted_after_its_predecessor():
    assert updated("mine: 1\nstatus: read\ntitle: New\nother: 2\n", {}) == (
        'mine: 1\nstatus: read\ntitle: New\ntags:\n  - "x"\n  - "y"\nother: 2\n'
    )


def test_without_fingerprints_a_differing_entry_stays():
    file = "title: New\ntags:\n- x\n- the reader's\nstatus: unread\n"
    assert updated(file, {}) == file


def test_an_obsolete_key_is_removed_only_if_unedited():
    last = fingerprints(doi="doi: a\n", title="title: New\n", tags="", status="")
    assert updated("title: New\ndoi: a\n", last) == "title: New\n"
    assert updated("title: New\ndoi: mine\n", last) == "title: New\ndoi: mine\n"


def test_fingerprints_are_of_what_we_wrote_or_found_equal():
    entries, _ = front_matter.split("---\ntitle: New\ntags: mine\n---\n")
    last = fingerprints(tags="tags: theirs before\n", gone="gone: 1\n")
    assert front_matter.fingerprints(entries, OURS, last) == fingerprints(
        title='title: "New"\n', tags="tags: theirs before\n"
    )
