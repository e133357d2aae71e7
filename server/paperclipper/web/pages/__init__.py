"""The HTML pages, which work without JavaScript: one blueprint per page.

Each view reads its form, calls one service, and renders a page or redirects (303). Views do not access the
database or the search index directly. layout/filters.py contains the escaping and date formatting.
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
