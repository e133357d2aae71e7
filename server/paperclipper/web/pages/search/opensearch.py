"""The OpenSearch 1.1 description document (https://github.com/dewitt/opensearch).

It lets the reader add the library as a search engine to the browser's address bar.
"""

from flask import Blueprint, Response, render_template

from paperclipper.web.http import request_guard

blueprint = Blueprint("opensearch", __name__)


@blueprint.get("/opensearch.xml")
@request_guard.public
def describe() -> Response:
    """Return the description document. It is public because browsers request it without a session."""
    return Response(
        render_template("search/opensearch.xml"), content_type="application/opensearchdescription+xml"
    )
