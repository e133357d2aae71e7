"""Requests byte by byte, with headers that HTTP libraries would correct (Host, Content-Length)."""

import json
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """A response, with header names in lower case."""

    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


def send(port, method, target, headers, body=b"", *, hang_up=False):
    """Send a request on its own connection. `headers` are (name, value) pairs, sent unchanged.

    With `hang_up`, close the sending side after the body, whatever its Content-Length.
    """
    lines = [
        f"{method} {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers),
        "Connection: close",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        return _read(connection)


def _read(connection):
    received = b""
    while piece := connection.recv(65536):
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Reply(int(status.split()[1]), headers, body)
