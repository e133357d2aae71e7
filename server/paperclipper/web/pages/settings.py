"""The settings page: API tokens, the password, export and signing out."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from paperclipper.errors import InvalidInputError
from paperclipper.model import Scope
from paperclipper.services.access import libraries, pairing, passwords, sessions, tokens
from paperclipper.services.transfer import backups, exporting
from paperclipper.web.http.session_cookie import delete_session_cookie, set_session_cookie
from paperclipper.web.pages.layout import forms

_SCOPES = (Scope.READ, Scope.CLIP, Scope.WRITE)
_MAX_NAME = 100

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
def show() -> str:
    """Show connected browsers, API tokens, connection requests and the library.

    `notice` names the change that was just made.
    """
    return _page()


def _page(**more: Any) -> str:
    return render_template(
        "settings/settings.html",
        tokens=[token for token in tokens.list_tokens(g.library_id) if token.revoked_at is None],
        waiting=pairing.pending(),
        data=current_app.config["SETTINGS"].data,
        library=libraries.get(g.library_id),
        several=len(libraries.list_libraries()) > 1,
        backups=backups.status(),
        has_password=passwords.has_password(g.library_id),
        shortest=passwords.MIN_LENGTH,
        longest=passwords.MAX_LENGTH,
        scopes=_SCOPES,
        **more,
    )


@blueprint.post("/settings/tokens")
def make_token() -> AnyResponse | tuple[str, int]:
    """Create an API token. Only this response contains its secret.

    Form: `name`; `scope`, one or more.
    """
    name, scopes = forms.text("name"), [scope for scope in _SCOPES if scope in request.form.getlist("scope")]
    if not name or len(name) > _MAX_NAME or not name.isprintable() or not scopes:
        return _page(refused_token=_token_error(name), typed=name, chosen=scopes), 422
    token, secret = tokens.create(g.library_id, name, scopes)
    response = make_response(_page(made=token, secret=secret))
    response.headers["Cache-Control"] = "no-store"
    return response


def _token_error(name: str) -> str:
    if name:
        return "Choose at least one permission."
    return f"Enter a name of 1 to {_MAX_NAME} characters."


@blueprint.post("/settings/tokens/<token_id>/revoke")
def revoke(token_id: str) -> AnyResponse:
    """Revoke a token. A browser connected with this token must connect again."""
    tokens.revoke(g.library_id, token_id)
    return redirect(url_for("settings.show"), 303)


@blueprint.post("/settings/password")
def set_password() -> AnyResponse | tuple[str, int]:
    """Set the password and end all other sessions.

    Form: `password`; `again`, the password repeated.
    """
    password = request.form.get("password", "")
    try:
        if password != request.form.get("again"):
            raise InvalidInputError("The passwords do not match. Enter the same one twice.", "/again")
        passwords.set_password(g.library_id, password)
    except InvalidInputError as error:
        return _page(refused_password=str(error)), 422
    return _password_changed("password-set")


@blueprint.post("/settings/password/remove")
def remove_password() -> AnyResponse:
    """Remove the password and end all other sessions. Signing in then requires a link."""
    passwords.set_password(g.library_id, None)
    return _password_changed("password-removed")


def _password_changed(notice: str) -> AnyResponse:
    """Redirect to the password section with a new session for this browser."""
    response = make_response(redirect(url_for("settings.show", notice=notice, _anchor="password"), 303))
    set_session_cookie(response, sessions.start(g.library_id))
    return response


@blueprint.get("/export/markdown.zip")
def export() -> Response:
    """Download a zip archive with one Markdown file per paper."""
    archive = exporting.markdown_zip(g.library_id)
    return send_file(
        archive, "application/zip", as_attachment=True, download_name="paperclipper-markdown.zip"
    )


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this browser's session."""
    sessions.sign_out(g.session_secret)
    return _signed_out()


@blueprint.post("/sign-out/everywhere")
def sign_out_everywhere() -> Response:
    """End all sessions of the library, including this one. Tokens stay valid."""
    sessions.sign_out_everywhere(g.library_id)
    return _signed_out()


def _signed_out() -> Response:
    response = make_response(redirect(url_for("sign_in.show"), 303))
    delete_session_cookie(response)
    return response
