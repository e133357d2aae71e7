"""Fixtures that save papers and send requests to the API."""

import pytest

from builders import uuid7
from web.api import examples
from web.api.examples import numbers

EVERY_SCOPE = ("read", "clip", "write", "admin")


@pytest.fixture
def arxiv_id():
    """An arXiv id that no other test uses."""
    return f"2512.{next(numbers)}"


@pytest.fixture
def save_clip(server, arxiv_id):
    """A function that saves a clip of a new paper and returns the response."""

    def save(clip_id=None, **facts):
        facts = {"title": f"Boats {arxiv_id}"} | facts
        body = examples.clip(facts.pop("arxiv_id", arxiv_id), **facts)
        return server.ask("PUT", f"/api/v1/clips/{clip_id or uuid7()}", body)

    return save


@pytest.fixture
def paper(save_clip):
    """A new paper, as JSON."""
    return save_clip().json()["paper"]


@pytest.fixture
def ask(server):
    """A function that sends a request with all scopes and returns (status, JSON)."""

    def send(method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = server.ask(method, f"/api/v1{path}", body, named, token=EVERY_SCOPE)
        assert answer.status < 500, answer.body
        return answer.status, answer.json() if answer.body else None

    return send


@pytest.fixture
def add_paper(ask):
    """A function that saves a new paper and returns it as JSON."""

    def save(**facts):
        body = examples.clip(
            f"2511.{next(numbers)}", **{"title": f"Boats {next(numbers)}", "doi": ""} | facts
        )
        return ask("PUT", f"/clips/{uuid7()}", body)[1]["paper"]

    return save
