"""Benchmark the store over HTTP with 10,000 papers, against plain SQL for the same work in the same run.

It measures a lookup of 105 identifiers (a full list page), a page of 50 papers, and a merge of two tags over
half of the library while clips are saved.
"""

import argparse
import contextlib
import http.client
import json
import sqlite3
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from bench_clip import a_clip, drain, percentile, uuid7

import running
from paperclipper.model import (
    ClipRequest,
    DigestKind,
    Identifier,
    PageKind,
    PaperFacts,
    Scheme,
    Source,
    SourcePage,
)
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import clipping
from paperclipper.services.tags import tagging
from paperclipper.store.access import libraries
from paperclipper.store.database import database

SCOPES = ("read", "clip", "write")
NAMED = 105
PAGE = 50


def arxiv_id(number):
    """Return the arXiv id of the paper with this number."""
    return f"25{1 + number % 12:02}.{number:05}"


def fill(data, count):
    """Create a library of `count` synthetic papers, half of them tagged; every tenth has a note."""
    data.mkdir()
    database.open_database(data / "paperclipper.db")
    from paperclipper.services.search import indexing

    indexing.use_folder(data)
    indexing.wake = lambda: None  # the server's background process does the work later
    with database.connection():
        library_id = libraries.default().id
        for start in range(0, count, 500):
            numbers = range(start, min(start + 500, count))
            clipping.save_many(library_id, [_request(number) for number in numbers])
            with database.transaction():
                for number in numbers:
                    _tag_and_annotate(library_id, number)
    database.checkpoint()


def _request(number):
    clip, _ = a_clip(number)
    paper = clip["paper"]
    facts = PaperFacts(
        title=paper["title"],
        abstract=paper["abstract"],
        authors=tuple(paper["authors"]),
        keywords=tuple(paper["keywords"]),
        ai_summary=paper["ai_summary"],
        identifiers=(Identifier(Scheme.ARXIV, arxiv_id(number)),),
    )
    page = SourcePage(
        PageKind.DIGEST, "https://huggingface.co/papers", DigestKind.DAY, rank=1 + number % 50, upvotes=12
    )
    return ClipRequest(uuid7(), datetime.now(UTC), Source.DATA, page, facts)


def _tag_and_annotate(library_id, number):
    from paperclipper.model import AnnotationDraft, AnnotationKind

    name = f"arxiv:{arxiv_id(number)}"
    if number % 2:
        tagging.add(library_id, name, "half")
    if number % 10 == 0:
        annotations.put(
            library_id, uuid7(), name, AnnotationDraft(AnnotationKind.NOTE, f"Note {number}"), None
        )


class Client:
    """A client that keeps one connection open."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {
            "Authorization": f"Bearer {server.token(*SCOPES)}",
            "Content-Type": "application/json",
        }

    def ask(self, method, path, body=None):
        """Return (milliseconds, JSON) of a request."""
        text = None if body is None else json.dumps(body)
        began = time.perf_counter()
        self.connection.request(method, f"/api/v1{path}", text, self.headers)
        answer = self.connection.getresponse()
        read = answer.read()
        took = (time.perf_counter() - began) * 1000
        assert answer.status < 300, read
        return took, json.loads(read)


def repeated(rounds, action):
    """Return p50 and p95 of `rounds` runs, after a few runs to warm up."""
    times = [action(number) for number in range(rounds + 5)][5:]
    return {"p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95)}


def bench_lookup(server, count, rounds):
    """Look up the identifiers of a list page, half of which are in the library."""
    client = Client(server)

    def names(number):
        return [arxiv_id((number * NAMED + i) * 2 % (2 * count)) for i in range(NAMED)]

    def over_http(number):
        return client.ask(
            "POST", "/papers/lookup", {"identifiers": [f"arxiv:{name}" for name in names(number)]}
        )[0]

    with bare(server) as database_:
        library_id = database_.execute("SELECT id FROM library").fetchone()[0]

        def bare_sql(number):
            began = time.perf_counter()
            database_.execute(
                "SELECT i.value, p.id, p.changed, p.status, p.starred, p.first_clipped_at,"
                " (SELECT group_concat(t.name)"
                " FROM paper_tag c JOIN tag t ON t.id = c.tag_id WHERE c.paper_id = p.id),"
                " (SELECT count(*) FROM annotation a WHERE a.paper_id = p.id AND a.deleted_at IS NULL)"
                " FROM identifier i JOIN paper p ON p.id = i.paper_id"
                " WHERE i.library_id = ? AND i.scheme = 'arxiv'"
                f" AND i.value IN ({', '.join('?' * NAMED)})",
                (library_id, *names(number)),
            ).fetchall()
            return (time.perf_counter() - began) * 1000

        return {"http": repeated(rounds, over_http), "bare_sql": repeated(rounds, bare_sql)}


def bench_page(server, count, rounds):
    """Read successive pages of 50 complete papers, newest first."""
    client = Client(server)
    cursor = ""

    def over_http(_):
        nonlocal cursor
        took, answer = client.ask("GET", f"/papers?limit={PAGE}&cursor={quote(cursor)}")
        assert len(answer["items"]) == PAGE or not answer["next"]
        cursor = answer["next"] or ""
        return took

    with bare(server) as database_:
        library_id = database_.execute("SELECT id FROM library").fetchone()[0]

        def bare_sql(number):
            began = time.perf_counter()
            ids = database_.execute(
                "SELECT id FROM paper WHERE library_id = ?"
                " AND first_clipped_at IS NOT NULL AND deleted_at IS NULL"
                " AND merged_into_id IS NULL AND purged_at IS NULL"
                " ORDER BY first_clipped_at DESC, id DESC LIMIT ? OFFSET ?",
                (library_id, PAGE, number * PAGE % (count - PAGE)),
            ).fetchall()
            placeholders = ", ".join("?" * len(ids))
            for table, column in (("paper", "id"), ("identifier", "paper_id"), ("clip", "paper_id")):
                database_.execute(
                    f"SELECT * FROM {table} WHERE {column} IN ({placeholders})", [row[0] for row in ids]
                ).fetchall()
            return (time.perf_counter() - began) * 1000

        return {"http": repeated(rounds, over_http), "bare_sql": repeated(rounds, bare_sql)}


def bench_merge(server):
    """Merge two tags over half of the library while another client saves clips."""
    client, clipper = Client(server), Client(server)
    done, latencies = threading.Event(), []

    def clip():
        number = 1_000_000
        while not done.is_set():
            latencies.append(clipper.ask("PUT", f"/clips/{uuid7()}", a_clip(number)[0])[0])
            number += 1

    clipping_ = threading.Thread(target=clip)
    into = _tag(client, "other")
    old = next(tag for tag in client.ask("GET", "/tags?prefix=half")[1]["items"] if tag["name"] == "half")
    clipping_.start()
    time.sleep(0.5)
    took, answer = client.ask("PUT", f"/tags/{old['id']}/merged-into", {"tag": into})
    time.sleep(0.5)
    done.set()
    clipping_.join()
    figures = {"papers": answer["tag"]["papers"], "ms": round(took, 1), "clips_meanwhile": len(latencies)}
    figures |= {"clip_p95_ms": percentile(latencies, 95), "clip_longest_ms": round(max(latencies), 1)}
    return {"http": figures, "bare_sql": {"ms": _bare_merge(server, into)}}


def _tag(client, name):
    client.ask("PUT", f"/papers/arxiv:{arxiv_id(0)}/tags/{name}")
    return client.ask("GET", f"/tags?prefix={name}")[1]["items"][0]["id"]


def _bare_merge(server, tag_id):
    """Move the same rows to a newly created tag with three SQL statements."""
    with bare(server) as database_:
        began = time.perf_counter()
        database_.execute("BEGIN IMMEDIATE")
        database_.execute(
            "INSERT INTO tag (id, library_id, changed, name, folded)"
            " SELECT 'bare', id, clock + 1, 'bare', 'bare' FROM library"
        )
        database_.execute("UPDATE library SET clock = clock + 100000")
        database_.execute("UPDATE paper_tag SET tag_id = 'bare' WHERE tag_id = ?", (tag_id,))
        database_.execute(
            "UPDATE paper SET changed = changed + 100000, index_stamp = index_stamp + 100000"
            " WHERE id IN (SELECT paper_id FROM paper_tag WHERE tag_id = 'bare')"
        )
        database_.execute("COMMIT")
        return round((time.perf_counter() - began) * 1000, 1)


@contextlib.contextmanager
def bare(server):
    """Open the same file directly with SQLite, with the settings that affect speed."""
    database_ = sqlite3.connect(server.data / "paperclipper.db", isolation_level=None, timeout=30)
    database_.execute("PRAGMA synchronous = FULL")
    with contextlib.closing(database_):
        yield database_


def bench(count, rounds):
    """Return all figures."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder, "data")
        fill(data, count)
        with running.running(data) as server:
            running.command("index", "catch-up", data=data)
            drain(server)
            return {
                "papers": count,
                "lookup_105": bench_lookup(server, count, rounds),
                "page_50": bench_page(server, count, rounds),
                "tag_merge": bench_merge(server),
            }


def main():
    """Parse the command line, run the benchmark, and write and print the figures."""
    parser = argparse.ArgumentParser(prog="scripts/bench store", description=__doc__)
    parser.add_argument(
        "--json", type=Path, required=True, metavar="FILE", help="output file for the figures"
    )
    parser.add_argument("--papers", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200, help="runs of each measurement")
    options = parser.parse_args()
    found = bench(options.papers, options.rounds)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    for part, figures in found.items():
        print(f"{part}: {figures}")


if __name__ == "__main__":
    main()
