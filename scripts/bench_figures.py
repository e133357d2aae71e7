"""The figures of `bench_search`: rows per engine and class, their ratios, and their growth."""

import statistics

from bench_corpus import CLASSES

BASELINES = ("tantivy", "fts5")


def percentile(values, rank):
    """Return a percentile, rounded to microseconds if the values are milliseconds."""
    if len(values) < 2:
        return round(values[0], 3)
    return round(statistics.quantiles(values, n=100, method="inclusive")[rank - 1], 3)


def rows_of(name, papers, facet_modes, found):
    """Return a row for each class and for all classes together, without and with facets.

    `found` is what the engine's process returned for each search.
    """
    rows = []
    for facets in facet_modes:
        for kind in ("all", *CLASSES):
            of_kind = [each for each in found if each[1] == facets and kind in ("all", each[0])]
            if of_kind:
                rows.append(
                    {"engine": name, "papers": papers, "class": kind, "facets": facets} | _times(of_kind)
                )
    return rows


def _times(found):
    times = [each[2] for each in found]
    row = {"p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95)}
    ids_times = [each[3] for each in found if each[3] is not None]
    if ids_times:
        row["found_p50_ms"] = percentile(ids_times, 50)
    return row | {"matches": round(statistics.fmean(each[4] for each in found), 1)}


def with_ratios(rows):
    """Return the rows, each with the ratio of its p50 to that of each baseline."""
    p50 = {(row["engine"], *_case(row)): row["p50_ms"] for row in rows}
    found = []
    for row in rows:
        baselines = {f"to_{name}": p50.get((name, *_case(row))) for name in BASELINES}
        found.append(row | {key: round(row["p50_ms"] / p50, 2) for key, p50 in baselines.items() if p50})
    return found


def _case(row):
    return row["papers"], row["class"], row["facets"]


def growth(rows):
    """Return how much the p50 grows from each number of papers to the next."""
    sizes = sorted({row["papers"] for row in rows})
    by_case = {(row["engine"], *_case(row)): row for row in rows}
    found = []
    for row in rows:
        fewer = max((size for size in sizes if size < row["papers"]), default=0)
        smaller = by_case.get((row["engine"], *_case(row | {"papers": fewer})))
        if smaller:
            times = {
                key.replace("ms", "times"): round(row[key] / smaller[key], 2)
                for key in ("p50_ms", "found_p50_ms")
                if key in row
            }
            case = {key: row[key] for key in ("engine", "class", "facets")}
            found.append(case | {"from": fewer, "to": row["papers"]} | times)
    return found


def throughput_ratios(engines, ours, theirs):
    """Return, for each number of papers, our answers per second divided by theirs."""
    found = {}
    for figures in engines:
        if "answers_a_second" in figures:
            found.setdefault(figures["papers"], {})[figures["engine"]] = figures["answers_a_second"]
    return {
        papers: round(of[ours] / of[theirs], 1) for papers, of in found.items() if {ours, theirs} <= of.keys()
    }
