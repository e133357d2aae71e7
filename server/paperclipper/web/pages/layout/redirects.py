"""Safe redirects and links, and page numbers."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import request

from paperclipper.errors import InvalidInputError
from paperclipper.identifiers import check_url

_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def local_path(path: str | None, default: str) -> str:
    r"""Return the path if it is local to this server, else the default.

    `//host` and `/\\host` are not local (WHATWG URL, 4.4).
    """
    return path if path and _LOCAL_PATH.fullmatch(path) else default


def with_action(path: str, action_id: str) -> str:
    """Add the id of the action that the page offers to undo to a path."""
    parts = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "done"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("done", action_id)])))


def page_number(last: int) -> int:
    """Return the requested page number, from 1 to `last`."""
    return min(max(request.args.get("page", 1, type=int), 1), last)


def http_url(url: str) -> str:
    """Return the URL if it is http or https, else an empty string, so that unsafe URLs are not linked."""
    try:
        return check_url(url)
    except InvalidInputError:
        return ""


def host(url: str) -> str:
    """Return the host of a URL without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
