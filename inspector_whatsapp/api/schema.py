"""What the schema says besides what drf-spectacular reads off the doors: every answer that is a problem."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter

KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="New for every wish.",
)
IF_MATCH: Final = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that you were shown."
)
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="304 while it is still so."
)
ETAG: Final = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201, 304])
LOCATION: Final = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201])

PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457; `code` is for programs and never changes.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_EVERYWHERE: Final = {
    "400": "What was sent is not right.",
    "401": "No valid token.",
    "403": "The token does not allow it.",
    "404": "There is no such thing for this token.",
    "429": "Too many requests; see Retry-After.",
    "503": "Cannot be done now; see Retry-After.",
}
_WRITING: Final = {
    "409": "It cannot be done as things are; `code` says why.",
    "413": "The body is too large.",
    "415": "Only JSON is taken.",
    "422": "This Idempotency-Key came with another request.",
}
_CONDITIONAL: Final = {
    "412": "It has changed since you saw it.",
    "428": "If-Match is missing.",
}
_METHODS: Final = ("get", "put", "post", "patch", "delete")


def add_problems(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: the problems that every operation may answer with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method in _METHODS:
            if method in path:
                found = _EVERYWHERE if method == "get" else _EVERYWHERE | _WRITING
                if any(one.get("name") == "If-Match" for one in path[method].get("parameters", ())):
                    found = found | _CONDITIONAL
                _demand_body(result, path[method])
                for response in path[method]["responses"].values():
                    response.get("content", {}).pop("application/problem+json", None)
                for status, description in found.items():
                    path[method]["responses"].setdefault(status, _problem(description))
    return result


def _demand_body(result: dict[str, Any], operation: dict[str, Any]) -> None:
    """A body in which something must be is not left out, though drf-spectacular lets some be."""
    body = operation.get("requestBody", {})
    for content in body.get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        schema = result["components"]["schemas"].get(name, content["schema"])
        if schema.keys() & {"required", "oneOf", "minProperties"}:
            body["required"] = True


def _problem(description: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {"application/problem+json": reference}}
