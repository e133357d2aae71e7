"""The rooms of CONTRIBUTING.md, held by reading the imports."""

import ast
from pathlib import Path

import pytest

import paperclipper

PACKAGE = Path(paperclipper.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
SERVER_AND_TESTS = [*PACKAGE.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]
MOST_LINES = 400

ANYONE = {"model", "identifiers", "errors", ""}
ROOMS = {
    "": set(),
    "__main__": {"cli"},
    "model": {"model"},
    "errors": {"errors"},
    "identifiers": ANYONE,
    "config": ANYONE | {"config"},
    "formats": ANYONE | {"formats"},
    "search": ANYONE | {"search"},
    "store": ANYONE | {"store"},
    "services": ANYONE | {"services", "store", "search", "formats", "config"},
    "web": ANYONE | {"web", "services", "config", "formats"},
    "cli": ANYONE | {"cli", "services", "config", "serving"},
    "serving": ANYONE | {"serving", "services", "config", "web"},
}
# Whoever starts a process says which file is its database.
STARTERS = {"cli", "serving", "web.app"}


def name_of(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").strip(".")


def imports(path):
    """The dotted names that a file imports, those within functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_used(path):
    for name in imports(path):
        if name.split(".")[0] == "paperclipper":
            room = name.split(".")[1]
            yield room if room in ROOMS else "", name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path):
    name = name_of(path)
    allowed = ROOMS[name.split(".")[0]]
    wrong = {imported for room, imported in rooms_used(path) if room not in allowed}
    if name in STARTERS:
        wrong.discard("paperclipper.store.database")
    assert not wrong


def test_every_room_is_named_and_there():
    found = {name_of(path).split(".")[0] for path in MODULES}
    assert found == set(ROOMS)


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("flask", {"web"}),
        ("flask_cors", {"web"}),
        ("flask_smorest", {"web"}),
        ("marshmallow", {"web"}),
        ("click", {"cli", "serving"}),
        ("gunicorn", {"serving"}),
        ("peewee", {"store"}),
        ("playhouse", {"store"}),
        ("sqlite3", {"store"}),
        ("whoosh", {"search"}),
        ("platformdirs", {"config"}),
    ],
)
def test_a_library_is_known_to_its_room_alone(library, rooms):
    users = {
        name_of(p).split(".")[0] for p in MODULES for name in imports(p) if name.split(".")[0] == library
    }
    assert users <= rooms


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_why_it_exists_and_is_no_drawer(path):
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source))
    assert len(source.splitlines()) <= MOST_LINES


def test_formats_are_pure():
    outside = {"os", "pathlib", "socket", "subprocess", "urllib.request", "time", "tempfile"}
    for path in PACKAGE.glob("formats/*.py"):
        assert not outside & {part for name in imports(path) for part in (name, name.split(".")[0])}, path


def test_no_room_for_odds_and_ends():
    assert not [
        p for p in SERVER_AND_TESTS if p.stem.strip("_") in ("utils", "util", "helpers", "common", "misc")
    ]


def test_our_own_code_is_never_mocked():
    for path in SERVER_AND_TESTS:
        assert not [name for name in imports(path) if "mock" in name.split(".")], path


def test_settings_are_read_in_one_place():
    readers = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    # Whether there is a screen to open a browser on is no setting.
    assert readers == {"config", "serving"}
