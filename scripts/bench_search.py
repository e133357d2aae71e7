"""Searching by ten kinds of query beside FTS5, tantivy and Whoosh itself, and over HTTP beside scout, in one run.

Over HTTP one client asks, for the times, and then many at once, for the answers a second.

Every engine has a process of its own, the same papers and the same queries; they take turns, round by round.
"""

import argparse
import contextlib
import importlib.util
import itertools
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from bench_corpus import CLASSES, draw_queries, write_corpus
from bench_engines import Paperclipper, PaperclipperHttp, Records, Whoosh
from bench_plot import plot
from bench_rivals import Fts5, Scout, Tantivy, WhooshTuned

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/corpus"
ENGINES = {
    "paperclipper": Paperclipper,
    "fts5": Fts5,
    "tantivy": Tantivy,
    "whoosh": Whoosh,
    "whoosh-tuned": WhooshTuned,
    "paperclipper-http": PaperclipperHttp,
    "scout": Scout,
}
YARDSTICKS = ("tantivy", "fts5")
SERVED = ("paperclipper-http", "scout")
ADDED = 30  # papers, one at a time

# In an engine's own process

_engine = None


def _start(name, folder, records):
    global _engine
    _engine = ENGINES[name](folder, records)


def _close():
    _engine.close()


def _build():
    before, began = memory("VmRSS"), time.perf_counter()
    _engine.build()
    seconds = time.perf_counter() - began
    speed = round(_engine.records.count / seconds, 1)
    return {
        "indexed": _engine.records.count,
        "papers_a_second": speed,
        "peak_mb": memory("VmHWM"),
        "before_mb": before,
    }


def _open():
    before, began = memory("VmRSS"), time.perf_counter()
    _engine.open()
    return {"open_ms": milliseconds(began), "unopened_mb": before}


def _search(asked):
    """The class, whether with facets, and the milliseconds of each; those without titles and snippets; the matches."""
    found = []
    _engine.refresh()
    for each, facets in asked:
        began = time.perf_counter()
        answer = _engine.search(each, facets)
        took, known = milliseconds(began), (answer.found - began) * 1000 if answer.found else None
        found.append((each.kind, facets, took, known, answer.total))
        assert len(answer.shown) == len(answer.ids)
        assert facets == (answer.tags is not None)
    return found


def _crowd(asked, clients, seconds):
    """The answers that so many clients get at once, each asking in an order of its own, and the seconds it took."""
    began = time.monotonic()
    orders = [random.Random(client).sample(asked, len(asked)) for client in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        answered = sum(pool.map(_engine.answers, orders, [began + seconds] * clients))
    return answered, time.monotonic() - began


def _warm_memory():
    return {"warm_mb": memory("VmRSS")} if _engine.processes == 1 else {}


def _grow(path, asked):
    """One more paper at a time, and a search after each."""
    added, after = [], []
    count = _engine.records.count
    for number, record in enumerate(Records(path, count + ADDED).read(count)):
        began = time.perf_counter()
        _engine.add(record)
        added.append(milliseconds(began))
        began = time.perf_counter()
        _engine.refresh()
        _engine.search(asked[number % len(asked)], False)
        after.append(milliseconds(began))
    figures = {"added_p50_ms": percentile(added, 50), "added_p95_ms": percentile(added, 95)}
    return figures | {
        "search_after_p50_ms": percentile(after, 50),
        "search_after_p95_ms": percentile(after, 95),
    }


def memory(name):
    """VmRSS, or VmHWM for the most so far, of this process in MB; None where the system does not say."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))
    return None


def milliseconds(began):
    """Since then."""
    return (time.perf_counter() - began) * 1000


def percentile(values, rank):
    """The nearest of 100 parts."""
    if len(values) < 2:
        return round(values[0], 3)
    return round(statistics.quantiles(values, n=100, method="inclusive")[rank - 1], 3)


class Child:
    """An engine in a fresh process."""

    def __init__(self, name, folder, records):
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(
            1, context, _start, (name, folder / (ENGINES[name].shares or name), records)
        )

    def do(self, action, *given):
        """What the act gives there."""
        began = time.perf_counter()
        found = self._pool.submit(action, *given).result()
        print(
            f"{self.name}: {action.__name__.strip('_')}, {time.perf_counter() - began:.1f} s", file=sys.stderr
        )
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown()


@contextlib.contextmanager
def opened(name, folder, records):
    """A child whose engine is open, and what opening took."""
    with Child(name, folder, records) as child:
        figures = child.do(_open)
        try:
            yield child, figures
        finally:
            child.do(_close)


# Measuring


class Bench:
    """Engines over so many papers; `figures` is what is found of each."""

    def __init__(self, folder, records, queries, names, clients, seconds):
        self.folder, self.records, self.clients, self.seconds = folder, records, clients, seconds
        self.measured, self.warming = queries
        self.names = [name for name in names if ENGINES[name].modes]
        self.figures = {name: {"engine": name, "papers": records.count} for name in names}

    def build(self):
        """Each engine's index."""
        for name, figures in self.figures.items():
            if not (self.folder / (ENGINES[name].shares or name)).exists():
                records = Records(self.records.path, min(self.records.count, ENGINES[name].most_papers))
                with Child(name, self.folder, records) as child:
                    figures |= child.do(_build)

    def first_touch(self):
        """Every query's first time, in a process that has just opened the index."""
        rows = []
        for name in self.names:
            asked = [(each, ENGINES[name].modes[0]) for each in self._asked(name, self.measured)]
            with opened(name, self.folder, self.records) as (child, _):
                found = child.do(_search, asked)
            self.figures[name]["first_search_ms"] = round(found[0][2], 1)
            rows += rows_of(name, self.records.count, found)
        return rows

    def rounds(self, number):
        """So many rounds over all queries, by processes that are warm from queries of other words."""
        found = {name: [] for name in self.names}
        with contextlib.ExitStack() as stack:
            children = {}
            for name in self.names:
                children[name], figures = stack.enter_context(opened(name, self.folder, self.records))
                self.figures[name] |= figures
                for mode in ENGINES[name].modes * ENGINES[name].processes:
                    children[name].do(_search, [(each, mode) for each in self._asked(name, self.warming)])
            for turn in range(number):
                for name, child in children.items():
                    for asked in self._passes(name, turn):
                        found[name] += child.do(_search, asked)
            for name, child in children.items():
                self.figures[name] |= child.do(_warm_memory)
            self._crowds({name: children[name] for name in SERVED if name in children}, number)
        return [row for name in self.names for row in rows_of(name, self.records.count, found[name])]

    def _crowds(self, children, number):
        """So many rounds of many clients at once."""
        took = {name: [] for name in children}
        for _, (name, child) in itertools.product(range(number), children.items()):
            took[name].append(child.do(_crowd, self._asked(name, self.measured), self.clients, self.seconds))
        for name, turns in took.items():
            answered, seconds = map(sum, zip(*turns, strict=True))
            self.figures[name]["answers_a_second"] = round(answered / seconds, 1)

    def grow(self):
        """One more paper at a time. Comes last: the indexes are others afterwards."""
        for name in self.names:
            if ENGINES[name].grows:
                with opened(name, self.folder, self.records) as (child, _):
                    self.figures[name] |= child.do(_grow, self.records.path, self._asked(name, self.warming))

    def _asked(self, name, queries):
        """The engine's share of the queries."""
        engine = ENGINES[name]
        of_class = [
            [each for each in queries if each.kind == kind] for kind in CLASSES if kind not in engine.lacks
        ]
        return [each for some in of_class for each in some[: min(len(some), engine.most_queries)]]

    def _passes(self, name, turn):
        """No query twice in a pass. In the first one, each other query is with facets; in the second, all others."""
        modes = ENGINES[name].modes
        asked = [(each, i + turn) for i, each in enumerate(self._asked(name, self.measured))]
        random.Random(turn).shuffle(asked)
        return [[(each, modes[(i + half) % len(modes)]) for each, i in asked] for half in range(len(modes))]


def rows_of(name, papers, found):
    """A row for each class and for all, without and with facets."""
    rows = []
    for facets in ENGINES[name].modes:
        for kind in ("all", *CLASSES):
            of_kind = [each for each in found if each[1] == facets and kind in ("all", each[0])]
            if of_kind:
                times = [each[2] for each in of_kind]
                row = {"engine": name, "papers": papers, "class": kind, "facets": facets}
                row |= {"p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95)}
                known = [each[3] for each in of_kind if each[3] is not None]
                row |= {"found_p50_ms": percentile(known, 50)} if known else {}
                rows.append(row | {"matches": round(statistics.fmean(each[4] for each in of_kind), 1)})
    return rows


def compared(rows):
    """The same rows, each with its p50 as so many times that of the yardsticks."""
    p50 = {(row["engine"], *_cell(row)): row["p50_ms"] for row in rows}
    found = []
    for row in rows:
        others = {f"to_{name}": p50.get((name, *_cell(row))) for name in YARDSTICKS}
        found.append(row | {key: round(row["p50_ms"] / other, 2) for key, other in others.items() if other})
    return found


def _cell(row):
    return row["papers"], row["class"], row["facets"]


def growth(rows):
    """How many times the p50 of one number of papers the next one's is."""
    sizes = sorted({row["papers"] for row in rows})
    before = {(row["engine"], *_cell(row)): row for row in rows}
    found = []
    for row in rows:
        fewer = max((size for size in sizes if size < row["papers"]), default=0)
        if old := before.get((row["engine"], *_cell(row | {"papers": fewer}))):
            grown = {"engine": row["engine"], "class": row["class"], "facets": row["facets"]}
            grown |= {"from": fewer, "to": row["papers"]}
            keys = [key for key in ("p50_ms", "found_p50_ms") if key in row]
            found.append(grown | {key.replace("ms", "times"): round(row[key] / old[key], 2) for key in keys})
    return found


def crowds(engines):
    """How many times scout's answers a second ours are, at each number of papers."""
    found = {}
    for figures in engines:
        if "answers_a_second" in figures:
            found.setdefault(figures["papers"], {})[figures["engine"]] = figures["answers_a_second"]
    ours, theirs = SERVED
    return {papers: round(of[ours] / of[theirs], 1) for papers, of in found.items() if len(of) == len(SERVED)}


def left_out(names, papers):
    """The engines that are not measured, with the reason."""
    found = {}
    for name in names:
        engine = ENGINES[name]
        if engine.needs and not importlib.util.find_spec(engine.needs):
            found[name] = f"{engine.needs} is not installed: scripts/install bench"
        elif engine.modes and papers > engine.most_papers:
            found[name] = f"too slow for more than {engine.most_papers:,} papers"
    return found


def bench(options):
    """All figures."""
    names, sizes = options.engines, sorted(set(options.papers))
    notes = {name: ENGINES[name].note for name in names if ENGINES[name].note}
    found = {
        "rounds": options.rounds,
        "notes": notes,
        "left_out": {},
        "rows": [],
        "first_touch": [],
        "engines": [],
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "corpus.jsonl")
        found["real_papers"] = write_corpus(path, sizes[-1] + ADDED, options.corpus)
        queries = draw_queries(Records(path, sizes[0]), options.queries)
        for papers in sizes:
            without = left_out(names, papers)
            place = Path(folder, str(papers))
            place.mkdir()
            measured = [name for name in names if name not in without]
            one = Bench(place, Records(path, papers), queries, measured, options.clients, options.seconds)
            one.build()
            found["left_out"][papers] = without
            found["first_touch"] += one.first_touch()
            found["rows"] += one.rounds(options.rounds)
            one.grow()
            found["engines"] += one.figures.values()
    found["rows"], found["first_touch"] = compared(found["rows"]), compared(found["first_touch"])
    return found | {"growth": growth(found["rows"]), "crowds": crowds(found["engines"])}


# Printing


def show(found):
    """All of it as tables."""
    for papers, without in found["left_out"].items():
        for facets, part in itertools.product((False, True), ("rows", "first_touch")):
            rows = [row for row in found[part] if (row["papers"], row["facets"]) == (papers, facets)]
            if rows:
                touched = "each query's first time" if part == "first_touch" else f"{found['rounds']} rounds"
                asked = f"{'with' if facets else 'without'} facets, {touched}"
                print(f"\n{papers:,} papers, {asked}: p50/p95 in ms\n")
                show_table(by_class(rows))
        for name, reason in without.items():
            print(f"\nLeft out at {papers:,} papers: {name}, {reason}.")
    for name, note in found["notes"].items():
        print(f"\n{name}: {note}.")
    print("\nThe engines themselves\n")
    columns = list(dict.fromkeys(key for figures in found["engines"] for key in figures))
    show_table(
        [columns, *([_shown(figures.get(column)) for column in columns] for figures in found["engines"])]
    )
    for papers, times in found["crowds"].items():
        print(f"{SERVED[0]}: {times} times the answers a second of {SERVED[1]}, at {papers:,} papers")
    show_growth(found["growth"])


def show_growth(rows):
    """A line for each engine."""
    for row in rows:
        if row["class"] == "all":
            alone = f", ids alone {row['found_p50_times']}" if "found_p50_times" in row else ""
            times = f"{row['p50_times']} times{alone},"
            asked = f"{row['engine']}, {'with' if row['facets'] else 'without'} facets"
            print(f"{asked}: {times} from {row['from']:,} to {row['to']:,} papers")


def by_class(rows):
    """A line for each class, a column for each engine; ours without titles and snippets, and how ours compares."""
    names = list(dict.fromkeys(row["engine"] for row in rows))
    cells = {(row["engine"], row["class"]): row for row in rows}
    compared_to = [name for name in YARDSTICKS if name in names and "paperclipper" in names]
    more = {"found_p50_ms": "ours, ids alone"} if "paperclipper" in names else {}
    more |= {f"to_{name}": f"ours / {name}" for name in compared_to}
    lines = [["class", *names, *more.values()]]
    for kind in ("all", *CLASSES):
        found = [cells.get((name, kind)) for name in names]
        ours = cells.get(("paperclipper", kind), {})
        times = [f"{row['p50_ms']:.2f}/{row['p95_ms']:.2f}" if row else "-" for row in found]
        lines.append([kind, *times, *(_shown(ours.get(key)) for key in more)])
    return lines


def _shown(value):
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def show_table(lines):
    """Columns one under the other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def main():
    """Reads the command line, measures, writes and prints."""
    parser = argparse.ArgumentParser(prog="scripts/bench search", description=__doc__)
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="where the figures go")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="where a picture of them goes")
    parser.add_argument("--papers", type=int, nargs="+", default=[10_000], help="one number or more")
    parser.add_argument("--rounds", type=int, default=3, help="of all queries")
    parser.add_argument("--queries", type=int, default=20, help="of each class")
    parser.add_argument("--clients", type=int, default=8, help="at once, of the engines that are served")
    parser.add_argument("--seconds", type=float, default=5.0, help="that they ask, each round")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument(
        "--corpus", type=Path, default=CORPUS, metavar="FOLDER", help="of daily_papers.jsonl.xz"
    )
    options = parser.parse_args()
    found = bench(options)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    if options.svg:
        options.svg.write_text(picture(found))
    show(found)


def picture(found):
    """The classes at the largest number of papers, without facets where there is such a row."""
    papers = max(row["papers"] for row in found["rows"])
    rows = [row for row in found["rows"] if row["papers"] == papers]
    bare = [row for row in rows if not row["facets"]] or rows
    return plot(bare, f"Searching {papers:,} papers: p50 (dot) to p95")


if __name__ == "__main__":
    main()
