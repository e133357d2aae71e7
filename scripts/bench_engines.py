"""What every engine that `bench_search` compares is asked and answers, and our own: in this process, and over HTTP."""

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
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.parser import parse
from paperclipper.search.query.planner import make_plan
from paperclipper.search.query.results import Hit, Wanted
from paperclipper.search.query.syntax import resolve_tags
from paperclipper.search.whoosh.index_view import K1, B
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import clipping
from paperclipper.services.search import (
    indexing,
    result_items,
)
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
class Asked:
    """A search of one class: its words, and the year where it asks for one."""

    kind: str
    words: tuple[str, ...]
    year: int = 0


class Answer(NamedTuple):
    """The first ids, how many match, title and snippet of each, and the counts of tags where they were asked for.

    `found` is the moment at which all but titles and snippets was known, where an engine can tell.
    """

    ids: list
    total: int
    shown: list
    tags: dict | None = None
    found: float | None = None


class Records:
    """The first so many records of a file with one JSON text a line; read as they are needed, to weigh nothing."""

    def __init__(self, path, count):
        self.path, self.count = path, count
        with path.open("rb") as lines:
            self._starts = array("Q", itertools.accumulate(map(len, lines), initial=0))

    def read(self, start=0, stop=None):
        """From one number up to another."""
        with self.path.open("rb") as lines:
            lines.seek(self._starts[start])
            for number, line in enumerate(itertools.islice(lines, (stop or self.count) - start), start):
                yield json.loads(line) | {"number": number}


class Engine:
    """`modes`: without facets, with. `lacks` are classes that it cannot do, `shares` whose index it reads."""

    modes = (False, True)
    lacks = frozenset()
    shares = None
    needs = None  # a module of the extra `bench`
    most_papers = math.inf  # more are not indexed
    most_queries = math.inf  # of each class
    processes = 1  # that answer
    grows = True  # takes one more paper
    note = ""

    def __init__(self, folder, records):
        self.folder, self.records = folder, records

    def build(self):
        """Index all records."""

    def open(self):
        """Be ready for the first search."""

    def search(self, asked, facets):
        """The answer to one search, its words read anew."""

    def add(self, record):
        """One more paper, on disk when this returns."""

    def refresh(self):
        """Before each pass: see what was added."""

    def close(self):
        """Free what is held."""


# Paperclipper in this process, and Whoosh's own searcher over the same index


class RecordSource:
    """The records as a library that grows: each is stamped with its number, counted from 1."""

    def __init__(self, records):
        self.records, self.count = records, records.count

    def head(self):
        """As the protocol says."""
        return Position("lib", "first", self.count)

    def entries_after(self, stamp, limit):
        """As the protocol says."""
        found = self.records.read(stamp, min(self.count, stamp + limit)) if stamp < self.count else ()
        return self.head(), [IndexEntry(each["id"], each["number"] + 1, as_paper(each)) for each in found]


def as_paper(record):
    """The record as the store would give it."""
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
    """Fifty or so a day."""
    return BEGAN + timedelta(minutes=30 * record["number"])


def typed(asked):
    """The search in our language."""
    word = asked.words[0]
    patterns = {
        "five words or-ed": " or ".join(asked.words),
        "phrase": f'"{" ".join(asked.words)}"',
        "prefix": f"{word}*",
        "fuzzy": f"{word}~",
        "author": f'author:"{word}"',
        "tag": f'tag:"{word}"',
        "date + word": f"year:{asked.year} {word}",
    }
    return patterns.get(asked.kind, " ".join(asked.words))


class Paperclipper(Engine):
    """`WhooshIndex`; the papers' texts lie in SQLite, and titles and snippets are marked as `showing` does."""

    def build(self):
        """As `Engine` says."""
        self.folder.mkdir()
        with contextlib.closing(self._texts()) as texts, texts:
            texts.execute("CREATE TABLE paper (id TEXT PRIMARY KEY, record TEXT)")
            texts.executemany("INSERT INTO paper VALUES (?, ?)", map(self._row, self.records.read()))
        made = WhooshIndex(self.folder / "index")
        made.catch_up(RecordSource(self.records), math.inf)
        made.merge_segments()

    def _texts(self):
        return sqlite3.connect(self.folder / "texts.db")

    def _row(self, record):
        return record["id"], json.dumps(record)

    def open(self):
        """As `Engine` says."""
        self.texts, self.source = self._texts(), RecordSource(self.records)
        self.index = WhooshIndex(self.folder / "index")
        assert self.index.status().papers == self.records.count
        gc.freeze()  # as a worker of the server does

    def search(self, asked, facets):
        """As `Engine` says."""
        query = resolve_tags(parse(typed(asked), TODAY), lambda name: (f"id-{name}",))
        found = self.index.search(query, Wanted(hits=HITS, facets=facets))
        return self._answer(query, found.plan, found.hits, found.total, found.facets.get("tag"))

    def _answer(self, query, made, hits, total, tags):
        found = time.perf_counter()
        places = ", ".join("?" * len(hits))
        ids = [hit.paper_id for hit in hits]
        texts = dict(self.texts.execute(f"SELECT id, record FROM paper WHERE id IN ({places})", ids))
        items = result_items.items(
            [(hit, as_paper(json.loads(texts[hit.paper_id]))) for hit in hits], query, made
        )
        return Answer(ids, total, [(item.title, item.snippet) for item in items], tags, found)

    def add(self, record):
        """As `Engine` says."""
        with self.texts:
            self.texts.execute("INSERT INTO paper VALUES (?, ?)", self._row(record))
        self.source.count += 1
        assert self.index.catch_up(self.source, time.monotonic() + 60)


class Whoosh(Paperclipper):
    """Whoosh's own matchers and BM25 for the same plans over the same index; facets counted by the papers' ids."""

    shares = "paperclipper"
    most_papers = 10_000
    most_queries = 5
    grows = False
    note = (
        "Whoosh's own searcher over our index; 5 queries of each class, at most 10,000 papers, for it is slow"
    )

    def open(self):
        """As `Engine` says."""
        super().open()
        self.tags = {record["id"]: record["tags"] for record in self.records.read()}
        self.view = self.index._current_snapshot().view
        self.segments = {id(segment.reader): segment for segment in self.view.segments}
        readers = [segment.reader for segment in self.view.segments]
        whole = readers[0] if len(readers) == 1 else MultiReader(readers)
        self.searcher = Searcher(whole, closereader=False, weighting=BM25F(B=B, K1=K1))

    def search(self, asked, facets):
        """As `Engine` says."""
        query = resolve_tags(parse(typed(asked), TODAY), lambda name: (f"id-{name}",))
        made = make_plan(query, self.view)
        tree = whoosh_reference.full(
            made, lambda reader, name: self.segments[id(reader)].columns.numbers[name]
        )
        found = sorted(
            (-score, segment.columns.papers[number])
            for leaf, _ in self.searcher.leaf_searchers()
            for segment in (self.segments[id(leaf.reader())],)
            for number, score in whoosh_reference.scored(tree.normalize(), leaf)
        )
        counts = Counter(tag for _, paper_id in found for tag in self.tags[paper_id]) if facets else None
        hits = [Hit(paper_id, -score) for score, paper_id in found[:HITS]]
        return self._answer(query, made, hits, len(found), counts)


# Paperclipper as it is served


class Served(Engine):
    """A server of three processes. A connection stays with one of them, and is dropped while others have their turn."""

    grows = False
    processes = 3

    def connect(self, port, **headers):
        """To be called when it answers."""
        self.port, self.headers = port, headers
        self.connection = self._connection()

    def _connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def refresh(self):
        """Another connection."""
        self.connection.close()

    def address(self, asked):
        """Where a search is asked."""

    def get(self, address):
        """The answer's JSON."""
        return json.loads(self._read(self.connection, address))

    def _read(self, connection, address):
        connection.request("GET", address, headers=self.headers)
        answer = connection.getresponse()
        read = answer.read()
        assert answer.status == 200, (address, read)
        return read

    def answers(self, asked, until):
        """How many of these searches, over and over, a client with a connection of its own has answered by then."""
        addresses = itertools.cycle([self.address(each) for each in asked])
        with contextlib.closing(self._connection()) as connection:
            answered = 0
            while time.monotonic() < until:
                self._read(connection, next(addresses))
                answered += 1
            return answered


class PaperclipperHttp(Served):
    """The real server."""

    modes = (True,)
    note = "facets, papers that lack words, and a page's cursors are always part of its answer"

    def build(self):
        """As `Engine` says."""
        self.folder.mkdir()
        data = self.folder / "data"
        data.mkdir()
        database.open_database(data / "paperclipper.db")
        indexing.use_folder(data)
        indexing.wake = lambda: None  # all at once, below
        with database.connection():
            self._fill(libraries.default().id)
            indexing.catch_up_all()
        database.checkpoint()

    def _fill(self, library_id):
        """What clips, tags and notes that are saved one by one leave; so many would take half an hour."""
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
        """As `Engine` says."""
        self.server = running.start(self.folder / "data")
        self.connect(self.server.port, Authorization=f"Bearer {self.server.token('read')}")

    def address(self, asked):
        """As `Served` says."""
        return f"/api/v1/papers?{urlencode({'q': typed(asked), 'limit': HITS})}"

    def search(self, asked, facets):
        """As `Engine` says."""
        found = self.get(self.address(asked))
        shown = [(each["title_marked"], each["snippet"]) for each in found["items"]]
        tags = {value["name"]: value["count"] for value in found["facets"].get("tag", ())}
        return Answer([each["id"] for each in found["items"]], found["total"], shown, tags)

    def close(self):
        """As `Engine` says."""
        self.server.stop()


def _clip(record):
    it = as_paper(record)
    return ClipRequest(uuid7(), it.clipped_at, Source.DATA, it.clips[0].page, it.facts)


def _note(library_id, paper_id, record):
    if record["note"]:
        annotations.put(
            library_id, uuid7(), paper_id, AnnotationDraft(AnnotationKind.NOTE, record["note"]), None
        )


def _tag(library_id, tagged):
    """Of each paper that carries a tag, the row moves on once, and not once a tag."""
    for name, ids in tagged.items():
        tags.attach_many(ids, tags.get_or_create(library_id, name, tag_names.fold_case(name)))
    bulk_updates.restamp(library_id, list(dict.fromkeys(itertools.chain(*tagged.values()))), document=True)
