"""Every command, script, route and picture in the README exists, and every command is in it.

Every module that CONTRIBUTING names exists.
"""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import click
import pytest

import paperclipper
from paperclipper.cli import main
from paperclipper.config import Settings
from paperclipper.search.query.parser import parse
from paperclipper.web.app import create_app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def commands(group: click.Command = main, path: str = "paperclipper") -> list[tuple[str, click.Command]]:
    if not isinstance(group, click.Group):
        return [(path, group)]
    return [
        found for name, command in group.commands.items() for found in commands(command, f"{path} {name}")
    ]


@pytest.mark.parametrize(
    ("path", "command"), commands(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_is_in_the_readme_and_has_help(path: str, command: click.Command) -> None:
    assert f"`{path}" in README
    assert command.get_short_help_str()


def test_every_command_in_the_readme_exists() -> None:
    known = {path for path, _ in commands()}
    for written in re.findall(r"paperclipper ((?:index |token |library |service )?[a-z-]+)", README):
        assert f"paperclipper {written}" in known, written


def test_every_option_in_the_readme_exists() -> None:
    options = {name for _, command in commands() for parameter in command.params for name in parameter.opts}
    rows = re.findall(r"^\| `paperclipper [^`]*`", README, re.MULTILINE)
    assert {found for row in rows for found in re.findall(r"--[a-z-]+", row)} <= options


def test_every_file_in_the_readme_exists() -> None:
    for path in re.findall(r"(scripts/[a-z-]+|tests/pictures/[a-z-]+\.png|\(([A-Z]+\.md)\))", README):
        assert (ROOT / (path[1] or path[0])).exists(), path


def test_every_module_in_contributing_exists() -> None:
    folders = ("server", "extension", "tests")
    known = [f"/{path.relative_to(ROOT)}" for folder in folders for path in (ROOT / folder).rglob("*.[pj]*")]
    for path in re.findall(r"[a-z_/]+\.(?:py|js)\b", (ROOT / "CONTRIBUTING.md").read_text()):
        assert any(each.endswith(f"/{path}") for each in known), path


def test_every_address_in_the_readme_exists(tmp_path: Path) -> None:
    rules = {rule.rule for rule in create_app(Settings(tmp_path)).url_map.iter_rules()}
    for address in re.findall(r"/api/v1/[a-z.]+", README):
        assert address in rules, address


def test_every_query_in_the_readme_is_valid() -> None:
    table = README.partition("| Type | to find |")[2].partition("\n\n")[0]
    searches = [
        text for row in table.splitlines()[2:] for text in re.findall(r"`([^`]+)`", row.split(" | ")[0])
    ]
    assert len(searches) > 25
    for text in searches:
        typed = f"{text}{'2401.12345' if text == 'id:' else 'keel' if text.endswith(':') else ''}"
        query = parse(typed, date(2026, 3, 9))
        assert not query.is_empty or query.sort, text


def test_the_readme_links_to_the_api_documentation() -> None:
    assert f"<{Settings(ROOT).origin}/api/v1/docs>" in README
    assert "`/api/v1/openapi.json`" in README


def test_the_version_in_pyproject_is_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    manifest = json.loads((ROOT / "extension/manifest.json").read_text())
    package = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())
    found = {manifest["version"], package["version"], locked["version"], locked["packages"][""]["version"]}
    assert found == {version}
    assert paperclipper.__version__ == version
    assert f"## [{version}] - " in (ROOT / "CHANGELOG.md").read_text()
