"""Where a page may send the browser, and which part of a list was asked for."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import request

from paperclipper.errors import InvalidInputError
from paperclipper.identifiers import check_url

_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def local_path(path: str | None, default: str) -> str:
    """The path, if it stays on this server; else the default. `//host` and `/\\host` lead away (WHATWG URL, 4.4)."""
    return path if path and _LOCAL_PATH.fullmatch(path) else default


def with_action(path: str, action_id: str) -> str:
    """The path to a page that shall tell of this act."""
    parts = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "done"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("done", action_id)])))


def page_number(last: int) -> int:
    """Which page of a list was asked for, counted from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), last)


def http_url(url: str) -> str:
    """The address, if it is http or https; else nothing, so that no link is made of it."""
    try:
        return check_url(url)
    except InvalidInputError:
        return ""


def host(url: str) -> str:
    """The host of an address, without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
