"""What a server on this machine says of itself, asked as an extension would: for commands that run beside it."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass

from paperclipper.config import HOST

_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Hello:
    """Of which version the server is that runs, and which extension it wants."""

    version: str
    extension_version: str


def fetch(port: int) -> Hello | None:
    """None where nothing of ours answers there."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)) as connection:
        try:
            connection.request("GET", "/api/v1/hello")
            answer = json.load(connection.getresponse())
            return Hello(str(answer["version"]), str(answer.get("extension_version", "")))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return None
