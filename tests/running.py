"""The real server for tests: `paperclipper serve`, three gunicorn workers over a data folder of their own."""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

from paperclipper import server as server_module

FORM = "application/x-www-form-urlencoded"
_PATIENCE = 30
NO_EGRESS = Path(__file__).parent / "no_egress"


def command(*arguments, data, **options):
    """Run one `paperclipper` command over a data folder; its output. Fails the test where the command does."""
    line = [sys.executable, "-m", "paperclipper", *arguments, "--data", str(data)]
    options = {"env": environment(), "timeout": 120} | options
    done = subprocess.run(line, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    assert "EGRESS" not in done.stderr
    return done.stdout.strip()


def environment(more=None):
    """That of a program which may reach this machine alone."""
    return os.environ | {"PYTHONPATH": str(NO_EGRESS)} | (more or {})


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Server:
    """A server that runs; `log` is what it printed."""

    data: Path
    port: int
    process: subprocess.Popen
    log: Path
    _tokens: dict = field(default_factory=dict)

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def token(self, *scopes, library="library"):
        """The secret of a token with these scopes, made once."""
        if (scopes, library) not in self._tokens:
            named = [part for scope in scopes for part in ("--scope", scope)]
            made = command("token", "create", "-".join(scopes), *named, "--library", library, data=self.data)
            self._tokens[scopes, library] = made
        return self._tokens[scopes, library]

    def ask(self, method, path, body=None, headers=(), token=("read", "clip"), timeout=60):
        """One request over a connection of its own; a body that is not bytes goes as JSON, `token` are its scopes."""
        sent = {"Authorization": f"Bearer {self.token(*token)}"} if token else {}
        if body is not None and not isinstance(body, bytes):
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, body, sent | dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def session(self, library="library"):
        """The cookie of a reader who has signed in to a library by a fresh link."""
        link = command("open", "--library", library, data=self.data).splitlines()[0]
        form = urllib.parse.urlencode({"code": link.rpartition("#")[2]}).encode()
        answer = self.ask("POST", "/sign-in", form, {"Origin": self.origin, "Content-Type": FORM}, token=())
        assert answer.status == 303, answer.body
        return answer.headers["Set-Cookie"].partition(";")[0]

    def pair(self, origin, cookie):
        """The secret of a token that a browser extension of this Origin got, allowed by the reader of this session."""
        verifier = secrets.token_urlsafe(48)
        asked = self.ask(
            "POST", "/api/v1/pairings", pairing_request(verifier), {"Origin": origin}, token=()
        ).json()
        allow = {"Origin": self.origin, "Cookie": cookie, "Content-Type": FORM}
        assert self.ask("POST", f"/pair/{asked['id']}/allow", b"", allow, token=()).status == 303
        claim = f"/api/v1/pairings/{asked['id']}/token"
        return self.ask("POST", claim, {"verifier": verifier}, {"Origin": origin}, token=()).json()["token"]

    def workers(self):
        """The process ids of the workers that live now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if children.exists():
            return [int(pid) for pid in children.read_text().split()]
        listed = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]

    def stop(self):
        """End it as Ctrl-C would. Fails the test where it tried to connect to anywhere."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_PATIENCE)
        assert "EGRESS" not in self.log.read_text()


def pairing_request(verifier):
    """What an extension sends first (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return {"client_name": "A browser", "challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}


@contextlib.contextmanager
def running(data, environ=None, **options):
    """A server over `data` for the time of the block; options as for `start`."""
    server = start(data, environ, **options)
    try:
        yield server
    finally:
        server.stop()


def start(data, environ=None, port=None, **options):
    """A server over `data`, ready to answer; options as for `serve_command`."""
    port = port or free_port()
    log = data.with_name(f"{data.name}.log")
    line = serve_command(data, port, **options)
    with log.open("ab") as output:
        process = subprocess.Popen(
            line, stdout=output, stderr=output, env=environment(environ), start_new_session=True
        )
    server = Server(data, port, process, log)
    _await(server)
    return server


def serve_command(data, port, before=(), program=("-m", "paperclipper"), arguments=()):
    """What starts a server.

    `before` is a command that runs the rest of the line, `program` what Python is to run, `arguments` are its arguments.
    """
    serve = ["serve", "--data", str(data), "--port", str(port), "--no-browser"]
    return [*before, sys.executable, *program, *serve, *arguments]


def startup_error(data, **options):
    """What a server that does not start says, which is one line."""
    line = serve_command(data, free_port(), **options)
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def _await(server):
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            hello = server.ask("GET", "/api/v1/hello", token=(), timeout=5)
            if hello.status == 200 and len(server.workers()) == server_module.WORKERS:
                return
        assert server.process.poll() is None, server.log.read_text()
        time.sleep(0.05)
    server.process.kill()
    raise AssertionError(f"The server was not ready: {server.log.read_text()}")


def free_port():
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
