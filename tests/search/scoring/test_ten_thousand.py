"""With as many papers as a reader may have, arrays match, score and count like Whoosh's own searcher.

The kinds of queries are those of the benchmark.
"""

import random
import re
from collections import Counter
from itertools import pairwise

import pytest

from paperclipper.search.query.results import Wanted
from paperclipper.search.text.latex import STYLE_COMMANDS
from paperclipper.search.text.tokenizer import STOP_WORDS
from search.index.list_source import ask
from search.oracles import whoosh_reference

EVERY = Wanted(hits=None, facets=True)
KINDS = ["rare", "common", "two words", "or-ed", "phrase", "prefix", "similar", "author", "filter", "not"]
CI, NIGHTLY = 12, pytest.param(100, marks=pytest.mark.nightly)


@pytest.fixture(scope="module")
def words(ten_thousand):
    """The words of the abstracts, the most frequent first."""
    counted = Counter()
    for paper in ten_thousand.papers:
        counted.update(
            set(re.findall(r"[a-z]{4,}", paper.facts.abstract.lower())) - STOP_WORDS - STYLE_COMMANDS
        )
    return [word for word, count in counted.most_common() if count > 2]


@pytest.fixture(scope="module")
def pairs(ten_thousand):
    """Pairs of consecutive words that occur more than once."""
    counted = Counter()
    for paper in ten_thousand.papers[:2000]:
        runs = re.findall(r"[a-z]{4,}(?: [a-z]{4,})+", paper.facts.abstract.lower())
        counted.update(pair for run in runs for pair in pairwise(run.split()) if not STOP_WORDS & {*pair})
    return [" ".join(pair) for pair, count in counted.most_common(500) if count > 1]


@pytest.fixture(params=KINDS)
def draw(request, ten_thousand, words, pairs):
    """Return a function that makes a query of one kind."""
    names = sorted({name for paper in ten_thousand.papers for name in paper.facts.authors if '"' not in name})
    middle = words[20 : len(words) // 3]
    makers = {
        "rare": lambda chance: chance.choice(words[-len(words) // 3 :]),
        "common": lambda chance: chance.choice(words[:40]),
        "two words": lambda chance: " ".join(chance.sample(middle, 2)),
        "or-ed": lambda chance: " or ".join(chance.sample(middle, 5)),
        "phrase": lambda chance: f'"{chance.choice(pairs)}"',
        "prefix": lambda chance: f"{chance.choice(middle)[:5]}*",
        "similar": lambda chance: f"{chance.choice(middle)}~",
        "author": lambda chance: f'author:"{chance.choice(names)}"' if names else "author:nobody",
        "filter": lambda chance: f"is:unread {chance.choice(middle)}",
        "not": lambda chance: f"{chance.choice(words[:40])} -{chance.choice(middle)}",
    }
    return makers[request.param]


@pytest.mark.parametrize("number", [CI, NIGHTLY])
def test_arrays_score_and_count_like_whoosh(ten_thousand, draw, number):
    chance = random.Random(5)
    by_id = {paper.id: paper for paper in ten_thousand.papers}
    for _ in range(number):
        query = ask(draw(chance))
        found = ten_thousand.index.search(query, EVERY)
        got = {hit.paper_id: hit.score for hit in found.hits}
        assert len(got) == found.total
        assert got == pytest.approx(whoosh_reference.scores(ten_thousand.index, query), abs=1e-4), query.text
        counted = Counter(
            name for paper_id in got if paper_id in by_id for name in {*by_id[paper_id].facts.authors}
        )
        assert {name: counted[name] for name in found.facets["author"] if name != "A B"} == {
            name: count for name, count in found.facets["author"].items() if name != "A B"
        }
