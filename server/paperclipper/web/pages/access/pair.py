"""Answering a browser that asks to be connected: the reader compares three words, here and there."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from paperclipper.services.access import pairing
from paperclipper.web.http import request_guard

blueprint = Blueprint("pair", __name__, url_prefix="/pair/<pairing_id>")


@blueprint.get("")
@request_guard.public
def show(pairing_id: str) -> str:
    """The question, or how it was answered. Without a session: how to sign in, and nothing of the request."""
    if g.library_id is None:
        return render_template("access/pair_sign_in.html", next=url_for("pair.show", pairing_id=pairing_id))
    asked = pairing.get(pairing_id)
    return render_template("access/pair.html", asked=asked, is_over=pairing.has_expired(asked))


@blueprint.post("/allow")
def allow(pairing_id: str) -> Response:
    """The words match."""
    return _back_to_request(pairing.allow(pairing_id, g.library_id).id)


@blueprint.post("/deny")
def deny(pairing_id: str) -> Response:
    """They do not."""
    return _back_to_request(pairing.deny(pairing_id, g.library_id).id)


def _back_to_request(pairing_id: str) -> Response:
    return redirect(url_for("pair.show", pairing_id=pairing_id), 303)
