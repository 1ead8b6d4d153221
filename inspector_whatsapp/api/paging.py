"""Lists, a page at a time: a cursor says after what, so that what comes in meanwhile moves nothing."""

from typing import Any

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
    ordering = "-pk"

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except (NotFound, ValueError):
            raise Problem(400, "bad_cursor", "This cursor is none of ours.") from None

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": address},
        }
