"""A valid body for every route that takes one, and the list of all routes."""

from itertools import count
from pathlib import Path

from builders import uuid7
from paperclipper.config import Settings
from paperclipper.web.app import create_app

SAFE = {"GET", "HEAD", "OPTIONS"}
DAY = "2026-03-09"
# The documentation of the API: public, without any data of a library.
DOCUMENTS = {"/api/v1/openapi.json", "/api/v1/docs"}

# For arXiv ids and words that no other test uses.
numbers = count(10000)


def clip(arxiv_id="2603.01234", **facts):
    """Return a clip of a made-up paper, with every possible field."""
    paper = {
        "title": "Folding Paper Boats with Diffusion",
        "abstract": "We fold boats out of noise, one crease at a time.",
        "authors": ["Ada Paper", "Bo Crease"],
        "author_count": 2,
        "published": "2026-03-05",
        "arxiv_id": arxiv_id,
        "arxiv_version": 1,
        "doi": "",
        "url": "https://boats.example/paper",
        "organisation": "Harbour Lab",
        "keywords": ["paper", "boats"],
        "ai_summary": "Boats, folded.",
        "thumbnail_url": "https://boats.example/boat.png",
        "code_url": "https://boats.example/code",
        "project_url": "https://boats.example/",
        "venue": "Boat Conference",
    }
    return {
        "clipped_at": "2026-03-09T08:30:00Z",
        "source": "data",
        "page": {"kind": "digest", "url": "https://huggingface.co/papers"},
        "digest": {"kind": "day", "day": DAY, "rank": 3},
        "upvotes": 12,
        "comments": 3,
        "paper": paper | facts,
    }


def highlight(paper="arxiv:2603.01234"):
    """Return a highlight, with every possible field."""
    return {
        "paper": paper,
        "kind": "highlight",
        "body": "Look here.",
        "quote": {"exact": "one crease", "prefix": "noise, ", "suffix": " at a time", "start": 28, "end": 38},
        "colour": "green",
        "source_url": "https://arxiv.org/abs/2603.01234",
        "arxiv_version": 1,
        "made_in": "test",
    }


def note(paper, body):
    """Return a note on a paper."""
    return {"paper": paper, "kind": "note", "body": body}


BODIES = {
    ("POST", "/api/v1/pairings"): {"client_name": "A browser", "challenge": "c" * 43},
    ("POST", "/api/v1/pairings/<pairing_id>/token"): {"verifier": "v" * 43},
    ("PUT", "/api/v1/clips/<clip_id>"): clip(),
    ("POST", "/api/v1/clips"): {"clips": [clip() | {"id": uuid7()}]},
    ("PUT", "/api/v1/papers/<path:ref>/merged-into"): {"paper": "arxiv:2603.01234"},
    ("POST", "/api/v1/papers/stubs"): {"lines": "2603.04321"},
    ("PATCH", "/api/v1/tags/<tag_id>"): {"name": "boats", "colour": "green"},
    ("PUT", "/api/v1/tags/<tag_id>/merged-into"): {"tag": "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"},
    ("PUT", "/api/v1/bulk/<action_id>"): {
        "papers": ["arxiv:2603.01234"],
        "q": "",
        "add_tags": ["boats"],
        "remove_tags": ["ships"],
        "status": "reading",
        "starred": True,
        "trash": False,
    },
    ("PUT", "/api/v1/purges/<purge_id>"): {
        "papers": ["arxiv:2603.01234"],
        "annotations": ["7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11"],
        "everything": False,
    },
    ("POST", "/api/v1/papers/lookup"): {"identifiers": ["arxiv:2603.01234", "doi:10.1000/182"]},
    ("PATCH", "/api/v1/papers/<path:ref>"): {
        "status": "unread",
        "starred": False,
        "rating": None,
        "title": "Folding Paper Boats with Diffusion",
        "abstract": "We fold boats out of noise, one crease at a time.",
        "authors": ["Ada Paper", "Bo Crease"],
        "published": "2026-03-05",
        "organisation": "Harbour Lab",
        "keywords": ["paper", "boats"],
        "venue": "Boat Conference",
        "code_url": "https://boats.example/code",
        "project_url": "https://boats.example/",
    },
    ("PUT", "/api/v1/annotations/<annotation_id>"): highlight(),
    ("PUT", "/api/v1/days/<day>/decisions"): {
        "decision": "skipped",
        "title": "Cranes",
        "arxiv_id": "2603.04321",
        "doi": "",
        "url": "",
    },
    ("POST", "/api/v1/sightings"): {
        "page": {"kind": "digest", "url": "https://huggingface.co/papers"},
        "day": DAY,
        "items": [{"identifier": "arxiv:2603.01234", "upvotes": 13, "comments": 4}],
    },
    ("POST", "/api/v1/tokens"): {"name": "A script", "scopes": ["read", "clip"]},
}

# Path parameters. Add an example here for each new one.
PARTS = {
    "<path:ref>": "arxiv:2603.01234",
    "<path:name>": "boats/paper",
    "<clip_id>": uuid7(),
    "<annotation_id>": "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11",
    "<uuid:note_id>": "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11",
    "<paper_id>": "6a0e9c2d-4b41-4f3d-8c8a-1b2c3d4e5f60",
    "<token_id>": "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071",
    "<pairing_id>": "4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182",
    "<tag_id>": "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071",
    "<action_id>": "3e1c7a0f-2b2f-4d1b-8a6c-3d4e5f607183",
    "<purge_id>": "2f1c7a0f-2b2f-4d1b-8a6c-3d4e5f607184",
    "<backup_id>": "1a1c7a0f-2b2f-4d1b-8a6c-3d4e5f607185",
    "<version>": "0123456789ab-1",
    "<day>": DAY,
    "<path:filename>": "base.css",
}


def routes():
    """Return (method, rule) of every route of the application."""
    rules = create_app(Settings(Path("never-opened"))).url_map.iter_rules()
    return sorted((method, rule.rule) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"})


def address(rule):
    """Return the rule with an example for each path parameter."""
    for part, value in PARTS.items():
        rule = rule.replace(part, value)
    assert "<" not in rule, f"{rule}: add an example for this parameter"
    return rule


def is_api(rule):
    """Return whether the rule belongs to the API rather than a page."""
    return rule.startswith("/api/")
