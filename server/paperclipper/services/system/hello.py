"""Querying the version of a server running on this machine."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass

from paperclipper.config import HOST

_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Hello:
    """The version of a running server, and the version of its bundled extension."""

    version: str
    extension_version: str


def fetch(port: int) -> Hello | None:
    """Return the versions reported by the server on this port, or None if it is not a Paperclipper server."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)) as connection:
        try:
            connection.request("GET", "/api/v1/hello")
            answer = json.load(connection.getresponse())
            return Hello(str(answer["version"]), str(answer.get("extension_version", "")))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return None
