"""The pages a person reads, as HTML that works without script: one blueprint a room.

A view reads its form, asks one service, and answers with a page or sends the browser on (303). It must not know SQL
or the index; what is escaped and how dates read is in filters.py.
"""

from paperclipper.web.pages import history, settings, trash
from paperclipper.web.pages.access import pair, sign_in
from paperclipper.web.pages.actions import actions, bulk
from paperclipper.web.pages.annotations import highlights, notes
from paperclipper.web.pages.api_docs import page
from paperclipper.web.pages.layout import context
from paperclipper.web.pages.papers import add, edit_facts, merge, paper
from paperclipper.web.pages.search import library, opensearch
from paperclipper.web.pages.tags import tags

BLUEPRINTS = (
    context.blueprint,
    library.blueprint,
    paper.blueprint,
    notes.blueprint,
    highlights.blueprint,
    history.blueprint,
    edit_facts.blueprint,
    merge.blueprint,
    actions.blueprint,
    bulk.blueprint,
    add.blueprint,
    tags.blueprint,
    trash.blueprint,
    settings.blueprint,
    pair.blueprint,
    sign_in.blueprint,
    page.blueprint,
    opensearch.blueprint,
)
