"""Valid and invalid requests to every operation of the API, which produce every documented response.

The requests start with an empty library and depend on each other; test_contract.py checks the responses.
"""

from dataclasses import dataclass
from urllib.parse import quote

import running
from builders import uuid7
from paperclipper.web.app import MAX_BODY
from web.api import examples

EVERY_SCOPE = ("read", "clip", "write", "admin")
ORIGIN = "moz-extension://0f6d0b0e-1111-4222-8333-444455556666"
VERIFIER = "v" * 43
NOBODY = "00000000-0000-4000-8000-000000000000"
UNKNOWN = "arxiv:0901.00001"


@dataclass(frozen=True)
class Exchange:
    """A request and its response."""

    method: str
    path: str
    answer: running.Answer


class Tour:
    """Sends requests with all scopes and records the exchanges."""

    def __init__(self, server, contract):
        self.server, self.contract = server, contract
        self.exchanges = []

    def ask(self, method, path, body=None, headers=(), *, query="", token=EVERY_SCOPE, **parts):
        """Send a request to a documented `path`. Repeat a successful GET with its ETag."""
        address = path
        for name, value in parts.items():
            address = address.replace(f"{{{name}}}", quote(value, safe=":"))
        sent = f"/api/v1{address}{query}"
        answer = self.server.ask(method, sent, body, headers, token=token)
        self.exchanges.append(Exchange(method, path, answer))
        if method == "GET" and answer.status == 200 and "ETag" in answer.headers:
            again = self.server.ask(
                method, sent, None, {"If-None-Match": answer.headers["ETag"]}, token=token
            )
            self.exchanges.append(Exchange(method, path, again))
        return answer

    def edit(self, method, path, body, **parts):
        """Send an edit with a stale version, without one, and with the current one."""
        current = self.ask(method, path, body, {"If-Match": '"000000000000-1"'}, **parts).json()["current"]
        self.ask(method, path, body, **parts)
        return self.ask(method, path, body, {"If-Match": f'"{current["version"]}"'}, **parts)

    def clip(self, arxiv_id, clip_id=None, **facts):
        body = examples.clip(arxiv_id, **{"title": f"Boats {arxiv_id}"} | facts)
        return self.ask("PUT", "/clips/{clip_id}", body, clip_id=clip_id or uuid7())


def walk(server, contract):
    """Send all requests and return the exchanges."""
    tour = Tour(server, contract)
    for part in (
        _open,
        _clips,
        _papers,
        _lists,
        _annotations,
        _tags,
        _actions,
        _days,
        _changes,
        _tokens,
        _purge,
        _pair,
    ):
        part(tour)
    for method, path, operation in contract.operations():
        _errors(tour, method, path, operation)
    return tour.exchanges


def _open(tour):
    tour.ask("GET", "/hello", token=())
    tour.ask("GET", "/health")
    tour.ask("GET", "/export/markdown")
    tour.ask("GET", "/papers")
    tour.ask("GET", "/changes")


def _clips(tour):
    clip_id = uuid7()
    for _ in range(2):
        tour.clip("2603.01234", clip_id)
    tour.clip("2603.01234", clip_id, title="Something else")
    tour.clip("no arXiv id")
    bare = {"clipped_at": "2026-03-09T08:30:00Z", "source": "text", "page": {"kind": "digest"}}
    tour.ask("PUT", "/clips/{clip_id}", bare | {"paper": {"title": "Bare"}}, clip_id=uuid7())
    good, bad = (examples.clip(f"2603.0200{n}") | {"id": uuid7()} for n in range(2))
    other, nameless = examples.clip("2603.02002") | {"id": good["id"]}, examples.clip("2603.02003")
    tour.ask(
        "POST", "/clips", {"clips": [good, bad | {"source": "reader"}, other, good, nameless, {"id": 7}]}
    )


def _papers(tour):
    paper = tour.clip("2603.03001").json()["paper"]
    tour.edit("PATCH", "/papers/{ref}", {"status": "reading", "rating": 4, "title": "Mine"}, ref=paper["id"])
    tour.ask("PATCH", "/papers/{ref}", {"title": " "}, ref=paper["id"])
    (kept,) = tour.ask("GET", "/papers/{ref}/history", ref=paper["id"]).json()["items"]
    restore = {"ref": paper["id"], "version": kept["version"]}
    tour.edit("POST", "/papers/{ref}/history/{version}/restore", None, **restore)
    for method in ("PUT", "DELETE"):
        tour.ask(method, "/papers/{ref}/tags/{name}", ref=paper["id"], name="boats/paper")
        tour.ask(method, "/papers/{ref}/tags/{name}", ref=paper["id"], name="a,b")
    tour.ask("POST", "/papers/stubs", {"lines": "2603.03002\nno link\n2603.03001"})
    tour.ask("DELETE", "/papers/{ref}", ref=paper["id"])
    tour.ask("GET", "/trash")
    for path in (
        "/papers/{ref}",
        "/papers/{ref}/backlinks",
        "/papers/{ref}/then-and-now",
        "/papers/{ref}/sightings",
    ):
        tour.ask("GET", path, ref="arxiv:2603.01234")
    tour.ask("POST", "/papers/{ref}/restore", ref=paper["id"])
    for method, path, operation in tour.contract.operations():
        if "{ref}" in path and "404" in operation["responses"] and path != "/papers/{ref}/merged-into":
            body = {"starred": True} if method == "PATCH" else None
            parts = {"ref": UNKNOWN, "name": "boats", "version": "000000000000-1", "day": examples.DAY}
            tour.ask(method, path, body, **parts)


def _lists(tour):
    cursor = tour.ask("GET", "/papers", query="?q=boats&limit=1").json()["next"]
    searches = ["boats", f"boats&limit=1&cursor={cursor}", f"boats&cursor={'0' * 24}.1", "boats&sort=upvotes"]
    for q in (*searches, "boatz zeppelins year:2026", "#boat", "(boats"):
        tour.ask("GET", "/papers", query=f"?q={quote(q, safe='&=')}")
    tour.ask("POST", "/papers/lookup", {"identifiers": ["arxiv:2603.01234", UNKNOWN]})
    for arxiv_id in ("2603.04001", "2603.04002"):
        tour.clip(arxiv_id)
        tour.ask("DELETE", "/papers/{ref}", ref=f"arxiv:{arxiv_id}")
    tour.ask("GET", "/trash", query="?limit=1")
    since = tour.ask("GET", "/changes", query="?limit=1").json()["next"]
    tour.ask("GET", "/changes", query=f"?since={since}")
    tour.ask("GET", "/changes", query="?since=000000000000-1")


def _annotations(tour):
    path, at = "/annotations/{annotation_id}", {"annotation_id": uuid7()}
    body = examples.highlight()
    made = tour.ask("PUT", path, body, **at).json()
    tour.ask("GET", path, **at)
    tour.ask("PUT", path, body, **at)
    tour.edit("PUT", path, body | {"body": "See [[2603.03001]].", "colour": "pink"}, **at)
    tour.ask("PUT", path, body | {"paper": "arxiv:2603.03001"}, **at)
    tour.ask("PUT", path, examples.highlight(UNKNOWN), annotation_id=uuid7())
    note = {"paper": "arxiv:2603.01234", "kind": "note", "body": "A note"}
    tour.ask("PUT", path, note, annotation_id=uuid7())
    tour.ask("GET", "/papers/{ref}/annotations", ref="arxiv:2603.01234")
    tour.ask("GET", "/papers/{ref}/backlinks", ref="arxiv:2603.03001")
    tour.ask("GET", path + "/history", **at)
    restore = path + "/history/{version}/restore"
    tour.edit("POST", restore, None, version=made["version"], **at)
    tour.ask("POST", restore, version="000000000000-1", **at)
    tour.ask("DELETE", path, **at)
    tour.ask("GET", "/trash")
    tour.ask("POST", path + "/restore", **at)
    for method, under in (("GET", ""), ("DELETE", ""), ("GET", "/history"), ("POST", "/restore")):
        tour.ask(method, path + under, annotation_id=NOBODY)
    tour.ask("DELETE", path, **at)
    tour.ask("PUT", "/purges/{purge_id}", {"annotations": [at["annotation_id"]]}, purge_id=uuid7())
    tour.ask("PUT", path, body, **at)


def _tags(tour):
    for name in ("alpha", "beta", "gamma"):
        tour.ask("PUT", "/papers/{ref}/tags/{name}", ref="arxiv:2603.01234", name=name)
    tags = {tag["name"]: tag["id"] for tag in tour.ask("GET", "/tags").json()["items"]}
    tour.edit("PATCH", "/tags/{tag_id}", {"name": "alef", "colour": "green"}, tag_id=tags["alpha"])
    version = tour.ask("PATCH", "/tags/{tag_id}", {"name": "alef"}, tag_id=tags["alpha"]).headers["ETag"]
    tour.ask("PATCH", "/tags/{tag_id}", {"name": "beta"}, {"If-Match": version}, tag_id=tags["alpha"])
    for _ in range(2):
        tour.ask("PUT", "/tags/{tag_id}/merged-into", {"tag": tags["beta"]}, tag_id=tags["alpha"])
    tour.ask("PATCH", "/tags/{tag_id}", {"name": "nothing"}, tag_id=NOBODY)
    tour.ask("PUT", "/tags/{tag_id}/merged-into", {"tag": tags["beta"]}, tag_id=NOBODY)
    deleted = tour.ask("DELETE", "/tags/{tag_id}", tag_id=tags["gamma"]).json()["action"]
    tour.ask("DELETE", "/tags/{tag_id}", tag_id=tags["gamma"])
    tour.ask("DELETE", "/tags/{tag_id}", tag_id="no-uuid")
    tour.ask("PUT", "/papers/{ref}/tags/{name}", ref="arxiv:2603.01234", name="gamma")
    tour.ask("POST", "/actions/{action_id}/undo", action_id=deleted["id"])
    tour.ask("DELETE", "/papers/{ref}/tags/{name}", ref="arxiv:2603.01234", name="gamma")
    for _ in range(2):
        tour.ask("DELETE", "/tags/unused")


def _actions(tour):
    path, action_id = "/bulk/{action_id}", uuid7()
    tour.ask("PUT", path, {"papers": ["arxiv:2603.01234"], "starred": True}, action_id=action_id)
    tour.ask("PUT", path, {"papers": [UNKNOWN], "starred": True}, action_id=uuid7())
    other = {"paper": "arxiv:2603.01234"}
    merged = tour.ask("PUT", "/papers/{ref}/merged-into", other, ref="arxiv:2603.02000").json()
    tour.ask("PUT", "/papers/{ref}/merged-into", other, ref="arxiv:2603.01234")
    tour.ask("PUT", "/papers/{ref}/merged-into", other, ref=UNKNOWN)
    tour.ask("PUT", path, {"papers": ["arxiv:2603.01234"], "starred": True}, action_id=merged["action"]["id"])
    tour.ask("GET", "/actions")
    tour.ask("GET", "/actions/{action_id}", action_id=action_id)
    tour.ask("GET", "/actions/{action_id}", action_id=NOBODY)
    tour.ask("POST", "/actions/{action_id}/undo", action_id=action_id)
    tour.ask("POST", "/actions/{action_id}/undo", action_id=NOBODY)


def _days(tour):
    path = "/days/{day}/decisions"
    decision = {"decision": "skipped", "title": "Cranes", "arxiv_id": "2603.05001"}
    tour.ask("PUT", path, decision, day="2026-03-10")
    tour.ask("PUT", path, decision | {"arxiv_id": ""}, day="2026-03-10")
    tour.ask("GET", path, day="2026-03-10")
    tour.ask("GET", path, day="x")
    tour.ask("POST", "/papers/lookup", {"identifiers": ["arxiv:2603.05001"]})
    tour.ask("DELETE", path + "/{ref}", day="2026-03-10", ref="arxiv:2603.05001")
    tour.ask("DELETE", path + "/{ref}", day="x", ref="arxiv:2603.05001")
    tour.ask("POST", "/sightings", examples.BODIES["POST", "/api/v1/sightings"])
    tour.ask("GET", "/papers/{ref}/sightings", ref="arxiv:2603.01234")
    tour.ask("GET", "/papers/{ref}/then-and-now", ref="arxiv:2603.01234")


def _changes(tour):
    """List all changes: of every kind, existing and deleted."""
    tour.ask("GET", "/changes", query="?limit=500")


def _tokens(tour):
    made = tour.ask("POST", "/tokens", {"name": "A script", "scopes": ["read", "clip"]}).json()
    tour.ask("GET", "/tokens")
    tour.ask("DELETE", "/tokens/{token_id}", token_id=made["id"])
    tour.ask("DELETE", "/tokens/{token_id}", token_id="no-uuid")
    tour.ask("GET", "/tokens")


def _purge(tour):
    clip_id, path = uuid7(), "/purges/{purge_id}"
    paper = tour.clip("2603.06001", clip_id).json()["paper"]
    tour.ask("PUT", path, {"papers": [paper["id"]]}, purge_id=uuid7())
    tour.ask("PUT", path, {"papers": [UNKNOWN]}, purge_id=uuid7())
    tour.ask("DELETE", "/papers/{ref}", ref=paper["id"])
    running.command("backup", str(tour.server.data.with_name("tour.backup")), data=tour.server.data)
    at = {"purge_id": uuid7()}
    tour.ask("PUT", path, {"papers": [paper["id"]]}, **at)
    (copy,) = tour.ask("GET", path, **at).json()["backups"]
    tour.ask("GET", path, purge_id=NOBODY)
    tour.ask("GET", "/health")
    for _ in range(2):
        tour.ask("DELETE", "/backups/{backup_id}", backup_id=copy["id"])
    tour.clip("2603.06001", clip_id)
    _changes(tour)


def _pair(tour):
    ask, claim = "/pairings", "/pairings/{pairing_id}/token"
    from_extension = {"headers": {"Origin": ORIGIN}, "token": ()}
    body, verifier = running.pairing_request(VERIFIER), {"verifier": VERIFIER}
    first, second = (tour.ask("POST", ask, body, **from_extension).json()["id"] for _ in range(2))
    tour.ask("GET", ask)
    tour.ask("POST", claim, verifier, pairing_id=first, **from_extension)
    tour.ask("POST", "/pairings/{pairing_id}/allow", pairing_id=first)
    for _ in range(2):
        tour.ask("POST", claim, verifier, pairing_id=first, **from_extension)
    tour.ask("POST", claim, verifier, pairing_id=NOBODY, **from_extension)
    tour.ask("POST", "/pairings/{pairing_id}/deny", pairing_id=second)
    for answer, ended in (("allow", second), ("deny", first)):
        tour.ask("POST", f"/pairings/{{pairing_id}}/{answer}", pairing_id=ended)
        tour.ask("POST", f"/pairings/{{pairing_id}}/{answer}", pairing_id=NOBODY)
    for _ in range(5):
        tour.ask("POST", ask, body, **from_extension)
    tour.ask("GET", "/tokens")


def _errors(tour, method, path, operation):
    """Send requests that the request guard rejects, and an invalid body or query."""
    address = tour.contract.example(method, path)

    def ask(body=None, headers=(), *, query="", token=EVERY_SCOPE):
        answer = tour.server.ask(method, f"/api/v1{address}{query}", body, headers, token=token)
        tour.exchanges.append(Exchange(method, path, answer))

    ask(headers={"Host": "evil.example"})
    ask(headers={"Origin": "https://evil.example"})
    ask(b"0\r\n\r\n", {"Transfer-Encoding": "chunked"})
    ask(headers={"Paperclipper-Instance": NOBODY})
    if operation["security"]:
        ask(token=())
    if method in ("POST", "PUT", "PATCH"):
        ask(b"", {"Content-Length": str(MAX_BODY + 1)})
        ask(b"a=b", {"Content-Type": running.FORM})
    if "requestBody" in operation:
        ask({"nonsense": 1}, {"Origin": ORIGIN} if not operation["security"] else {})
    if [each for each in operation["parameters"] if each.get("in") == "query"]:
        ask(query="?limit=none")
