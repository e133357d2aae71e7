import json
import subprocess
from pathlib import Path

BENCH = Path(__file__).parents[1] / "scripts/bench"


def test_the_bench_prints_and_writes_its_figures(tmp_path):
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


def test_the_bench_of_the_store_prints_and_writes_its_figures(tmp_path):
    figures = tmp_path / "figures.json"
    line = [str(BENCH), "store", "--json", str(figures), "--papers", "120", "--rounds", "3"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text())
    assert found["tag_merge"]["http"]["papers"] == 61
    for part in ("lookup_105", "page_50"):
        assert {"http", "bare_sql"} == set(found[part])
        assert all(numbers["p95_ms"] > 0 for numbers in found[part].values())


def test_a_bench_that_is_not_known_says_what_is():
    done = subprocess.run([str(BENCH), "nonsense"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "scripts/bench clip|store" in done.stderr
