"""Benchmark search against FTS5, tantivy and Whoosh's own searcher, and against scout over HTTP, in one run.

Each engine runs in its own process, with the same papers and the same queries of ten classes. The engines
take turns, round by round. Over HTTP, one client measures response times, then several measure throughput.
"""

import argparse
import contextlib
import importlib.util
import itertools
import json
import multiprocessing
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_corpus import CLASSES, draw_queries, write_corpus
from bench_engines import Paperclipper, PaperclipperHttp, Records, Whoosh
from bench_figures import growth, percentile, rows_of, throughput_ratios, with_ratios
from bench_plot import plot
from bench_report import print_report
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
HTTP_ENGINES = ("paperclipper-http", "scout")
ADDED_PAPERS = 30  # one at a time

# These functions run in an engine's own process.

_engine = None


def _start(name, folder, records):
    global _engine
    _engine = ENGINES[name](folder, records)


def _close():
    _engine.close()


def _build():
    before, began = memory_mb("VmRSS"), time.perf_counter()
    _engine.build()
    seconds = time.perf_counter() - began
    return {
        "indexed": _engine.records.count,
        "papers_a_second": round(_engine.records.count / seconds, 1),
        "peak_mb": memory_mb("VmHWM"),
        "before_mb": before,
    }


def _open():
    before, began = memory_mb("VmRSS"), time.perf_counter()
    _engine.open()
    return {"open_ms": milliseconds_since(began), "unopened_mb": before}


def _search(searches):
    """Run (query, whether with facets) pairs.

    Return for each the class of the query, whether with facets, the milliseconds taken, those taken without
    titles and snippets (None if unknown), and the number of matches.
    """
    found = []
    _engine.refresh()
    for query, facets in searches:
        began = time.perf_counter()
        answer = _engine.search(query, facets)
        took = milliseconds_since(began)
        ids_took = (answer.found_at - began) * 1000 if answer.found_at else None
        found.append((query.kind, facets, took, ids_took, answer.total))
        assert len(answer.displayed) == len(answer.ids)
        assert facets == (answer.tags is not None)
    return found


def _serve_clients(queries, clients, seconds):
    """Run several clients concurrently, in different orders. Return the number of responses and seconds."""
    began = time.monotonic()
    orders = [random.Random(client).sample(queries, len(queries)) for client in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        answered = sum(pool.map(_engine.count_answers, orders, [began + seconds] * clients))
    return answered, time.monotonic() - began


def _warm_memory():
    return {"warm_mb": memory_mb("VmRSS")} if _engine.processes == 1 else {}


def _grow(path, queries):
    """Add papers one at a time, and search after each."""
    added, after = [], []
    count = _engine.records.count
    for number, record in enumerate(Records(path, count + ADDED_PAPERS).read(count)):
        began = time.perf_counter()
        _engine.add(record)
        added.append(milliseconds_since(began))
        began = time.perf_counter()
        _engine.refresh()
        _engine.search(queries[number % len(queries)], False)
        after.append(milliseconds_since(began))
    return {
        "added_p50_ms": percentile(added, 50),
        "added_p95_ms": percentile(added, 95),
        "search_after_p50_ms": percentile(after, 50),
        "search_after_p95_ms": percentile(after, 95),
    }


def memory_mb(name):
    """Return VmRSS, or VmHWM for the peak, of this process in MB; None if the system does not report it."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))
    return None


def milliseconds_since(began):
    """Return the milliseconds since a value of `time.perf_counter`."""
    return (time.perf_counter() - began) * 1000


class EngineProcess:
    """An engine in a new process."""

    def __init__(self, name, folder, records):
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, context, _start, (name, index_folder(folder, name), records))

    def run(self, function, *arguments):
        """Run one of the functions above in the process, and return its result."""
        began = time.perf_counter()
        found = self._pool.submit(function, *arguments).result()
        seconds = time.perf_counter() - began
        print(f"{self.name}: {function.__name__.strip('_')}, {seconds:.1f} s", file=sys.stderr)
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown()


def index_folder(folder, name):
    """Return the folder of an engine's index; some engines share one."""
    return folder / (ENGINES[name].shares_index_of or name)


@contextlib.contextmanager
def open_engine(name, folder, records):
    """Yield a process whose engine is open, and the figures of opening it."""
    with EngineProcess(name, folder, records) as process:
        figures = process.run(_open)
        try:
            yield process, figures
        finally:
            process.run(_close)


# Measuring


@dataclass
class Benchmark:
    """Engines with a given number of papers; `figures` collects the measurements of each engine."""

    folder: Path
    records: Records
    measured: list[Any]  # the queries that are timed
    warming: list[Any]  # other queries, which warm the engines up
    names: list[str]
    clients: int
    seconds: float

    def __post_init__(self):
        self.figures = {name: {"engine": name, "papers": self.records.count} for name in self.names}
        self.searching = [name for name in self.names if ENGINES[name].facet_modes]

    def build(self):
        """Build the index of each engine."""
        for name, figures in self.figures.items():
            if not index_folder(self.folder, name).exists():
                records = Records(self.records.path, min(self.records.count, ENGINES[name].max_papers))
                with EngineProcess(name, self.folder, records) as process:
                    figures |= process.run(_build)

    def measure_cold(self):
        """Time each query once, in a process that has just opened the index."""
        rows = []
        for name in self.searching:
            searches = [(query, ENGINES[name].facet_modes[0]) for query in self._queries(name, self.measured)]
            with open_engine(name, self.folder, self.records) as (process, _):
                found = process.run(_search, searches)
            self.figures[name]["first_search_ms"] = round(found[0][2], 1)
            rows += rows_of(name, self.records.count, ENGINES[name].facet_modes, found)
        return rows

    def measure_warm(self, rounds):
        """Time all queries in several rounds, in processes that other queries have warmed up."""
        found = {name: [] for name in self.searching}
        with contextlib.ExitStack() as stack:
            processes = {name: self._open_warm(name, stack) for name in self.searching}
            for turn in range(rounds):
                for name, process in processes.items():
                    for searches in self._passes(name, turn):
                        found[name] += process.run(_search, searches)
            for name, process in processes.items():
                self.figures[name] |= process.run(_warm_memory)
            served = {name: processes[name] for name in HTTP_ENGINES if name in processes}
            self._measure_throughput(served, rounds)
        return [
            row
            for name in self.searching
            for row in rows_of(name, self.records.count, ENGINES[name].facet_modes, found[name])
        ]

    def _open_warm(self, name, stack):
        process, figures = stack.enter_context(open_engine(name, self.folder, self.records))
        self.figures[name] |= figures
        for mode in ENGINES[name].facet_modes * ENGINES[name].processes:
            process.run(_search, [(query, mode) for query in self._queries(name, self.warming)])
        return process

    def _measure_throughput(self, processes, rounds):
        """Run several clients concurrently, in several rounds."""
        took = {name: [] for name in processes}
        for _, (name, process) in itertools.product(range(rounds), processes.items()):
            queries = self._queries(name, self.measured)
            took[name].append(process.run(_serve_clients, queries, self.clients, self.seconds))
        for name, turns in took.items():
            answered, seconds = map(sum, zip(*turns, strict=True))
            self.figures[name]["answers_a_second"] = round(answered / seconds, 1)

    def grow(self):
        """Add papers one at a time. Comes last, because it changes the indexes."""
        for name in self.searching:
            if ENGINES[name].can_grow:
                queries = self._queries(name, self.warming)
                with open_engine(name, self.folder, self.records) as (process, _):
                    self.figures[name] |= process.run(_grow, self.records.path, queries)

    def _queries(self, name, queries):
        """Return the queries supported by an engine, limited to its maximum for each class."""
        engine = ENGINES[name]
        found = []
        for kind in CLASSES:
            if kind not in engine.unsupported:
                of_kind = [query for query in queries if query.kind == kind]
                found += of_kind[: min(len(of_kind), engine.max_queries)]
        return found

    def _passes(self, name, turn):
        """Return passes over the queries. Over all passes, each query runs in each facet mode once."""
        modes = ENGINES[name].facet_modes
        numbered = [(query, i + turn) for i, query in enumerate(self._queries(name, self.measured))]
        random.Random(turn).shuffle(numbered)
        return [
            [(query, modes[(i + number) % len(modes)]) for query, i in numbered]
            for number in range(len(modes))
        ]


def skipped_engines(names, papers):
    """Return the engines that are not measured, with the reason."""
    found = {}
    for name in names:
        engine = ENGINES[name]
        if engine.requires and not importlib.util.find_spec(engine.requires):
            found[name] = f"{engine.requires} is not installed: scripts/install bench"
        elif engine.facet_modes and papers > engine.max_papers:
            found[name] = f"too slow for more than {engine.max_papers:,} papers"
    return found


def run_all(options):
    """Measure everything, and return all figures."""
    sizes = sorted(set(options.papers))
    found = {
        "rounds": options.rounds,
        "notes": {name: ENGINES[name].note for name in options.engines if ENGINES[name].note},
        "left_out": {},
        "rows": [],
        "first_touch": [],
        "engines": [],
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "corpus.jsonl")
        found["real_papers"] = write_corpus(path, sizes[-1] + ADDED_PAPERS, options.corpus)
        queries = draw_queries(Records(path, sizes[0]), options.queries)
        for papers in sizes:
            _run_size(options, papers, path, queries, found)
    found["rows"], found["first_touch"] = with_ratios(found["rows"]), with_ratios(found["first_touch"])
    crowds = throughput_ratios(found["engines"], *HTTP_ENGINES)
    return found | {"growth": growth(found["rows"]), "crowds": crowds}


def _run_size(options, papers, corpus, queries, found):
    """Measure with one number of papers, and add the figures to `found`."""
    skipped = skipped_engines(options.engines, papers)
    folder = corpus.parent / str(papers)
    folder.mkdir()
    measured, warming = queries
    benchmark = Benchmark(
        folder=folder,
        records=Records(corpus, papers),
        measured=measured,
        warming=warming,
        names=[name for name in options.engines if name not in skipped],
        clients=options.clients,
        seconds=options.seconds,
    )
    benchmark.build()
    found["left_out"][papers] = skipped
    found["first_touch"] += benchmark.measure_cold()
    found["rows"] += benchmark.measure_warm(options.rounds)
    benchmark.grow()
    found["engines"] += benchmark.figures.values()


def main():
    """Parse the command line, run the benchmark, and write and print the figures."""
    parser = argparse.ArgumentParser(prog="scripts/bench search", description=__doc__)
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="where to write the figures")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="where to write a plot of them")
    parser.add_argument(
        "--papers", type=int, nargs="+", default=[10_000], help="one or more numbers of papers"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often all queries are repeated")
    parser.add_argument("--queries", type=int, default=20, help="queries of each class")
    parser.add_argument("--clients", type=int, default=8, help="number of concurrent HTTP clients")
    parser.add_argument("--seconds", type=float, default=5.0, help="duration of each round over HTTP")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument(
        "--corpus", type=Path, default=CORPUS, metavar="FOLDER", help="the folder of daily_papers.jsonl.xz"
    )
    options = parser.parse_args()
    found = run_all(options)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    if options.svg:
        options.svg.write_text(draw(found))
    print_report(found)


def draw(found):
    """Plot the classes at the largest number of papers, without facets if that was measured."""
    papers = max(row["papers"] for row in found["rows"])
    rows = [row for row in found["rows"] if row["papers"] == papers]
    without_facets = [row for row in rows if not row["facets"]] or rows
    return plot(without_facets, f"Searching {papers:,} papers: p50 (dot) to p95")


if __name__ == "__main__":
    main()
