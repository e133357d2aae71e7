"""Two tabs with the same note: every acknowledged text is in the note or its history."""

import html
import random
import re
from urllib.parse import urlencode

import running
from builders import uuid7
from web.api import examples

EDITS = 500


class Tab:
    """A reader's tab, with the version it saw last, which may be stale."""

    def __init__(self, server, cookie, path):
        self.server, self.path = server, path
        self.headers = {"Cookie": cookie, "Origin": server.origin, "Content-Type": running.FORM}
        self.version = ""

    def load(self):
        page = self.server.ask(
            "GET", self.path.partition("/notes")[0], headers=self.headers, token=()
        ).body.decode()
        self.version = re.search(r'name="version" value="([^"]+)"', page)[1]

    def save(self, body):
        """Return None if saved, else both texts as the page shows them."""
        form = urlencode({"body": body, "version": self.version}).encode()
        answer = self.server.ask("POST", self.path, form, self.headers, token=())
        if answer.status == 303:
            return None
        assert answer.status == 409, answer.body
        page = answer.body.decode()
        self.version = re.search(r'name="version" value="([^"]+)"', page)[1]
        theirs, mine = (
            html.unescape(text) for text in re.findall(r'<pre class="text">(.*?)</pre>', page, re.DOTALL)
        )
        assert mine == body
        return theirs, mine


def test_two_tabs_lose_no_acknowledged_text(server, cookie):
    choose = random.Random(20261125)
    paper = server.ask("PUT", f"/api/v1/clips/{uuid7()}", examples.clip("2603.05555")).json()["paper"]["id"]
    note_id = uuid7()
    note = {"paper": paper, "kind": "note", "body": "text 0"}
    assert server.ask("PUT", f"/api/v1/annotations/{note_id}", note).status == 201
    tabs = [Tab(server, cookie, f"/papers/{paper}/notes/{note_id}") for _ in range(2)]
    for tab in tabs:
        tab.load()
    acknowledged, conflicts = {"text 0"}, 0
    for number in range(1, EDITS + 1):
        tab, body = choose.choice(tabs), f"text {number}"
        both = tab.save(body)
        if both:
            conflicts += 1
            body = "\n\n".join(both)
            assert tab.save(body) is None
        acknowledged.add(body)
        if choose.random() < 0.7:
            tab.load()
    now = server.ask("GET", f"/api/v1/annotations/{note_id}").json()["body"]
    history = server.ask("GET", f"/api/v1/annotations/{note_id}/history").json()["items"]
    assert acknowledged <= {now, *(revision["content"]["body"] for revision in history)}
    assert conflicts > EDITS / 10
