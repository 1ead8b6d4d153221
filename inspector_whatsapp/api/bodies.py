"""Serializers that take what is documented and nothing else."""

from datetime import datetime
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.request import Request


class Body(serializers.Serializer[dict[str, Any]]):
    """The body of a request. A field that is not known is refused by its name, never passed over."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            unknown = {name: ["This field is not known."] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
        read: dict[str, Any] = super().to_internal_value(data)
        return read


class Query(Body):
    """What stands behind the question mark of an address."""


class Listing(Query):
    """The same, of a list that comes in pages."""

    limit = serializers.IntegerField(required=False, min_value=1, help_text="At most 100 come at once.")
    cursor = serializers.CharField(required=False, max_length=500, help_text="From `next`.")


def read(body: type[Body], request: Request) -> dict[str, Any]:
    """The body of a request, or its query where it is one, once it has been found to be right."""
    data = request.query_params.dict() if issubclass(body, Query) else request.data
    found = body(data=data)
    found.is_valid(raise_exception=True)
    values: dict[str, Any] = found.validated_data
    return values


class Moment(serializers.DateTimeField):
    """A time with its offset: whose clock a time without one goes by is anybody's guess."""

    default_error_messages = {"naive": "A time needs an offset, as in 2026-12-01T10:00:00+01:00."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        return super().enforce_timezone(value)


class BodyScheme(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """The schema says that other fields are refused."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema["additionalProperties"] = False
        return schema
