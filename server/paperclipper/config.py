"""Settings: the only reader of the environment. One frozen object, made once, handed on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from paperclipper.errors import DataFolderError

HOST = "127.0.0.1"
DEFAULT_PORT = 8377


@dataclass(frozen=True)
class Settings:
    """Where the data lies and where the server listens. The server is reached from this machine alone."""

    data: Path
    port: int = DEFAULT_PORT

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
        """Our own origin (RFC 6454)."""
        return f"http://{HOST}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """Every `Host` that means this server."""
        return frozenset(f"{name}:{self.port}" for name in (HOST, "localhost"))


def read(data: Path | None = None, port: int | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from what was typed, else from PAPERCLIPPER_DATA, else the user's data folder (platformdirs)."""
    chosen = data or Path(environ.get("PAPERCLIPPER_DATA") or platformdirs.user_data_path("paperclipper"))
    return Settings(chosen.expanduser().absolute(), port or DEFAULT_PORT)


def units_folder() -> Path:
    """Where systemd looks for a user's own units (systemd.unit(5))."""
    return Path(platformdirs.user_config_path("systemd")) / "user"


def agents_folder() -> Path:
    """Where launchd looks for a user's own agents."""
    return Path.home() / "Library/LaunchAgents"


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
