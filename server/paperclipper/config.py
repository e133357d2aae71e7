"""Settings: the only reader of the environment. One frozen object, made once, handed on."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from paperclipper.errors import DataFolderError, InvalidInputError

HOST = "127.0.0.1"
DEFAULT_PORT = 8377
PRIVATE = 0o077
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
    return Settings(chosen.expanduser().absolute(), port or DEFAULT_PORT, _public(public) if public else "")


def _public(address: str) -> str:
    """The address in its one form, as browsers send it in Origin. Over anything but TLS others could listen."""
    found = _PUBLIC.fullmatch(address.strip().lower())
    if not found:
        raise InvalidInputError(
            f"{address} is no public address: it begins with https://, and nothing follows the host and port, as in "
            "https://papers.example."
        )
    return f"https://{found['host']}{found['port'] or ''}"


def units_folder() -> Path:
    """Where systemd looks for a user's own units (systemd.unit(5))."""
    return Path(platformdirs.user_config_path("systemd")) / "user"


def agents_folder() -> Path:
    """Where launchd looks for a user's own agents."""
    return Path.home() / "Library/LaunchAgents"


@contextmanager
def umask(mask: int) -> Iterator[int]:
    """What is written for the time of the block has none of these rights; yields the mask there was before.

    SQLite and Whoosh make files of their own accord, so under PRIVATE whatever is made is its owner's alone.
    """
    before = os.umask(mask)
    try:
        yield before
    finally:
        os.umask(before)


@contextmanager
def private_folder(settings: Settings) -> Iterator[None]:
    """The data folder, ready, and whatever is made for the time of the block its owner's alone."""
    with umask(PRIVATE):
        prepare_folder(settings)
        yield


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, readable by its owner alone. Raises DataFolderError."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.data.chmod(0o700)
        settings.index.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise unusable(settings.data, error) from error


def unusable(data: Path, error: OSError) -> DataFolderError:
    """What the system said against the data folder, and what to do."""
    cure = "Give yourself the right to write there and make room on its disk, or choose another folder with --data."
    return DataFolderError(f"The data folder {data} cannot be used: {error.strerror}. {cure}")
