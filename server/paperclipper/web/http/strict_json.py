"""JSON as the API takes it: RFC 8259 without the traps that Python's reader lets through.

Refused: NaN and Infinity, the same key twice, nesting deeper than MAX_DEPTH, text that is not UTF-8. Lone surrogates
and control characters are the fields' business (api/fields.py), which can say where they are.
"""

import json
from typing import Any, NoReturn

MAX_DEPTH = 32


def loads(data: bytes) -> Any:
    """The value. Raises ValueError with a sentence for a person."""
    try:
        value = json.loads(
            data.decode("utf-8"), parse_constant=_reject_constant, object_pairs_hook=_reject_duplicate_keys
        )
    except UnicodeDecodeError as error:
        raise ValueError("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    _reject_deep_nesting(value)
    return value


_TOO_DEEP = f"The body is nested deeper than {MAX_DEPTH} levels."


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"The body holds {name}, which is not JSON.")


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("The body holds the same key twice.")
    return found


def _reject_deep_nesting(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _reject_deep_nesting(child, depth + 1)
