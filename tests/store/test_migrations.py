import ast

import peewee
import pytest
from peewee import SqliteDatabase
from playhouse.schema_diff import diff_models

from paperclipper.errors import StoreDamagedError
from paperclipper.store import database
from paperclipper.store.tables import TABLES, proxy


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


def test_every_table_is_strict_and_holds_its_foreign_keys(store):
    tables = {name: strict for _, name, kind, _, _, strict in proxy.execute_sql("PRAGMA table_list") if kind == "table"}
    assert all(tables[table._meta.table_name] for table in TABLES)
    assert proxy.execute_sql("PRAGMA foreign_keys").fetchone()[0] == 1
    with pytest.raises(peewee.IntegrityError):
        proxy.execute_sql("UPDATE library SET clock = 'noon'")
    with pytest.raises(peewee.IntegrityError):
        proxy.execute_sql("INSERT INTO paper_tag (paper_id, tag_id) VALUES ('nobody', 'nothing')")


@pytest.mark.parametrize("path", sorted(database.MIGRATIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_migration_does_not_follow_later_edits_of_the_program(path):
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [node for node in imports if "paperclipper" in ast.unparse(node)]


def test_a_database_of_a_newer_program_is_refused(store, tmp_path):
    path = tmp_path / "paperclipper.db"
    proxy.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_of_tomorrow', '2030-01-01')")
    with pytest.raises(StoreDamagedError, match="9999_of_tomorrow"):
        database.open_database(path)
