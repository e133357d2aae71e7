"""The real server for tests: `paperclipper serve` with three gunicorn workers and its own data folder."""

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
    """Run a `paperclipper` command on a data folder and return its output. Fail the test if it fails."""
    line = [sys.executable, "-m", "paperclipper", *arguments, "--data", str(data)]
    options = {"env": environment(), "timeout": 120} | options
    done = subprocess.run(line, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    assert "EGRESS" not in done.stderr
    return done.stdout.strip()


def environment(more=None):
    """Return an environment for processes that can only connect to this machine."""
    return os.environ | {"PYTHONPATH": str(NO_EGRESS)} | (more or {})


@dataclass(frozen=True)
class Answer:
    """A response of the server."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Server:
    """A running server. `log` is the file with its output."""

    data: Path
    port: int
    process: subprocess.Popen
    log: Path
    _tokens: dict = field(default_factory=dict)

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def token(self, *scopes, library="library"):
        """Return the secret of an API token with these scopes, created on first use."""
        if (scopes, library) not in self._tokens:
            named = [part for scope in scopes for part in ("--scope", scope)]
            made = command("token", "create", "-".join(scopes), *named, "--library", library, data=self.data)
            self._tokens[scopes, library] = made
        return self._tokens[scopes, library]

    def ask(self, method, path, body=None, headers=(), token=("read", "clip"), timeout=60):
        """Send one request on its own connection.

        A body that is not bytes is sent as JSON. `token` is the scopes of the token to use.
        """
        sent = {"Authorization": f"Bearer {self.token(*token)}"} if token else {}
        if body is not None and not isinstance(body, bytes):
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, body, sent | dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def session(self, library="library"):
        """Return the cookie of a reader who signed in to a library with a new link."""
        link = command("open", "--library", library, data=self.data).splitlines()[0]
        form = urllib.parse.urlencode({"code": link.rpartition("#")[2]}).encode()
        answer = self.ask("POST", "/sign-in", form, {"Origin": self.origin, "Content-Type": FORM}, token=())
        assert answer.status == 303, answer.body
        return answer.headers["Set-Cookie"].partition(";")[0]

    def pair(self, origin, cookie):
        """Pair a browser extension of this Origin, and allow it with this session. Return its secret."""
        verifier = secrets.token_urlsafe(48)
        asked = self.ask(
            "POST", "/api/v1/pairings", pairing_request(verifier), {"Origin": origin}, token=()
        ).json()
        allow = {"Origin": self.origin, "Cookie": cookie, "Content-Type": FORM}
        assert self.ask("POST", f"/pair/{asked['id']}/allow", b"", allow, token=()).status == 303
        claim = f"/api/v1/pairings/{asked['id']}/token"
        return self.ask("POST", claim, {"verifier": verifier}, {"Origin": origin}, token=()).json()["token"]

    def workers(self):
        """Return the process ids of the current workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if children.exists():
            return [int(pid) for pid in children.read_text().split()]
        listed = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]

    def stop(self):
        """Stop the server gracefully. Fail the test if it tried to connect to another machine."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_PATIENCE)
        assert "EGRESS" not in self.log.read_text()


def pairing_request(verifier):
    """Return the body of a pairing request (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return {"client_name": "A browser", "challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}


@contextlib.contextmanager
def running(data, environ=None, **options):
    """Run a server on `data` during the block. For the options see `start`."""
    server = start(data, environ, **options)
    try:
        yield server
    finally:
        server.stop()


def start(data, environ=None, port=None, **options):
    """Start a server on `data`, and wait until it responds. For the options see `serve_command`."""
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
    """Return the command line of a server.

    `before` is a command that runs the rest of the line, `program` is what Python runs, and `arguments` are
    added.
    """
    serve = ["serve", "--data", str(data), "--port", str(port), "--no-browser"]
    return [*before, sys.executable, *program, *serve, *arguments]


def startup_error(data, **options):
    """Return the one-line error of a server that does not start."""
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
    """Return an unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
