import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

BENCH = Path(__file__).parents[2] / "scripts/bench"


@pytest.mark.nightly
def test_the_clip_benchmark_prints_and_writes_its_figures(tmp_path):
    figures = tmp_path / "figures.json"
    line = [str(BENCH), "clip", "--json", str(figures), "--seconds", "0.5"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text())
    assert set(found) == {"floor", "full_speed", "ratio", "searchable"}
    for part in ("floor", "full_speed", "searchable"):
        for clients in ("1", "8"):
            assert found[part][clients]["clips"] > 0
            assert found[part][clients]["failures"] == 0
            assert f"{part}, {clients} clients" in done.stdout
    assert found["searchable"]["8"]["searchable_p95_ms"] is not None


def test_the_store_benchmark_prints_and_writes_its_figures(tmp_path):
    figures = tmp_path / "figures.json"
    line = [str(BENCH), "store", "--json", str(figures), "--papers", "120", "--rounds", "3"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text())
    assert found["tag_merge"]["http"]["papers"] == 61
    for part in ("lookup_105", "page_50"):
        assert {"http", "bare_sql"} == set(found[part])
        assert all(numbers["p95_ms"] > 0 for numbers in found[part].values())


@pytest.mark.nightly
def test_the_search_benchmark_prints_and_writes_its_figures(tmp_path):
    figures, chart = tmp_path / "figures.json", tmp_path / "figures.svg"
    # Does not use scripts/bench, which installs packages, or real papers, which are not available everywhere.
    line = [
        sys.executable,
        str(BENCH.with_name("bench_search.py")),
        "--json",
        str(figures),
        "--corpus",
        str(tmp_path),
    ]
    line += [
        "--svg",
        str(chart),
        "--papers",
        "40",
        "80",
        "--rounds",
        "1",
        "--queries",
        "2",
        "--engines",
        "paperclipper",
        "fts5",
        "whoosh",
    ]
    done = subprocess.run(line, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text())
    assert {row["papers"] for row in found["rows"]} == {40, 80}
    everything = [row for row in found["rows"] if row["class"] == "all"]
    assert {(row["engine"], row["facets"]) for row in everything} == {
        (engine, facets) for engine in ("paperclipper", "fts5", "whoosh") for facets in (False, True)
    }
    assert all(row["matches"] > 0 for row in everything)
    assert found["growth"]
    assert found["engines"][0]["added_p50_ms"] > 0
    assert "ours / fts5" in done.stdout
    dots = ElementTree.parse(chart).iter("{http://www.w3.org/2000/svg}circle")
    assert len(list(dots)) == 3 + sum(row["papers"] == 80 and not row["facets"] for row in found["rows"])


@pytest.mark.nightly
def test_the_search_benchmark_measures_many_clients_over_http(tmp_path):
    figures = tmp_path / "figures.json"
    line = [
        sys.executable,
        str(BENCH.with_name("bench_search.py")),
        "--json",
        str(figures),
        "--corpus",
        str(tmp_path),
    ]
    line += ["--papers", "40", "--rounds", "1", "--queries", "1", "--clients", "3", "--seconds", "0.5"]
    done = subprocess.run(
        [*line, "--engines", "paperclipper-http"], capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    (served,) = json.loads(figures.read_text())["engines"]
    assert (served["indexed"], served["answers_a_second"] > 0) == (40, True)
    assert "answers_a_second" in done.stdout


def test_an_unknown_benchmark_prints_the_usage():
    done = subprocess.run([str(BENCH), "nonsense"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "scripts/bench clip|store" in done.stderr
