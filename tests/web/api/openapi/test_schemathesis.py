"""Whatever a program sends that has read the document: no fault of ours, and no answer that it does not tell of."""

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
# What is well-formed may still name nothing, be late, or be a guess too many.
WELL_FORMED = ["2xx", "304", "404", "409", "410", "412", "428", "429"]


def _schema():
    application = create_app(Settings(Path("never-opened")))
    document = _without("Paperclipper-Instance", openapi.build(application, "paperclipper"))
    checks = {
        "negative_data_rejection": {"expected-statuses": ["4xx"]},
        "positive_data_acceptance": {"expected-statuses": [*WELL_FORMED, "401", "403", "422"]},
        # The gate stands before the routes, so who may do nothing is told that whatever the method; and `/papers/<ref>`
        # takes any path behind it, so its methods are those of every address below.
        "unsupported_method": {"enabled": False},
        "allow_header_conformance": {"enabled": False},
        # A guess too many is 429, not 401.
        "ignored_auth": {"enabled": False},
    }
    # A batch is accepted whatever is wrong with a part of it: each part has an answer of its own.
    operations = [{"include-name": "POST /clips", "checks": {"negative_data_rejection": {"enabled": False}}}]
    generation = {"deterministic": True, "with-security-parameters": False}
    config = {"operations": operations, "checks": checks, "generation": generation}
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(config))


def _without(parameter, part):
    """The document without a header that a made-up value of is refused, whatever else is sent."""
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
    """Whoever may do everything, and whoever may do nothing."""
    return [{"Authorization": f"Bearer {server.token(*EVERY_SCOPE)}"}, {}]


def check(case, server, rights):
    for headers in rights:
        sent = {"base_url": f"{server.origin}/api/v1", "headers": headers}
        answer = case.call(**sent)
        # gunicorn itself refuses lines of over 4094 bytes; none that the document allows is so long.
        if answer.status_code != 414 or case.meta.generation.mode.is_positive:
            case.validate_response(answer, headers=headers, transport_kwargs=sent)


@SCHEMA.parametrize()
@CI
def test_every_response_to_a_generated_request_is_documented(case, server, rights):
    check(case, server, rights)


def follow(server, headers, seeds):
    """Stories of requests, each made of what earlier ones answered, upon a library that remembers; what was wrong."""
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
        # A story told again may end otherwise, since the library has changed by it: that is no fault.
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
