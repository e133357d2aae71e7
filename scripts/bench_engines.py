"""The interface of the engines that `bench_search` compares, and our own: in this process and over HTTP."""

import contextlib
import gc
import http.client
import itertools
import json
import math
import sqlite3
import sys
import time
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from bench_clip import uuid7
from whoosh.reading import MultiReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

import running
from paperclipper import tag_names
from paperclipper.model import (
    AnnotationDraft,
    AnnotationKind,
    ClipRequest,
    IndexEntry,
    Position,
    Source,
    Tag,
)
from paperclipper.search.index.answer import Answer as SearchAnswer
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.parser import parse
from paperclipper.search.query.planner import make_plan
from paperclipper.search.query.results import Hit, Wanted
from paperclipper.search.query.syntax import resolve_tags
from paperclipper.search.whoosh.index_view import K1, B
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import clipping
from paperclipper.services.search import indexing
from paperclipper.services.search.result_items import result_items
from paperclipper.store import tags
from paperclipper.store.access import libraries
from paperclipper.store.database import database
from paperclipper.store.papers import bulk_updates
from search.index import list_source
from search.oracles import whoosh_reference

HITS = 20
TODAY = date(2026, 3, 9)
FIRST_CLIP = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Query:
    """A query of one class: its words, and the year for a query by date."""

    kind: str
    words: tuple[str, ...]
    year: int = 0


class Answer(NamedTuple):
    """The first ids, the number of matches, the title and snippet of each hit, and any tag counts.

    `found_at` is the time at which everything except titles and snippets was ready, if the engine reports it.
    """

    ids: list
    total: int
    highlighted: list
    tags: dict | None = None
    found_at: float | None = None


class Records:
    """The first `count` records of a JSON Lines file, read only when needed to save memory."""

    def __init__(self, path, count):
        self.path, self.count = path, count
        with path.open("rb") as lines:
            self._starts = array("Q", itertools.accumulate(map(len, lines), initial=0))

    def read(self, start=0, stop=None):
        """Yield the records from `start` up to `stop`, each with its number."""
        with self.path.open("rb") as lines:
            lines.seek(self._starts[start])
            for number, line in enumerate(itertools.islice(lines, (stop or self.count) - start), start):
                yield json.loads(line) | {"number": number}


class Engine:
    """A search engine to measure, over `records`, with its index in `folder`."""

    modes = (False, True)  # without facets, with facets
    unsupported = frozenset()  # classes of queries
    shares_index_of = None  # name of the engine
    requires = None  # a module of the extra `bench`
    max_papers = math.inf  # larger libraries are not measured
    max_queries = math.inf  # of each class
    processes = 1  # that answer searches
    grows = True  # can add a paper to its index
    note = ""

    def __init__(self, folder, records):
        self.folder, self.records = folder, records

    def build(self):
        """Index all records."""

    def open(self):
        """Open the index for the first search."""

    def search(self, query, facets):
        """Return the answer to a query, parsed again each time."""

    def add(self, record):
        """Add a paper and return once it is on disk."""

    def refresh(self):
        """Make added papers searchable; called before each pass."""

    def close(self):
        """Free all resources."""


# Paperclipper in this process, and Whoosh's own searcher on the same index


class RecordSource:
    """The records as a growing library. The stamp of a record is its number, counted from 1."""

    def __init__(self, records):
        self.records, self.count = records, records.count

    def head(self):
        return Position("lib", "first", self.count)

    def entries_after(self, stamp, limit):
        found = self.records.read(stamp, min(self.count, stamp + limit)) if stamp < self.count else ()
        return self.head(), [IndexEntry(each["id"], each["number"] + 1, as_paper(each)) for each in found]


def as_paper(record):
    """Return a record as a paper from the store."""
    return list_source.paper(
        record["id"],
        record["title"],
        record["abstract"],
        notes=(record["note"],) if record["note"] else (),
        authors=tuple(record["authors"]),
        published=date.fromisoformat(record["date"]),
        arxiv=record["id"],
        clipped=clipped_at(record),
        tags=tuple(Tag(f"id-{name}", name) for name in record["tags"]),
    )


def clipped_at(record):
    """Return the time of the clip, with 48 clips per day."""
    return FIRST_CLIP + timedelta(minutes=30 * record["number"])


def query_text(query):
    """Return the query in Paperclipper's query language."""
    word = query.words[0]
    patterns = {
        "five words or-ed": " or ".join(query.words),
        "phrase": f'"{" ".join(query.words)}"',
        "prefix": f"{word}*",
        "fuzzy": f"{word}~",
        "author": f'author:"{word}"',
        "tag": f'tag:"{word}"',
        "date + word": f"year:{query.year} {word}",
    }
    return patterns.get(query.kind, " ".join(query.words))


def parse_query(query):
    """Return a query as Paperclipper parses it."""
    return resolve_tags(parse(query_text(query), TODAY), lambda name: (f"id-{name}",))


class Paperclipper(Engine):
    """`WhooshIndex`, with the papers in SQLite and the same highlighting as the search page."""

    def build(self):
        self.folder.mkdir()
        with contextlib.closing(self._texts()) as texts, texts:
            texts.execute("CREATE TABLE paper (id TEXT PRIMARY KEY, record TEXT)")
            texts.executemany("INSERT INTO paper VALUES (?, ?)", map(self._row, self.records.read()))
        index = WhooshIndex(self.folder / "index")
        index.catch_up(RecordSource(self.records), math.inf)
        index.merge_segments()

    def _texts(self):
        return sqlite3.connect(self.folder / "texts.db")

    def _row(self, record):
        return record["id"], json.dumps(record)

    def open(self):
        self.texts, self.source = self._texts(), RecordSource(self.records)
        self.index = WhooshIndex(self.folder / "index")
        assert self.index.status().papers == self.records.count
        gc.freeze()  # as a worker of the server does

    def search(self, query, facets):
        parsed = parse_query(query)
        found = self.index.search(parsed, Wanted(hits=HITS, facets=facets))
        return self._answer(parsed, found, found.facets.get("tag"))

    def _answer(self, parsed, found, tags):
        found_at = time.perf_counter()
        placeholders = ", ".join("?" * len(found.hits))
        ids = [hit.paper_id for hit in found.hits]
        texts = dict(self.texts.execute(f"SELECT id, record FROM paper WHERE id IN ({placeholders})", ids))
        papers = [(hit, as_paper(json.loads(texts[hit.paper_id]))) for hit in found.hits]
        items = result_items(papers, parsed, found)
        return Answer(ids, found.total, [(item.title, item.snippet) for item in items], tags, found_at)

    def add(self, record):
        with self.texts:
            self.texts.execute("INSERT INTO paper VALUES (?, ?)", self._row(record))
        self.source.count += 1
        assert self.index.catch_up(self.source, time.monotonic() + 60)


class Whoosh(Paperclipper):
    """Whoosh's own matchers and BM25 for the same plans on the same index; facets are counted by paper id."""

    shares_index_of = "paperclipper"
    max_papers = 10_000
    max_queries = 5
    grows = False
    note = (
        "Whoosh's own searcher on our index; 5 queries of each class and at most 10,000 papers, as it is slow"
    )

    def open(self):
        super().open()
        self.tags = {record["id"]: record["tags"] for record in self.records.read()}
        self.view = self.index._current_snapshot().view
        self.position = self.index.status().position
        self.segments = {id(segment.reader): segment for segment in self.view.segments}
        readers = [segment.reader for segment in self.view.segments]
        whole = readers[0] if len(readers) == 1 else MultiReader(readers)
        self.searcher = Searcher(whole, closereader=False, weighting=BM25F(B=B, K1=K1))

    def search(self, query, facets):
        parsed = parse_query(query)
        plan = make_plan(parsed, self.view)
        tree = whoosh_reference.full(
            plan, lambda reader, name: self.segments[id(reader)].columns.numbers[name]
        )
        found = sorted(
            (-score, segment.columns.papers[number])
            for leaf, _ in self.searcher.leaf_searchers()
            for segment in (self.segments[id(leaf.reader())],)
            for number, score in whoosh_reference.scored(tree.normalize(), leaf)
        )
        counts = Counter(tag for _, paper_id in found for tag in self.tags[paper_id]) if facets else None
        hits = tuple(Hit(paper_id, -score) for score, paper_id in found[:HITS])
        return self._answer(parsed, SearchAnswer(hits, len(found), (), {}, plan, self.position), counts)


# Paperclipper over HTTP


class Served(Engine):
    """A server with three processes. A connection stays with one of them, and each pass opens another."""

    grows = False
    processes = 3

    def connect(self, port, **headers):
        """Prepare to connect. Call it once the server answers."""
        self.port, self.headers = port, headers
        self.connection = self._connection()

    def _connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def refresh(self):
        """Close the connection; the next request opens another."""
        self.connection.close()

    def address(self, query):
        """Return the path of a search."""

    def get(self, address):
        """Return the JSON of a response."""
        return json.loads(self._read(self.connection, address))

    def _read(self, connection, address):
        connection.request("GET", address, headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (address, body)
        return body

    def count_answers(self, queries, until):
        """Repeat the queries on a new connection until a time, and return the number of answers."""
        addresses = itertools.cycle([self.address(query) for query in queries])
        with contextlib.closing(self._connection()) as connection:
            answered = 0
            while time.monotonic() < until:
                self._read(connection, next(addresses))
                answered += 1
            return answered


class PaperclipperHttp(Served):
    """The real server over HTTP."""

    modes = (True,)
    note = "its answer always includes facets, partial hits and cursors"

    def build(self):
        self.folder.mkdir()
        data = self.folder / "data"
        data.mkdir()
        database.open_database(data / "paperclipper.db")
        indexing.use_folder(data)
        indexing.wake = lambda: None  # the index catches up once, below
        with database.connection():
            self._fill(libraries.default().id)
            indexing.catch_up_all()
        database.checkpoint()

    def _fill(self, library_id):
        """Save the records in batches; one at a time gives the same rows but takes half an hour."""
        tagged = defaultdict(list)
        for batch in self._batches():
            with database.transaction():
                saved = clipping.save_many(library_id, [_clip(record) for record in batch])
                for record, clip in zip(batch, saved, strict=True):
                    _note(library_id, clip.paper_id, record)
                    for tag in record["tags"]:
                        tagged[tag].append(clip.paper_id)
        with database.transaction():
            _attach_tags(library_id, tagged)

    def _batches(self):
        for start in range(0, self.records.count, 500):
            yield list(self.records.read(start, min(start + 500, self.records.count)))

    def open(self):
        self.server = running.start(self.folder / "data")
        self.connect(self.server.port, Authorization=f"Bearer {self.server.token('read')}")

    def address(self, query):
        return f"/api/v1/papers?{urlencode({'q': query_text(query), 'limit': HITS})}"

    def search(self, query, facets):
        found = self.get(self.address(query))
        highlighted = [(each["title_marked"], each["snippet"]) for each in found["items"]]
        tags = {value["name"]: value["count"] for value in found["facets"].get("tag", ())}
        return Answer([each["id"] for each in found["items"]], found["total"], highlighted, tags)

    def close(self):
        self.server.stop()


def _clip(record):
    it = as_paper(record)
    return ClipRequest(uuid7(), it.clipped_at, Source.DATA, it.clips[0].page, it.facts)


def _note(library_id, paper_id, record):
    if record["note"]:
        annotations.put(
            library_id, uuid7(), paper_id, AnnotationDraft(AnnotationKind.NOTE, record["note"]), None
        )


def _attach_tags(library_id, tagged):
    """Attach the tags, then restamp each tagged paper once, not once per tag."""
    for name, ids in tagged.items():
        tags.attach_many(ids, tags.get_or_create(library_id, name, tag_names.fold_case(name)))
    bulk_updates.restamp(library_id, list(dict.fromkeys(itertools.chain(*tagged.values()))), document=True)
