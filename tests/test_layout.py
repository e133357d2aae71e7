"""The rules of CONTRIBUTING's "Layout", checked by reading the files and their imports."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import paperclipper

PACKAGE = Path(paperclipper.__file__).parent
ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
EXTENSION = ROOT / "extension"
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "migrations" not in path.parts and not path.is_relative_to(PACKAGE / "extension")
)
PYTHON = [*MODULES, *TESTS.rglob("*.py")]
JAVASCRIPT = [*EXTENSION.rglob("*.js"), *(PACKAGE / "web/static").glob("*.js"), *TESTS.rglob("*.js")]
MAX_LINES = 400
MAX_MODULES = 12

EVERYONE = {"model", "identifiers", "tag_names", "limits", "errors", ""}
LAYERS = {
    "": set(),
    "__main__": {"cli"},
    "model": {"model"},
    "errors": {"errors"},
    "identifiers": EVERYONE,
    "tag_names": EVERYONE,
    "config": EVERYONE | {"config"},
    "file_lock": EVERYONE,
    "data_folder": EVERYONE | {"config", "file_lock"},
    "formats": EVERYONE | {"formats"},
    "search": EVERYONE | {"search", "file_lock"},
    "store": EVERYONE | {"store", "file_lock"},
    "services": EVERYONE | {"services", "store", "search", "formats", "config", "data_folder", "file_lock"},
    "web": EVERYONE | {"web", "services", "formats", "config"},
    "server": EVERYONE | {"server", "web", "services", "config", "data_folder"},
    "cli": EVERYONE | {"cli", "server", "services", "config", "data_folder"},
}
# Whatever starts a process opens its database.
STARTERS = {"cli.options", "server", "web.app"}

DOMAINS = {
    "papers",
    "annotations",
    "tags",
    "days",
    "search",
    "trash",
    "actions",
    "history",
    "transfer",
    "access",
    "system",
}
# What a layer has besides the domains.
BESIDES_DOMAINS = {
    "services": {"versions", "transactions"},
    "store": {"database", "purges", "backups"},
    "web/api": {"openapi", "serialization", "errors"},
    "web/pages": {"layout", "settings", "api_docs"},
}


def name_of(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").strip(".")


@cache
def imports(path):
    """The dotted names that a file imports, those within functions too."""
    return list(imported_names(path))


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path):
    """What a file imports of this package, without the package's name."""
    for name in imports(path):
        if name.split(".")[0] == "paperclipper":
            yield name.partition(".")[2]


def layer_of(name):
    first = name.split(".")[0]
    return first if first in LAYERS else ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path):
    name = name_of(path)
    allowed = LAYERS[name.split(".")[0]]
    forbidden = {imported for imported in own_imports(path) if layer_of(imported) not in allowed}
    if name in STARTERS:
        forbidden = {imported for imported in forbidden if not imported.startswith("store.database.database")}
    assert not forbidden


def test_every_layer_is_listed():
    found = {name_of(path).split(".")[0] for path in MODULES}
    assert found == set(LAYERS)


def test_services_use_search_through_its_facade():
    facade = {f"search.{name}" for name in exported_names(PACKAGE / "search/__init__.py")}
    for path in PACKAGE.glob("services/**/*.py"):
        used = {name for name in own_imports(path) if layer_of(name) == "search"}
        assert used <= facade, path


def exported_names(path):
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name


@pytest.mark.parametrize("layer", ["services", "store", "search", "formats", "web", "web/api", "web/pages"])
def test_domains_have_no_cycles(layer):
    """Each child of a layer is one node, whether it is a module or a folder."""
    prefix = layer.replace("/", ".") + "."
    uses = {}
    for path in PACKAGE.glob(f"{layer}/**/*.py"):
        own = child_of(name_of(path), prefix)
        found = {child_of(name, prefix) for name in own_imports(path) if name.startswith(prefix)}
        if own:
            uses.setdefault(own, set()).update(found - {own, None})
    TopologicalSorter(uses).prepare()  # raises CycleError


def child_of(name, prefix):
    return name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else None


@pytest.mark.parametrize("layer", BESIDES_DOMAINS)
def test_a_domain_has_one_name_in_all_layers(layer):
    names = {path.stem for path in (PACKAGE / layer).iterdir() if path.suffix == ".py" or path.is_dir()}
    assert names - {"__init__", "__pycache__"} <= DOMAINS | BESIDES_DOMAINS[layer]


@pytest.mark.parametrize("layer", BESIDES_DOMAINS)
def test_tests_mirror_the_layers(layer):
    folders = {path.name for path in (TESTS / layer).iterdir() if path.is_dir()}
    databases = {"databases"} if layer == "store" else set()
    assert folders - {"__pycache__"} <= DOMAINS | BESIDES_DOMAINS[layer] | databases


@pytest.mark.parametrize(
    ("library", "layers"),
    [
        ("flask", {"web"}),
        ("flask_cors", {"web"}),
        ("flask_smorest", {"web"}),
        ("marshmallow", {"web"}),
        ("click", {"cli", "server"}),
        ("gunicorn", {"server"}),
        ("peewee", {"store"}),
        ("playhouse", {"store"}),
        ("sqlite3", {"store"}),
        ("whoosh", {"search"}),
        ("platformdirs", {"config"}),
    ],
)
def test_a_library_is_used_in_its_layer_only(library, layers):
    users = {
        name_of(path).split(".")[0]
        for path in MODULES
        for name in imports(path)
        if name.split(".")[0] == library
    }
    assert users <= layers


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_opens_with_why_it_exists(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_no_module_is_too_long():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in [*PYTHON, *JAVASCRIPT]
        if path.is_relative_to(ROOT) and (lines := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert too_long == {}


def test_no_folder_has_too_many_modules():
    count = {}
    for path in [*PYTHON, *JAVASCRIPT]:
        if path.name != "__init__.py":
            count[path.parent] = count.get(path.parent, 0) + 1
    assert {str(folder): modules for folder, modules in count.items() if modules > MAX_MODULES} == {}


def test_no_line_is_too_long():
    pages = [
        path
        for top in (PACKAGE / "web", EXTENSION)
        for path in top.rglob("*")
        if path.suffix in (".html", ".css")
    ]
    too_long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*PYTHON, *JAVASCRIPT, *pages]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 110
    ]
    assert too_long == []


def test_formats_are_pure():
    outside = {"os", "pathlib", "socket", "subprocess", "urllib.request", "time", "tempfile"}
    for path in PACKAGE.glob("formats/**/*.py"):
        assert not outside & {part for name in imports(path) for part in (name, name.split(".")[0])}, path


def test_no_module_is_a_drawer_for_odds_and_ends():
    assert not [p for p in PYTHON if p.stem.strip("_") in ("utils", "util", "helpers", "common", "misc")]


def test_our_own_code_is_never_mocked():
    for path in PYTHON:
        assert not [name for name in imports(path) if "mock" in name.split(".")], path


def test_settings_are_read_in_one_place():
    readers = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    # Whether there is a screen to open a browser on is not a setting.
    assert readers == {"config", "server"}


def test_functions_are_short():
    """Median, 95th percentile and maximum of the lines of a function, without its docstring."""
    lengths = sorted(length for path in MODULES for length in function_lengths(path))
    assert lengths[len(lengths) // 2] <= 6
    assert lengths[len(lengths) * 95 // 100] <= 15
    assert lengths[-1] <= 40


def function_lengths(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_the_tree_in_contributing_is_the_one_on_disk():
    tree = (ROOT / "CONTRIBUTING.md").read_text().partition("```text\n")[2].partition("```")[0]
    listed = set(paths_of(tree))
    missing = {path for path in listed if not (ROOT / path).exists()}
    assert missing == set()
    folders = {
        f"{path.relative_to(ROOT)}/"
        for top in ("server/paperclipper", "extension")
        for path in (ROOT / top).rglob("*/")
        if is_of_the_tree(path)
    }
    assert folders - listed == set()


def is_of_the_tree(folder):
    parts = folder.relative_to(ROOT).parts
    generated = {"__pycache__", "node_modules"} & set(parts)
    return not generated and parts[:3] != ("server", "paperclipper", "extension")


def paths_of(tree):
    """The path of each line of an indented tree: two spaces per level, then `name` or `name/`."""
    above = []
    for line in tree.splitlines():
        indent, name = re.match(r"( *)(\S+)", line).groups()
        del above[len(indent) // 2 :]
        yield "".join(above) + name
        above.append(name)
