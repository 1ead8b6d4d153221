"""Inspector's data, pushed: the doors of `sync.apply`, one for each kind of row."""

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import sync
from inspector_whatsapp.api.doors import Door, Service
from inspector_whatsapp.api.problems import Problem

LARGEST: Final = 16_000_000  # bytes: a thousand properties with their descriptions

_ITEM: Final = {
    "type": "object",
    "required": ["id", "version"],
    "description": "An item that is not right is refused by itself, with 200 for the whole.",
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 64},
        "version": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "ref": {"type": "string", "maxLength": 64},
        "deleted": {"type": "boolean", "default": False},
    },
    "additionalProperties": True,
}
_BODY: Final = {
    "application/json": {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {"type": "array", "maxItems": sync.MOST, "items": _ITEM},
            "quiet": {"type": "boolean", "default": False},
        },
        "additionalProperties": False,
    }
}
_ERROR: Final = {
    "type": "object",
    "required": ["field", "detail"],
    "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
}
_RESULT: Final = {
    "type": "object",
    "required": ["index", "id", "result", "errors"],
    "properties": {
        "index": {"type": "integer"},
        "id": {"type": "string"},
        "result": {"type": "string", "enum": ["created", "updated", "unchanged", "stale", "refused"]},
        "ref": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": _ERROR},
    },
}
_WORDS: Final = ("created", "updated", "unchanged", "stale", "refused")
_ANSWER: Final = {
    "type": "object",
    "required": ["results", *_WORDS],
    "properties": {
        "results": {"type": "array", "items": _RESULT},
        **{word: {"type": "integer", "minimum": 0} for word in _WORDS},
    },
}


class Sync(Door):
    """`PUT /api/v1/sync/<kind>`: rows of Inspector's, up to a thousand."""

    rights = {"PUT": (Service("sync"),)}
    largest = LARGEST

    @extend_schema(
        operation_id="sync",
        request=_BODY,
        responses={200: _ANSWER},
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(sync.KINDS))],
        examples=[
            OpenApiExample(
                "An account",
                request_only=True,
                value={
                    "items": [
                        {
                            "id": "user-2041",
                            "version": 7,
                            "email": "ngozi@example.com",
                            "name": "Ngozi Eze",
                            "role": "seeker",
                            "phone": "+2348030000041",
                        }
                    ]
                },
            )
        ],
    )
    def put(self, request: Request, kind: str) -> Response:
        """Make rows here as they are at Inspector; each by itself, and each once."""
        if kind not in sync.KINDS:
            raise Problem(404, "not_found", f"There is no such kind; there are {', '.join(sync.KINDS)}.")
        items, quiet = _read(request.data)
        results = sync.apply(kind, items, quiet=quiet)
        return Response({"results": [_shown(result) for result in results], **sync.counts(results)})


def _read(body: Any) -> tuple[list[Any], bool]:
    wrong: dict[str, str] = {}
    given: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    if not isinstance(body, Mapping):
        wrong[""] = "The body must be an object."
    items, quiet = given.get("items"), given.get("quiet", False)
    if not isinstance(items, list):
        wrong.setdefault("/items", "It must be a list.")
    elif len(items) > sync.MOST:
        raise Problem(413, "too_many_items", f"A call has at most {sync.MOST:,} items.")
    if not isinstance(quiet, bool):
        wrong["/quiet"] = "It must be true or false."
    for name in given:
        if name not in ("items", "quiet"):
            wrong[f"/{name.replace('~', '~0').replace('/', '~1')}"] = "This field is not known."
    if wrong or not isinstance(items, list):
        errors = [{"pointer": pointer, "detail": detail} for pointer, detail in wrong.items()]
        raise Problem(400, "invalid", "Some of what was sent is not right.", errors=errors)
    return items, bool(quiet)


def _shown(result: sync.Result) -> dict[str, Any]:
    shown: dict[str, Any] = {"index": result.index, "id": result.id, "result": result.result}
    if result.ref:
        shown["ref"] = result.ref
    if result.code:
        shown["code"] = result.code
    shown["errors"] = [{"field": error.field, "detail": error.detail} for error in result.errors]
    return shown
