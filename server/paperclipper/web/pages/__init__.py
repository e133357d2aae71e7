"""The pages a person reads, as HTML that works without script: one blueprint a room.

A view reads its form, asks one service, and answers with a page or sends the browser on (303). It must not know SQL
or the index; what is escaped and how dates read is in filters.py.
"""

from paperclipper.web.pages import history as versions
from paperclipper.web.pages import settings, trash
from paperclipper.web.pages.access import pair, sign_in
from paperclipper.web.pages.actions import actions as recent
from paperclipper.web.pages.actions import bulk
from paperclipper.web.pages.annotations import highlights as highlight
from paperclipper.web.pages.annotations import notes as note
from paperclipper.web.pages.api_docs import page as api_docs
from paperclipper.web.pages.layout import shell
from paperclipper.web.pages.papers import add as paste
from paperclipper.web.pages.papers import edit_facts as details
from paperclipper.web.pages.papers import merge as unite
from paperclipper.web.pages.papers import paper
from paperclipper.web.pages.search import library, opensearch
from paperclipper.web.pages.tags import tags as tag

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
