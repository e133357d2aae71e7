"""Request and response headers in the OpenAPI document."""

from typing import Any

from paperclipper.web.api.serialization.shapes import Shape, dereferenced, example, text, uuid

Part = dict[str, Any]


def parameter(where: str, name: str, shape: Shape, *, required: bool = True) -> Part:
    """Return a parameter object with the schema, description and example of a shape."""
    schema = {key: value for key, value in shape.items() if key not in ("description", "examples")}
    described = {"description": shape["description"], "schema": schema, "example": example(shape)}
    return {"name": name, "in": where, "required": required} | described


def _header(example_: str | int, description: str, *, required: bool = True, kind: str = "string") -> Part:
    return {"description": description, "required": required, "schema": {"type": kind}, "example": example_}


COMPONENTS: Part = {
    "X-Request-Id": _header("9f86d081884c7d65", "The id of the request, as in the server's log."),
    "ETag": _header('"0123456789ab-42"', "The entity tag. For an editable resource, this is its `version`."),
    "Link": _header(
        '<http://127.0.0.1:8377/api/v1/trash?cursor=20>; rel="next"',
        "The URL of the next page (RFC 8288). Omitted on the last page.",
        required=False,
    ),
    "Retry-After": _header(60, "The number of seconds to wait before retrying.", kind="integer"),
    "WWW-Authenticate": _header("Bearer", "The required authentication scheme."),
    "Content-Disposition": _header("attachment; filename=paperclipper-markdown.zip", "The file name."),
}
PARAMETERS: Part = {
    "If-Match": parameter(
        "header",
        "If-Match",
        text(
            '"0123456789ab-42"',
            "The `ETag` of the version that the edit is based on. Optional if the edit changes nothing.",
        ),
        required=False,
    ),
    "If-None-Match": parameter(
        "header",
        "If-None-Match",
        text(
            '"0123456789ab-42"',
            "An `ETag` from an earlier response. If it still matches, the response is 304 without a body.",
        ),
        required=False,
    ),
    "Paperclipper-Instance": parameter(
        "header",
        "Paperclipper-Instance",
        uuid(
            "The id of the intended server, from `/hello`. Any other server returns 412.",
            "0b8e2c1d-6f3a-4f7e-9a51-7c2d1e0f9b88",
        ),
        required=False,
    ),
    "Origin": parameter(
        "header",
        "Origin",
        text(
            "moz-extension://0f6d0b0e-1111-4222-8333-444455556666",
            "The extension's origin, sent by the browser.",
        ),
    ),
}


def reference(name: str) -> Part:
    """Return a reference to the component for a request header."""
    return {"$ref": f"#/components/parameters/{name}"}


def carried(*names: str) -> Part:
    """Return references to response headers, including X-Request-Id, which all responses have."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-Id")}


def of_response(shape: Shape, content_type: str, *, is_read: bool) -> Part:
    """Return a response's headers: ETag for reads and versioned resources, Link for paginated results."""
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
