"""API route for the export."""

from flask import Response, g, send_file

from paperclipper.model import Scope
from paperclipper.services.transfer import exporting
from paperclipper.web.api.serialization import answers
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("export", __name__, description="Export")


@blueprint.route("/export/markdown")
@blueprint.response(200, answers.ZIP, content_type="application/zip")
@request_guard.requires(Scope.WRITE)
def export_markdown() -> Response:
    """Download a zip archive with one Markdown file per paper."""
    archive = exporting.markdown_zip(g.library_id)
    return send_file(
        archive, "application/zip", as_attachment=True, download_name="paperclipper-markdown.zip"
    )
