"""The JSON Schemas of the responses for server identification, pairings and tokens."""

from paperclipper.model import PairingState, Scope
from paperclipper.web.api.serialization.answers import listing
from paperclipper.web.api.serialization.shapes import (
    NAMED,
    array,
    enum_of,
    integer,
    named,
    null_example,
    record,
    text,
    timestamp,
    url,
    uuid,
)

_TOKEN_ID = "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"  # noqa: S105
_INSTANCE_ID = "0b8e2c1d-6f3a-4f7e-9a51-7c2d1e0f9b88"
_INSTANCE = uuid("The id of this server, which a restore from backup preserves.", _INSTANCE_ID)

HELLO = record(
    app=text("paperclipper", const="paperclipper"),
    api_version=integer(1, const=1),
    version=text("0.2.0"),
    extension_version=text("0.2.0", "The version of the matching extension."),
    instance_id=_INSTANCE,
)
_WORDS = array(text("harbour"), "Three words to compare on both screens.") | {"minItems": 3, "maxItems": 3}
_WORDS["examples"] = [["harbour", "lemon", "violin"]]
_PAIRING_ID = uuid(example="4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182")
PAIRING_REQUEST = record(
    id=_PAIRING_ID,
    words=_WORDS,
    instance_id=_INSTANCE,
    expires_at=timestamp(),
    approve_url=url(
        "http://127.0.0.1:8377/pair/4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182",
        "The page on which the reader allows or denies the request.",
    ),
)
_SCOPES = array(enum_of(Scope, "read")) | {"examples": [["clip", "read"]]}
_SECRET = text("pcl_5c0d8b1e_…", "The secret, which only this response contains.")
CLAIMED_TOKEN = record(
    token=_SECRET,
    scopes=_SCOPES,
    instance_id=_INSTANCE,
    library=record(id=uuid(), name=text("Library")),
)
WAITING_PAIRING = record(state=text("waiting", const="waiting"))
PAIRING = named(
    "Pairing",
    "A connection request from a browser extension.",
    id=_PAIRING_ID,
    client_name=text("Firefox on the laptop"),
    origin=text("moz-extension://0f6d0b0e-1111-4222-8333-444455556666"),
    words=_WORDS,
    state=enum_of(PairingState, "waiting"),
    created_at=timestamp(),
    expires_at=timestamp(),
)
PAIRINGS = listing(PAIRING)
TOKEN = named(
    "Token",
    "An API token.",
    id=uuid(example=_TOKEN_ID),
    name=text("A script"),
    scopes=_SCOPES,
    origin=null_example(
        text(""), "The only origin allowed to use the token, if it belongs to an extension; otherwise empty."
    ),
    created_at=timestamp(),
    last_used_at=null_example(timestamp()),
    revoked_at=null_example(timestamp()),
)
TOKENS = listing(TOKEN)
NEW_TOKEN = named("NewToken", "An API token with its secret.", **NAMED["Token"]["properties"], token=_SECRET)
