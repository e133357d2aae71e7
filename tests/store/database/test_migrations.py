import ast
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import peewee
import pytest
from peewee import SqliteDatabase
from playhouse.schema_diff import diff_models

from paperclipper.errors import StoreDamagedError
from paperclipper.model import Status
from paperclipper.services.access import libraries
from paperclipper.services.actions import undoing
from paperclipper.services.annotations import note_links
from paperclipper.services.papers import lookup
from paperclipper.services.search import indexing
from paperclipper.store.database import database
from paperclipper.store.database.tables import TABLES, proxy


def schema(execute):
    rows = execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {name: sql for name, sql in rows if not name.startswith("schema_migration")}


def test_a_migrated_database_has_the_tables_of_the_models(store, tmp_path):
    migrated = schema(proxy.execute_sql)
    assert not diff_models(proxy.obj, TABLES)
    made = SqliteDatabase(str(tmp_path / "made.db"))
    with made.bind_ctx(TABLES), made.connection_context():
        made.create_tables(TABLES)
        assert migrated == schema(made.execute_sql)


def test_every_table_is_strict_and_enforces_foreign_keys(store):
    tables = {
        name: strict
        for _, name, kind, _, _, strict in proxy.execute_sql("PRAGMA table_list")
        if kind == "table"
    }
    assert all(tables[table._meta.table_name] for table in TABLES)
    assert proxy.execute_sql("PRAGMA foreign_keys").fetchone()[0] == 1
    with pytest.raises(peewee.IntegrityError):
        proxy.execute_sql("UPDATE library SET clock = 'noon'")
    with pytest.raises(peewee.IntegrityError):
        proxy.execute_sql("INSERT INTO paper_tag (paper_id, tag_id) VALUES ('nobody', 'nothing')")


@pytest.mark.parametrize("path", sorted(database.MIGRATIONS.glob("*.py")), ids=lambda path: path.stem)
def test_migrations_are_frozen(path):
    imports = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not [node for node in imports if "paperclipper" in ast.unparse(node)]


def test_a_database_of_a_newer_version_is_rejected(store, tmp_path):
    path = tmp_path / "paperclipper.db"
    proxy.execute_sql(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_of_tomorrow', '2030-01-01')"
    )
    with pytest.raises(StoreDamagedError, match="9999_of_tomorrow"):
        database.open_database(path)


# Small databases with the schemas of earlier versions (SQLite's .dump)

OLDER = sorted((Path(__file__).parent / "databases").glob("*.sql"))
EVERY = sorted(path.stem for path in database.MIGRATIONS.glob("*.py"))
# Tables whose rows a migration moved to another table.
MOVED = {"merge": "act"}


@pytest.fixture(params=OLDER, ids=lambda path: path.stem)
def older(request, tmp_path):
    """The path of a database of an older version, and the number of rows of each table."""
    path = tmp_path / "paperclipper.db"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(request.param.read_text())
        file.commit()
        return path, counts(file)


def names(file):
    rows = file.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return [name for (name,) in rows]


def counts(file):
    return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names(file)}


def columns(file, name):
    return [row[1] for row in file.execute(f'PRAGMA table_info("{name}")')]


def content(file, columns_by_table):
    """Return the rows of each table in these of its columns, in no particular order."""
    rows = {}
    for table, selected in columns_by_table.items():
        listed = ", ".join(f'"{column}"' for column in selected)
        rows[table] = sorted(map(repr, file.execute(f'SELECT {listed} FROM "{table}"').fetchall()))
    return rows


def foreign_keys(file):
    return {
        name: sorted(map(repr, file.execute(f'PRAGMA foreign_key_list("{name}")'))) for name in names(file)
    }


def test_an_older_database_is_migrated_with_all_its_rows(older):
    path, before = older
    database.open_database(path)
    with database.connection():
        assert not diff_models(proxy.obj, TABLES)
        assert proxy.execute_sql("PRAGMA foreign_key_check").fetchall() == []
        after = counts(proxy.connection())
        for table, rows in before.items():
            if table != "schema_migration":
                assert after[MOVED.get(table, table)] == rows, table
        strict = {row[1]: row[5] for row in proxy.execute_sql("PRAGMA table_list") if row[2] == "table"}
        assert all(strict[table._meta.table_name] for table in TABLES)
    backups = list((path.parent / "backups").glob("before-*.db"))
    assert [counts_in(backup) for backup in backups] == (
        [] if before["schema_migration"] == len(EVERY) else [before]
    )


def counts_in(path):
    with closing(sqlite3.connect(path)) as file:
        return counts(file)


def test_migrated_rows_are_unchanged_and_foreign_keys_valid(older, tmp_path):
    path, before = older
    with closing(sqlite3.connect(path)) as file:
        skipped = {*MOVED, "schema_migration"}
        columns_before = {name: columns(file, name) for name in before if name not in skipped}
        rows_before = content(file, columns_before)
    database.open_database(path)
    with closing(sqlite3.connect(path)) as file:
        for name, expected in columns_before.items():
            missing = set(expected) - set(columns(file, name))
            assert not missing, "a column was removed: state here where its content went"
        assert content(file, columns_before) == rows_before
        migrated = foreign_keys(file)
    (tmp_path / "fresh").mkdir()
    database.open_database(tmp_path / "fresh" / "fresh.db")
    with closing(sqlite3.connect(tmp_path / "fresh" / "fresh.db")) as file:
        assert migrated == foreign_keys(file)


def test_migrated_papers_notes_and_merges_work(older, monkeypatch):
    # The indexing thread never ends: it would outlive its test.
    monkeypatch.setattr(indexing, "wake", lambda: None)
    path, _ = older
    database.open_database(path)
    with database.connection():
        note_links.rebuild()
        library_id = libraries.default_id()
        boats = lookup.paper(library_id, "arxiv:2603.00001")
        assert [note.draft.body for note in boats.notes] == ["See [[2603.00003]] and $x^2$"]
        assert {tag.name for tag in boats.tags} == {"boats", "paper/craft"}
        assert [link.paper_id for link in note_links.backlinks(library_id, "arxiv:2603.00003")] == [boats.id]
        (action,) = undoing.newest(library_id, 10)
        undoing.undo(library_id, action.id)
        assert lookup.paper(library_id, "doi:10.1000/2").facts.title == "Boats, Folded"
        assert lookup.paper(library_id, "doi:10.1000/2").id != boats.id
        kites = lookup.paper(library_id, "arxiv:2603.00003")
        assert (kites.status, kites.starred, kites.rating, kites.facts.venue) == (Status.READ, True, 4, "")


OPEN = """
import sys
from pathlib import Path
from paperclipper.store.database import database
print("ready", flush=True)
database.open_database(Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    "older", [path for path in OLDER if path.stem != EVERY[-1]], ids=lambda path: path.stem, indirect=True
)
def test_a_killed_migration_is_completed_at_the_next_start(older):
    path, before = older
    for microseconds in range(0, 40_000, 2_000):
        process = subprocess.Popen([sys.executable, "-c", OPEN, str(path)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(microseconds / 1e6)
        process.kill()
        process.wait()
        process.stdout.close()
    database.open_database(path)
    with database.connection():
        assert not diff_models(proxy.obj, TABLES)
        assert counts(proxy.connection())["paper"] == before["paper"]
        assert proxy.execute_sql("PRAGMA integrity_check").fetchone()[0] == "ok"
