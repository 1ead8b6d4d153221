"""How somebody wants to be told: by topic and channel, and when not."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock
from inspector_whatsapp.api.bodies import Body, read
from inspector_whatsapp.api.doors import Door, Person, Service
from inspector_whatsapp.api.people import Whose, whose
from inspector_whatsapp.models import User
from notifications import consent, preferences
from notifications.kind import Topic, zone_of
from notifications.preferences import CHOOSABLE, OFFERS, Quiet
from notifications.recipients import CHANNELS, EMAIL, contacts_of

_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_EXAMPLE: Final = {
    "topics": {str(topic): list(CHANNELS) for topic in Topic} | {"alerts": ["email"], "saved": []},
    "quiet_hours": {"from": "21:00", "until": "07:00"},
}


class Ways(serializers.ListField):
    """By which channels; an empty list is none."""

    def __init__(self, **more: Any) -> None:
        super().__init__(child=serializers.ChoiceField(choices=[(one, one) for one in CHANNELS]), **more)

    def to_internal_value(self, data: Any) -> list[str]:
        chosen: list[str] = super().to_internal_value(data)
        return [channel for channel in CHANNELS if channel in chosen]


class Topics(Body):
    """Every topic. Of security all hear by every channel."""

    def get_fields(self) -> dict[str, Any]:
        return {str(topic): Ways(help_text=str(topic.label)) for topic in Topic}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs[Topic.SECURITY] != list(CHANNELS):
            raise serializers.ValidationError({"security": "News of security cannot be turned off."})
        return attrs


class Hours(Body):
    """By their own clock; they may go past midnight."""

    until = serializers.RegexField(_TIME, max_length=5)

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python's.
        return {"from": serializers.RegexField(_TIME, max_length=5), **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["from"] == attrs["until"]:
            raise serializers.ValidationError("Quiet hours begin and end at different times.")
        return attrs


class Stopped(serializers.Serializer[dict[str, Any]]):
    """What they have stopped by a word of their own, which only they take back."""

    everything = serializers.BooleanField()
    mail_offers = serializers.BooleanField()
    whatsapp = serializers.BooleanField()
    whatsapp_offers = serializers.BooleanField()


class Preferences(Body):
    """The whole of it. What cannot be set may be sent back as it was shown."""

    topics = Topics()
    quiet_hours = Hours(allow_null=True)
    stopped = Stopped(read_only=True)
    language = serializers.CharField(read_only=True)
    time_zone = serializers.CharField(read_only=True)


class PreferencesDoor(Door):
    """A person's own, or of whom a service names."""

    rights = {"GET": (Person(), Service("notify")), "PUT": (Person(), Service("notify"))}

    @extend_schema(
        tags=["Preferences"], operation_id="get_preferences", parameters=[Whose], responses=Preferences
    )
    def get(self, request: Request) -> Response:
        """Show how somebody wants to be told."""
        return Response(_shown(_account(request)))

    @extend_schema(
        tags=["Preferences"],
        operation_id="set_preferences",
        parameters=[Whose],
        request=Preferences,
        responses=Preferences,
        examples=[OpenApiExample("fewer offers", _EXAMPLE, request_only=True)],
    )
    def put(self, request: Request) -> Response:
        """Set how somebody wants to be told: the whole of it, or nothing when a part is wrong."""
        account, wish = _account(request), read(Preferences, request)
        with transaction.atomic():
            _choose(account, wish["topics"])
            preferences.set_quiet(account=account, quiet=_quiet(wish["quiet_hours"]))
        return Response(_shown(account))


def _account(request: Request) -> User:
    return whose(request, read(Whose, request).get("user"))


def _ways(account: User) -> dict[Topic, list[str]]:
    """By which channels they hear of each topic. Offers by mail that are stopped are none."""
    wishes = preferences.of(account)
    return {
        topic: [
            channel
            for channel in CHANNELS
            if wishes.wants(topic, channel)
            and not (channel == EMAIL and topic in OFFERS and wishes.mail_offers_stopped)
        ]
        for topic in Topic
    }


def _choose(account: User, wish: Mapping[str, list[str]]) -> None:
    """What is sent back as it was is left alone: it is nobody's new word."""
    shown, now = _ways(account), clock.now()
    changed = [topic for topic in CHOOSABLE if shown[topic] != wish[topic]]
    for topic in changed:
        preferences.choose(account=account, topic=topic, channels=wish[topic])
        if topic in OFFERS and EMAIL in wish[topic]:
            consent.resume_mail_offers(account=account, topic=topic, how="website", at=now)
    for topic in [topic for topic in changed if topic in OFFERS]:  # of two, each has refused the other
        preferences.choose(account=account, topic=topic, channels=wish[topic])


def _quiet(hours: Mapping[str, str] | None) -> Quiet | None:
    return Quiet(time.fromisoformat(hours["from"]), time.fromisoformat(hours["until"])) if hours else None


def _shown(account: User) -> dict[str, Any]:
    wishes, contact = preferences.of(account), contacts_of([account.pk]).get(account.pk)
    quiet = wishes.quiet
    return {
        "topics": {str(topic): ways for topic, ways in _ways(account).items()},
        "quiet_hours": quiet and {"from": f"{quiet.start:%H:%M}", "until": f"{quiet.end:%H:%M}"},
        "stopped": {
            "everything": wishes.stopped,
            "mail_offers": wishes.mail_offers_stopped,
            "whatsapp": contact is not None and contact.stopped_at is not None,
            "whatsapp_offers": contact is not None and contact.offers_stopped_at is not None,
        },
        "language": (contact.language if contact else "") or account.language,
        "time_zone": zone_of(account, contact),
    }
