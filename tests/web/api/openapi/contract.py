"""Checks of a response against the OpenAPI document: status, media type, schema and headers."""

import re
from copy import deepcopy
from datetime import datetime
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

PREFIX = "/api/v1"
# Headers to document; the request guard and Flask add the rest.
DOCUMENTED_HEADERS = {
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
def is_timestamp(text):
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def is_url(text):
    return not isinstance(text, str) or bool(urlsplit(text).scheme and urlsplit(text).netloc)


class Contract:
    """The OpenAPI document, with checks of responses."""

    def __init__(self, document):
        self.document = document
        self._closed = _closed({"components": document["components"]})

    def operations(self):
        """Yield (method, path, operation)."""
        for path, entry in self.document["paths"].items():
            yield from (
                (name.upper(), path, operation) for name, operation in entry.items() if name != "parameters"
            )

    def operation(self, method, path):
        return self.document["paths"][path][method.lower()]

    def resolve(self, part):
        """Return the part, or what it refers to."""
        if "$ref" not in part:
            return part
        found = self.document
        for step in part["$ref"].split("/")[1:]:
            found = found[step]
        return found

    def example(self, method, path):
        """Return the path with the documented example of each parameter."""
        shared = [self.resolve(each) for each in self.document["paths"][path]["parameters"]]
        for each in shared:
            path = path.replace(f"{{{each['name']}}}", str(each["example"]))
        return path

    def schema_errors(self, schema, value, *, closed=False):
        """Return the errors of a value. With `closed`, undocumented properties are errors."""
        whole = self._closed if closed else {"components": self.document["components"]}
        validator = Draft202012Validator(
            (_closed(schema) if closed else schema) | whole, format_checker=FORMATS
        )
        return [f"{error.json_path}: {error.message}"[:500] for error in validator.iter_errors(value)]

    def violations(self, method, path, answer):
        """Return how a response differs from the document."""
        documented = self.operation(method, path)["responses"].get(str(answer.status))
        if documented is None:
            return [f"status {answer.status} is not documented: {answer.body[:300]}"]
        documented = self.resolve(documented)
        return [*self._header_violations(documented, answer), *self._body_violations(documented, answer)]

    def _header_violations(self, documented, answer):
        headers = {name: self.resolve(header) for name, header in documented["headers"].items()}
        missing = {name for name, header in headers.items() if header["required"]} - set(answer.headers)
        undocumented = DOCUMENTED_HEADERS & set(answer.headers) - set(headers)
        return [f"no {name}" for name in missing] + [f"{name} is not documented" for name in undocumented]

    def _body_violations(self, documented, answer):
        kind = answer.headers.get("Content-Type") if answer.body else None
        content = documented.get("content", {})
        if set(content) != ({kind} if kind else set()):
            return [f"a body of the kind {kind}: {answer.body[:300]}"]
        is_json = kind and re.search(r"[/+]json$", kind)
        return self.schema_errors(content[kind]["schema"], answer.json(), closed=True) if is_json else []


def _closed(schema):
    """Return the schema without additional properties."""
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
