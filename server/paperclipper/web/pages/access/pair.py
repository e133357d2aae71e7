"""The page for allowing or denying a connection request after comparing three words on both screens."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from paperclipper.services.access import pairing
from paperclipper.web.http import request_guard

blueprint = Blueprint("pair", __name__, url_prefix="/pair/<pairing_id>")


@blueprint.get("")
@request_guard.public
def show(pairing_id: str) -> str:
    """Show the request or its outcome. Without a session, show only how to sign in."""
    if g.library_id is None:
        return render_template("access/pair_sign_in.html", next=url_for("pair.show", pairing_id=pairing_id))
    asked = pairing.get(pairing_id)
    return render_template("access/pair.html", asked=asked, is_over=pairing.has_expired(asked))


@blueprint.post("/allow")
def allow(pairing_id: str) -> Response:
    """Allow the request."""
    return _back_to_request(pairing.allow(pairing_id, g.library_id).id)


@blueprint.post("/deny")
def deny(pairing_id: str) -> Response:
    """Deny the request."""
    return _back_to_request(pairing.deny(pairing_id, g.library_id).id)


def _back_to_request(pairing_id: str) -> Response:
    return redirect(url_for("pair.show", pairing_id=pairing_id), 303)
