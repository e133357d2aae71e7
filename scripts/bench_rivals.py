"""The engines that `bench_search` compares ours with."""

import itertools
import json
import re
import sqlite3
import subprocess
import sys
import time
import unicodedata
from urllib.parse import urlencode

from bench_engines import HITS, Engine, EngineAnswer, HttpEngine
from whoosh import analysis, fields, index
from whoosh.lang.porter import stem

import running


def _without_accents(character):
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


_FOLDED = {code: base for code in range(0xC0, 0x250) if (base := _without_accents(chr(code)))}
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(f"[{_CJK}]|[^\\W_{_CJK}]+")
_STEMS = dict.fromkeys(analysis.STOP_WORDS)


class OnePass(analysis.Tokenizer):
    """Folds, splits and stems, and drops stop words, in one pass."""

    def __call__(self, value, positions=False, chars=False, mode="", **_):
        """Yield the tokens of a text."""
        token = analysis.Token(positions, chars, mode=mode)
        token.boost, token.stopped = 1.0, False
        for position, word in enumerate(_WORD.findall(value.translate(_FOLDED).lower())):
            if word not in _STEMS:
                _STEMS[word] = stem(word) if word.isascii() else word
            if _STEMS[word] is not None:
                token.text, token.pos = _STEMS[word], position
                yield token


class WhooshTuned(Engine):
    """Whoosh with a single field for all texts, analysed in one pass; the texts are stored in SQLite."""

    facet_modes = ()
    max_papers = 2_000
    can_grow = False
    note = "Whoosh configured to be as fast as it can be; only bulk indexing, of at most 2,000 papers"

    def build(self):
        """Build the index."""
        self.folder.mkdir()
        schema = fields.Schema(
            id=fields.ID(unique=True, stored=True),
            title=fields.TEXT(analyzer=OnePass(), phrase=False),
            all=fields.TEXT(analyzer=OnePass()),
            author=fields.KEYWORD(commas=True, lowercase=True),
            tags=fields.KEYWORD(commas=True, lowercase=True),
            date=fields.NUMERIC(int, sortable=True),
        )
        writer = index.create_in(self.folder, schema).writer(limitmb=128)
        with sqlite3.connect(self.folder / "texts.db") as texts:
            texts.execute("CREATE TABLE paper (id TEXT PRIMARY KEY, record TEXT)")
            for record in self.records.read():
                texts.execute("INSERT INTO paper VALUES (?, ?)", (record["id"], json.dumps(record)))
                everything = "\n".join(
                    [*[record["title"]] * 3, record["abstract"], record["note"], " ".join(record["authors"])]
                )
                listed = {
                    "author": ",".join(record["authors"]),
                    "tags": ",".join(record["tags"]),
                    "date": day_number(record),
                }
                writer.add_document(id=record["id"], title=record["title"], all=everything, **listed)
            writer.commit()


def day_number(record):
    """Return the date as a number, such as 20240131."""
    return int(record["date"].replace("-", ""))


def year_of(query):
    """Return the first and the last day of the year of a query, as numbers."""
    return query.year * 10_000 + 101, query.year * 10_000 + 1231


def quoted(text):
    """Return a phrase as FTS5 and tantivy expect it."""
    return '"' + text.replace('"', " ").replace("\\", " ") + '"'


class Fts5(Engine):
    """SQLite FTS5: stemmed; titles weighted three times; prefixes of two and three letters indexed."""

    def _connect(self):
        self.db = sqlite3.connect(self.folder / "fts.db", isolation_level=None)
        for pragma in (
            "journal_mode = wal",
            "synchronous = full",
            "cache_size = -64000",
            "mmap_size = 268435456",
        ):
            self.db.execute(f"PRAGMA {pragma}")

    def build(self):
        """Build the index."""
        self.folder.mkdir()
        self._connect()
        self.db.executescript(
            "CREATE TABLE doc"
            " (rid INTEGER PRIMARY KEY, id UNIQUE, title, abstract, note, authors, tags, date INT);"
            "CREATE INDEX doc_date ON doc (date);"
            "CREATE TABLE doc_tag (rid INT, tag TEXT, PRIMARY KEY (tag, rid)) WITHOUT ROWID;"
            "CREATE INDEX tag_doc ON doc_tag (rid, tag);"
            "CREATE VIRTUAL TABLE fts USING fts5(title, abstract, note, authors, tags, content='doc',"
            " content_rowid='rid', prefix='2 3', tokenize='porter unicode61 remove_diacritics 2');"
            "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(fts, row);"
            "INSERT INTO fts (fts, rank) VALUES ('rank', 'bm25(3.0, 1.0, 1.0, 1.0, 1.0)');"
        )
        self.db.execute("BEGIN")
        for record in self.records.read():
            self._insert(record)
        self.db.execute("COMMIT")

    def _insert(self, record):
        texts = (
            record["title"],
            record["abstract"],
            record["note"],
            ", ".join(record["authors"]),
            ", ".join(record["tags"]),
        )
        into_doc = (
            "INSERT INTO doc (title, abstract, note, authors, tags, id, date) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        rid = self.db.execute(into_doc, (*texts, record["id"], day_number(record))).lastrowid
        into_fts = "INSERT INTO fts (title, abstract, note, authors, tags, rowid) VALUES (?, ?, ?, ?, ?, ?)"
        self.db.execute(into_fts, (*texts, rid))
        self.db.executemany("INSERT INTO doc_tag VALUES (?, ?)", [(rid, tag) for tag in record["tags"]])

    def open(self):
        """Open the index."""
        self._connect()
        self.db.execute("SELECT count(*) FROM doc").fetchone()

    def search(self, query, facets):
        """Run a query."""
        where, parameters = "fts MATCH ?", [self._match(query)]
        if query.year:
            where, parameters = f"{where} AND doc.date BETWEEN ? AND ?", [*parameters, *year_of(query)]
        source = "fts JOIN doc ON doc.rid = fts.rowid" if query.year else "fts"
        rows = self.db.execute(
            "SELECT doc.id, highlight(fts, 0, '[', ']'), snippet(fts, 1, '[', ']', '…', 32)"
            f" FROM fts JOIN doc ON doc.rid = fts.rowid WHERE {where} ORDER BY rank LIMIT {HITS}",
            parameters,
        ).fetchall()
        (total,) = self.db.execute(f"SELECT count(*) FROM {source} WHERE {where}", parameters).fetchone()
        counted = (
            f"SELECT tag, count(*) FROM {source} JOIN doc_tag ON doc_tag.rid = fts.rowid"
            f" WHERE {where} GROUP BY tag"
        )
        tags = dict(self.db.execute(counted, parameters)) if facets else None
        return EngineAnswer([row[0] for row in rows], total, [row[1:] for row in rows], tags)

    def _match(self, query):
        words = [quoted(word) for word in query.words]
        match query.kind:
            case "five words or-ed":
                return " OR ".join(words)
            case "phrase":
                return quoted(" ".join(query.words))
            case "prefix":
                return f"{words[0]} *"
            case "author" | "tag":
                return f"{query.kind}s : {words[0]}"
            case "fuzzy":
                return " OR ".join(map(quoted, self._near(query.words[0]))) or words[0]
        return " AND ".join(words)

    def _near(self, word):
        """Return up to 50 words that start with the same letter and are one edit away."""
        terms = self.db.execute(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ?", (word[0], word[0] + "\uffff")
        )
        return list(itertools.islice((term for (term,) in terms if is_one_edit_away(term, word)), 50))

    def add(self, record):
        """Add a paper."""
        self.db.execute("BEGIN IMMEDIATE")
        self._insert(record)
        self.db.execute("COMMIT")


def is_one_edit_away(one, other):
    """Return whether the edit distance between two words is at most one."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    i = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[i + (len(short) == len(long)) :] == long[i + 1 :]


class Tantivy(Engine):
    """tantivy: lower-cased, accents folded, stemmed; titles weighted three times; one thread."""

    requires = "tantivy"
    _texts = ("title", "abstract", "note", "author")

    def _schema(self):
        import tantivy

        self.tantivy, builder = tantivy, tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("title", "abstract", "note"):
            builder.add_text_field(name, stored=True, tokenizer_name="english")
        builder.add_text_field("author", stored=True, tokenizer_name="default")
        builder.add_text_field("tags", stored=True, tokenizer_name="raw", index_option="basic", fast=True)
        builder.add_integer_field("date", stored=True, indexed=True, fast=True)
        return builder.build()

    def _index(self):
        found = self.tantivy.Index(self.schema, path=str(self.folder))
        filters = self.tantivy.Filter
        chain = self.tantivy.TextAnalyzerBuilder(self.tantivy.Tokenizer.simple())
        for each in (filters.lowercase(), filters.ascii_fold(), filters.stemmer("english")):
            chain = chain.filter(each)
        found.register_tokenizer("english", chain.build())
        return found

    def build(self):
        """Build the index."""
        self.folder.mkdir()
        self.schema = self._schema()
        writer = self._index().writer(64_000_000, 1)
        for record in self.records.read():
            writer.add_document(self._document(record))
        writer.commit()
        writer.wait_merging_threads()

    def _document(self, record):
        texts = {name: record[name] for name in ("id", "title", "abstract", "note", "tags")}
        return self.tantivy.Document(author=", ".join(record["authors"]), date=day_number(record), **texts)

    def open(self):
        """Open the index."""
        self.schema = self._schema()
        self.index, self.writer = self._index(), None
        self.index.config_reader("manual", 1)
        self.refresh()

    def refresh(self):
        """Reload the index."""
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, query, facets):
        """Run a query."""
        query = self._query(query)
        found = self.searcher.search(query, HITS, count=True)
        tags = None
        if facets:
            counted = self.searcher.aggregate(query, {"tag": {"terms": {"field": "tags", "size": 300}}})
            tags = {bucket["key"]: bucket["doc_count"] for bucket in counted["tag"]["buckets"]}
        return self._answer(query, found, tags)

    def _answer(self, query, found, tags):
        papers = [self.searcher.doc(address) for _, address in found.hits]
        ids, known, marked = [paper["id"][0] for paper in papers], time.perf_counter(), []
        for name in ("title", "abstract"):
            snippets = self.tantivy.SnippetGenerator.create(self.searcher, query, self.schema, name)
            marked.append([snippets.snippet_from_doc(paper).to_html() for paper in papers])
        return EngineAnswer(ids, found.count, list(zip(*marked, strict=True)), tags, known)

    def _query(self, query):
        query, word = self.tantivy.Query, query.words[0]
        words = [quoted(each) for each in query.words]
        match query.kind:
            case "five words or-ed":
                return self._parsed(" OR ".join(words))
            case "phrase":
                return self._parsed(quoted(" ".join(query.words)))
            case "prefix":
                return self._any(
                    query.regex_query(self.schema, name, f"{re.escape(word)}.*") for name in self._texts
                )
            case "fuzzy":
                return self._any(
                    query.fuzzy_term_query(self.schema, name, word, distance=1) for name in self._texts
                )
            case "author":
                return self._parsed(f"author:{words[0]}")
            case "tag":
                return query.term_query(self.schema, "tags", word)
            case "date + word":
                return self._parsed("+{} +date:[{} TO {}]".format(words[0], *year_of(query)))
        return self._parsed(" AND ".join(words))

    def _parsed(self, text):
        return self.index.parse_query(text, list(self._texts), field_boosts={"title": 3.0})

    def _any(self, queries):
        return self.tantivy.Query.boolean_query([(self.tantivy.Occur.Should, query) for query in queries])

    def add(self, record):
        """Add a paper."""
        self.writer = self.writer or self.index.writer(15_000_000, 1)
        self.writer.add_document(self._document(record))
        self.writer.commit()


class Scout(HttpEngine):
    """scout over HTTP, with gunicorn. Texts are in one column; years, authors and tags are metadata."""

    facet_modes = (False,)
    unsupported = frozenset({"fuzzy"})
    requires = "scout"
    note = "no snippets, facets or fuzzy words; its answers include the whole texts of papers"

    def _settings(self):
        pragmas = [("journal_mode", "wal"), ("foreign_keys", 0), ("cache_size", -65_536), ("synchronous", 0)]
        return {"DATABASE": str(self.folder / "scout.db"), "SQLITE_PRAGMAS": pragmas, "PAGINATE_BY": HITS}

    def build(self):
        """Build the index."""
        from scout.models import DocLookup, Document, Index
        from scout.models import database as scout_database
        from scout.server import create_server

        self.folder.mkdir()
        create_server(self._settings())
        with scout_database.connection_context(), scout_database.atomic():
            papers = Index.create(name="papers")
            for record in self.records.read():
                content = "\n".join(
                    (record["title"], record["abstract"], record["note"], ", ".join(record["authors"]))
                )
                metadata = {f"tag:{tag}": "1" for tag in record["tags"]} | {
                    f"author:{name}": "1" for name in record["authors"]
                }
                # scout's own `index` does the same, but first scans all documents for the identifier.
                document = Document.create(content=content, identifier=record["id"])
                DocLookup.create(rowid=document.rowid, identifier=record["id"])
                papers.add_to_index(document)
                document.metadata = {"year": record["date"][:4], **metadata}

    def open(self):
        """Start the server."""
        port = running.free_port()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", "3", "--worker-class", "gthread", "--threads", "4"]
        command += ["--log-level", "warning", "--no-control-socket"]
        self.process = subprocess.Popen([*command, f"scout.server:create_server({self._settings()!r})"])
        for _ in range(200):
            try:
                self.connect(port)
                self.get("/")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("scout did not start.")

    def url(self, query):
        """Return the path and query string of a search."""
        return f"/documents/?{urlencode(self._parameters(query))}"

    def search(self, query, facets):
        """Run a query."""
        found = self.get(self.url(query))
        papers = found["documents"]
        return EngineAnswer([paper["identifier"] for paper in papers], found["filtered_count"], papers)

    def _parameters(self, query):
        words = [quoted(word) for word in query.words]
        match query.kind:
            case "five words or-ed":
                return {"q": " OR ".join(words)}
            case "phrase":
                return {"q": quoted(" ".join(query.words))}
            case "prefix":
                return {"q": f"{words[0]}*"}
            case "author" | "tag":
                return {f"{query.kind}:{query.words[0]}": "1"}
            case "date + word":
                return {"q": words[0], "year": query.year}
        return {"q": " ".join(words)}

    def close(self):
        """Stop the server."""
        self.process.terminate()
        self.process.wait(30)
