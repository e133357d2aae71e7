"""Import files that are truncated, of another format or encoding, or malicious.

They are refused with a reason, with no rows saved and with little memory and time. Later failures leave
complete batches, and repeating the import completes it.
"""

import gzip
import io
import json
import resource
import subprocess
import sys
import zipfile

import pytest

from paperclipper.errors import InvalidInputError, StoreFullError
from paperclipper.formats.digest.rows import MAX_LISTED, MAX_TITLE
from paperclipper.services.transfer import import_files, importing
from paperclipper.services.transfer.importing import Outcome
from paperclipper.store.database.tables import proxy
from paperclipper.store.papers import papers

MEMORY = 10**9
MANY = 10_000


def lines(count, bad=None, at=0):
    """Return papers as JSON Lines, with `bad` as the line number `at`."""
    written = [b'{"title": "Boat %d"}\n' % number for number in range(1, count + 1)]
    if bad is not None:
        written[at - 1] = bad
    return b"".join(written)


def zipped(content, name="papers.jsonl"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def filled(unit, before=b"", after=b""):
    """Repeat the unit up to the maximum size of a file that is read at once."""
    size = import_files.MAX_WHOLE_BYTES - len(before) - len(after)
    return before + unit * (size // len(unit)) + after


LAUGHS = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
LAUGHS += (
    "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)) + "]><lolz>&lol9;</lolz>"
)
PAGE = "Folding Paper Boats\n\nWe fold boats, naïvely.\n\n  •  6 authors\n·\nDec 8, 2022\n"
CARD_END = "  •  6 authors\n·\nDec 8, 2022\n".encode()

# The files, with part of the error message.
REFUSED = {
    "a zip bomb": (zipped(bytes(50_000_000)), "not a text file"),
    "a zip bomb in a zip": (zipped(zipped(zipped(bytes(50_000_000)))), "not a text file"),
    "a zip that hides its size": (
        zipped(b"0" * 1000).replace((1000).to_bytes(4, "little"), b"\1\0\0\0"),
        "not a text",
    ),
    "a gzip bomb": (gzip.compress(bytes(50_000_000), mtime=0), "not a text file"),
    "billion laughs": (LAUGHS.encode(), "no papers in this file"),
    "a program": (b"\x7fELF\x02\x01\x01\0\0", "not a text file"),
    "UTF-16": (PAGE.encode("utf-16"), "not a text file"),
    "UTF-32": (lines(2).decode().encode("utf-32"), "not a text file"),
    "Latin-1": (PAGE.replace("•", "-").encode("latin-1"), "Line 3 of the file is not UTF-8"),
    "Latin-1 late": (lines(MANY, b'{"title": "na\xefve"}\n', 9000), "Line 9000 of the file is not UTF-8"),
    "half a surrogate in UTF-8": (lines(MANY, b'{"title": "\xed\xa0\x80"}\n', 9000), "Line 9000"),
    "overlong UTF-8": (lines(3, b'{"title": "\xc0\xaf"}\n', 2), "Line 2"),
    "cut in a line": (lines(MANY)[:-9], "ends in the middle of line 10000"),
    "cut in a letter": (lines(2) + '{"title": "é'.encode()[:-1], "Line 3 of the file is not UTF-8"),
    "an answer that is cut": (
        json.dumps([{"paper": {"id": "2603.00001", "title": "Boats"}}] * 9)[:-20],
        "not valid JSON",
    ),
    "deep JSON": (b"[" * 4_000_000, "nested too deep"),
    "deep JSON in keys": (b'{"a":' * 1_000_000, "nested too deep"),
    "a long number": (b"[" + b"9" * 5_000_000 + b"]", "a number that is too long"),
    "numbers that are none": (b"[NaN]", "not valid JSON"),
    "too many lines": (lines(2) + b"{\n" * import_files.MAX_LINES, "more than 1000000 lines"),
    "one line without end": (b"x" * 30_000_000, "larger than 8 MB"),
    "a list of nothing": (b"[" + b"0," * MAX_LISTED + b"0]", f"more than {MAX_LISTED} papers"),
    "a page of bare cards": (b"a\n\nb\n\n" * (MAX_LISTED + 1) + CARD_END, f"more than {MAX_LISTED} papers"),
    "a page of dates": (filled(b"May 1, 2024\n"), "no papers in this file"),
    "an abstract without end": (
        filled(b"x" * (MAX_TITLE + 1) + b"\n\n", b"A\n\nB\n\n", CARD_END),
        "no papers",
    ),
    "only white space": (b" \r\n" * 2_000_000, "no papers in this file"),
}
# The files that need the most memory.
HUGE = [
    filled(b"[[]],", b"[", b"0]"),
    filled(b"a\n\nb\n\n", after=CARD_END),
    lines(2) + b"{\n" * import_files.MAX_LINES,
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_with_a_reason_and_nothing_is_saved(store, tmp_path, what):
    content, reason = REFUSED[what]
    path = write(tmp_path, content)
    with pytest.raises(InvalidInputError, match=reason):
        importing.import_file(store, path)
    assert papers.count(store) == 0


def write(tmp_path, content):
    path = tmp_path / "papers.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.timeout(60)
def test_no_file_uses_much_memory(tmp_path):
    """The memory limit is just above what the command needs for a valid file."""
    assert command(write(tmp_path, lines(3)), tmp_path).returncode == 0
    for content in HUGE:
        done = command(write(tmp_path, content), tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: The file ")


def command(path, folder):
    line = [sys.executable, "-m", "paperclipper", "import", str(path), "--data", str(folder / "data")]
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # noqa: E731
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False, preexec_fn=limit)


def test_a_pipe_is_refused(tmp_path):
    line = [sys.executable, "-m", "paperclipper", "import", "/dev/stdin", "--data", str(tmp_path / "data")]
    done = subprocess.run(line, input=lines(3), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.startswith(b"Error: A pipe cannot be imported")) == (1, True)


def test_an_unreadable_line_is_reported_and_the_others_are_saved(store, tmp_path):
    report = importing.import_file(store, write(tmp_path, lines(250, b'{"title": \n', 150)))
    (bad,) = [row for row in report.rows if row.outcome is Outcome.UNREADABLE]
    assert (bad.number, "not valid JSON" in bad.reason) == (150, True)
    assert (report.count(Outcome.ADDED), papers.count(store)) == (249, 249)


@pytest.mark.parametrize("letters", [r"\u0000", r"\ud800", r"\udfff\ud800", r"\u001b[31m", r"\u0007"])
def test_control_characters_and_surrogates_are_removed(store, tmp_path, letters):
    fields = (
        f'"title": "Paper {letters}boats", "abstract": "We {letters} fold.", "authors": ["Ada{letters} Keel"]'
    )
    line = f"{{{fields}}}"
    importing.import_file(store, write(tmp_path, line))
    (paper,) = papers.iterate(store)
    texts = (paper.facts.title, paper.facts.abstract, *paper.facts.authors)
    assert all(text.isprintable() for text in texts)


def test_an_interrupted_import_continues_when_it_is_repeated(store, tmp_path):
    path = write(tmp_path, lines(250))

    def break_off(done):
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.import_file(store, path, progress=break_off)
    assert papers.count(store) == 200
    report = importing.import_file(store, path)
    assert (report.count(Outcome.ALREADY_SAVED), report.count(Outcome.ADDED), papers.count(store)) == (
        200,
        50,
        250,
    )


def test_a_full_disk_leaves_complete_batches_and_their_number_is_reported(store, tmp_path):
    path = write(tmp_path, lines(450))

    def fill_up(done):
        (pages,) = proxy.execute_sql("PRAGMA page_count").fetchone()
        proxy.execute_sql(f"PRAGMA max_page_count = {pages + 1}")

    with pytest.raises(StoreFullError) as caught:
        importing.import_file(store, path, progress=fill_up)
    saved = papers.count(store)
    assert saved > 0
    assert saved % 100 == 0
    assert f"{saved} rows had already been saved" in str(caught.value)
    proxy.execute_sql("PRAGMA max_page_count = 1000000")
    assert importing.import_file(store, path).count(Outcome.ALREADY_SAVED) == saved
    assert papers.count(store) == 450


def test_a_file_changed_during_the_import_is_reported(store, tmp_path):
    path = write(tmp_path, lines(250))

    def append(done):
        if done == 200:
            with path.open("ab") as file:
                file.write(b'{"title": "One more"}\n')

    with pytest.raises(InvalidInputError, match="was changed during the import"):
        importing.import_file(store, path, progress=append)
    assert importing.import_file(store, path).count(Outcome.UNREADABLE) == 0
    assert papers.count(store) == 251
