"""What the API's document promises of an answer, as a test: status, kind of body, its shape, its headers."""

import re
from copy import deepcopy
from datetime import datetime
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

PREFIX = "/api/v1"
# Headers that say something to a program; the rest are the gate's and Flask's.
TELLING = {
    "ETag",
    "Link",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
    "Content-Disposition",
    "Location",
}
FORMATS = FormatChecker(("date", "uuid"))


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(text):
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def is_address(text):
    return not isinstance(text, str) or bool(urlsplit(text).scheme and urlsplit(text).netloc)


class Contract:
    """The document, asked whether an answer keeps it."""

    def __init__(self, document):
        self.document = document
        self._closed = _closed({"components": document["components"]})

    def operations(self):
        """(method, path, operation) of each."""
        for path, entry in self.document["paths"].items():
            yield from ((name.upper(), path, told) for name, told in entry.items() if name != "parameters")

    def operation(self, method, path):
        return self.document["paths"][path][method.lower()]

    def opened(self, part):
        """The part, where a reference stands for it."""
        if "$ref" not in part:
            return part
        found = self.document
        for step in part["$ref"].split("/")[1:]:
            found = found[step]
        return found

    def example(self, method, path):
        """The path with the document's own example in each of its parts."""
        shared = [self.opened(each) for each in self.document["paths"][path]["parameters"]]
        for each in shared:
            path = path.replace(f"{{{each['name']}}}", str(each["example"]))
        return path

    def faults(self, schema, value, *, closed=False):
        """What is wrong with a value; `closed` takes a property that the schema does not name for a fault."""
        whole = self._closed if closed else {"components": self.document["components"]}
        validator = Draft202012Validator(
            (_closed(schema) if closed else schema) | whole, format_checker=FORMATS
        )
        return [f"{error.json_path}: {error.message}"[:500] for error in validator.iter_errors(value)]

    def broken(self, method, path, answer):
        """What of the document an answer does not keep."""
        told = self.operation(method, path)["responses"].get(str(answer.status))
        if told is None:
            return [f"status {answer.status} is not told of: {answer.body[:300]}"]
        told = self.opened(told)
        return [*self._broken_headers(told, answer), *self._broken_body(told, answer)]

    def _broken_headers(self, told, answer):
        headers = {name: self.opened(header) for name, header in told["headers"].items()}
        missing = {name for name, header in headers.items() if header["required"]} - set(answer.headers)
        untold = TELLING & set(answer.headers) - set(headers)
        return [f"no {name}" for name in missing] + [f"{name} is not told of" for name in untold]

    def _broken_body(self, told, answer):
        kind = answer.headers.get("Content-Type") if answer.body else None
        content = told.get("content", {})
        if set(content) != ({kind} if kind else set()):
            return [f"a body of the kind {kind}: {answer.body[:300]}"]
        is_json = kind and re.search(r"[/+]json$", kind)
        return self.faults(content[kind]["schema"], answer.json(), closed=True) if is_json else []


def _closed(schema):
    """The schema, but that an object has no properties beside those that are named."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return deepcopy(schema)
    more = (
        {"additionalProperties": False}
        if isinstance(schema.get("properties"), dict) and "type" in schema
        else {}
    )
    return {name: _closed(each) for name, each in schema.items()} | more
