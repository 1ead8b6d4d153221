"""Waiting lists: what a person waits for, and the place that is offered to them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import (
    OpenApiExample,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, inspections, listings
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Body, Listing, read
from inspector_whatsapp.api.doors import Door, Person
from inspector_whatsapp.api.inspections import slot_of
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.schema import KEY, LOCATION
from inspector_whatsapp.api.shown import PropertyInShort, SlotShown, plain
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import WaitingDay
from inspector_whatsapp.models import Property, Slot, User, Wait
from inspector_whatsapp.models.waiting import WaitState
from inspector_whatsapp.words import Reader

TAGS: Final = ["Waiting lists"]
FARTHEST: Final = timedelta(days=1_000)  # nobody opens slots beyond


class WaitShown(serializers.ModelSerializer[Wait]):
    """What somebody waits for, and how it stands."""

    id = serializers.IntegerField()
    property = PropertyInShort()
    slot = SlotShown(allow_null=True, help_text="Null: any time from `since` on and before `until` will do.")
    state = serializers.ChoiceField(choices=WaitState.choices)
    position = serializers.SerializerMethodField(help_text="1 is the next; null once they wait no longer.")
    offered = SlotShown(allow_null=True, help_text="Where a place is kept for them, or was.")
    answer_by = serializers.DateTimeField(
        allow_null=True, help_text="Until when it is kept; null until they have been told of it."
    )
    inspection = serializers.CharField(source="inspection.ref", default=None, allow_null=True)

    class Meta:
        model = Wait
        fields = (
            *("id", "property", "slot", "since", "until", "state", "position", "offered", "answer_by"),
            *("inspection", "created_at"),
        )

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_position(self, wait: Wait) -> int | None:
        positions: Mapping[int, int] = self.context["positions"]
        return positions.get(wait.pk)


class WishForSlot(Body):
    """A slot that is full."""

    slot = serializers.IntegerField(min_value=1, help_text="Its `id`.")


class WishForDay(Body):
    """Any time of a day, by the person's own clock, all of whose slots are full."""

    property = serializers.CharField(max_length=16, help_text="The ref of the property.")
    day = serializers.DateField()


WISH: Final = PolymorphicProxySerializer(
    component_name="PlaceToWaitFor", serializers=[WishForSlot, WishForDay], resource_type_field_name=None
)


class Taking(Body):
    """The person's yes to the place that is offered."""

    answer = serializers.ChoiceField(choices=[("take", "take")])


class Waits(Door):
    """What a person waits for."""

    rights = {"GET": (Person(),), "POST": (Person(),)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS, operation_id="list_waiting", parameters=[Listing], responses=WaitShown(many=True)
    )
    def get(self, request: Request) -> Response:
        """List what the person waits for now, the newest first."""
        read(Listing, request)
        pages = Pages()
        found = pages.paginate_queryset(inspections.waits_of(account_of(request)), request, self) or []
        return pages.get_paginated_response(_shown(found))

    @extend_schema(
        tags=TAGS,
        operation_id="join_waiting",
        parameters=[KEY, LOCATION],
        request=WISH,
        responses={201: WaitShown},
        examples=[OpenApiExample("a full slot", {"slot": 7002}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Wait for a place, by `slot`, or by `property` and `day`; who does already keeps their turn."""
        return idempotency.once(request, lambda: self._join(request), demanded=True)

    def _join(self, request: Request) -> Response:
        property, place = _place(request, account_of(request))
        wait = inspections.join(seeker=account_of(request), property=property, place=place, origin=Origin.API)
        response = Response(_shown([_of(account_of(request), wait.pk)])[0], status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}/{wait.pk}")
        return response


class OneWait(Door):
    """Something that the person waits for, or did; anybody else's is not there."""

    rights = {"GET": (Person(),), "PATCH": (Person(),), "DELETE": (Person(),)}

    @extend_schema(tags=TAGS, operation_id="get_waiting", responses={200: WaitShown})
    def get(self, request: Request, pk: str) -> Response:
        """Show how it stands."""
        return Response(_shown([_of(account_of(request), pk)])[0])

    @extend_schema(tags=TAGS, operation_id="take_offered_place", request=Taking, responses={200: WaitShown})
    def patch(self, request: Request, pk: str) -> Response:
        """Take the place that is offered: it is booked as any other, and `inspection` names it."""
        return idempotency.once(request, lambda: self._take(request, pk))

    def _take(self, request: Request, pk: str) -> Response:
        read(Taking, request)
        person = account_of(request)
        inspections.take(wait=_of(person, pk), origin=Origin.API)
        return Response(_shown([_of(person, pk)])[0])

    @extend_schema(tags=TAGS, operation_id="leave_waiting", responses={200: WaitShown})
    def delete(self, request: Request, pk: str) -> Response:
        """Wait no longer; a place that is offered goes to the next. What is over stays as it is."""
        return idempotency.once(request, lambda: self._leave(account_of(request), pk))

    def _leave(self, person: User, pk: str) -> Response:
        inspections.leave(wait=_of(person, pk), actor=person, origin=Origin.API)
        return Response(_shown([_of(person, pk)])[0])


# --- the steps --------------------------------------------------------------------------------------------
def _place(request: Request, person: User) -> tuple[Property, Slot | WaitingDay]:
    """Which of the two it is shows by what is in it."""
    if not isinstance(request.data, dict) or "day" not in request.data:
        slot = slot_of(read(WishForSlot, request)["slot"], person)
        return slot.property, slot
    wish = read(WishForDay, request)
    property = listings.live().filter(ref=wish["property"]).first()
    if property is None:
        raise Http404
    if abs(wish["day"] - clock.now().date()) > FARTHEST:
        raise inspections.SlotGone(property)
    zone = Reader(zone=person.time_zone or settings.TIME_ZONE).tz
    return property, WaitingDay.on(wish["day"], zone)


def _of(person: User, pk: int | str) -> Wait:
    found = inspections.wait_of(person, int(pk))
    if found is None:
        raise Http404
    return found


def _shown(waits: list[Wait]) -> list[dict[str, Any]]:
    positions = inspections.positions(waits)
    return [plain(WaitShown(wait, context={"positions": positions})) for wait in waits]
