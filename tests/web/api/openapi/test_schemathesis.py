"""Requests generated from the OpenAPI document: no internal error, and no undocumented response."""

from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.config import SchemathesisConfig

from paperclipper.config import Settings
from paperclipper.web.api import openapi
from paperclipper.web.app import create_app

EVERY_SCOPE = ("read", "clip", "write", "admin")
# Valid requests can still fail: not found, conflict, gone, too many.
WELL_FORMED = ["2xx", "304", "404", "409", "410", "412", "428", "429"]


def _schema():
    application = create_app(Settings(Path("never-opened")))
    document = _without("Paperclipper-Instance", openapi.build(application, "paperclipper"))
    checks = {
        "negative_data_rejection": {"expected-statuses": ["4xx"]},
        "positive_data_acceptance": {"expected-statuses": [*WELL_FORMED, "401", "403", "422"]},
        # The request guard rejects a caller before the method is checked; and `/papers/<ref>` matches all
        # paths below it, so their methods differ.
        "unsupported_method": {"enabled": False},
        "allow_header_conformance": {"enabled": False},
        # Too many guesses are 429, not 401.
        "ignored_auth": {"enabled": False},
    }
    # A batch is accepted even if some items are invalid: each has its own result.
    operations = [{"include-name": "POST /clips", "checks": {"negative_data_rejection": {"enabled": False}}}]
    generation = {"deterministic": True, "with-security-parameters": False}
    config = {"operations": operations, "checks": checks, "generation": generation}
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(config))


def _without(parameter, part):
    """Return the document without this header, since any generated value of it is rejected."""
    if isinstance(part, list):
        reference = {"$ref": f"#/components/parameters/{parameter}"}
        return [_without(parameter, each) for each in part if each != reference]
    return (
        {name: _without(parameter, each) for name, each in part.items()} if isinstance(part, dict) else part
    )


SCHEMA = _schema()
CI, NIGHTLY = (settings(suppress_health_check=list(HealthCheck), max_examples=count) for count in (10, 200))


@pytest.fixture(scope="module")
def rights(server):
    """Headers with all scopes and with none."""
    return [{"Authorization": f"Bearer {server.token(*EVERY_SCOPE)}"}, {}]


def check(case, server, rights):
    for headers in rights:
        sent = {"base_url": f"{server.origin}/api/v1", "headers": headers}
        answer = case.call(**sent)
        # gunicorn rejects request lines over 4094 bytes, which no valid request has.
        if answer.status_code != 414 or case.meta.generation.mode.is_positive:
            case.validate_response(answer, headers=headers, transport_kwargs=sent)


@SCHEMA.parametrize()
@CI
def test_every_response_to_a_generated_request_is_documented(case, server, rights):
    check(case, server, rights)


def follow(server, headers, seeds):
    """Send sequences of requests built from earlier responses, and return the number of requests."""
    wrong = []

    class Story(SCHEMA.as_state_machine()):
        asked = 0

        def get_call_kwargs(self, case):
            return {"base_url": f"{server.origin}/api/v1", "headers": headers}

        def validate_response(self, response, case, **kwargs):
            Story.asked += 1
            try:
                case.validate_response(response, headers=headers, transport_kwargs=self.get_call_kwargs(case))
            except Exception as failure:
                wrong.append(failure)
                raise

    for number in range(seeds):
        # Replays may differ, since the library has changed.
        with suppress(FlakyStrategyDefinition):
            seed(number)(Story).run(settings=settings(CI, max_examples=4, phases=[Phase.generate]))
    assert wrong == []
    return Story.asked


def test_every_response_in_a_sequence_of_requests_is_documented(server, rights):
    assert follow(server, rights[0], 3) > 20
    assert follow(server, rights[1], 1) > 5


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_many_more_sequences_of_requests(server, rights):
    assert follow(server, rights[0], 60) > 600


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@SCHEMA.parametrize()
@NIGHTLY
def test_many_more_generated_requests(case, server, rights):
    check(case, server, rights)
