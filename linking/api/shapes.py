"""What the doors of linking take and show."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from inspector_whatsapp import clock
from inspector_whatsapp.api.bodies import Body, Listing
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.words import Reader
from linking import intents, kinds, limits
from linking.models import IntentState, LinkIntent

OVER: Final = "expired"  # a state that is told, and kept nowhere


class Nothing(Body):
    """No field is taken."""


class QrShown(serializers.Serializer[Any]):
    """The deep link as a picture, as `data:` addresses for an `<img>`."""

    svg = serializers.CharField()
    png = serializers.CharField()


class IntentBegun(serializers.Serializer[Any]):
    """What the page shows. The token in it is not shown by any later call."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField([IntentState.OPEN])
    deep_link = serializers.URLField(help_text="Opens WhatsApp with `text` written.")
    text = serializers.CharField(help_text="What the chat is to send, for whoever types it.")
    number = serializers.CharField(help_text="Our WhatsApp number.")
    qr = QrShown()
    expires_at = serializers.DateTimeField()


class WhatsAppShown(serializers.Serializer[Any]):
    """A WhatsApp, as far as its owner is to know it again."""

    number_ending = serializers.CharField(allow_null=True, help_text="Null where the number is hidden.")
    username = serializers.CharField(allow_null=True)
    description = serializers.CharField(help_text="In the account's language, to be put into a sentence.")


class IntentShown(serializers.Serializer[Any]):
    """How far it has come."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField([*IntentState.values, OVER])
    expires_at = serializers.DateTimeField(help_text="To be sent until then; once claimed, to be confirmed.")
    whatsapp = WhatsAppShown(allow_null=True, help_text="Who sent the message.")
    claimed_at = serializers.DateTimeField(allow_null=True)
    question = serializers.CharField(
        allow_null=True, help_text="While it is claimed: what to ask, in the account's language."
    )
    differs_from_account_phone = serializers.BooleanField(
        help_text="Not the number on the account, or it is hidden: warn."
    )
    replaces = serializers.BooleanField(help_text="Another WhatsApp is connected, and would no longer be.")
    link = serializers.IntegerField(allow_null=True, help_text="Once it is confirmed.")


class LinkShown(serializers.Serializer[Any]):
    """A WhatsApp that speaks for an account, or is paused until it is proved again."""

    id = serializers.IntegerField()
    user = serializers.CharField(allow_null=True, help_text="Your id of the account.")
    state = serializers.ChoiceField([LinkState.ACTIVE, LinkState.SUSPENDED])
    current = serializers.BooleanField(help_text="Whether its chat is this account's now, of several.")
    whatsapp = WhatsAppShown()
    since = serializers.DateTimeField()
    how = serializers.CharField(help_text="`web` or `code`: on the website, or by a code from an e-mail.")
    why = serializers.CharField(allow_null=True, help_text="Why it is paused.")


class LinksPage(serializers.Serializer[Any]):
    """Some of them, the newest first."""

    results = LinkShown(many=True)
    next = serializers.URLField(allow_null=True)


class LinksWanted(Listing):
    """Which links a service asks for."""

    user = serializers.CharField(
        max_length=64, required=False, help_text="For services: your id of an account."
    )


def intent_shown(intent: LinkIntent) -> Any:
    over = intents.is_over(intent, now=clock.now())
    waits = intent.state == IntentState.CLAIMED and not over
    reader = Reader(language=intent.account.language, markup=False)
    contact = intent.contact
    shown = {
        "id": intent.public_id,
        "state": OVER if over else intent.state,
        "expires_at": intent.expires_at,
        "whatsapp": _whatsapp(contact, intent.account) if contact is not None else None,
        "claimed_at": intent.claimed_at,
        "question": intents.question(intent.account).put(reader) if waits else None,
        "differs_from_account_phone": bool(intent.account.phone)
        and contact is not None
        and not limits.owns_number(contact, intent.account),
        "replaces": waits and intents.replaces(intent),
        "link": intent.link_id,
    }
    return IntentShown(shown).data


def link_shown(link: Link) -> Any:
    shown = {
        "id": link.pk,
        "user": link.account.platform_id,
        "state": link.state,
        "current": link.current,
        "whatsapp": _whatsapp(link.contact, link.account),
        "since": link.made_at,
        "how": str(link.proof.get("how", "code")),
        "why": link.ended_why or None,
    }
    return LinkShown(shown).data


def _whatsapp(contact: Contact, account: User) -> dict[str, Any]:
    return {
        "number_ending": contact.phone[-4:] if contact.phone else None,
        "username": contact.username or None,
        "description": kinds.briefly(contact).put(Reader(language=account.language, markup=False)),
    }


_ID = "0b6f1f6e-6a53-4c42-9a4e-5c3f3f9f2f10"
_WHATSAPP = {
    "number_ending": "0001",
    "username": None,
    "description": "the WhatsApp number ending 0001",
}
BEGUN = OpenApiExample(
    "begun",
    response_only=True,
    status_codes=["201"],
    value={
        "id": _ID,
        "state": "open",
        "deep_link": "https://wa.me/2347000000000?text=LINK%20K3V9QZ2M7T4XB8RD",
        "text": "LINK K3V9QZ2M7T4XB8RD",
        "number": "+2347000000000",
        "qr": {"svg": "data:image/svg+xml;charset=utf-8,%3Csvg…", "png": "data:image/png;base64,iVBOR…"},
        "expires_at": "2026-12-01T10:10:00+01:00",
    },
)
CLAIMED = OpenApiExample(
    "claimed",
    response_only=True,
    status_codes=["200"],
    value={
        "id": _ID,
        "state": "claimed",
        "expires_at": "2026-12-01T10:12:31+01:00",
        "whatsapp": _WHATSAPP,
        "claimed_at": "2026-12-01T10:02:31+01:00",
        "question": "Connect this WhatsApp to the account a•••@i•••.example? Its chat will get inspection "
        "messages and can manage bookings.",
        "differs_from_account_phone": False,
        "replaces": False,
        "link": None,
    },
)
