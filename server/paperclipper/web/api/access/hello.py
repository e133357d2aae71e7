"""A public API route that lets an extension identify this server and check its version."""

from typing import Any

from paperclipper import __version__
from paperclipper.services.access import libraries
from paperclipper.services.system import extension_folder
from paperclipper.web.api.serialization import access_answers
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("hello", __name__, description="Identity of the server")


@blueprint.route("/hello")
@blueprint.response(200, access_answers.HELLO)
@request_guard.open_to_extensions
def hello() -> dict[str, Any]:
    """Return the server's id and version, and the version of the matching extension."""
    return {
        "app": "paperclipper",
        "api_version": 1,
        "version": __version__,
        "extension_version": extension_folder.version(),
        "instance_id": libraries.instance_id(),
    }
