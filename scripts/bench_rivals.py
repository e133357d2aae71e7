"""The other engines that `bench_search` compares with ours."""

import itertools
import json
import re
import sqlite3
import subprocess
import sys
import time
import unicodedata
from urllib.parse import urlencode

from bench_engines import HITS, Answer, Engine, Served
from whoosh import analysis, fields, index
from whoosh.lang.porter import stem

import running

_FOLD = {
    code: base
    for code in range(0xC0, 0x250)
    if (
        base := "".join(
            c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c)
        ).lower()
    )
}
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(f"[{_CJK}]|[^\\W_{_CJK}]+")
_STEMS = dict.fromkeys(analysis.STOP_WORDS)


class OnePass(analysis.Tokenizer):
    """A tokenizer that folds, splits, drops stop words and stems in one pass."""

    def __call__(self, value, positions=False, chars=False, mode="", **_):
        """Yield the tokens of a text, always the same object, as Whoosh expects."""
        token = analysis.Token(positions, chars, mode=mode)
        token.boost, token.stopped = 1.0, False
        for position, word in enumerate(_WORD.findall(value.translate(_FOLD).lower())):
            if word not in _STEMS:
                _STEMS[word] = stem(word) if word.isascii() else word
            if _STEMS[word] is not None:
                token.text, token.pos = _STEMS[word], position
                yield token


class WhooshTuned(Engine):
    """Whoosh with one catch-all field, analysed in one pass, and the texts in SQLite."""

    modes = ()
    max_papers = 2_000
    grows = False
    note = "Whoosh in its fastest configuration; only bulk indexing, of at most 2,000 papers"

    def build(self):
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
            for it in self.records.read():
                texts.execute("INSERT INTO paper VALUES (?, ?)", (it["id"], json.dumps(it)))
                everything = "\n".join(
                    [*[it["title"]] * 3, it["abstract"], it["note"], " ".join(it["authors"])]
                )
                listed = {
                    "author": ",".join(it["authors"]),
                    "tags": ",".join(it["tags"]),
                    "date": day_number(it),
                }
                writer.add_document(id=it["id"], title=it["title"], all=everything, **listed)
            writer.commit()


def day_number(record):
    """Return the date of a record as a number, such as 20240131."""
    return int(record["date"].replace("-", ""))


def year_range(query):
    """Return the first and the last day of a query's year, as numbers."""
    return query.year * 10_000 + 101, query.year * 10_000 + 1231


def quoted(text):
    """Return the text in quotes, as FTS5 and tantivy read it."""
    return '"' + text.replace('"', " ").replace("\\", " ") + '"'


class Fts5(Engine):
    """SQLite FTS5: stemmed, titles with three times the weight, prefixes of two and three letters indexed."""

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

    def _insert(self, it):
        texts = (it["title"], it["abstract"], it["note"], ", ".join(it["authors"]), ", ".join(it["tags"]))
        into_doc = (
            "INSERT INTO doc (title, abstract, note, authors, tags, id, date) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        rid = self.db.execute(into_doc, (*texts, it["id"], day_number(it))).lastrowid
        into_fts = "INSERT INTO fts (title, abstract, note, authors, tags, rowid) VALUES (?, ?, ?, ?, ?, ?)"
        self.db.execute(into_fts, (*texts, rid))
        self.db.executemany("INSERT INTO doc_tag VALUES (?, ?)", [(rid, tag) for tag in it["tags"]])

    def open(self):
        self._connect()
        self.db.execute("SELECT count(*) FROM doc").fetchone()

    def search(self, query, facets):
        where, parameters = "fts MATCH ?", [self._match(query)]
        if query.year:
            where, parameters = f"{where} AND doc.date BETWEEN ? AND ?", [*parameters, *year_range(query)]
        source = "fts JOIN doc ON doc.rid = fts.rowid" if query.year else "fts"
        rows = self.db.execute(
            "SELECT doc.id, highlight(fts, 0, '[', ']'), snippet(fts, 1, '[', ']', '…', 32)"
            f" FROM fts JOIN doc ON doc.rid = fts.rowid WHERE {where} ORDER BY rank LIMIT {HITS}",
            parameters,
        ).fetchall()
        (total,) = self.db.execute(f"SELECT count(*) FROM {source} WHERE {where}", parameters).fetchone()
        tag_counts = (
            f"SELECT tag, count(*) FROM {source} JOIN doc_tag ON doc_tag.rid = fts.rowid"
            f" WHERE {where} GROUP BY tag"
        )
        tags = dict(self.db.execute(tag_counts, parameters)) if facets else None
        return Answer([row[0] for row in rows], total, [row[1:] for row in rows], tags)

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
                return " OR ".join(map(quoted, self._similar_words(query.words[0]))) or words[0]
        return " AND ".join(words)

    def _similar_words(self, word):
        """Return up to 50 words with the same first letter at an edit distance of one."""
        terms = self.db.execute(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ?", (word[0], word[0] + "\uffff")
        )
        return list(itertools.islice((term for (term,) in terms if is_one_edit_apart(term, word)), 50))

    def add(self, record):
        self.db.execute("BEGIN IMMEDIATE")
        self._insert(record)
        self.db.execute("COMMIT")


def is_one_edit_apart(one, other):
    """Return whether inserting, deleting or replacing one letter turns one word into the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    i = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[i + (len(short) == len(long)) :] == long[i + 1 :]


class Tantivy(Engine):
    """Tantivy: lower case, accents folded, stemmed, titles with three times the weight, one thread."""

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
        self.folder.mkdir()
        self.schema = self._schema()
        writer = self._index().writer(64_000_000, 1)
        for record in self.records.read():
            writer.add_document(self._document(record))
        writer.commit()
        writer.wait_merging_threads()

    def _document(self, it):
        texts = {name: it[name] for name in ("id", "title", "abstract", "note", "tags")}
        return self.tantivy.Document(author=", ".join(it["authors"]), date=day_number(it), **texts)

    def open(self):
        self.schema = self._schema()
        self.index, self.writer = self._index(), None
        self.index.config_reader("manual", 1)
        self.refresh()

    def refresh(self):
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, query, facets):
        parsed = self._parse(query)
        found = self.searcher.search(parsed, HITS, count=True)
        tags = None
        if facets:
            counts = self.searcher.aggregate(parsed, {"tag": {"terms": {"field": "tags", "size": 300}}})
            tags = {bucket["key"]: bucket["doc_count"] for bucket in counts["tag"]["buckets"]}
        return self._answer(parsed, found, tags)

    def _answer(self, parsed, found, tags):
        papers = [self.searcher.doc(address) for _, address in found.hits]
        ids, found_at = [paper["id"][0] for paper in papers], time.perf_counter()
        highlighted = []
        for name in ("title", "abstract"):
            snippets = self.tantivy.SnippetGenerator.create(self.searcher, parsed, self.schema, name)
            highlighted.append([snippets.snippet_from_doc(paper).to_html() for paper in papers])
        return Answer(ids, found.count, list(zip(*highlighted, strict=True)), tags, found_at)

    def _parse(self, query):
        makers, word = self.tantivy.Query, query.words[0]
        words = [quoted(each) for each in query.words]
        match query.kind:
            case "five words or-ed":
                return self._parse_text(" OR ".join(words))
            case "phrase":
                return self._parse_text(quoted(" ".join(query.words)))
            case "prefix":
                return self._any(
                    makers.regex_query(self.schema, name, f"{re.escape(word)}.*") for name in self._texts
                )
            case "fuzzy":
                return self._any(
                    makers.fuzzy_term_query(self.schema, name, word, distance=1) for name in self._texts
                )
            case "author":
                return self._parse_text(f"author:{words[0]}")
            case "tag":
                return makers.term_query(self.schema, "tags", word)
            case "date + word":
                first, last = year_range(query)
                return self._parse_text(f"+{words[0]} +date:[{first} TO {last}]")
        return self._parse_text(" AND ".join(words))

    def _parse_text(self, text):
        return self.index.parse_query(text, list(self._texts), field_boosts={"title": 3.0})

    def _any(self, queries):
        return self.tantivy.Query.boolean_query([(self.tantivy.Occur.Should, query) for query in queries])

    def add(self, record):
        self.writer = self.writer or self.index.writer(15_000_000, 1)
        self.writer.add_document(self._document(record))
        self.writer.commit()


class Scout(Served):
    """The package scout over HTTP, under gunicorn like ours. Texts share one column; the rest is metadata."""

    modes = (False,)
    unsupported = frozenset({"fuzzy"})
    requires = "scout"
    note = "no snippets, facets or fuzzy words; its answer contains the full text of the papers"

    def _settings(self):
        pragmas = [("journal_mode", "wal"), ("foreign_keys", 0), ("cache_size", -65_536), ("synchronous", 0)]
        return {"DATABASE": str(self.folder / "scout.db"), "SQLITE_PRAGMAS": pragmas, "PAGINATE_BY": HITS}

    def build(self):
        from scout.models import DocLookup, Document, Index
        from scout.models import database as scout_database
        from scout.server import create_server

        self.folder.mkdir()
        create_server(self._settings())
        with scout_database.connection_context(), scout_database.atomic():
            papers = Index.create(name="papers")
            for it in self.records.read():
                content = "\n".join((it["title"], it["abstract"], it["note"], ", ".join(it["authors"])))
                metadata = {f"tag:{tag}": "1" for tag in it["tags"]} | {
                    f"author:{name}": "1" for name in it["authors"]
                }
                # Like its own `index`, without the scan of all documents for the same identifier.
                document = Document.create(content=content, identifier=it["id"])
                DocLookup.create(rowid=document.rowid, identifier=it["id"])
                papers.add_to_index(document)
                document.metadata = {"year": it["date"][:4], **metadata}

    def open(self):
        port = running.free_port()
        command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread"]
        command += ["--workers", "3", "--threads", "4"]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--no-control-socket"]
        self.process = subprocess.Popen([*command, f"scout.server:create_server({self._settings()!r})"])
        for _ in range(200):
            try:
                self.connect(port)
                self.get("/")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("scout did not start within 20 seconds.")

    def address(self, query):
        return f"/documents/?{urlencode(self._parameters(query))}"

    def search(self, query, facets):
        found = self.get(self.address(query))
        papers = found["documents"]
        return Answer([paper["identifier"] for paper in papers], found["filtered_count"], papers)

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
        self.process.terminate()
        self.process.wait(30)
