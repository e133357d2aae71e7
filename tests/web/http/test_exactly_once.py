"""Each clip is saved exactly once over a network that drops, repeats, delays and reorders requests."""

import contextlib
import http.client
import json
import random
import socket
import socketserver
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import running
from builders import uuid7
from web.api import examples

CLIENTS, CLIPS, IN_FLIGHT = 2, 500, 4
FAULTS = ["none"] * 5 + ["no request", "no answer", "twice", "late", "late twice"]


class BadNetwork(socketserver.ThreadingTCPServer):
    """A proxy that forwards one request per connection, or drops, repeats or delays it."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, port):
        self.server_port, self.chance, self.done = port, random.Random(20261125), []
        super().__init__(("127.0.0.1", 0), _Passing)


class _Passing(socketserver.BaseRequestHandler):
    def handle(self):
        fault = self.server.chance.choice(FAULTS)
        self.server.done.append(fault)
        request = _read_message(self.request)
        if fault == "no request" or request is None:
            return
        if "late" in fault:
            time.sleep(self.server.chance.random() / 20)
        answers = [self._ask(request) for _ in range(2 if "twice" in fault else 1)]
        if fault != "no answer":
            with contextlib.suppress(OSError):
                self.request.sendall(answers[-1])

    def _ask(self, request):
        with socket.create_connection(("127.0.0.1", self.server.server_port), timeout=60) as onward:
            onward.sendall(request)
            return b"".join(iter(lambda: onward.recv(65536), b""))


def _read_message(connection):
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return None
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


class Client:
    """An outbox like the extension's, which sends each clip until it gets a response."""

    def __init__(self, number, network, server):
        self.network, self.server = network, server
        self.headers = {
            "Authorization": f"Bearer {server.token('read', 'clip')}",
            "Content-Type": "application/json",
            "Host": f"127.0.0.1:{server.port}",
            "Connection": "close",
        }
        mine = range(10_000 + number * CLIPS, 10_000 + (number + 1) * CLIPS)
        self.clips = {uuid7(): examples.clip(f"2509.{each}", title=f"Boat {each}", doi="") for each in mine}
        self.tries = 0

    def run(self):
        with ThreadPoolExecutor(IN_FLIGHT) as threads:
            list(threads.map(self._send, self.clips))

    def _send(self, clip_id):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.tries += 1
            status = self._try(clip_id)
            if status in (200, 201):
                return
            assert status is None or status >= 500, status
        raise AssertionError(f"{clip_id} got no response")

    def _try(self, clip_id):
        connection = http.client.HTTPConnection("127.0.0.1", self.network.server_address[1], timeout=30)
        try:
            connection.request(
                "PUT", f"/api/v1/clips/{clip_id}", json.dumps(self.clips[clip_id]), self.headers
            )
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@pytest.fixture
def server(tmp_path):
    with running.running(tmp_path / "data") as it:
        yield it


def test_each_clip_is_saved_once_over_a_bad_network(server):
    with BadNetwork(server.port) as network:
        threading.Thread(target=network.serve_forever, daemon=True).start()
        clients = [Client(number, network, server) for number in range(CLIENTS)]
        running_ = [threading.Thread(target=client.run) for client in clients]
        for each in running_:
            each.start()
        for each in running_:
            each.join()
        network.shutdown()
    sent = {clip_id for client in clients for clip_id in client.clips}
    with contextlib.closing(sqlite3.connect(server.data / "paperclipper.db")) as database:
        rows = [row[0] for row in database.execute("SELECT id FROM clip")]
        papers = database.execute("SELECT count(*) FROM paper").fetchone()[0]
    assert sorted(rows) == sorted(sent)
    assert papers == CLIENTS * CLIPS
    assert sum(client.tries for client in clients) > len(sent) * 1.1
    assert set(network.done) == set(FAULTS)
