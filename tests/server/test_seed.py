"""Import the project's first list page into ten thousand papers, and find each of its 30 by title."""

import itertools
import json
import lzma
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from builders import uuid7
from paperclipper.identifiers import fold_title, identify
from paperclipper.model import ClipRequest, DigestKind, PageKind, PaperFacts, Source, SourcePage
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.search import indexing, searching
from paperclipper.services.search.searching import SearchRequest
from paperclipper.services.transfer import importing
from paperclipper.store.access import libraries
from paperclipper.store.database import database

CORPUS = 10_000
# Words that a reader omits from a title they remember.
STOP_LIST = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"}
)
# Three of the thirty are in the larger file, one is in the smaller.
IN_THE_LARGER_FILE = {"2505.23564", "2506.08235", "2508.06042"}
MERGED = 4


def corpus(folder: Path) -> Iterator[str]:
    """Yield ten thousand real papers, including four of the thirty."""
    smaller, larger = (
        lzma.decompress((folder / "corpus" / f"{name}_papers.jsonl.xz").read_bytes()).decode().splitlines()
        for name in ("daily", "arxiv")
    )
    chosen = [line for line in larger if json.loads(line)["arxiv_id"] in IN_THE_LARGER_FILE]
    known = {json.loads(line)["arxiv_id"] for line in [*smaller, *chosen]}
    others = (line for line in larger if json.loads(line)["arxiv_id"] not in known)
    return itertools.chain(smaller, chosen, itertools.islice(others, CORPUS - len(smaller) - len(chosen)))


@pytest.fixture(scope="module")
def library_id(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("seed")
    database.open_database(folder / "paperclipper.db")
    indexing.use_folder(folder)
    with database.connection():
        library_id = libraries.default().id
        importing.import_lines(library_id, corpus(shared_data))
        yield library_id


@pytest.fixture(scope="module")
def seed(library_id: str, shared_data: Path) -> importing.ImportReport:
    return importing.import_file(library_id, shared_data / "seed" / "daily_papers_oct_31.txt")


def count(library_id: str) -> int:
    return lookup.newest(library_id, 1, 0)[1]


def test_thirty_papers_are_imported_once_and_four_were_saved_before(
    library_id: str, seed: importing.ImportReport, shared_data: Path
) -> None:
    assert len(seed.rows) == 30
    assert seed.count(importing.Outcome.MERGED) == MERGED
    assert count(library_id) == CORPUS + 30 - MERGED
    again = importing.import_file(library_id, shared_data / "seed" / "daily_papers_oct_31.txt")
    assert again.count(importing.Outcome.ALREADY_SAVED) == 30
    assert count(library_id) == CORPUS + 30 - MERGED


def test_each_paper_is_the_first_hit_for_the_words_of_its_title(
    library_id: str, seed: importing.ImportReport
) -> None:
    indexing.rebuild(library_id)
    for row in seed.rows:
        words = [word for word in re.findall(r"\w[\w-]*", row.title) if word.casefold() not in STOP_LIST]
        found = searching.search(library_id, SearchRequest(" ".join(words), limit=1))
        assert found.behind == 0
        assert [fold_title(item.paper.facts.title) for item in found.items] == [fold_title(row.title)], words


def test_a_clip_from_the_digest_adds_the_id_and_the_authors(
    library_id: str, seed: importing.ImportReport
) -> None:
    before, title = count(library_id), seed.rows[0].title
    facts = PaperFacts(
        title=title, authors=("Ada Example", "Ben Example"), identifiers=identify("2212.99999")
    )
    page = SourcePage(PageKind.DIGEST, "https://huggingface.co/papers", DigestKind.DAY, date(2025, 10, 31), 1)
    saved = clipping.save(library_id, ClipRequest(uuid7(), datetime.now(UTC), Source.DATA, page, facts))
    paper = lookup.paper(library_id, saved.paper_id)
    assert (saved.created, saved.paper_created, count(library_id)) == (True, False, before)
    assert (paper.arxiv_id, paper.facts.authors, paper.facts.title) == ("2212.99999", facts.authors, title)
    assert paper.facts.abstract
