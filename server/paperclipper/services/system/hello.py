"""Ask a server on this machine for its version, as the extension does."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass

from paperclipper.config import HOST

_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Hello:
    """The version of a running server, and that of the extension it works with."""

    version: str
    extension_version: str


def fetch(port: int) -> Hello | None:
    """Return what the server on this port reports, or None if there is no Paperclipper server."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)) as connection:
        try:
            connection.request("GET", "/api/v1/hello")
            answer = json.load(connection.getresponse())
            return Hello(str(answer["version"]), str(answer.get("extension_version", "")))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return None
