"""The API documentation page: complete, the same for everyone, and usable without script."""

import re
import shlex
from collections import Counter
from html.parser import HTMLParser

import pytest

from paperclipper.web.pages.api_docs.schemas import describe, fields
from web.api.openapi.contract import PREFIX, Contract
from web.pages.reading import normalise

EVERY_SCOPE = ("read", "clip", "write", "admin")
# Statuses of invalid requests, which no example may return.
INVALID_REQUEST = {400, 401, 403, 411, 413, 415, 422}


class Page(HTMLParser):
    """The ids, links and commands of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.commands, self.tags = [], [], [], []
        self._in_command = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.tags.append((tag, named))
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if tag == "a" else []
        self._in_command = named.get("class") == "command"

    def handle_data(self, text):
        if self._in_command:
            self.commands.append(text)
            self._in_command = False


@pytest.fixture(scope="module")
def answer(server):
    return server.ask("GET", "/api/v1/docs", token=())


@pytest.fixture(scope="module")
def page(answer):
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return Page(answer.body.decode())


@pytest.fixture(scope="module")
def contract(server):
    return Contract(server.ask("GET", "/api/v1/openapi.json", token=()).json())


def test_everyone_gets_the_same_page(server, answer, cookie):
    for headers in ({"Cookie": cookie}, {"Authorization": f"Bearer {server.token(*EVERY_SCOPE)}"}):
        for path in ("/api/v1/docs", "/api/v1/openapi.json"):
            alone = server.ask("GET", path, token=())
            assert server.ask("GET", path, headers=headers, token=()).body == alone.body
            again = server.ask(
                "GET", path, headers=headers | {"If-None-Match": alone.headers["ETag"]}, token=()
            )
            assert (again.status, again.body) == (304, b"")


def test_the_page_needs_no_inline_script_or_style(page):
    for tag, named in page.tags:
        assert tag != "style"
        assert tag != "script" or named["src"].startswith("/static/")
        assert not [name for name in named if name == "style" or name.startswith("on")], (tag, named)


def test_every_link_has_a_target(page):
    assert [each for each, number in Counter(page.ids).items() if number > 1] == []
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert within <= set(page.ids)
    assert {link for link in page.links if not link.startswith("#")} == {"/", "/api/v1/openapi.json"}


def test_the_page_has_everything_in_the_document(page, contract, answer):
    text = normalise(answer.body.decode())
    for method, path, operation in contract.operations():
        assert operation["operationId"] in page.ids
        assert f"<b>{method}</b> {path}</code></h3>" in text
    assert {f"noun-{tag['name']}" for tag in contract.document["tags"]} <= set(page.ids)
    schemas = {name for name in contract.document["components"]["schemas"] if not name.endswith("Body")}
    assert schemas <= set(page.ids)
    statuses = {
        f"e{s}" for _, _, operation in contract.operations() for s in operation["responses"] if s >= "400"
    }
    assert statuses <= set(page.ids)


def test_every_command_is_a_valid_request_of_its_operation(server, page, contract):
    """Each curl command is a valid request of its operation."""
    operations = {(method, path): operation for method, path, operation in contract.operations()}
    asked = {}
    for command in page.commands:
        method, address, headers, body = read(command.replace("$TOKEN", server.token(*EVERY_SCOPE)))
        assert address.startswith(server.origin)
        path = address.removeprefix(server.origin)
        (operation,) = [key for key in operations if key[0] == method and matches(contract, key[1], path)]
        reply = server.ask(method, path, body, headers, token=())
        assert reply.status not in INVALID_REQUEST, (command, reply.body)
        assert contract.violations(*operation, reply) == []
        asked[operation] = reply.status
    assert set(asked) == set(operations)
    assert [
        key for key, status in asked.items() if key[0] == "GET" and key[1].count("/") == 1 and status != 200
    ] == []


def read(command):
    """Parse the method, URL, headers and body of a curl command."""
    program, *rest = shlex.split(command.replace("\\\n", ""))
    assert program == "curl"
    method, headers, body, address = "GET", {}, None, None
    while rest:
        word = rest.pop(0)
        if word == "-X":
            method = rest.pop(0)
        elif word == "-H":
            name, _, value = rest.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = rest.pop(0).encode()
        elif word != "-OJ":
            assert address is None, command
            address = word
    return method, address, headers, body


def matches(contract, template, path):
    return PREFIX + contract.example("", template) == re.sub(r"\?.*", "", path).replace("%2F", "/")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "minLength": 1, "maxLength": 1000}, "string, 1 to 1,000 characters"),
        ({"type": "string", "minLength": 36, "maxLength": 36}, "string of 36 characters"),
        ({"type": "string", "maxLength": 64}, "string, at most 64 characters"),
        ({"type": "string", "pattern": "^a$"}, "string that matches ^a$"),
        ({"type": ["string", "null"], "enum": ["a", "b", None]}, "one of a, b or null"),
        ({"type": "string", "const": "waiting"}, "always waiting"),
        ({"type": "integer", "minimum": 0}, "integer"),
        ({"type": "integer", "minimum": 1}, "integer, 1 or more"),
        ({"type": ["integer", "null"], "minimum": 1, "maximum": 5}, "integer, 1 to 5, or null"),
        (
            {"type": "array", "maxItems": 20, "items": {"type": "boolean"}},
            "array of boolean, at most 20",
        ),
        ({"anyOf": [{"$ref": "#/components/schemas/Tag"}, {"type": "null"}]}, "[Tag] or null"),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {"type": "boolean"}]},
            "pair: string, boolean",
        ),
        ({"description": "As it was sent."}, "any value"),
    ],
)
def test_a_schema_in_words(schema, expected):
    assert "".join(f"[{name}]" if name else text for text, name in describe(schema)) == expected


def test_an_object_in_words():
    inner = {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": inner, "maxItems": 5},
            "named": {
                "anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}],
                "description": "Or none.",
            },
        },
    }
    shallow = [(each.path + each.name, each.is_required) for each in fields(schema, {"Inner": inner})]
    assert shallow == [("items", False), ("items[].day", True), ("named", False)]
    opened = fields(schema, {"Inner": inner}, deep=True)
    deep = [(each.path + each.name, each.kind[0][0], each.description) for each in opened]
    assert deep[2:] == [("named", "object or null", "Or none."), ("named.day", "string", "")]
