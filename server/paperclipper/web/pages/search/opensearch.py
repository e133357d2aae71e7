"""The library as a search engine in the browser's address bar.

An OpenSearch 1.1 description document (https://github.com/dewitt/opensearch).
"""

from flask import Blueprint, Response, render_template

from paperclipper.web.http import request_guard

blueprint = Blueprint("opensearch", __name__)


@blueprint.get("/opensearch.xml")
@request_guard.public
def describe() -> Response:
    """Return the description. Public, since browsers request it without a session."""
    return Response(
        render_template("search/opensearch.xml"), content_type="application/opensearchdescription+xml"
    )
