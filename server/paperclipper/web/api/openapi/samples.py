"""Examples for the OpenAPI document: path parameters, query parameters and request bodies."""

from typing import Any

from paperclipper.web.api.serialization.schemas import REF
from paperclipper.web.api.serialization.shapes import ID, Shape, date, text, uuid

_ARXIV = "arxiv:2603.01234"
_CLIP_ID = "019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"
_NOTE_ID = "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11"
_TAG_ID = "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"

# Path parameters, by name.
PARTS: dict[str, Shape] = {
    "ref": text(_ARXIV, REF),
    "name": text("boats/paper", "The tag's name: 1 to 100 characters, no commas. `a/b` is nested in `a`."),
    "clip_id": uuid("A UUIDv7 chosen by the client.", _CLIP_ID),
    "annotation_id": uuid("A UUID chosen by the client.", _NOTE_ID),
    "version": text("0123456789ab-42", "The `version` of a revision."),
    "tag_id": uuid("The tag's id.", _TAG_ID),
    "day": date("2026-03-09", "The day of the digest."),
    "action_id": uuid(
        "The action's id; for a bulk edit, a UUID chosen by the client.",
        "3e1c7a0f-2b2f-4d1b-8a6c-3d4e5f607183",
    ),
    "purge_id": uuid("A UUID chosen by the client.", "2f1c7a0f-2b2f-4d1b-8a6c-3d4e5f607184"),
    "backup_id": uuid("The backup's id.", "1a1c7a0f-2b2f-4d1b-8a6c-3d4e5f607185"),
    "pairing_id": uuid("The pairing's id.", "4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182"),
    "token_id": uuid("The token's id.", "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"),
}

_CLIP = {
    "clipped_at": "2026-03-09T08:30:00Z",
    "source": "data",
    "page": {"kind": "digest", "url": "https://huggingface.co/papers"},
    "digest": {"kind": "day", "day": "2026-03-09", "rank": 3},
    "upvotes": 12,
    "comments": 3,
    "paper": {
        "title": "Folding Paper Boats with Diffusion",
        "abstract": "We fold boats out of noise, one crease at a time.",
        "authors": ["Ada Paper", "Bo Crease"],
        "published": "2026-03-05",
        "arxiv_id": "2603.01234",
        "arxiv_version": 1,
        "organisation": "Harbour Lab",
        "code_url": "https://boats.example/code",
    },
}

# Request bodies, by schema name.
BODIES: dict[str, Any] = {
    "PairingBody": {
        "client_name": "Firefox on the laptop",
        "challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    },
    "VerifierBody": {"verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
    "ClipBody": _CLIP,
    "ClipsBody": {"clips": [{"id": _CLIP_ID, **_CLIP}]},
    "LookupBody": {"identifiers": [_ARXIV, "https://arxiv.org/abs/2603.04321v2", "doi:10.1000/182"]},
    "PaperEditBody": {
        "status": "reading",
        "starred": True,
        "rating": 4,
        "title": "Folding Paper Boats with Diffusion",
    },
    "OtherPaperBody": {"paper": "arxiv:2603.04321"},
    "StubsBody": {"lines": "2603.01234\nhttps://doi.org/10.1000/182"},
    "BulkBody": {"papers": [_ARXIV, ID], "add_tags": ["boats/paper"], "status": "reading"},
    "AnnotationBody": {
        "paper": _ARXIV,
        "kind": "highlight",
        "body": "Look here.",
        "quote": {"exact": "one crease", "prefix": "noise, ", "suffix": " at a time", "start": 28, "end": 38},
        "colour": "green",
        "source_url": "https://arxiv.org/abs/2603.01234",
        "arxiv_version": 1,
        "made_in": "script",
    },
    "TagEditBody": {"name": "boats/paper", "colour": "green"},
    "OtherTagBody": {"tag": "2b1d8b1e-3a30-4e2c-9b7b-2c3d4e5f6072"},
    "DecisionBody": {"decision": "skipped", "title": "Cranes", "arxiv_id": "2603.04321"},
    "SightingsBody": {
        "page": {"kind": "digest", "url": "https://huggingface.co/papers"},
        "day": "2026-03-09",
        "items": [{"identifier": _ARXIV, "upvotes": 155, "comments": 9}],
    },
    "PurgeBody": {"papers": [_ARXIV], "annotations": [_NOTE_ID]},
    "TokenBody": {"name": "A script", "scopes": ["read", "clip"]},
}

# Query parameters, by name or by operation id and name.
QUERIES: dict[str, Any] = {
    "q": "boats year:2026",
    "sort": "relevance",
    "limit": 20,
    "cursor": 20,
    "search_papers cursor": "5b1f0c2d9e7a4c62b83d1e5f.20",
    "since": "0123456789ab-42",
    "prefix": "boa",
}
