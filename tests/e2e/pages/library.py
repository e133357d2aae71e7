"""A library as a new reader has it: a server that was just started, opened with the link that it printed."""

import re
import resource
import subprocess
from contextlib import contextmanager

import running
from builders import uuid7
from e2e.pages import page


class Library:
    def __init__(self, server, origin=None):
        self.server = server
        self.origin = origin or server.origin

    @property
    def data(self):
        return self.server.data

    @property
    def printed_link(self):
        """The sign-in link of the last start."""
        link = re.compile(r"https?://\S+/sign-in#\S+")
        return page.until(lambda: link.findall(self.server.log.read_text()), "a printed link")[-1]

    def new_link(self):
        return running.command("open", data=self.data).splitlines()[0]

    def ask(self, method, path, body=None, base=None):
        """Return the JSON response of the API; `base` is the version an edit started from."""
        headers = {"If-Match": f'"{base}"'} if base else {}
        answer = self.server.ask(method, f"/api/v1{path}", body, headers, token=("read", "clip"))
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body}"
        return answer.json()

    def clip(self, arxiv_id, title, abstract, **more):
        """Add an invented paper, as the extension would."""
        page = {"kind": "digest", "url": "https://huggingface.co/papers"}
        facts = {"title": title, "abstract": abstract, "arxiv_id": arxiv_id}
        clip = {"clipped_at": "2026-03-09T08:30:00Z", "source": "data", "page": page, "paper": facts}
        return self.ask("PUT", f"/clips/{uuid7()}", clip | more)["paper"]

    def paper(self, arxiv_id):
        """Return the paper once it exists."""
        return page.until(lambda: self.find(arxiv_id), f"{arxiv_id} in the library")

    def find(self, arxiv_id):
        """Return the paper if it exists and is not in the trash."""
        key = f"arxiv:{arxiv_id}"
        item = self.ask("POST", "/papers/lookup", {"identifiers": [key]})["items"][0]
        if not item["paper"] or not item["paper"]["mine"]:
            return None
        return self.ask("GET", f"/papers/{key}")

    def annotate(self, arxiv_id, body, made_in):
        """Add a note made elsewhere."""
        note = {"paper": f"arxiv:{arxiv_id}", "kind": "note", "body": body, "made_in": made_in}
        self.ask("PUT", f"/annotations/{uuid7()}", note)

    def write(self, arxiv_id, body):
        """Add a note and return its id."""
        note = {"paper": f"arxiv:{arxiv_id}", "kind": "note", "body": body, "made_in": "page"}
        return self.ask("PUT", f"/annotations/{uuid7()}", note)["id"]

    def rewrite(self, note_id, body):
        """Change the text of a note from elsewhere."""
        now = self.ask("GET", f"/annotations/{note_id}")
        note = {"paper": now["paper_id"], "kind": "note", "body": body, "made_in": "page"}
        self.ask("PUT", f"/annotations/{note_id}", note, base=now["version"])

    def notes(self, arxiv_id):
        """Return the texts of the notes."""
        return [note["body"] for note in self.ask("GET", f"/papers/arxiv:{arxiv_id}/annotations")["items"]]

    def order_of_arrival(self, arxiv_ids):
        """Return these papers in the order of their last change."""
        changed = [one["paper"] for one in self.ask("GET", "/changes?limit=200")["items"] if one["paper"]]
        arrived = [paper["identifiers"][0].removeprefix("arxiv:") for paper in changed]
        return [arxiv_id for arxiv_id in arrived if arxiv_id in arxiv_ids]

    @contextmanager
    def stopped(self):
        """Stop the server during the block, then start it again in the same way."""
        self.server.stop()
        yield
        with self.server.log.open("ab") as output:
            line = self.server.process.args
            self.server.process = subprocess.Popen(
                line, stdout=output, stderr=output, env=running.environment(), start_new_session=True
            )
        page.until(self._answers, self.server.log.read_text)

    @contextmanager
    def disk_full(self):
        """For the time of the block the server's files cannot grow: to it, the disk is full."""
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        self._limit_files(0, most)
        try:
            yield
        finally:
            self._limit_files(most, most)

    def _limit_files(self, size, most):
        for pid in self.server.workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))

    def _answers(self):
        try:
            return self.server.ask("GET", "/api/v1/hello", token=(), timeout=5).status == 200
        except OSError:
            return False
