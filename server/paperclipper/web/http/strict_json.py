"""A strict JSON parser (RFC 8259).

Unlike Python's parser, it rejects NaN and Infinity, duplicate keys, and nesting deeper than MAX_DEPTH. Lone
surrogates and control characters are rejected by the fields in fields.py, which can report their position.
"""

import json
from typing import Any, NoReturn

MAX_DEPTH = 32


def loads(data: bytes) -> Any:
    """Parse a request body. Raise ValueError with a message for the client if it is invalid."""
    try:
        value = json.loads(
            data.decode("utf-8"), parse_constant=_reject_constant, object_pairs_hook=_reject_duplicate_keys
        )
    except UnicodeDecodeError as error:
        raise ValueError("The body is not valid UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    _reject_deep_nesting(value)
    return value


_TOO_DEEP = f"The body is nested more than {MAX_DEPTH} levels deep."


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"The body contains {name}, which is not valid JSON.")


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("The body contains the same key twice.")
    return found


def _reject_deep_nesting(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _reject_deep_nesting(child, depth + 1)
