"""Settings: what may use the library, taking it away, signing out."""

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from paperclipper.services import access, exporting, pairing
from paperclipper.web import gate

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
def show() -> str:
    """Connected browsers and other tokens, and browsers that ask."""
    tokens = [token for token in access.list_tokens(g.library_id) if token.revoked_at is None]
    data = current_app.config["SETTINGS"].data
    return render_template("settings.html", tokens=tokens, waiting=pairing.waiting(), data=data)


@blueprint.post("/settings/tokens/<token_id>/revoke")
def revoke(token_id: str) -> AnyResponse:
    """End a token; a browser that used it has to connect again."""
    access.revoke(g.library_id, token_id)
    return redirect(url_for("settings.show"), 303)


@blueprint.get("/export/markdown.zip")
def export() -> Response:
    """One Markdown file a paper: a first copy."""
    archive = exporting.markdown_zip(g.library_id)
    return send_file(archive, "application/zip", as_attachment=True, download_name="paperclipper-first-copy.zip")


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this browser's session."""
    access.sign_out(g.session_secret)
    response = make_response(redirect(url_for("sign_in.show"), 303))
    gate.end_session(response)
    return response
