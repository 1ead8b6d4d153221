"""Bookings: what a person has a part in, and nobody else's."""

from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, inspections, listings
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Body, Listing, Moment, read
from inspector_whatsapp.api.conditions import demand_match, etag, unless_match
from inspector_whatsapp.api.doors import Door, Person
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.schema import ETAG, IF_MATCH, IF_NONE_MATCH, KEY, LOCATION
from inspector_whatsapp.api.shown import InspectionShown, may_see, plain, slots
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_inspection
from inspector_whatsapp.models import Inspection, Role, Slot, User
from inspector_whatsapp.models.inspections import InspectionState

TAGS: Final = ["Bookings"]
_PARTS: Final = {
    Role.SEEKER: "seeker",
    Role.AGENT: "property__agent",
    Role.INSPECTOR: "inspector",
}


class Which(Listing):
    """Some of a person's inspections."""

    state = serializers.ChoiceField(choices=InspectionState.choices, required=False)
    role = serializers.ChoiceField(
        choices=[(role, role) for role in _PARTS], required=False, help_text="As what they have a part in it."
    )

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python's.
        more = {"from": Moment(required=False), "to": Moment(required=False)}
        return {**super().get_fields(), **more}


class Booking(Body):
    """Which place is wanted."""

    slot = serializers.IntegerField(min_value=1, help_text="The `id` of a free slot.")
    property = serializers.CharField(
        required=False, max_length=16, help_text="The ref of the property that the slot should be of."
    )


class Move(Body):
    """Another time."""

    slot = serializers.IntegerField(min_value=1, help_text="The `id` of a free slot of the property.")


class Confirmation(Body):
    """The agent's yes to a request."""

    answer = serializers.ChoiceField(choices=[("confirm", "confirm")])


class Ending(Body):
    """The agent's no to a request, or anybody's to an inspection, with a reason that people are told."""

    answer = serializers.ChoiceField(choices=[("decline", "decline"), ("cancel", "cancel")])
    why = serializers.CharField(max_length=300, required=False, allow_blank=True)


class Word(Body):
    """What the seeker says of the visit: that they come, or afterwards that nobody was there."""

    answer = serializers.ChoiceField(choices=[("coming", "coming"), ("nobody_there", "nobody_there")])


def _change_in(request: Request) -> dict[str, Any]:
    """Which of them it is shows by what is in it."""
    body = request.data if isinstance(request.data, dict) else {}
    if "answer" not in body:
        return read(Move, request)
    if body["answer"] in ("coming", "nobody_there"):
        return read(Word, request)
    return read(Confirmation if body["answer"] == "confirm" else Ending, request)


CHANGE: Final = PolymorphicProxySerializer(
    component_name="Change", serializers=[Move, Confirmation, Ending, Word], resource_type_field_name=None
)


class Bookings(Door):
    """What a person has booked, and is booked with them."""

    rights = {"GET": (Person(),), "POST": (Person(),)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS,
        operation_id="list_inspections",
        parameters=[Which],
        responses=InspectionShown(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the person's inspections, the newest first."""
        which, pages = read(Which, request), Pages()
        found = pages.paginate_queryset(_some(account_of(request), which), request, self) or []
        return pages.get_paginated_response([plain(InspectionShown(one)) for one in found])

    @extend_schema(
        tags=TAGS,
        operation_id="book_inspection",
        parameters=[KEY, ETAG, LOCATION],
        request=Booking,
        responses={201: InspectionShown},
        examples=[OpenApiExample("a place", {"slot": 7001, "property": "PR-1042"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Book a place: confirmed at once, or requested where the agent, or Inspector, is asked first."""
        return idempotency.once(request, lambda: self._book(request), demanded=True)

    def _book(self, request: Request) -> Response:
        wish, person = read(Booking, request), account_of(request)
        slot = slot_of(wish["slot"], person, of=wish.get("property", ""))
        if "property" in wish and wish["property"] != slot.property.ref:
            raise serializers.ValidationError({"slot": "That slot is of another property."})
        inspection = inspections.book(seeker=person, slot=slot, origin=Origin.API)
        response = _response(inspection_of(person, inspection.ref), status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}/{inspection.ref}")
        return response


class OneBooking(Door):
    """An inspection that the person has a part in; any other is not there."""

    rights = {"GET": (Person(),), "PATCH": (Person(),), "DELETE": (Person(),)}

    @extend_schema(
        tags=TAGS,
        operation_id="get_inspection",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: InspectionShown, 304: None},
    )
    def get(self, request: Request, ref: str) -> Response:
        """Show an inspection."""
        shown = plain(InspectionShown(inspection_of(account_of(request), ref)))
        return unless_match(request, etag(shown), Response(shown))

    @extend_schema(
        tags=TAGS,
        operation_id="change_inspection",
        parameters=[IF_MATCH, ETAG],
        request=CHANGE,
        responses={200: InspectionShown},
        examples=[
            OpenApiExample("another time", {"slot": 7001}, request_only=True),
            OpenApiExample("the agent's no", {"answer": "decline", "why": "I travel."}, request_only=True),
        ],
    )
    def patch(self, request: Request, ref: str) -> Response:
        """Move an inspection, answer a request, call one off, say that one comes or that nobody came."""
        return idempotency.once(request, lambda: self._change(request, ref))

    def _change(self, request: Request, ref: str) -> Response:
        wish, person = _change_in(request), account_of(request)
        with transaction.atomic():
            # Held before the condition is looked at: of two who saw the same state, one changes it.
            inspection = inspection_of(person, ref)
            lock_inspection(inspection)
            inspection = inspection_of(person, ref)
            demand_match(request, _tag(inspection))
            if "slot" in wish:
                _move(inspection, slot_of(wish["slot"], person), person)
            else:
                _answer(inspection, wish["answer"], person, wish.get("why", ""))
            return _response(inspection_of(person, ref))

    @extend_schema(
        tags=TAGS,
        operation_id="cancel_inspection",
        parameters=[OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200])],
        responses={200: InspectionShown},
    )
    def delete(self, request: Request, ref: str) -> Response:
        """Call an inspection off; one that is off already stays as it is."""
        person = account_of(request)
        return idempotency.once(request, lambda: self._cancel(person, ref))

    def _cancel(self, person: User, ref: str) -> Response:
        _answer(inspection_of(person, ref), "cancel", person, "")
        return _response(inspection_of(person, ref))


# --- the steps --------------------------------------------------------------------------------------------
def _some(person: User, which: dict[str, Any]) -> QuerySet[Inspection]:
    wanted = Q()
    if "state" in which:
        wanted &= Q(state=which["state"])
    if "role" in which:
        wanted &= Q(**{_PARTS[which["role"]]: person})
    if "from" in which:
        wanted &= Q(starts_at__gte=which["from"])
    if "to" in which:
        wanted &= Q(starts_at__lt=which["to"])
    return inspections.of(person).filter(wanted)


def inspection_of(person: User, ref: str) -> Inspection:
    """One that they have a part in."""
    found = inspections.of(person).filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def slot_of(pk: int, person: User, *, of: str = "") -> Slot:
    """A slot that is or was; where there is none any more, only the caller knows of which property it was.

    Of what is not published nobody is told but its agent.
    """
    slot = Slot.objects.select_related("property", "inspector").filter(pk=pk).first()
    if slot is None or not may_see(slot.property, person):
        named = listings.live().filter(ref=of).first()
        others = slots(inspections.next_free(named, now=clock.now())) if named is not None else []
        raise Problem(409, "slot_gone", "That time is no longer on offer.", next_free=others)
    return slot


def _move(inspection: Inspection, slot: Slot, person: User) -> None:
    if person.pk not in (inspection.seeker_id, inspection.property.agent_id):
        raise Problem(403, "not_yours", "Its seeker or its agent moves an inspection.")
    if slot.property_id != inspection.property_id:
        raise serializers.ValidationError({"slot": "That slot is of another property."})
    inspections.move(inspection=inspection, slot=slot, actor=person, origin=Origin.API)


def _answer(inspection: Inspection, answer: str, person: User, why: str) -> None:
    agents = person.pk == inspection.property.agent_id
    if answer == "cancel":
        if not agents and person.pk != inspection.seeker_id:
            raise Problem(403, "not_yours", "Its seeker or its agent calls an inspection off.")
        inspections.cancel(inspection=inspection, actor=person, origin=Origin.API, why=why)
        return
    if answer in ("coming", "nobody_there"):
        if person.pk != inspection.seeker_id:
            raise Problem(
                403, "not_yours", "Its seeker says whether they come, and whether anybody was there."
            )
        says = inspections.come if answer == "coming" else inspections.nobody_came
        says(inspection=inspection, actor=person, origin=Origin.API)
        return
    if not agents:
        raise Problem(403, "not_yours", "The agent of the property answers requests.")
    if answer == "confirm":
        inspections.confirm(inspection=inspection, actor=person, origin=Origin.API)
    else:
        inspections.decline(inspection=inspection, actor=person, origin=Origin.API, why=why)


def _tag(inspection: Inspection) -> str:
    return etag(plain(InspectionShown(inspection)))


def _response(inspection: Inspection, *, status: int = 200) -> Response:
    shown = plain(InspectionShown(inspection))
    return Response(shown, status=status, headers={"ETag": etag(shown)})
