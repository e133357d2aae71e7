"""Every response of the real server matches the OpenAPI document, and every documented response occurs."""

import openapi_spec_validator
import pytest

from web.api import examples
from web.api.openapi import tour
from web.api.openapi.contract import PREFIX, Contract

# Not reproducible by requests: an internal error, an unavailable database, a full disk.
NOT_REPRODUCIBLE = {"500", "503", "507"}
# The free disk space hardly ever stays the same.
NEVER_UNCHANGED = {("GET", "/health", "304")}
# Client generators turn these into function names, so a rename is a breaking change.
OPERATIONS = {
    "hello": "hello",
    "pairings": "request_pairing claim_token list_pairings allow_pairing deny_pairing",
    "clips": "save_clip save_clips",
    "search": "search_papers",
    "papers": "look_up_papers get_paper edit_paper delete_paper restore_paper add_tag remove_tag merge_paper"
    " list_backlinks compare_then_and_now",
    "stubs": "add_stubs",
    "annotations": "list_annotations get_annotation save_annotation delete_annotation restore_annotation",
    "history": "list_annotation_revisions restore_annotation_revision"
    " list_paper_revisions restore_paper_revision",
    "tags": "list_tags edit_tag merge_tag delete_tag delete_unused_tags",
    "days": "list_decisions save_decision withdraw_decision save_sightings list_sightings",
    "actions": "edit_papers list_actions get_action undo_action",
    "trash": "list_trash purge get_purge delete_backup",
    "changes": "list_changes",
    "export": "export_markdown",
    "tokens": "list_tokens create_token revoke_token",
    "health": "get_health",
}


@pytest.fixture(scope="module")
def contract(server):
    answer = server.ask("GET", "/api/v1/openapi.json", token=())
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    return Contract(answer.json())


@pytest.fixture(scope="module")
def exchanges(server, contract):
    return tour.walk(server, contract)


# The document


def test_the_document_is_valid_openapi(contract):
    openapi_spec_validator.validate(contract.document)
    assert contract.document["openapi"].startswith("3.1.")


def test_every_route_is_an_operation(contract):
    routes = [(method, rule) for method, rule in examples.routes() if examples.is_api(rule)]
    written = {
        (method, rule.replace("<path:", "{").replace("<", "{").replace(">", "}")) for method, rule in routes
    }
    operation = {(method, PREFIX + path) for method, path, _ in contract.operations()}
    assert operation == {(method, path) for method, path in written if path not in examples.DOCUMENTS}
    assert contract.document["servers"][0]["url"] == PREFIX


def test_operation_ids_are_stable(contract):
    found = {
        (noun, operation["operationId"])
        for _, _, operation in contract.operations()
        for noun in operation["tags"]
    }
    expected = [(noun, name) for noun, names in OPERATIONS.items() for name in names.split()]
    assert found == set(expected)
    assert len({name for _, name in expected}) == len(list(contract.operations()))


def test_every_operation_documents_its_purpose_and_responses(contract):
    nouns = {tag["name"] for tag in contract.document["tags"]}
    for method, path, operation in contract.operations():
        assert operation["summary"], path
        assert set(operation["tags"]) <= nouns, path
        good = {status: operation["responses"][status] for status in operation["responses"] if status < "300"}
        assert good, path
        for status, response in good.items():
            assert ("content" in response) == (status != "204"), (method, path)
            assert all(content["schema"] for content in response.get("content", {}).values()), (method, path)


def test_every_parameter_has_a_description_and_a_valid_example(contract):
    for _, path, operation in contract.operations():
        parameters = [contract.resolve(each) for each in contract.document["paths"][path]["parameters"]]
        for each in parameters + [contract.resolve(each) for each in operation["parameters"]]:
            assert each["description"], (path, each["name"])
            assert contract.schema_errors(each["schema"], each["example"]) == [], (path, each["name"])
        parts = {each["name"] for each in parameters if each["in"] == "path"}
        assert parts == {part.partition("}")[0] for part in path.split("{")[1:]}, path


def media(part, where=()):
    """Yield every body in the document, with its path."""
    if isinstance(part, dict):
        if "schema" in part and "in" not in part and any("/" in step for step in where[-1:]):
            yield where, part
        for name, each in part.items():
            yield from media(each, (*where, name))


def test_every_body_has_a_valid_example(contract):
    found = list(media(contract.document))
    assert len(found) > 80
    for where, content in found:
        if where[-1].endswith("json"):
            assert contract.schema_errors(content["schema"], content["example"], closed=True) == [], where


def test_the_examples_of_every_schema_are_valid(contract):
    for name, schema in contract.document["components"]["schemas"].items():
        assert schema["description"], name
        for field, each in schema["properties"].items():
            for example in each.get("examples", ()):
                assert contract.schema_errors(each, example) == [], (name, field)


def test_documented_scopes_are_enforced(server, contract):
    for scope in ("read", "clip", "write", "admin"):
        for method, path, operation in contract.operations():
            needed = operation["security"][0]["token"] if operation["security"] else []
            if needed and needed != [scope]:
                answer = server.ask(method, PREFIX + contract.example(method, path), token=(scope,))
                assert answer.status == 403, (method, path)


def test_the_documented_session_cookie_is_the_real_one(contract, cookie):
    assert contract.document["components"]["securitySchemes"]["session"]["name"] == cookie.partition("=")[0]


# The document and the server


def test_every_response_matches_the_document(contract, exchanges):
    wrong = [
        (exchange.method, exchange.path, contract.violations(exchange.method, exchange.path, exchange.answer))
        for exchange in exchanges
    ]
    assert [each for each in wrong if each[2]] == []


def test_every_documented_response_occurs(contract, exchanges):
    operation = {
        (m, path, status) for m, path, operation in contract.operations() for status in operation["responses"]
    }
    given = {(exchange.method, exchange.path, str(exchange.answer.status)) for exchange in exchanges}
    rest = {each for each in operation - given if each[2] not in NOT_REPRODUCIBLE}
    assert rest <= NEVER_UNCHANGED


def test_optional_values_occur_both_present_and_absent(contract, exchanges):
    """Otherwise, the document could call values optional that are always present."""
    paged = [
        exchange.answer
        for exchange in exchanges
        if exchange.path == "/papers" and exchange.answer.status == 200
    ]
    assert {"Link" in answer.headers for answer in paged} == {True, False}
    for name in ("items", "partial", "facets", "filters", "explanation"):
        assert {bool(answer.json()[name]) for answer in paged} == {True, False}, name
    saved = [
        exchange.answer
        for exchange in exchanges
        if exchange.path == "/clips/{clip_id}" and exchange.answer.status == 200
    ]
    assert {"ETag" in answer.headers for answer in saved} == {True, False}
