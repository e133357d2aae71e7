"""Hashing clip requests, to distinguish a retry from a different request with the same id."""

import hashlib
import json
from dataclasses import is_dataclass

from paperclipper.model import ClipRequest

# Fields added after the first hashes were stored. They are hashed only if they are not empty.
_LATER = frozenset({"venue"})
# Fields that were renamed after the first hashes were stored. The original names are hashed.
_HASHED_NAMES = {"page": "place"}


def of(request: ClipRequest) -> str:
    """Return the SHA-256 hash of all fields of the request."""
    canonical = json.dumps(request, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    if not is_dataclass(value):
        return str(value)
    fields = {name: part for name, part in vars(value).items() if part or name not in _LATER}
    return {_HASHED_NAMES.get(name, name): part for name, part in fields.items()}
