import json
import lzma
from itertools import islice

import pytest

from builders import a_clip, arxiv, some_facts
from paperclipper.errors import InvalidInputError
from paperclipper.formats.digest import json_lines
from paperclipper.model import PageKind
from paperclipper.services.papers import clipping
from paperclipper.services.transfer import import_files, importing
from paperclipper.services.transfer.importing import Outcome
from paperclipper.store.access import libraries
from paperclipper.store.papers import papers

PAGE = """Daily Papers

Mar 9

Folding Paper Boats with Diffusion

We fold boats.

  •  6 authors
·
Dec 8, 2022

Sails: Learned or Given?

Sails matter.

  •  1 authors
·
Jun 28 2

System theme
"""


def write(tmp_path, content):
    path = tmp_path / "a file of any name.bin"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def outcomes(report):
    return [row.outcome for row in report.rows]


def an_item(arxiv_id, title):
    return {"paper": {"id": arxiv_id, "title": title, "authors": [{"name": "Ada Keel"}]}, "numComments": 1}


def test_the_list_page_is_imported_as_text(store, tmp_path):
    seen = []
    report = importing.import_file(store, write(tmp_path, PAGE), progress=seen.append)
    assert outcomes(report) == [Outcome.ADDED, Outcome.ADDED, Outcome.UNREADABLE]
    assert report.rows[2].title == "System theme"
    assert report.rows[2].reason
    assert (seen, papers.count(store)) == ([3], 2)
    boats, sails = sorted(papers.iterate(store), key=lambda paper: paper.facts.title)
    assert (boats.facts.author_count, sails.facts.published_inferred) == (6, True)
    assert sails.clips[0].page.page_kind is PageKind.IMPORT


def test_the_year_is_used_for_dates_without_one(store, tmp_path):
    importing.import_file(store, write(tmp_path, PAGE), year=2031)
    assert {paper.facts.published.year for paper in papers.iterate(store)} == {2022, 2031}


@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        json.dumps([an_item("2603.00001", "Boats"), an_item("2603.00002", "Sails")]),
        json.dumps([an_item("2603.00001", "Boats"), an_item("2603.00002", "Sails")], indent=2),
        '{"title": "Boats", "arxiv_id": "2603.00001"}\n\n{"title": "Sails"}\n',
        b'\xef\xbb\xbf\r\n{"title": "Boats"}\r\n{"title": "Sails"}',
    ],
)
def test_formats_are_recognised_and_a_second_import_adds_nothing(store, tmp_path, content):
    path = write(tmp_path, content)
    first = importing.import_file(store, path)
    assert first.count(Outcome.ADDED) == papers.count(store) == 2
    second = importing.import_file(store, path)
    assert second.count(Outcome.ALREADY_SAVED) == papers.count(store) == 2
    assert all(len(paper.clips) == 1 for paper in papers.iterate(store))


def test_a_single_paper_of_the_api_is_imported(store, tmp_path):
    paper = json.dumps(an_item("2603.00001", "Boats")["paper"], indent=1)
    assert outcomes(importing.import_file(store, write(tmp_path, paper))) == [Outcome.ADDED]


def test_the_same_file_can_be_imported_to_two_libraries(store, tmp_path):
    other = libraries.create("Other").id
    path = write(tmp_path, PAGE)
    for each in (store, other):
        assert importing.import_file(each, path).count(Outcome.ADDED) == 2


def test_a_row_of_a_saved_paper_is_merged(store, tmp_path):
    importing.import_file(store, write(tmp_path, '{"title": "Boats"}\n'))
    line = '{"title": "Boats", "arxiv_id": "2603.00001", "authors": ["Ada Keel"]}\n'
    report = importing.import_file(store, write(tmp_path, line))
    assert outcomes(report) == [Outcome.MERGED]
    (paper,) = papers.iterate(store)
    assert (paper.arxiv_id, paper.facts.authors) == ("2603.00001", ("Ada Keel",))


def test_unreadable_lines_do_not_stop_the_others(store, tmp_path):
    lines = ['{"title": "Boats"}', "{", '{"title": "' + "x" * 3_000_000 + '"}', '{"title": "Sails"}']
    report = importing.import_file(store, write(tmp_path, "\n".join(lines)))
    assert [(row.number, row.outcome) for row in report.rows] == [
        (1, Outcome.ADDED),
        (2, Outcome.UNREADABLE),
        (3, Outcome.UNREADABLE),
        (4, Outcome.ADDED),
    ]


def test_many_lines_are_saved_in_batches(store):
    seen = []
    lines = (f'{{"title": "Boat {number}"}}' for number in range(250))
    report = importing.import_lines(store, lines, progress=seen.append)
    assert (seen, report.count(Outcome.ADDED)) == ([100, 200, 250], 250)


@pytest.mark.parametrize(
    "content", ["", "just a letter", "{", "[1, 2", b"\x00\x01\x02", b"\xff\xfe\x00", "Daily Papers"]
)
def test_a_file_without_papers_is_refused(store, tmp_path, content):
    with pytest.raises(InvalidInputError):
        importing.import_file(store, write(tmp_path, content))
    assert papers.count(store) == 0


def test_a_file_too_large_to_read_at_once_is_refused(store, tmp_path):
    path = tmp_path / "large.txt"
    path.write_bytes(b"a\n" * (import_files.MAX_WHOLE_BYTES // 2 + 1))
    with pytest.raises(InvalidInputError, match="larger than 8 MB"):
        importing.import_file(store, path)


def test_the_saved_list_page_has_thirty_papers(store, shared_data):
    page = shared_data / "seed/daily_papers_oct_31.txt"
    for outcome in (Outcome.ADDED, Outcome.ALREADY_SAVED):
        assert importing.import_file(store, page).count(outcome) == papers.count(store) == 30
    title = next(iter(papers.iterate(store))).facts.title
    clipping.save(store, a_clip(title=title, identifiers=(arxiv("2603.00001"),)))
    assert papers.count(store) == 30
    (clipped,) = [paper for paper in papers.iterate(store) if paper.arxiv_id]
    assert (clipped.arxiv_id, clipped.facts.authors) == ("2603.00001", some_facts().authors)


def test_a_corpus_streams(store, shared_data):
    with lzma.open(shared_data / "corpus/daily_papers.jsonl.xz", "rt", encoding="utf-8") as lines:
        report = importing.import_lines(store, islice(lines, 300))
    assert report.count(Outcome.UNREADABLE) == 0
    assert papers.count(store) == report.count(Outcome.ADDED)
    assert report.count(Outcome.ADDED) + report.count(Outcome.MERGED) == 300


def test_a_row_gets_the_clip_id_that_release_0_1_gave_it():
    """Importing a file again that 0.1 imported must add nothing."""
    (row,) = json_lines.read(
        [json.dumps({"title": "Paper Boats", "submitted_on": "2026-03-09", "upvotes": 3})]
    )
    assert importing._clip_id("library", row) == "92015805-5068-8462-bd5f-5887eb7d3e6b"
