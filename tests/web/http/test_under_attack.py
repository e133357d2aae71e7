"""Searches take at most twice as long, or an imperceptible time, while someone sends hostile searches.

Rounds with and without an attack alternate, so that other load affects both. Three clients without pauses
saturate two cores whatever they search, so they are compared with three clients that send normal searches.
"""

import json
import lzma
import threading
import time
from itertools import islice
from urllib.parse import quote

import pytest

import running
from search.query.hostile_queries import HOSTILE

PAPERS, TURNS, TURN_SECONDS = 3_000, 5, 6
UNFELT = 50  # milliseconds
SEARCHES = [
    "diffusion",
    "language model reasoning",
    '"large language models"',
    "attention*",
    "year:2024 agents",
    "grap~",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory, shared_data):
    """A library of real papers; each worker has searched it before."""
    folder = tmp_path_factory.mktemp("attacked")
    with lzma.open(shared_data / "corpus/arxiv_papers.jsonl.xz", "rt", encoding="utf-8") as rows:
        wanted = ("arxiv_id", "title", "abstract", "authors")
        kept = [{name: row[name] for name in wanted} for row in map(json.loads, islice(rows, PAPERS))]
    (folder / "papers").write_text("".join(json.dumps(row) + "\n" for row in kept))
    running.command("import", str(folder / "papers"), data=folder / "data", timeout=900)
    while "current" not in running.command("index", "status", data=folder / "data"):
        running.command("index", "catch-up", data=folder / "data", timeout=900)
    with running.running(folder / "data") as it:
        for _ in range(12):
            waits(it, SEARCHES)
        yield it


def waits(server, searches):
    """Return (milliseconds, search) of each search. None may be an internal error."""
    took = []
    for text in searches:
        began = time.perf_counter()
        answer = server.ask("GET", f"/api/v1/papers?q={quote(text.encode(errors='surrogatepass'))}")
        took.append(((time.perf_counter() - began) * 1000, text))
        assert answer.status < 500, (text, answer.body)
    return took


def for_a_while(server, searches, until, into):
    while not until():
        into += waits(server, searches)


def turn(server, others):
    """Return the waits of one reader for a while, and those of `others` who search at the same time."""
    end = time.monotonic() + TURN_SECONDS
    reader, beside = [], []
    over = lambda: time.monotonic() > end  # noqa: E731
    threads = [
        threading.Thread(target=for_a_while, args=(server, searches, over, beside)) for searches in others
    ]
    for thread in threads:
        thread.start()
    for_a_while(server, SEARCHES, over, reader)
    for thread in threads:
        thread.join()
    return reader, beside


def at(rank, took):
    return sorted(took)[min(len(took) - 1, int(len(took) * rank))][0]


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("attackers", "peers"), [(1, 0), (3, 3)])
def test_searches_stay_fast_under_attack(server, attackers, peers):
    quiet, attacked, attack = [], [], []
    for _ in range(TURNS):
        quiet += turn(server, [SEARCHES] * peers)[0]
        during = turn(server, [HOSTILE[number::attackers] for number in range(attackers)])
        attacked += during[0]
        attack += during[1]
    summary = f"median {at(0.5, attack):.0f} ms, most {max(attack)[0]:.0f} ms for {max(attack)[1]!r:.80}"
    print(f"\n{attackers} attackers, {len(attack)} hostile searches: {summary}")
    for name, rank in (("median", 0.5), ("p99", 0.99)):
        print(
            f"readers, {name}: beside {peers} {at(rank, quiet):.0f} ms, attacked {at(rank, attacked):.0f} ms"
        )
    assert at(0.99, attacked) <= max(2 * at(0.99, quiet), UNFELT)
