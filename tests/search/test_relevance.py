"""Finding papers among real ones by what their titles say."""

import json
import lzma
import time
from itertools import islice
from pathlib import Path

import pytest

from index_feed import ListFeed, paper
from paperclipper.search.analysis import FILLER, words
from paperclipper.search.query import MAX_CHARACTERS, parse
from paperclipper.search.whoosh_index import WhooshIndex

CORPUS = Path(__file__).parents[3] / "shared/data/corpus/daily_papers.jsonl.xz"
NUMBER = 1000


@pytest.fixture(scope="module")
def papers():
    if not CORPUS.exists():
        pytest.skip("the corpus of real papers is not beside the repository")
    with lzma.open(CORPUS, "rt") as lines:
        rows = [json.loads(line) for line in islice(lines, NUMBER)]
    return [paper(row["arxiv_id"], row["title"], row["abstract"], authors=row["authors"]) for row in rows]


@pytest.fixture(scope="module")
def index(papers, tmp_path_factory):
    index = WhooshIndex(tmp_path_factory.mktemp("relevance") / "lib")
    assert index.catch_up(ListFeed(papers), time.monotonic() + 120)
    yield index
    index.close()


def test_a_title_finds_its_paper_first(papers, index):
    missed = []
    for each in papers[::5]:
        telling = " ".join(word.text for word in words(each.facts.title) if word.text not in FILLER)
        if len(telling) <= MAX_CHARACTERS and index.search(parse(telling), 1).hits[0].paper_id != each.id:
            missed.append(telling)
    assert missed == []


def test_three_words_of_an_abstract_find_its_paper(papers, index):
    for each in papers[::20]:
        telling = [word.text for word in words(each.facts.abstract) if word.text not in FILLER]
        asked = " ".join(telling[3:60:20])
        found = index.search(parse(asked, as_you_type=True), NUMBER)
        assert each.id in [hit.paper_id for hit in found.hits]
        assert not found.relaxed
