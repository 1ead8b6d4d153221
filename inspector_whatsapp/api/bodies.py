"""Serializers that take what is documented and nothing else."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request


class Body(serializers.Serializer[dict[str, Any]]):
    """The body of a request. A field that is not known is refused by its name, never passed over."""

    least: ClassVar[int] = 0  # fields that must be there, whichever they are

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            unknown = {name: ["This field is not known."] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
            if len(data) < self.least:
                least = f"Give at least one of {', '.join(self.fields)}."
                raise serializers.ValidationError({"non_field_errors": [least]})
            self.refuse_other_types(data)
        read: dict[str, Any] = super().to_internal_value(data)
        return read

    def refuse_other_types(self, data: dict[str, Any]) -> None:
        """A number is no text, and "1" no number: what is guessed here is misread elsewhere."""
        wrong = {
            name: [f"This must be {words}."]
            for name, field in self.fields.items()
            if not field.read_only and data.get(name) is not None
            for words, is_right in [_type_of(field)]
            if not is_right(data[name])
        }
        if wrong:
            raise serializers.ValidationError(wrong)


class Query(Body):
    """What stands behind the question mark of an address: text, whatever it means."""

    def refuse_other_types(self, data: dict[str, Any]) -> None:
        pass


class Price(serializers.RegexField):
    """An amount of money: digits in a text, for a number of a program's may have lost some."""

    def __init__(self, **more: Any) -> None:
        super().__init__(r"^[0-9]{1,12}(\.[0-9]{1,2})?$", max_length=15, **more)

    def run_validation(self, data: Any = empty) -> Any:
        read = super().run_validation(data)
        return Decimal(read) if isinstance(read, str) else read


class YesNo(serializers.ChoiceField):
    """true or false, behind a question mark; None where it is not said."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=[("true", "yes"), ("false", "no")], required=False, **more)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(data) == "true"


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


def _type_of(field: Any) -> tuple[str, Callable[[Any], bool]]:
    """What a field's JSON is, in words and to be tried."""
    match field:
        case serializers.BooleanField():
            return "true or false", lambda value: isinstance(value, bool)
        case serializers.IntegerField():
            return "a whole number", _is_whole
        case serializers.CharField() | serializers.DateTimeField():
            return "a text", lambda value: isinstance(value, str)
    return "", lambda value: True


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


class BodyScheme(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """The schema says that other fields are refused."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema["additionalProperties"] = False
        if self.target.least:
            schema["minProperties"] = self.target.least
        return schema
