import contextlib
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from paperclipper import __version__, data_folder
from paperclipper.config import Settings
from paperclipper.services.system import extension_folder, hello
from running import command, environment, free_port, running, start


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    # Hosting services pass a port in PORT, and gunicorn would listen to it on every interface.
    with running(tmp_path_factory.mktemp("served") / "data", {"PORT": str(free_port())}) as server:
        yield server


def serve(data, port, **options):
    """Run `paperclipper serve`, which is expected to fail."""
    line = [
        sys.executable,
        "-m",
        "paperclipper",
        "serve",
        "--data",
        str(data),
        "--port",
        str(port),
        "--no-browser",
    ]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False, **options)


def listening(process_ids):
    """Return the (address, port) pairs, in hexadecimal, on which these processes accept connections."""
    sockets = {os.readlink(link) for pid in process_ids for link in Path(f"/proc/{pid}/fd").iterdir()}
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in sockets:
                found.add(tuple(columns[1].split(":")))
    return found


def unix_sockets(process_ids):
    sockets = {os.readlink(link) for pid in process_ids for link in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [row.split() for row in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return [columns for columns in rows if f"socket:[{columns[6]}]" in sockets]


def test_it_responds_from_three_workers(server):
    assert server.ask("GET", "/api/v1/hello", token=()).json()["app"] == "paperclipper"
    assert len(wait_for_workers(server)) == 3


def test_hello_includes_the_versions_of_the_server_and_the_extension(server):
    assert hello.fetch(server.port) == hello.Hello(__version__, extension_folder.version())


def test_it_prints_its_address_and_a_sign_in_link(tmp_path):
    with running(tmp_path / "data") as server:
        address, link = wait_for_lines(server.log, 2)
        assert address == f"Paperclipper is at {server.origin}/"
        assert link.rpartition(" ")[2].startswith(f"{server.origin}/sign-in#")


def wait_for_workers(server):
    """Wait for all workers, which gunicorn starts one after another."""
    until = time.monotonic() + 10
    while len(workers := server.workers()) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    return workers


def wait_for_lines(log, count):
    until = time.monotonic() + 10
    while len(lines := log.read_text().splitlines()) < count and time.monotonic() < until:
        time.sleep(0.05)
    return lines


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_listens_on_loopback_only_whatever_the_environment(server):
    processes = [server.process.pid, *wait_for_workers(server)]
    assert listening(processes) == {("0100007F", f"{server.port:04X}")}
    assert not unix_sockets(processes), "gunicorn's control socket"


def test_a_link_from_open_signs_in_once(server):
    assert server.session()
    link = command("open", data=server.data)
    assert link.startswith(f"{server.origin}/sign-in#")


def test_the_daily_backup_is_made_automatically_and_shown_in_health_and_on_the_page(server):
    until = time.monotonic() + 30
    while not (health := server.ask("GET", "/api/v1/health").json())["backups"]["count"]:
        assert time.monotonic() < until, "no backup was made"
        time.sleep(0.1)
    assert health["backups"] == {"count": 1, "folder": str(server.data / "backups"), "overdue": False}
    assert health["backed_up_at"]
    page = server.ask("GET", "/settings", headers={"Cookie": server.session()}, token=()).body.decode()
    assert "1 backup is kept in" in page


def test_a_library_of_an_older_version_is_migrated_and_backed_up(tmp_path):
    older = sorted(Path(__file__).parents[1].glob("store/database/databases/*.sql"))[0]
    data = tmp_path / "data"
    data.mkdir()
    with closing(sqlite3.connect(data / "paperclipper.db")) as file:
        file.executescript(older.read_text())
    with running(data) as server:
        assert list((data / "backups").glob("before-*.db"))
        assert server.ask("GET", "/api/v1/papers").json()["total"]


def test_a_second_server_on_the_folder_reports_the_first(server):
    refused = serve(server.data, free_port())
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        f"Error: The data folder {server.data} is in use by another Paperclipper "
        f"(process {server.process.pid}, port {server.port}). "
        "Stop it, or choose another folder with --data.\n"
    )


def test_a_port_in_use_is_reported(server, tmp_path):
    refused = serve(tmp_path / "other", server.port)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Error: Port {server.port} is in use by another program. "
        "Stop it, or choose another port with --port.\n"
    )


def test_restoring_is_refused_while_a_server_runs(server, tmp_path):
    command("backup", str(tmp_path / "copy.db"), data=server.data)
    line = [
        sys.executable,
        "-m",
        "paperclipper",
        "restore",
        str(tmp_path / "copy.db"),
        "--data",
        str(server.data),
    ]
    refused = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: The data folder ")
    assert f"in use by another Paperclipper (process {server.process.pid}," in refused.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_with_one_line_and_unlocks_the_folder(tmp_path, by):
    server = start(tmp_path / "data")
    wait_for_lines(server.log, 2)
    wait_for_workers(server)
    # A terminal sends SIGINT to the whole process group.
    os.killpg(server.process.pid, by) if by is signal.SIGINT else server.process.send_signal(by)
    assert server.process.wait(30) == 0
    assert server.log.read_text().splitlines()[2:] == ["Stopped."]
    assert data_folder.lock_holder(server.data) is None


def test_an_idle_connection_does_not_delay_stopping(tmp_path):
    server = start(tmp_path / "data")
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(f"GET /api/v1/hello HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        assert idle.recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        server.stop()
    assert time.monotonic() - began < 5


def test_it_restarts_immediately_after_its_master_was_killed(tmp_path):
    server = start(tmp_path / "data")
    server.process.kill()
    server.process.wait(30)
    with running(server.data):
        pass


def test_a_restart_takes_little_work(tmp_path):
    """Some two seconds of CPU time, which the machine's other work does not change much."""
    with running(tmp_path / "data"):
        pass
    before = cpu_seconds_of_children()
    with running(tmp_path / "data"):
        pass
    assert cpu_seconds_of_children() - before < 4


def cpu_seconds_of_children():
    """Of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_browser_opens_the_link(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\necho "$1" >{tmp_path}/opened.part; mv {tmp_path}/opened.part {tmp_path}/opened\n'
    )
    browser.chmod(0o755)
    line = [
        sys.executable,
        "-m",
        "paperclipper",
        "serve",
        "--data",
        str(tmp_path / "data"),
        "--port",
        str(free_port()),
    ]
    screen = os.environ | {"DISPLAY": ":0", "BROWSER": str(browser)}
    with stopping(subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=screen)) as process:
        process.stdout.readline()
        link = process.stdout.readline().split()[-1]
        until = time.monotonic() + 10
        while not (tmp_path / "opened").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert (tmp_path / "opened").read_text().strip() == link


@contextlib.contextmanager
def stopping(process):
    with process:
        try:
            yield process
        finally:
            process.terminate()


def test_a_folder_that_cannot_be_created_is_reported_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    refused = serve(tmp_path / "file" / "data", free_port())
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        f"Error: The data folder {tmp_path}/file/data cannot be used: Not a directory. "
    )
    assert refused.stderr.endswith("with --data.\n")


def test_a_damaged_database_is_reported_in_one_line(tmp_path):
    Settings(tmp_path).database.write_bytes(b"not a database " * 1000)
    refused = serve(tmp_path, free_port())
    assert refused.returncode == 1
    assert refused.stderr == "Error: The database is damaged. Restore a backup: paperclipper restore FILE.\n"


@pytest.mark.parametrize(
    "call",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.getaddrinfo('paperclipper.invalid', 80)",
        "socket.gethostbyname('paperclipper.invalid')",
    ],
)
def test_connecting_to_another_machine_is_detected(call):
    line = [sys.executable, "-c", f"import socket; {call}"]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True)
    assert done.returncode != 0
    assert "EGRESS" in done.stderr
