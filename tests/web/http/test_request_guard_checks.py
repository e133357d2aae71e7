"""Each check of the request guard is necessary: without it, a bad request gets through."""

import inspect

import pytest
from flask import g

from paperclipper.config import Settings
from paperclipper.model import Scope
from paperclipper.services.access import tokens
from paperclipper.web.app import create_app
from paperclipper.web.http import request_guard
from web.api import examples

HOST = "127.0.0.1:8377"
LOOKUP = ("POST", "/api/v1/papers/lookup")
READING = {"method": LOOKUP[0], "path": LOOKUP[1], "json": examples.BODIES[LOOKUP]}

# By check: the request, its wrong headers, and the expected status.
CASES = {
    "_check_host": ({"method": "GET", "path": "/api/v1/hello"}, {"Host": "evil.example:8377"}, 400),
    "_check_origin": ({"method": "GET", "path": "/api/v1/hello"}, {"Origin": "https://evil.example"}, 403),
    "_check_site": (READING, {"Sec-Fetch-Site": "same-site"}, 403),
    "_check_instance": (READING, {"Paperclipper-Instance": "another"}, 412),
    "_check_body": (READING, {"Content-Type": "application/vnd.api+json"}, 415),
    "_check_caller": (READING, {"Authorization": "Bearer unknown"}, 401),
    "_check_complete": (READING, {"Content-Length": "999"}, 400),
}


@pytest.fixture
def ask(store, tmp_path):
    """A function that sends a fully authorised request with `wrong` headers, and returns the status."""
    app = create_app(Settings(tmp_path))
    _, secret = tokens.create(store, "all", list(Scope))

    def send(request, wrong):
        headers = {"Host": HOST, "Authorization": f"Bearer {secret}"} | wrong
        # Like gunicorn, which treats the end of the connection as the end of the body.
        environ = {"wsgi.input_terminated": True}
        if "Content-Length" in wrong:
            environ["CONTENT_LENGTH"] = wrong["Content-Length"]
        return app.test_client().open(**request, headers=headers, environ_overrides=environ).status_code

    return send


def test_every_check_has_a_case():
    checks = {
        name
        for name, _ in inspect.getmembers(request_guard, inspect.isfunction)
        if name.startswith("_check_")
    }
    assert checks == set(CASES)
    assert all(f"{name}(" in inspect.getsource(request_guard.guard) for name in checks)


@pytest.mark.parametrize("check", CASES)
def test_only_this_check_rejects_its_request(ask, store, monkeypatch, check):
    request, wrong, refusal = CASES[check]
    assert ask(request, {}) == 200
    assert ask(request, wrong) == refusal

    def let_pass(*_):
        if check == "_check_caller":
            g.library_id = store

    monkeypatch.setattr(request_guard, check, let_pass)
    assert ask(request, wrong) == 200


def test_a_view_without_a_scope_requires_admin(store, tmp_path):
    app = create_app(Settings(tmp_path))
    app.add_url_rule("/api/v1/forgotten", view_func=lambda: "open")
    for scope, status in ((Scope.READ, 403), (Scope.CLIP, 403), (Scope.WRITE, 403), (Scope.ADMIN, 200)):
        _, secret = tokens.create(store, scope, [scope])
        headers = {"Host": HOST, "Authorization": f"Bearer {secret}"}
        assert app.test_client().get("/api/v1/forgotten", headers=headers).status_code == status
    assert app.test_client().get("/api/v1/forgotten", headers={"Host": HOST}).status_code == 401
