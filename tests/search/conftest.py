import json
import lzma
import random
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from paperclipper.search.index.search_index import WhooshIndex
from search.index.list_source import ListSource, invented, paper
from search.scoring import known_items

CORPUS = Path(__file__).parents[3] / "shared/data/corpus"
FILES = ("daily_papers.jsonl.xz", "arxiv_papers.jsonl.xz")


class Papers(NamedTuple):
    papers: list[Any]
    index: WhooshIndex
    is_real: bool


@pytest.fixture(scope="session")
def ten_thousand(tmp_path_factory):
    """Ten thousand papers and their index: real ones, drawn from the corpus, if it is available."""
    found = indexed(10_000, tmp_path_factory.mktemp("ten-thousand"))
    yield found
    found.index.close()


@pytest.fixture(scope="session")
def twenty_thousand(tmp_path_factory):
    """The same with twenty thousand papers."""
    found = indexed(20_000, tmp_path_factory.mktemp("twenty-thousand"))
    yield found
    found.index.close()


def indexed(number, folder):
    is_real = all((CORPUS / name).exists() for name in FILES)
    papers = real_papers(number) if is_real else list(invented(number))
    notes = [
        paper(paper_id, "Reader note carrier", "A short abstract.", authors=("A B",), notes=[note])
        for paper_id, (note, _) in known_items.NOTES.items()
    ]
    index = WhooshIndex(folder / "lib")
    assert index.catch_up(ListSource([*papers, *notes]), time.monotonic() + 600)
    return Papers(papers, index, is_real)


def real_papers(number):
    rows = {}
    for name in FILES:
        with lzma.open(CORPUS / name, "rt") as lines:
            rows.update((row["arxiv_id"], row) for row in map(json.loads, lines))
    drawn = list(rows.values())
    random.Random(11).shuffle(drawn)
    return [
        paper(row["arxiv_id"], row["title"], row["abstract"], authors=row["authors"])
        for row in drawn[:number]
    ]
