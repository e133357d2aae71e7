"""Benchmark clipping with 1 and 8 clients: clips per second, latency, and delay until searchable.

A minimal server (bench_floor.py) is measured as a baseline. Each client is a process with one open
connection. Every clip is of a new synthetic paper.
"""

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import running

PACED_CLIPS = 40  # per second, for all clients together
PACED_SEARCHES = 5  # every fifth clip of a client is searched until found
_WORDS = (
    "folding",
    "boats",
    "gliders",
    "cranes",
    "paper",
    "crease",
    "noise",
    "graph",
    "prompt",
    "vector",
    "teacher",
)


@dataclass
class Load:
    """The workload of a client: port, path, token, duration, and interval between clips."""

    port: int
    path: str
    token: str
    seconds: float
    pause: float = 0.0
    searches: int = 0  # search for every n-th clip; 0 disables searching


@dataclass
class Tally:
    """The results of a client; times are in milliseconds."""

    latencies: list = field(default_factory=list)
    delays: list = field(default_factory=list)
    failures: list = field(default_factory=list)


def a_clip(number):
    """Return a synthetic clip of realistic size, and a word that is unique to it."""
    word = f"unique{os.getpid()}x{number}"
    text = " ".join(_WORDS[(number + i * i) % len(_WORDS)] for i in range(180))
    paper = {
        "title": f"{text[:60].title()} {word}",
        "abstract": text,
        "authors": [f"Ada Crease {i}" for i in range(8)],
        "published": "2026-03-05",
        "url": f"https://papers.example/{word}",
        "keywords": _WORDS[:5],
        "ai_summary": text[:200],
    }
    page = {"kind": "digest", "url": "https://huggingface.co/papers/date/2026-03-09"}
    digest = {"kind": "day", "day": "2026-03-09", "rank": 1 + number % 50}
    clip = {
        "clipped_at": "2026-03-09T08:30:00Z",
        "source": "data",
        "page": page,
        "digest": digest,
        "paper": paper,
    }
    return clip | {"upvotes": 12, "comments": 3}, word


def uuid7():
    """Return a UUIDv7 (RFC 9562, 5.7)."""
    bits = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10), "big")
    return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62))


class Client:
    """A client that keeps one connection open and saves one clip after another."""

    def __init__(self, load):
        self.load, self.tally = load, Tally()
        self.connection = http.client.HTTPConnection("127.0.0.1", load.port, timeout=60)
        self.headers = {"Authorization": f"Bearer {load.token}", "Content-Type": "application/json"}

    def run(self):
        """Save clips until the time is up."""
        began = time.monotonic()
        number = 0
        while (now := time.monotonic()) < began + self.load.seconds:
            due = began + number * self.load.pause
            if due > now:
                time.sleep(due - now)
            self._clip(number)
            number += 1
        self.connection.close()
        return self.tally

    def _clip(self, number):
        clip, word = a_clip(number)
        body = json.dumps(clip)
        began = time.perf_counter()
        status, _ = self._ask("PUT", self.load.path + uuid7(), body)
        saved = time.perf_counter()
        if status != 201:
            self.tally.failures.append(status)
            return
        self.tally.latencies.append((saved - began) * 1000)
        if self.load.searches and number % self.load.searches == 0:
            self._search(word, saved)

    def _search(self, word, saved):
        while time.perf_counter() < saved + 30:
            status, answer = self._ask("GET", f"/api/v1/papers?limit=1&q={word}")
            if status != 200:
                self.tally.failures.append(status)
                return
            if answer["total"]:
                self.tally.delays.append((time.perf_counter() - saved) * 1000)
                return
        self.tally.failures.append("not found within 30 s")

    def _ask(self, method, path, body=None):
        try:
            self.connection.request(method, path, body, self.headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return repr(error), None


def _client(load):
    return Client(load).run()


def measure(load, clients):
    """Run the clients and return their combined figures."""
    with multiprocessing.get_context("spawn").Pool(clients) as pool:
        pool.map(abs, range(clients))  # wait until all have started
        began = time.monotonic()
        tallies = pool.map(_client, [load] * clients, chunksize=1)
        seconds = time.monotonic() - began
    latencies = [value for tally in tallies for value in tally.latencies]
    delays = [value for tally in tallies for value in tally.delays]
    failures = [value for tally in tallies for value in tally.failures]
    figures = {
        "clients": clients,
        "clips": len(latencies),
        "clips_a_second": round(len(latencies) / seconds, 1),
    }
    figures |= {"p50_ms": percentile(latencies, 50), "p95_ms": percentile(latencies, 95)}
    if load.searches:
        figures |= {"searchable_p50_ms": percentile(delays, 50), "searchable_p95_ms": percentile(delays, 95)}
    return figures | {"failures": len(failures), "failed_with": sorted({str(f) for f in failures})}


def percentile(values, rank):
    """Return a percentile, or None if there are no values."""
    if len(values) < 2:
        return round(values[0], 1) if values else None
    return round(statistics.quantiles(values, n=100, method="inclusive")[rank - 1], 1)


def bench(seconds):
    """Return all figures: the baseline, full speed, search after each clip, and a fixed rate."""
    found = {"floor": {}, "full_speed": {}, "ratio": {}, "searchable": {}}
    for clients in (1, 8):
        with floor() as port:
            found["floor"][clients] = measure(Load(port, "/clips/", "", seconds), clients)
        with library() as server:
            load = Load(server.port, "/api/v1/clips/", server.token("read", "clip"), seconds)
            found["full_speed"][clients] = measure(load, clients) | {"index_drained_after_s": drain(server)}
        speeds = [found[name][clients]["clips_a_second"] for name in ("full_speed", "floor")]
        found["ratio"][clients] = round(speeds[0] / speeds[1], 2)
        with library() as server:
            pause = clients / PACED_CLIPS if clients > 1 else 0.0
            every = PACED_SEARCHES if pause else 1
            load = Load(server.port, "/api/v1/clips/", server.token("read", "clip"), seconds, pause, every)
            found["searchable"][clients] = measure(load, clients)
    return found


def drain(server):
    """Return the seconds until the index contains every clip."""
    began = time.monotonic()
    while "up to date" not in running.command("index", "status", data=server.data):
        if time.monotonic() > began + 600:
            raise SystemExit("The index has not caught up within ten minutes.")
        time.sleep(0.2)
    return round(time.monotonic() - began, 1)


@contextlib.contextmanager
def library():
    """Run the real server with an empty library."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running.running(Path(folder, "data")) as it,
    ):
        it.token("read", "clip")
        yield it


@contextlib.contextmanager
def floor():
    """Run the baseline server and yield its port."""
    with tempfile.TemporaryDirectory() as folder:
        port = running.free_port()
        script = str(Path(__file__).with_name("bench_floor.py"))
        process = subprocess.Popen([sys.executable, script, f"{folder}/floor.db", str(port)])
        try:
            _await(port)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _await(port):
    for _ in range(200):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/ready")
            if connection.getresponse().status == 200:
                return connection.close()
        time.sleep(0.05)
    raise SystemExit("The floor did not start.")


def main():
    """Parse the command line, run the benchmark, and write and print the figures."""
    parser = argparse.ArgumentParser(prog="scripts/bench clip", description=__doc__)
    parser.add_argument(
        "--json", type=Path, required=True, metavar="FILE", help="output file for the figures"
    )
    parser.add_argument("--seconds", type=float, default=10, help="duration of each measurement")
    options = parser.parse_args()
    found = bench(options.seconds)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    for part, by_clients in found.items():
        for clients, figures in by_clients.items():
            print(f"{part}, {clients} clients: {figures}")


if __name__ == "__main__":
    main()
