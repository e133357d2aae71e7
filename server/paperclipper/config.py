"""Settings: the only reader of the environment. One frozen object, made once, handed on."""

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
    """Where the data lies and where the server listens: on this machine alone.

    `public` is the https origin by which other machines reach it, through a proxy on this one; empty where none does.
    """

    data: Path
    port: int = DEFAULT_PORT
    public: str = ""

    @property
    def database(self) -> Path:
        """The one file that must not be lost."""
        return self.data / "paperclipper.db"

    @property
    def index(self) -> Path:
        """The search index: may be deleted, is made anew."""
        return self.data / "index"

    @property
    def origin(self) -> str:
        """The origin (RFC 6454) that we name to the reader."""
        return self.public or f"http://{HOST}:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that is ours."""
        local = frozenset(f"http://{name}:{self.port}" for name in (HOST, "localhost"))
        return local | {self.public} if self.public else local

    @property
    def hosts(self) -> frozenset[str]:
        """Every `Host` that means this server."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)

    @property
    def public_host(self) -> str:
        """The `Host` that comes through the proxy, over TLS; empty where there is none."""
        return urlsplit(self.public).netloc


def read(
    data: Path | None = None,
    port: int | None = None,
    public: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Settings from what was typed, else from PAPERCLIPPER_DATA, else the user's data folder (platformdirs).

    Raises InvalidInputError for a public address that is none.
    """
    chosen = data or Path(environ.get("PAPERCLIPPER_DATA") or platformdirs.user_data_path("paperclipper"))
    return Settings(
        chosen.expanduser().absolute(), port or DEFAULT_PORT, _public_origin(public) if public else ""
    )


def _public_origin(address: str) -> str:
    """The address in its one form, as browsers send it in Origin. Over anything but TLS others could listen."""
    found = _PUBLIC.fullmatch(address.strip().lower())
    if not found:
        raise InvalidInputError(
            f"{address} is no public address: it begins with https://, and nothing follows the host and port, as in "
            "https://papers.example."
        )
    return f"https://{found['host']}{found['port'] or ''}"


def systemd_units_folder() -> Path:
    """Where systemd looks for a user's own units (systemd.unit(5))."""
    return Path(platformdirs.user_config_path("systemd")) / "user"


def launch_agents_folder() -> Path:
    """Where launchd looks for a user's own agents."""
    return Path.home() / "Library/LaunchAgents"
