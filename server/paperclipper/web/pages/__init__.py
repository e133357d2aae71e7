"""The pages a person reads, as HTML that works without script: one blueprint a room.

A view reads its form, asks one service, and answers with a page or sends the browser on (303). It must not know SQL
or the index; what is escaped and how dates read is in filters.py.
"""

from paperclipper.web.pages import (
    api_docs,
    bulk,
    details,
    highlight,
    library,
    note,
    opensearch,
    pair,
    paper,
    paste,
    recent,
    settings,
    shell,
    sign_in,
    tag,
    trash,
    unite,
    versions,
)

BLUEPRINTS = (
    shell.blueprint,
    library.blueprint,
    paper.blueprint,
    note.blueprint,
    highlight.blueprint,
    versions.blueprint,
    details.blueprint,
    unite.blueprint,
    recent.blueprint,
    bulk.blueprint,
    paste.blueprint,
    tag.blueprint,
    trash.blueprint,
    settings.blueprint,
    pair.blueprint,
    sign_in.blueprint,
    api_docs.blueprint,
    opensearch.blueprint,
)
