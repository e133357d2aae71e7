"""Settings from the command line and the environment. Only this module reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from paperclipper.errors import InvalidInputError

HOST = "127.0.0.1"
DEFAULT_PORT = 8377
_PUBLIC = re.compile(r"https://(?P<host>[a-z0-9.-]{1,253})(?::443|(?P<port>:[0-9]{1,5}))?/?", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """The data folder and the server's addresses. The server listens on the loopback interface only.

    `public` is the https origin at which other machines reach the server through a local proxy, or empty.
    """

    data: Path
    port: int = DEFAULT_PORT
    public: str = ""

    @property
    def database(self) -> Path:
        """The database file, the only file that must not be lost."""
        return self.data / "paperclipper.db"

    @property
    def index(self) -> Path:
        """The folder of the search index. If it is deleted, the index is rebuilt."""
        return self.data / "index"

    @property
    def origin(self) -> str:
        """The origin (RFC 6454) shown to the reader."""
        return self.public or f"http://{HOST}:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """All origins of this server."""
        local = frozenset(f"http://{name}:{self.port}" for name in (HOST, "localhost"))
        return local | {self.public} if self.public else local

    @property
    def hosts(self) -> frozenset[str]:
        """All Host header values that this server accepts."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)

    @property
    def public_host(self) -> str:
        """The Host header of requests that arrive through the proxy, or empty if there is no proxy."""
        return urlsplit(self.public).netloc


def read(
    data: Path | None = None,
    port: int | None = None,
    public: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings. The data folder defaults to PAPERCLIPPER_DATA or the user data folder.

    Raise InvalidInputError if the public address is not a valid https origin.
    """
    chosen = data or Path(environ.get("PAPERCLIPPER_DATA") or platformdirs.user_data_path("paperclipper"))
    return Settings(
        chosen.expanduser().absolute(), port or DEFAULT_PORT, _public_origin(public) if public else ""
    )


def _public_origin(address: str) -> str:
    """Return the address as browsers send it in Origin. It must be https, because HTTP can be intercepted."""
    found = _PUBLIC.fullmatch(address.strip().lower())
    if not found:
        raise InvalidInputError(
            f"{address} is not a valid public address. Use https://, a host and optionally a port, "
            "for example https://papers.example."
        )
    return f"https://{found['host']}{found['port'] or ''}"


def systemd_units_folder() -> Path:
    """Return the folder of the user's systemd units (systemd.unit(5))."""
    return Path(platformdirs.user_config_path("systemd")) / "user"


def launch_agents_folder() -> Path:
    """Return the folder of the user's launch agents (launchd.plist(5))."""
    return Path.home() / "Library/LaunchAgents"
