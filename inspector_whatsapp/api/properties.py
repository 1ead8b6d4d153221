"""Properties: their free times, who keeps them in view, and what their agent sets."""

from typing import Any, Final

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, inspections, listings
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of, caller_of
from inspector_whatsapp.api.bodies import Body, Listing, Moment, Price, YesNo, read
from inspector_whatsapp.api.conditions import demand_match, etag, unless_match
from inspector_whatsapp.api.doors import Door, Person, Service
from inspector_whatsapp.api.paging import Soonest
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.schema import ETAG, IF_MATCH, IF_NONE_MATCH
from inspector_whatsapp.api.shown import PropertyShown, SlotShown, may_see, plain, slots
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_property
from inspector_whatsapp.models import Property, User
from inspector_whatsapp.models.listings import LONGEST_NOTICE, BookingRule, PropertyStatus

TAGS: Final = ["Properties"]


class When(Listing):
    """From when to when."""

    full = YesNo(help_text="Those instead that are full, and can be waited for.")

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python's.
        more = {"from": Moment(required=False), "to": Moment(required=False)}
        return {**super().get_fields(), **more}


class Setting(Body):
    """What an agent sets of a property; at least one of these."""

    least = 1

    status = serializers.ChoiceField(
        choices=[(status, status.label) for status in listings.SETTABLE], required=False
    )
    booking_rule = serializers.ChoiceField(choices=BookingRule.choices, required=False)
    give_away_hours = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_NOTICE,
        allow_null=True,
        required=False,
        help_text="So long before a visit, who does not answer loses the place to who waits; null: never.",
    )
    price = Price(required=False)


class InView(serializers.Serializer[dict[str, Any]]):
    """Whether the person keeps the property in view."""

    property = serializers.CharField()
    interested = serializers.BooleanField()


FREE = inline_serializer(
    "FreeSlots",
    {
        "bookable": serializers.BooleanField(help_text="False while the property is not on offer."),
        "results": SlotShown(many=True),
        "next": serializers.URLField(allow_null=True),
    },
)


class Slots(Door):
    """The times at which a property can be inspected."""

    rights = {"GET": (Person(), Service("read"))}

    @extend_schema(tags=TAGS, operation_id="list_slots", parameters=[When], responses=FREE)
    def get(self, request: Request, ref: str) -> Response:
        """List the free slots of a property, the soonest first; none while it is not on offer."""
        when, pages = read(When, request), Soonest()
        property = seen(request, ref)
        wanted = inspections.full_slots if when.get("full") else inspections.free_slots
        free = wanted(property, now=clock.now())
        if "from" in when:
            free = free.filter(starts_at__gte=when["from"])
        if "to" in when:
            free = free.filter(starts_at__lt=when["to"])
        found = pages.paginate_queryset(free, request, self) or []
        bookable = property.status == PropertyStatus.LIVE
        return Response({"bookable": bookable, "results": slots(found), "next": pages.get_next_link()})


class OneProperty(Door):
    """A property that is published, or the agent's own."""

    rights = {"GET": (Person(), Service("read")), "PATCH": (Person(),)}

    @extend_schema(
        tags=TAGS,
        operation_id="get_property",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: PropertyShown, 304: None},
    )
    def get(self, request: Request, ref: str) -> Response:
        """Show a property."""
        shown = plain(PropertyShown(seen(request, ref)))
        return unless_match(request, etag(shown), Response(shown))

    @extend_schema(
        tags=TAGS,
        operation_id="set_property",
        parameters=[IF_MATCH, ETAG],
        request=Setting,
        responses={200: PropertyShown},
        examples=[OpenApiExample("it is let", {"status": "let"}, request_only=True)],
    )
    def patch(self, request: Request, ref: str) -> Response:
        """Set whether a property is on offer, its price, and who confirms bookings: its agent only."""
        return idempotency.once(request, lambda: self._set(request, ref))

    def _set(self, request: Request, ref: str) -> Response:
        wish, agent = read(Setting, request), account_of(request)
        property = seen(request, ref)
        if property.agent_id != agent.pk:
            raise Problem(403, "not_yours", "Only its agent sets a property.")
        with transaction.atomic():
            property = lock_property(property.pk)
            demand_match(request, etag(plain(PropertyShown(property))))
            shown = plain(PropertyShown(_apply(property, wish, agent)))
        return Response(shown, headers={"ETag": etag(shown)})


class InterestInIt(Door):
    """Whether a person keeps a property in view."""

    rights = {"POST": (Person(),), "DELETE": (Person(),)}

    @extend_schema(tags=TAGS, operation_id="show_interest", request=None, responses={200: InView})
    def post(self, request: Request, ref: str) -> Response:
        """Keep a property in view; one that is in view already stays there."""
        return idempotency.once(request, lambda: self._show(request, ref))

    def _show(self, request: Request, ref: str) -> Response:
        seeker, property = account_of(request), seen(request, ref)
        shown = listings.show_interest(seeker=seeker, property=property, origin=Origin.API)
        if not shown and property.status != PropertyStatus.LIVE:
            raise listings.NotLive(property)
        return Response({"property": property.ref, "interested": True})

    @extend_schema(tags=TAGS, operation_id="remove_interest", responses={200: InView})
    def delete(self, request: Request, ref: str) -> Response:
        """Take a property out of view; one that is not in view stays out."""
        return idempotency.once(request, lambda: self._remove(request, ref))

    def _remove(self, request: Request, ref: str) -> Response:
        property = seen(request, ref)
        listings.remove_interest(seeker=account_of(request), property=property, origin=Origin.API)
        return Response({"property": property.ref, "interested": False})


# --- the steps --------------------------------------------------------------------------------------------
def seen(request: Request, ref: str) -> Property:
    """What was published, whatever became of it since, or is the person's own."""
    property = Property.objects.select_related("agent").filter(ref=ref).first()
    if property is None or not may_see(property, caller_of(request).account):
        raise Http404
    return property


def _apply(property: Property, wish: dict[str, Any], agent: User) -> Property:
    if "status" in wish:
        property = listings.set_availability(
            property=property, status=PropertyStatus(wish["status"]), actor=agent, origin=Origin.API
        )
    if "booking_rule" in wish:
        property = listings.set_booking_rule(
            property=property, rule=BookingRule(wish["booking_rule"]), actor=agent, origin=Origin.API
        )
    if "give_away_hours" in wish:
        property = listings.set_give_away(
            property=property, hours=wish["give_away_hours"], actor=agent, origin=Origin.API
        )
    if "price" in wish:
        property = listings.set_price(property=property, price=wish["price"], actor=agent, origin=Origin.API)
    return property
