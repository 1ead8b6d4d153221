"""Lists, a page at a time: a cursor says after what, so that what comes in meanwhile moves nothing."""

from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp.api.problems import Problem


class Pages(CursorPagination):
    """The newest first; `limit` up to 100, 50 by itself."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "limit"
    ordering: str | tuple[str, ...] = "-pk"

    def decode_cursor(self, request: Request) -> Any:
        try:
            cursor = super().decode_cursor(request)
            if cursor is None or cursor.position is None or self.is_position(str(cursor.position)):
                return cursor
        except (NotFound, ValueError):
            pass
        raise Problem(400, "bad_cursor", "This cursor is none of ours.")

    def is_position(self, position: str) -> bool:
        """Whether a row could be there: what a cursor holds has come back from outside."""
        return position.isdecimal() and len(position) < 19

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": address},
        }


class Soonest(Pages):
    """By the time at which they begin, the soonest first."""

    ordering = ("starts_at", "pk")

    def is_position(self, position: str) -> bool:
        moment = parse_datetime(position)
        return moment is not None and moment.tzinfo is not None and 1 < moment.year < 9999
