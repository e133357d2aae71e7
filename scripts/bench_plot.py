"""Plot the figures of `bench_search`: for each class and engine, a line from p50 (the dot) to p95."""

from html import escape
from math import ceil, floor, log10

ENGINES = {
    "paperclipper": ("Paperclipper", "#14532d"),
    "tantivy": ("tantivy", "#b45309"),
    "fts5": ("SQLite FTS5", "#1d4ed8"),
    "whoosh": ("Whoosh's searcher", "#6b7280"),
    "paperclipper-http": ("Paperclipper, HTTP", "#4d7c0f"),
    "scout": ("scout, HTTP", "#9d174d"),
}
_LEFT, _RIGHT, _TOP, _LINE, _GAP, _WIDTH = 140, 20, 70, 12, 10, 760
_FONT = 'font-family="system-ui, sans-serif" font-size="13" fill="#1a1f1a"'


def plot(rows, title):
    """Return an SVG chart of rows of `bench_search` with the same number of papers and the same facets."""
    engines = [name for name in ENGINES if any(row["engine"] == name for row in rows)]
    classes = list(dict.fromkeys(row["class"] for row in rows))
    times = [row[key] for row in rows for key in ("p50_ms", "p95_ms")]
    scale = _Scale(floor(log10(min(times))), ceil(log10(max(times))))
    height = _TOP + len(classes) * (len(engines) * _LINE + _GAP) + 30
    parts = [*_heading(title, engines), *_axis(scale, height)]
    for number, kind in enumerate(classes):
        top = _TOP + number * (len(engines) * _LINE + _GAP)
        parts.append(_text(_LEFT - 12, top + len(engines) * _LINE / 2 + 5, kind, "end"))
        for line, name in enumerate(engines):
            row = next((row for row in rows if (row["engine"], row["class"]) == (name, kind)), None)
            parts += _bar(row, scale, top + (line + 0.5) * _LINE, ENGINES[name][1]) if row else []
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{_WIDTH}" height="{height}" fill="#fdfdfb"/>\n{body}\n</svg>\n'
    )


class _Scale:
    """A logarithmic scale of milliseconds."""

    def __init__(self, low, high):
        self.powers = range(low, high + 1)

    def __call__(self, value):
        share = (log10(value) - self.powers[0]) / (len(self.powers) - 1)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _heading(title, engines):
    yield f'<text x="{_LEFT}" y="24" {_FONT} font-weight="600">{escape(title)}</text>'
    for number, name in enumerate(engines):
        label, colour = ENGINES[name]
        x = _LEFT + number * 150
        yield f'<circle cx="{x + 5}" cy="45" r="5" fill="{colour}"/>'
        yield _text(x + 16, 50, label)


def _axis(scale, height):
    for power in scale.powers:
        x = scale(10**power)
        yield f'<line x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{height - 24}" stroke="#d9ddd6"/>'
        yield _text(x, height - 8, f"{10**power:g} ms", "middle" if power < scale.powers[-1] else "end")


def _bar(row, scale, y, colour):
    start, end = scale(row["p50_ms"]), scale(row["p95_ms"])
    line = f'x1="{start}" x2="{end}" y1="{y}" y2="{y}"'
    yield f'<line {line} stroke="{colour}" stroke-width="2" opacity="0.5"/>'
    yield f'<circle cx="{start}" cy="{y}" r="4.5" fill="{colour}"/>'


def _text(x, y, words, anchor="start"):
    return f'<text x="{x}" y="{y}" {_FONT} text-anchor="{anchor}">{escape(words)}</text>'
