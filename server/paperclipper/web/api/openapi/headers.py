"""Headers in the document: those that requests may carry, and which each answer carries."""

from typing import Any

from paperclipper.web.api.serialization.shapes import Shape, dereferenced, example, text, uuid

Part = dict[str, Any]


def parameter(where: str, name: str, shape: Shape, *, required: bool = True) -> Part:
    """A parameter, described by a shape."""
    schema = {key: value for key, value in shape.items() if key not in ("description", "examples")}
    described = {"description": shape["description"], "schema": schema, "example": example(shape)}
    return {"name": name, "in": where, "required": required} | described


def _header(example_: str | int, description: str, *, required: bool = True, kind: str = "string") -> Part:
    return {"description": description, "required": required, "schema": {"type": kind}, "example": example_}


COMPONENTS: Part = {
    "X-Request-Id": _header("9f86d081884c7d65", "The request's name, which stands in the server's log too."),
    "ETag": _header(
        '"0123456789ab-42"', "What `If-None-Match` may send; where the thing has a `version`, that."
    ),
    "Link": _header(
        '<http://127.0.0.1:8377/api/v1/trash?cursor=20>; rel="next"',
        "The next page (RFC 8288); not there on the last.",
        required=False,
    ),
    "Retry-After": _header(60, "After how many seconds to ask again.", kind="integer"),
    "WWW-Authenticate": _header("Bearer", "A token is wanted."),
    "Content-Disposition": _header("attachment; filename=paperclipper-first-copy.zip", "The file's name."),
}
PARAMETERS: Part = {
    "If-Match": parameter(
        "header",
        "If-Match",
        text(
            '"0123456789ab-42"',
            "The `ETag` of the version that this edit began from. Saying what is so already needs none.",
        ),
        required=False,
    ),
    "If-None-Match": parameter(
        "header",
        "If-None-Match",
        text('"0123456789ab-42"', "An `ETag` got before: 304 and no body, where nothing changed."),
        required=False,
    ),
    "Paperclipper-Instance": parameter(
        "header",
        "Paperclipper-Instance",
        uuid(
            "The installation that is meant, from `/hello`: another one answers 412 and does nothing.",
            "0b8e2c1d-6f3a-4f7e-9a51-7c2d1e0f9b88",
        ),
        required=False,
    ),
    "Origin": parameter(
        "header",
        "Origin",
        text(
            "moz-extension://0f6d0b0e-1111-4222-8333-444455556666", "The extension's; the browser sends it."
        ),
    ),
}


def of(name: str) -> Part:
    """How an operation names a header that requests may carry."""
    return {"$ref": f"#/components/parameters/{name}"}


def carried(*names: str) -> Part:
    """Headers of an answer; all carry the request's name."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-Id")}


def of_response(shape: Shape, content_type: str, *, is_read: bool) -> Part:
    """The headers of an answer of this shape: what has a version carries it, and a page where the next begins."""
    if content_type != "application/json":
        return carried("Content-Disposition")
    properties = dereferenced(shape)["properties"]
    found = carried(*(["Link"] if "next" in properties else []), *(["ETag"] if is_read else []))
    versioned = [] if is_read else [each for each in (shape, *properties.values()) if _has_version(each)]
    if versioned:
        is_always = not any("anyOf" in each for each in versioned)
        found |= carried("ETag") if is_always else {"ETag": COMPONENTS["ETag"] | {"required": False}}
    return found


def _has_version(shape: Shape) -> bool:
    return any(
        "version" in dereferenced(choice).get("properties", {}) for choice in shape.get("anyOf", [shape])
    )
