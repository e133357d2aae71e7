"""Print the figures of `bench_search` as tables."""

import itertools

from bench_corpus import CLASSES
from bench_figures import BASELINES


def print_report(found):
    """Print everything."""
    for papers, skipped in found["left_out"].items():
        _print_times(found, papers)
        for name, reason in skipped.items():
            print(f"\nNot measured at {papers:,} papers: {name}, {reason}.")
    for name, note in found["notes"].items():
        print(f"\n{name}: {note}.")
    print("\nPer engine\n")
    columns = list(dict.fromkeys(key for figures in found["engines"] for key in figures))
    values = ([_format(figures.get(column)) for column in columns] for figures in found["engines"])
    print_table([columns, *values])
    for papers, ratio in found["crowds"].items():
        print(f"paperclipper-http: {ratio} times the answers per second of scout, at {papers:,} papers")
    print_growth(found["growth"])


def _print_times(found, papers):
    for facets, part in itertools.product((False, True), ("rows", "first_touch")):
        rows = [row for row in found[part] if (row["papers"], row["facets"]) == (papers, facets)]
        if rows:
            when = "each query's first time" if part == "first_touch" else f"{found['rounds']} rounds"
            print(f"\n{papers:,} papers, {_with_facets(facets)}, {when}; p50/p95 in ms\n")
            print_table(table_by_class(rows))


def _with_facets(facets):
    return f"{'with' if facets else 'without'} facets"


def print_growth(rows):
    """Print a line for each engine."""
    for row in rows:
        if row["class"] == "all":
            ids = f", ids alone {row['found_p50_times']}" if "found_p50_times" in row else ""
            engine = f"{row['engine']}, {_with_facets(row['facets'])}"
            print(f"{engine}: {row['p50_times']} times{ids}, from {row['from']:,} to {row['to']:,} papers")


def table_by_class(rows):
    """Return a line for each class: the times of each engine, then ours compared with the baselines."""
    names = list(dict.fromkeys(row["engine"] for row in rows))
    cells = {(row["engine"], row["class"]): row for row in rows}
    comparisons = _comparisons(names)
    lines = [["class", *names, *comparisons.values()]]
    for kind in ("all", *CLASSES):
        found = [cells.get((name, kind)) for name in names]
        ours = cells.get(("paperclipper", kind), {})
        times = [f"{row['p50_ms']:.2f}/{row['p95_ms']:.2f}" if row else "-" for row in found]
        lines.append([kind, *times, *(_format(ours.get(key)) for key in comparisons)])
    return lines


def _comparisons(names):
    """Return the keys and titles of the columns about our engine; none if it was not measured."""
    if "paperclipper" not in names:
        return {}
    baselines = {f"to_{name}": f"ours / {name}" for name in BASELINES if name in names}
    return {"found_p50_ms": "ours, ids alone"} | baselines


def _format(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def print_table(lines):
    """Print lines of texts in aligned columns."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
