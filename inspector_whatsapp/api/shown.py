"""How the platform's things look to whoever calls the API. No numbers, addresses or notes of people in it."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from inspector_whatsapp import listings
from inspector_whatsapp.models import Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from inspector_whatsapp.models.listings import BookingRule, Kind, ListingType, Period, PropertyStatus

Plain = dict[str, Any]


def may_see(property: Property, account: User | None) -> bool:
    """Whether it was published, whatever became of it since, or is their own."""
    own = account is not None and property.agent_id == account.pk
    return own or property.status in listings.SETTABLE


class InspectorId(serializers.CharField):
    """Inspector's own id of something, null until Inspector has told it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(source="platform_id", allow_null=True, help_text="Inspector's own id of it.", **more)


class PersonShown(serializers.ModelSerializer[User]):
    """Somebody who has a part in it."""

    inspector_id = InspectorId()

    class Meta:
        model = User
        fields = ("inspector_id", "name")


class SlotShown(serializers.ModelSerializer[Slot]):
    """A time at which a property can be inspected."""

    id = serializers.IntegerField()
    inspector_id = InspectorId()
    places_left = serializers.SerializerMethodField()

    class Meta:
        model = Slot
        fields = ("id", "inspector_id", "starts_at", "ends_at", "places_left")

    def get_places_left(self, slot: Slot) -> int:
        return slot.capacity - slot.taken


class PropertyInShort(serializers.ModelSerializer[Property]):
    """Which property it is."""

    inspector_id = InspectorId()

    class Meta:
        model = Property
        fields = ("ref", "inspector_id", "title")


class PropertyShown(serializers.ModelSerializer[Property]):
    """A property as everybody sees it."""

    inspector_id = InspectorId()
    kind = serializers.ChoiceField(choices=Kind.choices)
    listing_type = serializers.ChoiceField(choices=ListingType.choices)
    price = serializers.DecimalField(max_digits=14, decimal_places=2)
    period = serializers.ChoiceField(choices=Period.choices, allow_blank=True)
    status = serializers.ChoiceField(choices=PropertyStatus.choices)
    booking_rule = serializers.ChoiceField(choices=BookingRule.choices)

    class Meta:
        model = Property
        fields = (
            *("ref", "inspector_id", "title", "kind", "listing_type", "bedrooms", "bathrooms"),
            *("price", "currency", "period", "area", "city", "state", "status", "booking_rule"),
            *("give_away_hours", "url"),
        )


class InspectionShown(serializers.ModelSerializer[Inspection]):
    """An inspection as those who have a part in it see it."""

    inspector_id = InspectorId()
    state = serializers.ChoiceField(choices=InspectionState.choices)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)
    property = PropertyInShort()
    slot = serializers.IntegerField(source="slot_id", allow_null=True)
    seeker = PersonShown()
    agent = PersonShown(source="property.agent")
    inspector = PersonShown(allow_null=True)

    class Meta:
        model = Inspection
        fields = (
            *("ref", "inspector_id", "state", "revision", "clash", "property", "slot", "starts_at"),
            *("ends_at", "seeker", "agent", "inspector", "accepted_at", "coming_at", "outcome", "why"),
            "created_at",
        )


def slots(rows: Iterable[Slot]) -> list[Plain]:
    return [plain(SlotShown(row)) for row in rows]


def plain(shown: serializers.BaseSerializer[Any]) -> Plain:
    """JSON, and nothing that only Python knows: it may be kept as an answer."""
    return {name: _plain(value) for name, value in shown.data.items()}


def _plain(value: Any) -> Any:
    return {name: _plain(inner) for name, inner in value.items()} if isinstance(value, dict) else value
