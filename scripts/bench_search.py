"""Benchmark of search: ten kinds of query, compared with FTS5, tantivy and Whoosh, and with scout over HTTP.

Over HTTP, one client measures the times, then many clients at once measure the answers per second.

Each engine runs in its own process, over the same papers and queries. The engines take turns, round by round.
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
from typing import NamedTuple

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
ADDED = 30  # papers, added one at a time

# Run in the engine's own process

_engine = None


class Measurement(NamedTuple):
    """One search; `found_ms` is its time without titles and snippets, if the engine reports it."""

    kind: str
    facets: bool
    took_ms: float
    found_ms: float | None
    matches: int


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


def _search(searches):
    """Run a list of (query, facets) and return a measurement of each."""
    measured = []
    _engine.refresh()
    for query, facets in searches:
        began = time.perf_counter()
        answer = _engine.search(query, facets)
        took_ms = milliseconds(began)
        found_ms = (answer.found_at - began) * 1000 if answer.found_at else None
        measured.append(Measurement(query.kind, facets, took_ms, found_ms, answer.total))
        assert len(answer.highlighted) == len(answer.ids)
        assert facets == (answer.tags is not None)
    return measured


def _search_concurrently(queries, clients, seconds):
    """Run many clients at once, each with its own order of queries; return (answers, seconds)."""
    began = time.monotonic()
    orders = [random.Random(client).sample(queries, len(queries)) for client in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        answered = sum(pool.map(_engine.count_answers, orders, [began + seconds] * clients))
    return answered, time.monotonic() - began


def _warm_memory():
    return {"warm_mb": memory("VmRSS")} if _engine.processes == 1 else {}


def _grow(path, queries):
    """Add papers one at a time, with a search after each, and return the times of both."""
    added, after = [], []
    count = _engine.records.count
    for number, record in enumerate(Records(path, count + ADDED).read(count)):
        began = time.perf_counter()
        _engine.add(record)
        added.append(milliseconds(began))
        began = time.perf_counter()
        _engine.refresh()
        _engine.search(queries[number % len(queries)], False)
        after.append(milliseconds(began))
    figures = {"added_p50_ms": percentile(added, 50), "added_p95_ms": percentile(added, 95)}
    return figures | {
        "search_after_p50_ms": percentile(after, 50),
        "search_after_p95_ms": percentile(after, 95),
    }


def memory(name):
    """Return VmRSS, or VmHWM for the peak, of this process in MB; None if the system does not report it."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))
    return None


def milliseconds(began):
    """Return the milliseconds since `began`."""
    return (time.perf_counter() - began) * 1000


def percentile(values, rank):
    """Return a percentile of the values."""
    if len(values) < 2:
        return round(values[0], 3)
    return round(statistics.quantiles(values, n=100, method="inclusive")[rank - 1], 3)


class EngineProcess:
    """An engine in a new process."""

    def __init__(self, name, folder, records):
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, context, _start, (name, index_folder(folder, name), records))

    def run(self, function, *arguments):
        """Run a function in the process and return its result."""
        began = time.perf_counter()
        result = self._pool.submit(function, *arguments).result()
        print(
            f"{self.name}: {function.__name__.strip('_')}, {time.perf_counter() - began:.1f} s",
            file=sys.stderr,
        )
        return result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown()


@contextlib.contextmanager
def opened(name, folder, records):
    """Yield a process whose engine is open, and the figures of opening it."""
    with EngineProcess(name, folder, records) as child:
        figures = child.run(_open)
        try:
            yield child, figures
        finally:
            child.run(_close)


# Measuring


class Bench:
    """A benchmark of several engines over the same records. `figures` are the results of each engine."""

    def __init__(self, folder, records, queries, names, clients, seconds):
        self.folder, self.records, self.clients, self.seconds = folder, records, clients, seconds
        self.measured, self.warming = queries
        self.names = [name for name in names if ENGINES[name].modes]
        self.figures = {name: {"engine": name, "papers": records.count} for name in names}

    def build(self):
        """Build the index of each engine."""
        for name, figures in self.figures.items():
            if not index_folder(self.folder, name).exists():
                records = Records(self.records.path, min(self.records.count, ENGINES[name].max_papers))
                with EngineProcess(name, self.folder, records) as child:
                    figures |= child.run(_build)

    def first_touch(self):
        """Return the rows for the first run of every query, in a process that has just opened the index."""
        rows = []
        for name in self.names:
            facets = ENGINES[name].modes[0]
            searches = [(query, facets) for query in self._queries_for(name, self.measured)]
            with opened(name, self.folder, self.records) as (child, _):
                measured = child.run(_search, searches)
            self.figures[name]["first_search_ms"] = round(measured[0].took_ms, 1)
            rows += rows_of(name, self.records.count, measured)
        return rows

    def rounds(self, number):
        """Return the rows for all queries, run `number` times in processes warmed up with other words."""
        measured = {name: [] for name in self.names}
        with contextlib.ExitStack() as stack:
            children = {}
            for name in self.names:
                children[name], figures = stack.enter_context(opened(name, self.folder, self.records))
                self.figures[name] |= figures
                for mode in ENGINES[name].modes * ENGINES[name].processes:
                    children[name].run(
                        _search, [(query, mode) for query in self._queries_for(name, self.warming)]
                    )
            for turn in range(number):
                for name, child in children.items():
                    for searches in self._passes(name, turn):
                        measured[name] += child.run(_search, searches)
            for name, child in children.items():
                self.figures[name] |= child.run(_warm_memory)
            self._measure_many_clients({name: children[name] for name in SERVED if name in children}, number)
        return [row for name in self.names for row in rows_of(name, self.records.count, measured[name])]

    def _measure_many_clients(self, children, number):
        """Measure the answers per second of many clients at once, in `number` rounds."""
        took = {name: [] for name in children}
        for _, (name, child) in itertools.product(range(number), children.items()):
            queries = self._queries_for(name, self.measured)
            took[name].append(child.run(_search_concurrently, queries, self.clients, self.seconds))
        for name, turns in took.items():
            answered, seconds = map(sum, zip(*turns, strict=True))
            self.figures[name]["answers_a_second"] = round(answered / seconds, 1)

    def grow(self):
        """Add papers one at a time. Run this last, because it changes the indexes."""
        for name in self.names:
            if ENGINES[name].grows:
                with opened(name, self.folder, self.records) as (child, _):
                    queries = self._queries_for(name, self.warming)
                    self.figures[name] |= child.run(_grow, self.records.path, queries)

    def _queries_for(self, name, queries):
        """Return the queries that the engine supports, at most its `max_queries` of each class."""
        engine = ENGINES[name]
        of_class = [
            [each for each in queries if each.kind == kind]
            for kind in CLASSES
            if kind not in engine.unsupported
        ]
        return [each for some in of_class for each in some[: min(len(some), engine.max_queries)]]

    def _passes(self, name, turn):
        """Return the passes of a round. Each runs every query once, alternately with and without facets."""
        modes = ENGINES[name].modes
        numbered = [(query, i + turn) for i, query in enumerate(self._queries_for(name, self.measured))]
        random.Random(turn).shuffle(numbered)
        return [
            [(query, modes[(i + shift) % len(modes)]) for query, i in numbered] for shift in range(len(modes))
        ]


def index_folder(folder, name):
    """Return the folder of an engine's index, which may be another engine's."""
    return folder / (ENGINES[name].shares_index_of or name)


def rows_of(name, papers, measured):
    """Return a row for each class and one for all queries, without and with facets."""
    rows = []
    for facets in ENGINES[name].modes:
        for kind in ("all", *CLASSES):
            of_kind = [each for each in measured if each.facets == facets and kind in ("all", each.kind)]
            if of_kind:
                times = [each.took_ms for each in of_kind]
                row = {"engine": name, "papers": papers, "class": kind, "facets": facets}
                row |= {"p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95)}
                found_times = [each.found_ms for each in of_kind if each.found_ms is not None]
                row |= {"found_p50_ms": percentile(found_times, 50)} if found_times else {}
                rows.append(row | {"matches": round(statistics.fmean(each.matches for each in of_kind), 1)})
    return rows


def compared(rows):
    """Return the rows, each with the ratio of its p50 to that of each yardstick."""
    p50 = {(row["engine"], *_cell(row)): row["p50_ms"] for row in rows}
    found = []
    for row in rows:
        others = {f"to_{name}": p50.get((name, *_cell(row))) for name in YARDSTICKS}
        found.append(row | {key: round(row["p50_ms"] / other, 2) for key, other in others.items() if other})
    return found


def _cell(row):
    return row["papers"], row["class"], row["facets"]


def growth(rows):
    """Return the ratio of the p50 at each number of papers to that at the next smaller one."""
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


def throughput_ratios(engines):
    """Return the ratio of our answers per second to scout's, for each number of papers."""
    found = {}
    for figures in engines:
        if "answers_a_second" in figures:
            found.setdefault(figures["papers"], {})[figures["engine"]] = figures["answers_a_second"]
    ours, theirs = SERVED
    return {papers: round(of[ours] / of[theirs], 1) for papers, of in found.items() if len(of) == len(SERVED)}


def left_out(names, papers):
    """Return the engines that are not measured, with the reason."""
    found = {}
    for name in names:
        engine = ENGINES[name]
        if engine.requires and not importlib.util.find_spec(engine.requires):
            found[name] = f"{engine.requires} is not installed: scripts/install bench"
        elif engine.modes and papers > engine.max_papers:
            found[name] = f"too slow for more than {engine.max_papers:,} papers"
    return found


def bench(options):
    """Return all figures."""
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
            indexes = Path(folder, str(papers))
            indexes.mkdir()
            measured = [name for name in names if name not in without]
            engines = Bench(
                indexes, Records(path, papers), queries, measured, options.clients, options.seconds
            )
            engines.build()
            found["left_out"][papers] = without
            found["first_touch"] += engines.first_touch()
            found["rows"] += engines.rounds(options.rounds)
            engines.grow()
            found["engines"] += engines.figures.values()
    found["rows"], found["first_touch"] = compared(found["rows"]), compared(found["first_touch"])
    return found | {"growth": growth(found["rows"]), "crowds": throughput_ratios(found["engines"])}


# Printing


def show(found):
    """Print all figures as tables."""
    for papers, without in found["left_out"].items():
        for facets, part in itertools.product((False, True), ("rows", "first_touch")):
            rows = [row for row in found[part] if (row["papers"], row["facets"]) == (papers, facets)]
            if rows:
                runs = "first run of each query" if part == "first_touch" else f"{found['rounds']} rounds"
                heading = f"{'with' if facets else 'without'} facets, {runs}"
                print(f"\n{papers:,} papers, {heading}: p50/p95 in ms\n")
                show_table(by_class(rows))
        for name, reason in without.items():
            print(f"\nLeft out at {papers:,} papers: {name}, {reason}.")
    for name, note in found["notes"].items():
        print(f"\n{name}: {note}.")
    print("\nThe engines themselves\n")
    columns = list(dict.fromkeys(key for figures in found["engines"] for key in figures))
    show_table(
        [columns, *([_format(figures.get(column)) for column in columns] for figures in found["engines"])]
    )
    for papers, times in found["crowds"].items():
        print(f"{SERVED[0]}: {times} times the answers a second of {SERVED[1]}, at {papers:,} papers")
    show_growth(found["growth"])


def show_growth(rows):
    """Print a line for each engine."""
    for row in rows:
        if row["class"] == "all":
            alone = f", ids alone {row['found_p50_times']}" if "found_p50_times" in row else ""
            times = f"{row['p50_times']} times{alone},"
            heading = f"{row['engine']}, {'with' if row['facets'] else 'without'} facets"
            print(f"{heading}: {times} from {row['from']:,} to {row['to']:,} papers")


def by_class(rows):
    """Return a line per class and a column per engine, then ours for the ids alone and ours in comparison."""
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
        lines.append([kind, *times, *(_format(ours.get(key)) for key in more)])
    return lines


def _format(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def show_table(lines):
    """Print the lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def main():
    """Read the command line, measure, write and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench search", description=__doc__)
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a chart of the figures to FILE")
    parser.add_argument(
        "--papers", type=int, nargs="+", default=[10_000], help="one or more numbers of papers"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of all queries")
    parser.add_argument("--queries", type=int, default=20, help="queries of each class")
    parser.add_argument("--clients", type=int, default=8, help="concurrent clients, over HTTP")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of concurrent searches per round")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument(
        "--corpus", type=Path, default=CORPUS, metavar="FOLDER", help="folder of daily_papers.jsonl.xz"
    )
    options = parser.parse_args()
    found = bench(options)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    if options.svg:
        options.svg.write_text(chart(found))
    show(found)


def chart(found):
    """Return a chart of the largest number of papers, without facets if it was measured so."""
    papers = max(row["papers"] for row in found["rows"])
    rows = [row for row in found["rows"] if row["papers"] == papers]
    without_facets = [row for row in rows if not row["facets"]] or rows
    return plot(without_facets, f"Searching {papers:,} papers: p50 (dot) to p95")


if __name__ == "__main__":
    main()
