import json
import os
import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner

import paperclipper
from paperclipper import cli
from paperclipper.services.access import libraries, tokens
from paperclipper.services.papers import lookup
from paperclipper.services.search import indexing
from paperclipper.store.database import database
from running import command

LINES = [
    {"title": "Folding Boats", "abstract": "One crease at a time.", "arxiv_id": "2603.01234"},
    {"title": "Gluing Kites", "abstract": "String and \u03bb.", "arxiv_id": "2603.05678"},
]


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def run(data, monkeypatch):
    """Return a function that runs one command on the data folder, in this process."""
    # The catching-up thread never ends, so it would outlive the test.
    monkeypatch.setattr(indexing, "wake", lambda: None)

    def run(*arguments, typed=None):
        return CliRunner().invoke(cli.main, [*map(str, arguments), "--data", str(data)], input=typed)

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return path


def commands(group=cli.main, path=()):
    for name, each in sorted(group.commands.items()):
        yield (*path, name), each
        if isinstance(each, click.Group):
            yield from commands(each, (*path, name))


@pytest.mark.parametrize(
    ("path", "each"), list(commands()), ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_has_help_and_a_data_option(path, each):
    assert each.help
    if not isinstance(each, click.Group):
        assert "--data" in {option for parameter in each.params for option in parameter.opts}
    shown = CliRunner().invoke(cli.main, [*path, "--help"])
    assert shown.exit_code == 0
    assert " ".join(each.help.split("\n")[0].split()) in " ".join(shown.output.split())


def test_help_loads_no_layer_behind_the_command_line():
    code = "import sys, paperclipper.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"flask", "gunicorn", "peewee", "whoosh", "marshmallow"} & set(loaded)


def test_the_data_folder_can_come_from_the_environment(data):
    line = [sys.executable, "-m", "paperclipper", "index", "status"]
    environ = os.environ | {"PAPERCLIPPER_DATA": str(data)}
    subprocess.run(line, capture_output=True, check=True, env=environ, timeout=60)
    assert (data / "paperclipper.db").exists()


def test_a_token_is_printed_alone_and_works(run):
    made = run("token", "create", "my script", "--scope", "read", "--scope", "clip")
    assert made.exit_code == 0
    with database.connection():
        token = tokens.authenticate(made.stdout.removesuffix("\n"))
    assert (token.name, token.scopes) == ("my script", {"read", "clip"})


def test_tokens_are_listed_and_revoked(run):
    secret = run("token", "create", "my script", "--scope", "write", "--scope", "admin").stdout.strip()
    listed = run("token", "list").stdout
    token_id, *rest = listed.rstrip("\n").split("\t")
    assert rest == ["admin,write", "never used", "live", "my script"]
    assert secret not in listed
    assert run("token", "revoke", token_id).exit_code == 0
    assert run("token", "list").stdout.split("\t")[3] == "revoked"
    with database.connection():
        assert tokens.authenticate(secret) is None


def test_an_unknown_token_cannot_be_revoked(run):
    refused = run("token", "revoke", "nothing")
    assert refused.exit_code == 1
    assert refused.stderr == "Error: There is no API token nothing in this library.\n"


@pytest.mark.parametrize(
    "arguments", [("create", "x"), ("create", "x", "--scope", "all"), ("create", "--scope", "read")]
)
def test_a_token_needs_a_name_and_known_scopes(run, arguments):
    assert run("token", *arguments).exit_code == 2


def test_importing_reports_each_row(run, file):
    file.write_text(file.read_text() + "{}\n")
    report = run("import", file)
    assert report.exit_code == 0
    *rows, summary = report.stdout.splitlines()
    assert rows[:2] == ["1\tadded\tFolding Boats", "2\tadded\tGluing Kites"]
    assert rows[2].startswith("3\tunreadable\t")
    assert summary == "3 rows: 2 added, 0 merged with existing, 0 already saved, 1 unreadable."
    assert "2 already saved" in run("import", file).stdout
    with database.connection():
        assert lookup.newest(libraries.default_id(), 10, 0)[1] == 2


def test_importing_many_shows_progress_on_stderr(run, file):
    file.write_text(
        "".join(json.dumps({"title": f"Paper {n}", "arxiv_id": f"2603.{n:05}"}) + "\n" for n in range(250))
    )
    report = run("import", file)
    assert report.stderr.splitlines() == ["100 rows read", "200 rows read"]
    assert len(report.stdout.splitlines()) == 251


@pytest.mark.parametrize("content", ["", "a shopping list", b"\0\1\2"])
def test_a_file_without_papers_is_one_line(run, file, content):
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused = run("import", file)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: ")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("verb", ["import", "restore"])
def test_a_missing_file_is_one_line(run, tmp_path, verb):
    refused = run(verb, tmp_path / "nowhere")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"Error: {tmp_path}/nowhere: No such file or directory.\n",
    )


def test_exporting_twice_rewrites_nothing(run, file, tmp_path):
    run("import", file)
    first = run("export", "--format", "markdown", tmp_path / "vault")
    assert first.stdout == "2 written, 0 unchanged, 0 skipped.\n"
    assert len(list((tmp_path / "vault").glob("*.md"))) == 2
    assert (
        run("export", "--format", "markdown", tmp_path / "vault").stdout
        == "0 written, 2 unchanged, 0 skipped.\n"
    )


def test_backing_up_and_restoring(run, data, file, tmp_path):
    run("import", file)
    assert run("backup", tmp_path / "copy.db").stdout == f"{tmp_path}/copy.db: 2 papers.\n"
    restored = run("restore", tmp_path / "copy.db")
    assert restored.exit_code == 0
    assert restored.stdout.startswith(
        f"Restored 2 papers.\nThe previous database is kept as {data}/paperclipper-before-"
    )


def test_the_index_is_caught_up_verified_and_rebuilt(run, file):
    run("import", file)
    assert "2 papers behind" in run("index", "status").stdout
    assert run("index", "catch-up").stdout == "The index is up to date.\n"
    assert run("index", "status").stdout.startswith("2 papers in ")
    assert run("index", "verify", "--deep").stdout == "The index matches the library.\n"
    file.write_text(json.dumps({"title": "Pressing Flowers", "arxiv_id": "2603.09999"}) + "\n")
    run("import", file)
    differing = run("index", "verify")
    assert (differing.exit_code, differing.stdout.count("is missing from the index")) == (1, 1)
    assert run("index", "rebuild").stdout == "The index was rebuilt.\n"
    assert run("index", "verify", "--deep").exit_code == 0


def test_opening_needs_a_server(run, data):
    refused = run("open")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"Error: No server is running on {data}. Start one: paperclipper serve.\n"


def test_an_import_ends_while_its_index_is_built_and_the_index_is_correct(data, file):
    file.write_text(
        "".join(json.dumps({"title": f"Paper {n}", "arxiv_id": f"2603.{n:05}"}) + "\n" for n in range(300))
    )
    command("import", str(file), data=data)
    until = time.monotonic() + 60
    while "up to date" not in command("index", "status", data=data) and time.monotonic() < until:
        command("index", "catch-up", data=data)
    assert command("index", "verify", "--deep", data=data) == "The index matches the library."


def test_the_version_is_that_of_the_package():
    assert CliRunner().invoke(cli.main, ["--version"]).output.endswith(f" {paperclipper.__version__}\n")


def test_a_second_library_has_its_own_papers_tokens_and_password(run, file, tmp_path):
    assert "Added “Ada's”" in run("library", "add", "Ada's").output
    assert run("library", "add", "Ada's").exit_code == 1
    assert run("import", file, "--library", "Ada's").exit_code == 0
    exported = {
        name: run("export", "--format", "markdown", tmp_path / name, "--library", name).output
        for name in ("Ada's", "library")
    }
    assert {name: output.split(",")[0] for name, output in exported.items()} == {
        "Ada's": "2 written",
        "library": "0 written",
    }
    assert [line.split("\t")[0] for line in run("library", "list").output.splitlines()] == [
        "Ada's",
        "library",
    ]
    assert "There is no library “Bo's”" in run("token", "list", "--library", "Bo's").output


def test_a_password_is_typed_twice_and_removed(run):
    typed = "a long enough pass phrase\n"
    assert "Password set." in run("library", "password", "library", typed=typed * 2).output
    assert run("library", "password", "library", typed="short\n" * 2).exit_code == 1
    assert "Password removed." in run("library", "password", "library", "--remove").output
