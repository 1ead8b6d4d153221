"""Whom a broadcast is for, and why some of them do not get it: one query, asked for the preview, when it is
confirmed, and of each person once more when their message is about to leave.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.contacts import SILENT
from inspector_whatsapp.models import Inspection, Interest, Property, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.jobs import OPEN_STATES
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.models.searches import SearchPlace
from notifications.kind import Topic
from notifications.models import Broadcast, BroadcastRecipient, ConsentEntry, Preference, Scope
from notifications.models.broadcasts import Ahead, BroadcastKind
from notifications.recipients import WHATSAPP

NOT_ARRIVED = (Status.WITHHELD, Status.FAILED, Status.EXPIRED)


class Why(TextChoices):
    """Why somebody does not get it; the first that holds."""

    STAFF = "staff", _("staff")
    CLOSED = "closed", _("account closed or erased")
    NO_WHATSAPP = "no_whatsapp", _("no WhatsApp connected")
    ELSEWHERE = "elsewhere", _("their WhatsApp is used for another account")
    BLOCKED = "blocked", _("WhatsApp does not reach them, or they blocked us")
    SILENT = "silent", _("silent for so long that the number may be somebody else's")
    STOPPED = "stopped", _("stopped everything")
    UNWANTED = "unwanted", _("turned off messages from us")
    OPTED_OUT = "opted_out", _("stopped offers")
    NEVER_AGREED = "never_agreed", _("never agreed to offers")
    LATELY = "lately", _("got another broadcast lately")


def people(of: Broadcast, *, now: datetime) -> "QuerySet[Any, Any]":
    """Everybody who is meant; `why` says why they are left out, and is empty for who gets it."""
    here = OuterRef("pk")
    found = User.objects.filter(role__in=of.roles)
    if of.area:
        found = found.filter(
            Exists(SearchPlace.objects.filter(seeker=here, place=of.area))
            | Exists(Interest.objects.filter(seeker=here, property__area=of.area))
            | Exists(Inspection.objects.filter(seeker=here, property__area=of.area))
            | Exists(Property.objects.filter(agent=here, area=of.area))
            | Exists(Inspection.objects.filter(inspector=here, property__area=of.area))
        )
    if of.ahead:
        coming = Inspection.objects.filter(state__in=LIVE_STATES, starts_at__gt=now)
        has_one = (
            Exists(coming.filter(seeker=here))
            | Exists(coming.filter(inspector=here))
            | Exists(coming.filter(property__agent=here))
        )
        found = found.filter(has_one if of.ahead == Ahead.YES else ~has_one)
    rows: QuerySet[Any, Any] = _reasoned(found, of, now)
    if of.active_days:
        rows = rows.filter(way__contact__last_inbound_at__gt=now - timedelta(days=of.active_days))
    return rows


def counts(of: Broadcast, *, now: datetime) -> Mapping[str, int]:
    """How many of those that are meant stand for each reason; under "" those who get it."""
    counted = people(of, now=now).order_by().values("why").annotate(many=Count("pk"))
    return {row["why"]: row["many"] for row in counted}


def reason(of: Broadcast, account: User, *, now: datetime) -> str:
    """Why this account does not get it now; empty if it does."""
    found: str = _reasoned(User.objects.filter(pk=account.pk), of, now).values_list("why", flat=True).get()
    return found


def _reasoned(rows: Any, of: Broadcast, now: datetime) -> Any:
    """With `way`, their active link (a constraint allows one), and `why`."""
    rows = rows.annotate(way=FilteredRelation("links", condition=Q(links__state=LinkState.ACTIVE)))
    when = [
        When(Q(is_staff=True), then=Value(Why.STAFF)),
        When(Q(is_active=False), then=Value(Why.CLOSED)),
        When(Q(way__pk=None), then=Value(Why.NO_WHATSAPP)),
        When(Q(way__current=False), then=Value(Why.ELSEWHERE)),
        When(~Q(way__contact__blocked_reason=""), then=Value(Why.BLOCKED)),
        When(Q(heard__lt=now - SILENT), then=Value(Why.SILENT)),
        When(
            Q(way__contact__stopped_at__isnull=False) | Q(reachability__stopped_at__isnull=False),
            then=Value(Why.STOPPED),
        ),
        When(Exists(_refused()), then=Value(Why.UNWANTED)),
    ]
    if of.kind == BroadcastKind.OFFER:
        when += [
            When(Q(way__contact__offers_stopped_at__isnull=False), then=Value(Why.OPTED_OUT)),
            When(~Exists(_agreed()), then=Value(Why.NEVER_AGREED)),
        ]
    if of.spare_days:
        when.append(When(Exists(_lately(of, now)), then=Value(Why.LATELY)))
    heard = Greatest("way__contact__last_inbound_at", F("way__made_at"))
    return rows.annotate(heard=heard).annotate(why=Case(*when, default=Value(""), output_field=CharField()))


def _refused() -> Any:
    refused = Preference.objects.filter(account=OuterRef("pk"), wanted=False)
    return refused.filter(topic=Topic.MESSAGES, channel=WHATSAPP)


def _agreed() -> Any:
    """A yes to offers on this WhatsApp; that it was taken back shows elsewhere."""
    yes = ConsentEntry.objects.filter(scope=Scope.MARKETING, given=True, channel=WHATSAPP)
    return yes.filter(contact=OuterRef("way__contact"))


def _lately(of: Broadcast, now: datetime) -> Any:
    """Another that they got, or are about to get."""
    others = BroadcastRecipient.objects.filter(
        account=OuterRef("pk"), at__gt=now - timedelta(days=of.spare_days)
    ).exclude(broadcast=of.pk)
    coming = Q(message=None, broadcast__stopped_at=None, broadcast__job__state__in=OPEN_STATES)
    return others.filter(coming | Q(message__isnull=False) & ~Q(message__status__in=NOT_ARRIVED))
