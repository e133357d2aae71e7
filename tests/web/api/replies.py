"""Reading the answers of the API in tests."""


def etag(answer):
    return answer.headers["ETag"]


def problem(answer, status):
    """The problem details of an answer with this status."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], bool(found["title"]), bool(found["detail"])) == (status, True, True)
    return found
