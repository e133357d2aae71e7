"""Invalid input of every kind in every field of every body: a 4xx with a pointer, never an internal error.

The fields are read from the schemas, so new ones are included.
"""

import json
import re
from copy import deepcopy
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields

from builders import uuid7
from paperclipper.config import Settings
from paperclipper.model import Scope
from paperclipper.services.access import tokens
from paperclipper.web.api.serialization import schemas
from paperclipper.web.app import create_app
from paperclipper.web.http.fields import StrictBoolean, StrictInteger, Text, Url
from web.api import examples

HOST = "127.0.0.1:8377"
EXTENSION = "chrome-extension://" + "a" * 32
SCHEMAS = {
    ("POST", "/api/v1/pairings"): schemas.PairingSchema,
    ("POST", "/api/v1/pairings/<pairing_id>/token"): schemas.VerifierSchema,
    ("PUT", "/api/v1/clips/<clip_id>"): schemas.ClipSchema,
    ("POST", "/api/v1/clips"): schemas.ClipsSchema,
    ("POST", "/api/v1/papers/lookup"): schemas.LookupSchema,
    ("PUT", "/api/v1/papers/<path:ref>/merged-into"): schemas.OtherPaperSchema,
    ("POST", "/api/v1/papers/stubs"): schemas.StubsSchema,
    ("PATCH", "/api/v1/tags/<tag_id>"): schemas.TagEditSchema,
    ("PUT", "/api/v1/tags/<tag_id>/merged-into"): schemas.OtherTagSchema,
    ("PUT", "/api/v1/bulk/<action_id>"): schemas.BulkSchema,
    ("PUT", "/api/v1/purges/<purge_id>"): schemas.PurgeSchema,
    ("PATCH", "/api/v1/papers/<path:ref>"): schemas.PaperEditSchema,
    ("PUT", "/api/v1/annotations/<annotation_id>"): schemas.AnnotationSchema,
    ("PUT", "/api/v1/days/<day>/decisions"): schemas.DecisionSchema,
    ("POST", "/api/v1/sightings"): schemas.SightingsSchema,
    ("POST", "/api/v1/tokens"): schemas.TokenSchema,
}

# As JSON text, since some of these have no Python value.
NOT_TEXT = ["1", "1.5", "true", "[]", "{}", '["a"]']
BAD_CHARACTERS = [r'"a\ud800b"', r'"\udfff"', r'"a\u0000b"', r'"a\u0007b"', r'"\u009b"']
BAD_ADDRESSES = [
    '"javascript:alert(1)"',
    '"//no.scheme"',
    '"https://"',
    '"https://u:p@boats.example/"',
    '"a b"',
]
BAD_ADDRESSES += [
    '"https://boats.example/\\n"',
    '"JaVaScRiPt:x"',
    '"data:text/html,x"',
    '"http://[::1"',
    '"file:///x"',
]
NOT_COUNTS = [
    "true",
    '"1"',
    "1.5",
    "-1",
    "9223372036854775808",
    "-9223372036854775809",
    "1e400",
    "[]",
    "{}",
    "2147483648",
]
NOT_FLAGS = ["0", "1", '"true"', "[]"]
NOT_DAYS = [
    '"2026-02-30"',
    '"yesterday"',
    "20260309",
    "true",
    "[]",
    '"2026-03-09T00:00:00"',
    '"\\ud800"',
    '""',
]
NOT_MOMENTS = [
    '"2026-03-09"',
    '"2026-03-09T08:30:00"',
    '"x"',
    "1",
    "null",
    "[]",
    '"\\ud800"',
    '"9999-12-31T23:59:59-23:59"',
]
NOT_NAMES = ['"nonsense"', "1", "true", "[]", "{}", '"\\ud800"', '"DIGEST"', '""']


def wrong_values(field):
    """Return JSON texts that are invalid in this field."""
    kinds = (
        (Url, NOT_TEXT + BAD_CHARACTERS + BAD_ADDRESSES + [f'"https://boats.example/{"x" * 2100}"']),
        (Text, NOT_TEXT + BAD_CHARACTERS),
        (StrictInteger, NOT_COUNTS),
        (StrictBoolean, NOT_FLAGS),
        (fields.Date, NOT_DAYS),
        (fields.AwareDateTime, NOT_MOMENTS),
        (fields.Enum, NOT_NAMES),
        (fields.String, [*NOT_TEXT, '"\\ud800"', '"x"']),
        (fields.Nested, ["1", '"x"', "[1]", "[]", "true"]),
        (fields.Dict, ["1", '"x"', "[1]", "true"]),
        (fields.List, ["1", '"x"', "{}", "true"]),
    )
    found = next(values for kind, values in kinds if isinstance(field, kind))
    if isinstance(field, Text) and not isinstance(field, Url):
        limit = field.validators[0]
        found = [*found, json.dumps("x" * (limit.max + 1))] + ['""'] * bool(limit.min)
    if isinstance(field, fields.List) and field.validators:
        found = [*found, json.dumps(["2603.01234"] * (field.validators[0].max + 1))]
    return found if field.allow_none else [*found, "null"]


def places(schema, path=()):
    """Yield (path, field) for every field of a schema, including nested schemas and list items."""
    for name, field in schema.fields.items():
        yield (*path, name), field
        yield from _inside(field, (*path, name))


def _inside(field, path):
    if isinstance(field, fields.List):
        yield (*path, 0), field.inner
        yield from _inside(field.inner, (*path, 0))
    elif isinstance(field, fields.Nested):
        yield from places(field.schema, path)


def spoilt(body, path, text):
    """Return the body as JSON, with `text` at `path`."""
    marker = "put it here"
    body = deepcopy(body)
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    if isinstance(inner, list):
        inner[:] = [marker]
    else:
        inner[path[-1]] = marker
    return json.dumps(body).replace(json.dumps(marker), text).encode()


def pointer(path):
    return "".join(f"/{step}" for step in path)


@pytest.fixture(scope="module")
def every_place():
    """All (method, rule, path, field)."""
    return [(*route, path, field) for route, schema in SCHEMAS.items() for path, field in places(schema())]


@pytest.fixture
def send(store, tmp_path):
    """A function that sends bytes as a JSON body to a route and returns the response."""
    app = create_app(Settings(tmp_path))
    _, secret = tokens.create(store, "all", list(Scope))
    client = app.test_client()

    def ask(method, rule, body, path=None):
        headers = {"Host": HOST, "Content-Type": "application/json"}
        if rule.startswith("/api/v1/pairings"):
            headers["Origin"] = EXTENSION
        else:
            headers["Authorization"] = f"Bearer {secret}"
        fresh = rule.replace("<clip_id>", uuid7()).replace("<annotation_id>", uuid7())
        return client.open(path or examples.address(fresh), method=method, data=body, headers=headers)

    assert ask("PUT", "/api/v1/clips/<clip_id>", json.dumps(examples.clip()).encode()).status_code == 201
    return ask


def refusal(answer):
    """Return the problem details of a 4xx response."""
    assert 400 <= answer.status_code < 500, answer.data
    assert answer.content_type == "application/problem+json"
    return answer.json


def test_every_body_has_a_schema():
    assert set(SCHEMAS) == set(examples.BODIES)


def test_examples_have_every_field(every_place):
    for method, rule, path, _ in every_place:
        inner = examples.BODIES[method, rule]
        for step in path:
            inner = inner[step]


@pytest.mark.parametrize("route", SCHEMAS, ids=lambda route: " ".join(route))
def test_every_field_rejects_invalid_values_with_its_pointer(send, route):
    wrong = []
    for path, field in places(SCHEMAS[route]()):
        for text in wrong_values(field):
            answer = send(*route, spoilt(examples.BODIES[route], path, text))
            found = [e["pointer"] for e in (answer.json or {}).get("errors", [])]
            if answer.status_code != 422 or not any(p.startswith(pointer(path)) for p in found):
                wrong.append((pointer(path), text[:50], answer.status_code, answer.data[:200]))
    assert wrong == []


def test_invalid_json_is_rejected_in_every_field(send, every_place):
    for method, rule, path, _ in every_place:
        for text in ("NaN", "-Infinity", "1" * 5000, "[" * 100 + "]" * 100, "[" * 5000):
            refusal(send(method, rule, spoilt(examples.BODIES[method, rule], path, text)))


@pytest.mark.parametrize("route", SCHEMAS, ids=lambda route: " ".join(route))
def test_unknown_missing_and_duplicate_fields_are_rejected(send, route):
    good = examples.BODIES[route]
    for name, pointer_ in (("nonsense", "/nonsense"), ("a/b~c", "/a~1b~0c"), ("\u0000", "/\u0000")):
        found = refusal(send(*route, json.dumps(good | {name: 1}).encode()))
        assert pointer_ in [e["pointer"] for e in found["errors"]]
    for name, field in SCHEMAS[route]().fields.items():
        if field.required:
            found = refusal(send(*route, json.dumps({k: v for k, v in good.items() if k != name}).encode()))
            assert pointer([name]) in [e["pointer"] for e in found["errors"]]
    first = json.dumps(next(iter(good)))
    doubled = json.dumps(good)[:-1] + f", {first}: 1}}"
    assert "twice" in refusal(send(*route, doubled.encode()))["detail"]


NO_OBJECTS = [
    b"{",
    b"[]",
    b"null",
    b"1",
    b'"x"',
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b"{} {}",
    b"{'a': 1}",
    b"[" * 100_000,
]


def test_a_body_that_is_not_an_object_is_rejected(send):
    for route in SCHEMAS:
        for body in NO_OBJECTS:
            refusal(send(*route, body))
        if route[0] != "PATCH":  # an empty edit succeeds
            refusal(send(*route, b""))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.characters(categories=["Cs"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_no_value_in_any_field_is_an_internal_error(send, every_place):
    @given(st.sampled_from(every_place), JSON)
    def anything(place, value):
        method, rule, path, _ = place
        answer = send(method, rule, spoilt(examples.BODIES[method, rule], path, json.dumps(value)))
        assert answer.status_code < 500, answer.data
        if answer.status_code >= 400:
            refusal(answer)

    anything()


def test_no_path_is_an_internal_error(send):
    routes = [route for route in examples.routes() if examples.is_api(route[1]) and "<" in route[1]]

    @given(
        st.sampled_from(routes),
        st.text(max_size=40) | st.sampled_from(["..", "a/b", "http://[::1", "10.1000/\udc80"]),
    )
    def anything(route, text):
        method, rule = route
        body = json.dumps(examples.BODIES.get(route, {})).encode()
        path = re.sub("<[^>]*>", lambda _: quote(text, safe="", errors="surrogatepass"), rule)
        answer = send(method, rule, body, path)
        assert answer.status_code < 500, answer.data

    anything()
