import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.vault.file_names import MAX_BYTES, folded, stem


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Paper Boats: A Survey", "Paper Boats A Survey"),
        ("What Floats?", "What Floats"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\boats", "C boats"),
        ("a#b^c[d]|e", "a b c d e"),
        ("boats. . .", "boats"),
        (".hidden", "hidden"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("COM¹", "_COM¹"),
        ("console", "console"),
        ("論文の船", "論文の船"),
        ("Żółta łódź", "Żółta łódź"),
        ("boat\u202efdp.exe", "boat fdp.exe"),
        ("a\x00\n\tb", "a b"),
        ("", "Untitled"),
        ("???", "Untitled"),
        ("\ud800", "Untitled"),
    ],
)
def test_titles_become_names(title, name):
    assert stem(title) == name


@given(st.text(), st.sampled_from(["", " (2603.00042)"]))
def test_names_are_valid_on_every_system(title, suffix):
    name = stem(title, suffix) + ".md"
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert (Path("/root") / name).parent == Path("/root")
    assert len(name.encode()) <= MAX_BYTES + len("_.md")
    assert not set(name) & set('<>:"/\\|?*#^[]')
    assert not any(unicodedata.category(char).startswith("C") for char in name)
    assert not name.startswith(".")
    assert stem(title, suffix)[-1] not in ". "


def test_a_long_title_is_cut_between_characters():
    assert stem("論" * 100) == "論" * 40
    assert stem("a" * 300, " (2603.00042)").endswith("a (2603.00042)")


def test_names_that_a_file_system_confuses_fold_to_the_same():
    assert folded("BOAT.md") == folded("boat.md")
    assert folded("Łódź.md") == folded(unicodedata.normalize("NFD", "łódź.md"))
    assert folded("boat.md") != folded("boats.md")
