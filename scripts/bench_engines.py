"""The engine interface of `bench_search`, and our own engines: in-process and over HTTP."""

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
from paperclipper.search.index.answer import Answer
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
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class BenchQuery:
    """A query of one class: its words, and a year for the class that requires one."""

    kind: str
    words: tuple[str, ...]
    year: int = 0


class EngineAnswer(NamedTuple):
    """The first ids, the number of matches, the title and snippet of each hit, and tag counts if requested.

    `found_at` is the time when everything except titles and snippets was ready, if the engine reports it.
    """

    ids: list
    total: int
    displayed: list
    tags: dict | None = None
    found_at: float | None = None


class Records:
    """The first records of a JSON Lines file, read lazily to save memory."""

    def __init__(self, path, count):
        self.path, self.count = path, count
        with path.open("rb") as lines:
            self._starts = array("Q", itertools.accumulate(map(len, lines), initial=0))

    def read(self, start=0, stop=None):
        """Yield the records from one number up to another."""
        with self.path.open("rb") as lines:
            lines.seek(self._starts[start])
            for number, line in enumerate(itertools.islice(lines, (stop or self.count) - start), start):
                yield json.loads(line) | {"number": number}


class Engine:
    """An engine to be measured. The attributes describe what it can do."""

    facet_modes = (False, True)  # searches without facets, with facets
    unsupported = frozenset()  # classes of queries
    shares_index_of = None  # another engine
    requires = None  # a module installed by the `bench` extra
    max_papers = math.inf
    max_queries = math.inf  # of each class
    processes = 1  # that serve queries
    can_grow = True  # supports `add`
    note = ""

    def __init__(self, folder, records):
        self.folder, self.records = folder, records

    def build(self):
        """Index all records."""

    def open(self):
        """Prepare for the first search."""

    def search(self, query, facets):
        """Parse and run a query."""

    def add(self, record):
        """Add a paper and return once it is on disk."""

    def refresh(self):
        """Make added papers visible; called before each pass."""

    def close(self):
        """Free all resources."""


# Paperclipper in this process, and Whoosh's own searcher over the same index


class RecordSource:
    """The records as the source of an index, each stamped with its 1-based position."""

    def __init__(self, records):
        self.records, self.count = records, records.count

    def head(self):
        """Return the position of the last record."""
        return Position("lib", "first", self.count)

    def entries_after(self, stamp, limit):
        """Return the head, and the records after a stamp."""
        found = self.records.read(stamp, min(self.count, stamp + limit)) if stamp < self.count else ()
        return self.head(), [IndexEntry(each["id"], each["number"] + 1, as_paper(each)) for each in found]


def as_paper(record):
    """Return a record as the store would return it."""
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
    """Return the time of a record's clip, assuming about fifty clips per day."""
    return BEGAN + timedelta(minutes=30 * record["number"])


def query_text(query):
    """Return a query in our query language."""
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


def parsed(query):
    """Return a query as parsed by our parser, with its tags resolved."""
    return resolve_tags(parse(query_text(query), TODAY), lambda name: (f"id-{name}",))


class Paperclipper(Engine):
    """`WhooshIndex`, with the papers' texts in SQLite and matches marked as in the services."""

    def build(self):
        """Store the texts and build the index."""
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
        """Open the texts and the index."""
        self.texts, self.source = self._texts(), RecordSource(self.records)
        self.index = WhooshIndex(self.folder / "index")
        assert self.index.status().papers == self.records.count
        gc.freeze()  # as in the server's workers

    def search(self, query, facets):
        """Search the index, and mark titles and snippets."""
        query = parsed(query)
        answer = self.index.search(query, Wanted(hits=HITS, facets=facets))
        return self._answer(query, answer, answer.facets.get("tag"))

    def _answer(self, query, answer, tags):
        found_at = time.perf_counter()
        ids = [hit.paper_id for hit in answer.hits]
        placeholders = ", ".join("?" * len(ids))
        texts = dict(self.texts.execute(f"SELECT id, record FROM paper WHERE id IN ({placeholders})", ids))
        papers = [as_paper(json.loads(texts[paper_id])) for paper_id in ids]
        items = result_items(list(zip(answer.hits, papers, strict=True)), query, answer)
        return EngineAnswer(ids, answer.total, [(item.title, item.snippet) for item in items], tags, found_at)

    def add(self, record):
        """Store the text and index the paper."""
        with self.texts:
            self.texts.execute("INSERT INTO paper VALUES (?, ?)", self._row(record))
        self.source.count += 1
        assert self.index.catch_up(self.source, time.monotonic() + 60)


class Whoosh(Paperclipper):
    """Whoosh's own matchers and BM25, with the same plans over the same index. Facets are counted by id."""

    shares_index_of = "paperclipper"
    max_papers = 10_000
    max_queries = 5
    can_grow = False
    note = "Whoosh's own searcher over our index; as it is slow, 5 queries of each class, up to 10,000 papers"

    def open(self):
        """Open a Whoosh searcher over the index."""
        super().open()
        self.tags = {record["id"]: record["tags"] for record in self.records.read()}
        self.view = self.index._current_snapshot().view
        self.segments = {id(segment.reader): segment for segment in self.view.segments}
        readers = [segment.reader for segment in self.view.segments]
        whole = readers[0] if len(readers) == 1 else MultiReader(readers)
        self.searcher = Searcher(whole, closereader=False, weighting=BM25F(B=B, K1=K1))

    def search(self, query, facets):
        """Search with Whoosh, and mark titles and snippets."""
        query = parsed(query)
        plan = make_plan(query, self.view)
        found = self._ranked(plan)
        tags = Counter(tag for _, paper_id in found for tag in self.tags[paper_id]) if facets else None
        hits = tuple(Hit(paper_id, -score) for score, paper_id in found[:HITS])
        position = self.source.head()
        return self._answer(query, Answer(hits, len(found), (), {}, plan, position), tags)

    def _ranked(self, plan):
        """Return (negated score, paper id) of all matches, the best first."""
        tree = whoosh_reference.full(plan, self._number_column).normalize()
        found = []
        for leaf, _ in self.searcher.leaf_searchers():
            papers = self.segments[id(leaf.reader())].columns.papers
            found += [(-score, papers[number]) for number, score in whoosh_reference.scored(tree, leaf)]
        return sorted(found)

    def _number_column(self, reader, name):
        return self.segments[id(reader)].columns.numbers[name]


# Paperclipper as a server


class HttpEngine(Engine):
    """A server with three processes. Each pass uses a new connection, which stays with one process."""

    can_grow = False
    processes = 3

    def connect(self, port, **headers):
        """Connect to the server at this port, which must respond."""
        self.port, self.headers = port, headers
        self.connection = self._connection()

    def _connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def refresh(self):
        """Close the connection; the next request opens another."""
        self.connection.close()

    def url(self, query):
        """Return the path and query string of a search."""

    def get(self, url):
        """Return the JSON of a response."""
        return json.loads(self._read(self.connection, url))

    def _read(self, connection, url):
        connection.request("GET", url, headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (url, body)
        return body

    def count_answers(self, queries, until):
        """Repeat these queries over a separate connection; return the number of responses received."""
        urls = itertools.cycle([self.url(query) for query in queries])
        with contextlib.closing(self._connection()) as connection:
            answered = 0
            while time.monotonic() < until:
                self._read(connection, next(urls))
                answered += 1
            return answered


class PaperclipperHttp(HttpEngine):
    """The real server."""

    facet_modes = (True,)
    note = "its answers always include facets, partial matches and the cursors of a page"

    def build(self):
        """Fill a database and build its index."""
        self.folder.mkdir()
        data = self.folder / "data"
        data.mkdir()
        database.open_database(data / "paperclipper.db")
        indexing.use_folder(data)
        with database.connection():
            self._fill(libraries.default().id)
            indexing.catch_up_all()
        database.checkpoint()

    def _fill(self, library_id):
        """Insert the rows directly, because saving clips, tags and notes one by one takes half an hour."""
        tagged = defaultdict(list)
        for batch in self._batches():
            with database.transaction():
                saved = clipping.save_many(library_id, [_clip(record) for record in batch])
                for record, clip in zip(batch, saved, strict=True):
                    _note(library_id, clip.paper_id, record)
                    for tag in record["tags"]:
                        tagged[tag].append(clip.paper_id)
        with database.transaction():
            _tag(library_id, tagged)

    def _batches(self):
        for start in range(0, self.records.count, 500):
            yield list(self.records.read(start, min(start + 500, self.records.count)))

    def open(self):
        """Start the server."""
        self.server = running.start(self.folder / "data")
        self.connect(self.server.port, Authorization=f"Bearer {self.server.token('read')}")

    def url(self, query):
        """Return the path and query string of a search."""
        return f"/api/v1/papers?{urlencode({'q': query_text(query), 'limit': HITS})}"

    def search(self, query, facets):
        """Search over HTTP."""
        found = self.get(self.url(query))
        displayed = [(each["title_marked"], each["snippet"]) for each in found["items"]]
        tags = {value["name"]: value["count"] for value in found["facets"].get("tag", ())}
        return EngineAnswer([each["id"] for each in found["items"]], found["total"], displayed, tags)

    def close(self):
        """Stop the server."""
        self.server.stop()


def _clip(record):
    paper = as_paper(record)
    return ClipRequest(uuid7(), paper.clipped_at, Source.DATA, paper.clips[0].page, paper.facts)


def _note(library_id, paper_id, record):
    if record["note"]:
        draft = AnnotationDraft(AnnotationKind.NOTE, record["note"])
        annotations.put(library_id, uuid7(), paper_id, draft, None)


def _tag(library_id, tagged):
    """Attach each tag to its papers. A paper is stamped only once, regardless of its number of tags."""
    for name, ids in tagged.items():
        tags.attach_many(ids, tags.get_or_create(library_id, name, tag_names.fold_case(name)))
    bulk_updates.restamp(library_id, list(dict.fromkeys(itertools.chain(*tagged.values()))), document=True)
