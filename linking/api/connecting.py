"""The doors of "Connect WhatsApp" on the website."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

import segno
from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, deadlocks
from inspector_whatsapp.api import conditions, idempotency
from inspector_whatsapp.api.authentication import account_of, caller_of
from inspector_whatsapp.api.doors import Door, Person, Rights
from inspector_whatsapp.api.problems import Problem
from linking import intents, rules
from linking.api.shapes import BEGUN, CLAIMED, IntentBegun, IntentShown, Nothing, intent_shown
from linking.models import IntentState, LinkIntent

_IDEMPOTENT = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    required=True,
    description="New for every wish.",
)
_OVER = OpenApiResponse({"$ref": "#/components/schemas/Problem"}, "Too late, cancelled, or void.")


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
        examples=[BEGUN],
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
        examples=[CLAIMED],
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Poll it every two seconds, with the ETag you were given: 304 until something has happened."""
        shown = intent_shown(_intent(request, id))
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
        responses={200: IntentShown, (410, "application/problem+json"): _OVER},
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
        return Response(intent_shown(_intent(request, id)))


def _intent(request: Request, id: uuid.UUID) -> LinkIntent:
    try:
        return intents.find(account=account_of(request), session=caller_of(request).session, public_id=id)
    except intents.NoSuchIntent:
        raise Http404 from None
