"""Helpers to read API responses."""


def etag(answer):
    return answer.headers["ETag"]


def problem(answer, status):
    """Return the problem details of a response with this status."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], bool(found["title"]), bool(found["detail"])) == (status, True, True)
    return found
