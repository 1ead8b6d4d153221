"""The doors of linking: "Connect WhatsApp" on the website, and what is connected."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

import segno
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, deadlocks
from inspector_whatsapp.api import conditions, idempotency
from inspector_whatsapp.api.authentication import account_of, caller_of
from inspector_whatsapp.api.bodies import Body
from inspector_whatsapp.api.doors import Door, Person, Rights, Service
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.words import Reader
from linking import intents, kinds, limits, rules
from linking.models import IntentState, LinkIntent
from linking.rules import Why

_IDEMPOTENT = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="New for every wish."
)
_OVER = "expired"  # a state that is told, and kept nowhere


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
    state = serializers.ChoiceField([*IntentState.values, _OVER])
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


class LinksWanted(Body):
    """Which links a service asks for."""

    user = serializers.CharField(max_length=64, required=False)


_ID = "0b6f1f6e-6a53-4c42-9a4e-5c3f3f9f2f10"
_WHATSAPP = {
    "number_ending": "0001",
    "username": None,
    "description": "the WhatsApp number ending 0001",
}
_BEGUN = OpenApiExample(
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
_CLAIMED = OpenApiExample(
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


class Intents(Door):
    """`/links/intents`"""

    rights: ClassVar[Rights] = {"POST": (Person(),)}

    @extend_schema(
        operation_id="begin_linking",
        summary="Connect WhatsApp: begin",
        tags=["linking"],
        parameters=[_IDEMPOTENT],
        request=Nothing,
        responses={201: IntentBegun},
        examples=[_BEGUN],
    )
    def post(self, request: Request) -> Response:
        """A deep link and a QR code, good for ten minutes and one chat. Show both; then poll the intent.

        The token's `sid` is the website's session: only it sees and confirms the intent.
        """
        return idempotency.once(
            request,
            lambda: self._begin(request),
            demanded=True,
            finish=lambda body: self._complete(request, body),
        )

    def _begin(self, request: Request) -> Response:
        Nothing(data=request.data).is_valid(raise_exception=True)
        now = clock.now()
        try:
            intent = intents.begin(account=account_of(request), session=caller_of(request).session, now=now)
        except intents.NotForThisAccount as why:
            raise Problem(403, "not_for_this_account", str(why)) from None
        except intents.TooManyIntents as why:
            wait = (why.until - now).total_seconds()
            raise Problem(429, "too_many_intents", str(why), retry_after=wait) from None
        return Response({"id": str(intent.public_id)}, status=201)

    def _complete(self, request: Request, kept: Mapping[str, Any]) -> Any:
        """The answer from the intent's id, which is all that is kept of it: a token is kept nowhere."""
        intent = _intent(request, uuid.UUID(kept["id"]))
        deep_link = intents.deep_link(intent)
        code = segno.make_qr(deep_link, error="m")
        # What it was when it was made, so that the same wish gets the same answer whatever happened since.
        begun = {
            "id": intent.public_id,
            "state": IntentState.OPEN,
            "deep_link": deep_link,
            "text": intents.message(intent),
            "number": settings.WHATSAPP_PHONE_NUMBER,
            "qr": {
                "svg": code.svg_data_uri(scale=6, border=4),
                "png": code.png_data_uri(scale=8, border=4),
            },
            "expires_at": intent.created_at + intents.LIFE,
        }
        return IntentBegun(begun).data


class Intent(Door):
    """`/links/intents/{id}`"""

    rights: ClassVar[Rights] = {"GET": (Person(),), "DELETE": (Person(),)}

    @extend_schema(
        operation_id="watch_linking",
        summary="Connect WhatsApp: how far it has come",
        tags=["linking"],
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)],
        responses={200: IntentShown, 304: OpenApiResponse(description="As it was.")},
        examples=[_CLAIMED],
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Poll it every two seconds, with the ETag you were given: 304 until something has happened."""
        shown = _shown(_intent(request, id))
        return conditions.unless_match(request, conditions.etag(shown), Response(shown))

    @extend_schema(
        operation_id="cancel_linking",
        summary="Connect WhatsApp: this is not me",
        tags=["linking"],
        responses={204: OpenApiResponse(description="Nobody is connected by it.")},
    )
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Whoever sent the message is told that nothing was connected."""
        intent = _intent(request, id)
        try:
            deadlocks.retried(lambda: intents.cancel(intent))
        except intents.AlreadyConfirmed as why:
            raise Problem(409, "already_confirmed", str(why)) from None
        return Response(status=204)


class Confirmation(Door):
    """`/links/intents/{id}/confirm`"""

    rights: ClassVar[Rights] = {"POST": (Person(),)}

    @extend_schema(
        operation_id="confirm_linking",
        summary="Connect WhatsApp: this is me",
        tags=["linking"],
        request=Nothing,
        responses={200: IntentShown, 410: OpenApiResponse(description="Too late, or cancelled.")},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Connect the WhatsApp that was shown; one that was connected before is no longer. Once or more."""
        return idempotency.once(request, lambda: self._confirm(request, id))

    def _confirm(self, request: Request, id: uuid.UUID) -> Response:
        Nothing(data=request.data).is_valid(raise_exception=True)
        try:
            rules.connect_from_web(intent=_intent(request, id), now=clock.now())
        except rules.NotClaimed as why:
            raise Problem(409, "not_claimed", str(why)) from None
        except rules.Over as why:
            raise Problem(410, "intent_over", str(why)) from None
        return Response(_shown(_intent(request, id)))


class Links(Door):
    """`/links`"""

    rights: ClassVar[Rights] = {"GET": (Person(), Service("read")), "DELETE": (Person(),)}

    @extend_schema(
        operation_id="list_links",
        summary="What is connected",
        tags=["linking"],
        parameters=[
            OpenApiParameter("user", str, description="For services: your id of an account."),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses={200: LinkShown(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The person's own; with a service's token, those of one account, or all."""
        wanted = LinksWanted(data={key: request.query_params[key] for key in ("user",) if key in request.GET})
        wanted.is_valid(raise_exception=True)
        account = caller_of(request).account
        found = _of(account) if account is not None else Link.objects.all()
        if account is None and "user" in wanted.validated_data:
            found = found.filter(account__platform_id=wanted.validated_data["user"])
        found = found.exclude(state=LinkState.ENDED).select_related("contact", "account")
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([_link_shown(link) for link in page or []])

    @extend_schema(
        operation_id="disconnect_all",
        summary="Disconnect every WhatsApp of mine",
        tags=["linking"],
        responses={204: OpenApiResponse(description="Nothing is connected.")},
    )
    def delete(self, request: Request) -> Response:
        """It holds at once: what waits to be said there is not."""
        account = account_of(request)
        for link in _of(account).exclude(state=LinkState.ENDED).select_related("contact", "account"):
            _end(link, why=Why.WEB, actor=account)
        return Response(status=204)


class OneLink(Door):
    """`/links/{id}`"""

    rights: ClassVar[Rights] = {"DELETE": (Person(), Service("sync"))}

    @extend_schema(
        operation_id="disconnect",
        summary="Disconnect a WhatsApp",
        tags=["linking"],
        responses={204: OpenApiResponse(description="It is not connected.")},
    )
    def delete(self, request: Request, id: int) -> Response:
        """It holds at once, both sides are told, and a second time changes nothing."""
        account = caller_of(request).account
        if account is not None:
            _end(_link(_of(account), id), why=Why.WEB, actor=account)
        else:
            _end(_link(Link.objects.all(), id), why=Why.HOST, actor=None)
        return Response(status=204)


class Switch(Door):
    """`/links/{id}/switch`"""

    rights: ClassVar[Rights] = {"POST": (Person(),)}

    @extend_schema(
        operation_id="switch_account",
        summary="Let a shared WhatsApp speak for me",
        tags=["linking"],
        request=Nothing,
        responses={200: LinkShown},
    )
    def post(self, request: Request, id: int) -> Response:
        """Of several accounts on one phone, its chat is this one's from now on."""
        return idempotency.once(request, lambda: self._switch(request, id))

    def _switch(self, request: Request, id: int) -> Response:
        Nothing(data=request.data).is_valid(raise_exception=True)
        link = _link(_of(account_of(request)), id)
        try:
            switched = rules.switch(contact=link.contact, account=link.account)
        except rules.NotLinked:
            raise Problem(409, "not_active", "This WhatsApp is paused or no longer connected.") from None
        return Response(_link_shown(switched))


def _intent(request: Request, id: uuid.UUID) -> LinkIntent:
    try:
        return intents.find(account=account_of(request), session=caller_of(request).session, public_id=id)
    except intents.NoSuchIntent:
        raise Http404 from None


def _shown(intent: LinkIntent) -> Any:
    over = intents.is_over(intent, now=clock.now())
    waits = intent.state == IntentState.CLAIMED and not over
    reader = Reader(language=intent.account.language, markup=False)
    contact = intent.contact
    shown = {
        "id": intent.public_id,
        "state": _OVER if over else intent.state,
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


def _whatsapp(contact: Contact, account: User) -> dict[str, Any]:
    return {
        "number_ending": contact.phone[-4:] if contact.phone else None,
        "username": contact.username or None,
        "description": kinds.briefly(contact).put(Reader(language=account.language, markup=False)),
    }


def _link_shown(link: Link) -> Any:
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


def _of(account: User) -> QuerySet[Link, Link]:
    return Link.objects.filter(account=account)


def _link(among: QuerySet[Link, Link], id: int) -> Link:
    link = among.select_related("contact", "account").filter(pk=id).first()
    if link is None:
        raise Http404
    return link


def _end(link: Link, *, why: Why, actor: User | None) -> None:
    deadlocks.retried(lambda: rules.unlink(link=link, why=why, actor=actor, now=clock.now()))
