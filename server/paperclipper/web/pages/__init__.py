"""The pages a person reads, as HTML that works without script: one blueprint a room.

A view reads its form, asks one service, and answers with a page or sends the browser on (303). It must not know SQL
or the index; what is escaped and how dates read is in filters.py.
"""

from paperclipper.web.pages import (
    details,
    highlight,
    library,
    note,
    pair,
    paper,
    recent,
    settings,
    shell,
    sign_in,
    tag,
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
    tag.blueprint,
    settings.blueprint,
    pair.blueprint,
    sign_in.blueprint,
)
