"""Long use: eight clients at full speed, and nothing fails, grows or slows down.

All papers exist from the start and are clipped, edited, annotated and searched again and again, so whatever
still grows after the first third is a leak. The thirds of the run are compared with each other, so that this
works on any machine.
"""

import contextlib
import http.client
import json
import os
import random
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import running
from builders import uuid7
from server.test_durability import _await_index, _clip_ids, a_clip

CLIENTS = 8
PAPERS = 400
WORDS = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "ginkgo", "hazel")
MEMORY = {60: 1.15, 600: 1.05}
"""The allowed ratio of the memory in the last third to that in the second, by the length of the run.

In a one-minute run, SQLite's page caches are still filling: 2 MB for each of twelve connections.
"""
SLOWNESS = 2  # the allowed ratio of times, because other programs run too
LARGEST_LOG = 64 * 1024 * 1024  # the database's journal_size_limit
MOST_SEGMENTS = 100
EXPECTED = {200, 201, 412}  # 412: another client was first


@dataclass
class Client:
    """A client that sends requests without pausing. `took` has the (time, duration) of each."""

    server: running.Server
    headers: dict
    cookie: str
    chosen: random.Random
    took: list = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    acknowledged: set = field(default_factory=set)
    wrong: list = field(default_factory=list)
    connection: http.client.HTTPConnection | None = None

    def run(self, until):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        actions = (
            self.search,
            self.search,
            self.search,
            self.clip,
            self.clip,
            self.edit,
            self.note,
            self.tag,
            self.page,
        )
        with contextlib.closing(self.connection):
            while time.monotonic() < until and not self.wrong:
                try:
                    self.chosen.choice(actions)()
                except (OSError, http.client.HTTPException) as error:
                    self.wrong.append(repr(error))

    def ask(self, method, path, body=None, **headers):
        start = time.monotonic()
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = self.connection.getresponse()
        content = answer.read()
        self.took.append((start, time.monotonic() - start))
        self.statuses[method, answer.status] += 1
        if answer.status not in EXPECTED:
            self.wrong.append((method, path, answer.status, content[:500]))
        return answer.headers, content

    def search(self):
        word, other = self.chosen.sample(WORDS, 2)
        forms = (word, f"{word}+or+{other}", f"{word[:3]}*", f'"growing+{word}"', f"{word}+-{other}")
        self.ask("GET", f"/api/v1/papers?limit=10&q={self.chosen.choice(forms)}")

    def some_paper(self):
        number = self.chosen.randrange(PAPERS)
        return number, WORDS[number % len(WORDS)]

    def clip(self):
        number, word = self.some_paper()
        clip_id = uuid7()
        self.ask("PUT", f"/api/v1/clips/{clip_id}", a_clip(number, word))
        self.acknowledged.add(clip_id)

    def some_id(self):
        """Return the id of a paper, by clipping it."""
        number, word = self.some_paper()
        clip_id = uuid7()
        _, content = self.ask("PUT", f"/api/v1/clips/{clip_id}", a_clip(number, word))
        self.acknowledged.add(clip_id)
        return json.loads(content)["paper"]["id"]

    def edit(self):
        path = f"/api/v1/papers/{self.some_id()}"
        headers, _ = self.ask("GET", path)
        self.ask("PATCH", path, {"rating": self.chosen.randrange(1, 6)}, If_Match=headers["ETag"])

    def note(self):
        note = {"paper": self.some_id(), "kind": "note", "body": f"Of {self.chosen.choice(WORDS)}. " * 20}
        path = f"/api/v1/annotations/{uuid7()}"
        headers, _ = self.ask("PUT", path, note)
        self.ask("PUT", path, note | {"body": "Never mind."}, If_Match=headers["ETag"])
        self.ask("DELETE", path)

    def tag(self):
        path = f"/api/v1/papers/{self.some_id()}/tags/{self.chosen.choice(WORDS)}"
        self.ask("PUT", path)
        self.ask("DELETE", path)

    def page(self):
        self.ask("GET", self.chosen.choice(("/", "/?q=growing", "/settings", "/tags")), Cookie=self.cookie)


@dataclass(frozen=True)
class Sample:
    """The resources of the server at one moment. Sizes are in bytes."""

    at: float
    memory: int
    files: int
    log: int
    segments: int


def sample(server):
    processes = [server.process.pid, *server.workers()]
    return Sample(
        time.monotonic(),
        sum(_proportional_memory(pid) for pid in processes),
        sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in processes),
        (server.data / "paperclipper.db-wal").stat().st_size,
        sum(name.endswith(".seg") for _, _, names in os.walk(server.data / "index") for name in names),
    )


def _proportional_memory(pid):
    """Return the memory of a process, with shared pages divided among the processes that share them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seconds", [60, 600])
def test_nothing_fails_grows_or_slows_down_in_long_use(tmp_path, seconds):
    with running.running(tmp_path / "data") as server:
        save_papers(server)
        clients = make_clients(server)
        samples = run_clients(server, clients, seconds)
        assert [wrong for client in clients for wrong in client.wrong] == []
        report(clients, samples)
        (tmp_path / "samples.json").write_text(json.dumps([each.__dict__ for each in samples]))
        assert_flat(samples, seconds)
        assert_no_slower([took for client in clients for took in client.took], samples[0].at, seconds)
        acknowledged = set().union(*(client.acknowledged for client in clients))
        assert acknowledged - _clip_ids(server) == set()
        _await_index(server)
        assert running.command("index", "verify", "--deep", data=server.data).startswith("The index matches")
        assert "internal error at" not in server.log.read_text()


def save_papers(server):
    """Save all papers, and wait until they are indexed."""
    planted = [a_clip(number, WORDS[number % len(WORDS)]) | {"id": uuid7()} for number in range(PAPERS)]
    for first in range(0, PAPERS, 100):
        assert server.ask("POST", "/api/v1/clips", {"clips": planted[first : first + 100]}).status == 200
    _await_index(server)


def make_clients(server):
    headers = {"Authorization": f"Bearer {server.token('read', 'clip')}", "Content-Type": "application/json"}
    return [Client(server, headers, server.session(), random.Random(number)) for number in range(CLIENTS)]


def run_clients(server, clients, seconds):
    """Run the clients for this time. Return one sample per second."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=client.run, args=(until,)) for client in clients]
    for thread in threads:
        thread.start()
    samples = []
    while any(thread.is_alive() for thread in threads):
        samples.append(sample(server))
        time.sleep(1)
    for thread in threads:
        thread.join()
    return samples


def thirds(values, start, seconds):
    """Split (time, value) pairs into those of the second and of the last third."""
    at = [[], [], []]
    for when, value in values:
        at[min(2, int((when - start) * 3 / seconds))].append(value)
    return at[1:]


def assert_flat(samples, seconds):
    start = samples[0].at
    before, after = thirds([(each.at, each.memory) for each in samples], start, seconds)
    assert statistics.median(after) < statistics.median(before) * MEMORY[seconds]
    before, after = thirds([(each.at, each.files) for each in samples], start, seconds)
    # A single sample depends on the number of segments at that moment, each open in every worker.
    assert statistics.median(after) <= statistics.median(before) + 50
    assert max(each.log for each in samples) < LARGEST_LOG
    assert max(each.segments for each in samples) < MOST_SEGMENTS


def assert_no_slower(took, start, seconds):
    before, after = thirds(took, start, seconds)
    assert p95(after) < p95(before) * SLOWNESS


def p95(values):
    return sorted(values)[int(len(values) * 0.95)]


def report(clients, samples):
    """Print the figures, for manual runs with -s."""
    statuses = sum((client.statuses for client in clients), Counter())
    print(f"\n{sum(statuses.values())} requests: {dict(statuses)}")
    for each in samples[:: max(1, len(samples) // 20)]:
        print(
            f"{each.at - samples[0].at:5.0f} s  memory {each.memory / 1e6:6.1f} MB  files {each.files:4}"
            f"  log {each.log / 1e6:5.1f} MB  segments {each.segments}"
        )
    took = [took for client in clients for took in client.took]
    for third in thirds(took, samples[0].at, samples[-1].at - samples[0].at):
        print(f"{len(third)} requests, p95 {p95(third) * 1000:.0f} ms")
