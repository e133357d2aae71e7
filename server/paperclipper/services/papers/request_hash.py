"""The hash of a clip request. It distinguishes a repeated request from another request with the same id."""

import hashlib
import json
from dataclasses import is_dataclass

from paperclipper.model import ClipRequest

# Fields that are newer than the first stored hashes. They count only if they are filled.
_LATER = frozenset({"venue"})
# Fields that had another name when the first hashes were stored.
_HASHED_NAMES = {"page": "place"}


def of(request: ClipRequest) -> str:
    """Return the SHA-256 of all fields of the request."""
    canonical = json.dumps(request, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    if not is_dataclass(value):
        return str(value)
    fields = {name: part for name, part in vars(value).items() if part or name not in _LATER}
    return {_HASHED_NAMES.get(name, name): part for name, part in fields.items()}
