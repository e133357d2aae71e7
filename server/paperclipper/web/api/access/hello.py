"""Who answers here: open to all, so that an extension can tell our server from another program on the port."""

from typing import Any

from paperclipper import __version__
from paperclipper.services.access import libraries
from paperclipper.services.system import extension_folder
from paperclipper.web.api.serialization import answers
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("hello", __name__, description="Who answers here")


@blueprint.route("/hello")
@blueprint.response(200, answers.HELLO)
@request_guard.open_to_extensions
def hello() -> dict[str, Any]:
    """The program, the API's version, which extension fits it, and which installation this is."""
    return {
        "app": "paperclipper",
        "api_version": 1,
        "version": __version__,
        "extension_version": extension_folder.version(),
        "instance_id": libraries.instance_id(),
    }
