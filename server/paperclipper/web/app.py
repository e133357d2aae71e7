"""The Flask application factory. It opens no files, so gunicorn can fork afterwards."""

from contextlib import ExitStack
from typing import Any

from flask import Flask, Response, g

from paperclipper.config import Settings
from paperclipper.services import transactions
from paperclipper.services.search import indexing
from paperclipper.store.database import database
from paperclipper.web import api, pages
from paperclipper.web.api import errors as api_errors
from paperclipper.web.http import etags, request_guard, request_ids
from paperclipper.web.http.callers import is_api_request
from paperclipper.web.pages.layout import errors as page_errors

MAX_BODY = 2 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Create the application. The database must already be open in this process."""
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        SETTINGS=settings,
        API_TITLE="Paperclipper",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
    )
    indexing.use_folder(settings.data)
    database.call_after_change(indexing.wake)
    request_ids.add_request_ids(app)
    _trust_public_host(app, settings.public_host)
    _connect_per_request(app)
    request_guard.guard(app, settings)
    api.register(app)
    for blueprint in pages.BLUEPRINTS:
        app.register_blueprint(blueprint)
    etags.add_etags(app)
    _handle_errors(app)
    return app


def _trust_public_host(app: Flask, public_host: str) -> None:
    """Treat requests for the public host as HTTPS, regardless of the proxy's headers."""
    inner = app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_HOST", "").lower() == public_host:
            environ["wsgi.url_scheme"] = "https"
        return inner(environ, start_response)

    if public_host:
        app.wsgi_app = outer  # type: ignore[method-assign]


def _connect_per_request(app: Flask) -> None:
    @app.before_request
    def connect() -> None:
        g.connection = ExitStack()
        g.connection.enter_context(transactions.thread_connection())

    @app.teardown_request
    def disconnect(_: BaseException | None) -> None:
        stack: Any = g.pop("connection", None)
        if stack:
            stack.close()


def _handle_errors(app: Flask) -> None:
    def handle(error: Exception) -> Response:
        return api_errors.respond(error) if is_api_request() else page_errors.respond(error)

    app.register_error_handler(Exception, handle)
