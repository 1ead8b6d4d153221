"""The admins are told by e-mail of incidents on which somebody has to act; once each, and not too often."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet

from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.models import Incident, User
from notifications import recipients
from notifications.kind import key
from notifications.recipients import EMAIL, Notice

KIND: Final = "incident_opened"
STEADY: Final = timedelta(minutes=1)  # what is over before nobody has to hear of
AN_HOUR: Final = timedelta(hours=1)
MAILS_AN_HOUR: Final = 3  # then whatever else opens comes together in one, an hour after the last; but for
# what they are told at once, each by itself: somebody may be in danger
AT_ONCE: Final = 200


def tell() -> int:
    """Write the mails about what has opened and nobody has seen; of how many incidents.

    May be called by several at once, and by a worker without a beat: a silent beat is an incident too.
    """
    now = clock.now()
    told = tell_at_once()
    waiting = _untold().filter(opened_at__lte=now - STEADY).exclude(kind__in=incidents.at_once())
    if not waiting.exists():
        return told
    with transaction.atomic():
        held = list(waiting.select_for_update(skip_locked=True).order_by("opened_at", "pk")[:AT_ONCE])
        before = Incident.objects.filter(told_at__gt=now - AN_HOUR).exclude(kind__in=incidents.at_once())
        lately = list(before.values_list("kind", "key", "told_at"))
        # What closes and opens again and again is the same trouble.
        known = {(kind, name) for kind, name, _told_at in lately}
        due = [one for one in held if (one.kind, one.key) not in known]
        people = list(listeners())
        if not due or not people or len({told_at for _kind, _key, told_at in lately}) >= MAILS_AN_HOUR:
            return told
        _write(due, people, now)
    return told + len(due)


def tell_at_once() -> int:
    """Write the mails about what cannot wait; of how many incidents."""
    with transaction.atomic():
        urgent = _untold().filter(kind__in=incidents.at_once())
        held = list(urgent.select_for_update(skip_locked=True).order_by("opened_at", "pk")[:AT_ONCE])
        people = list(listeners()) if held else []
        now = clock.now()
        for one in held if people else ():
            _write([one], people, now)
    return len(held) if people else 0


def _untold() -> QuerySet[Incident]:
    return Incident.objects.filter(
        closed_at=None, seen_at=None, told_at=None, kind__in=incidents.worth_a_mail()
    )


def _write(due: Sequence[Incident], people: Sequence[User], now: datetime) -> None:
    """One mail about these to each of the people."""
    numbers = [one.pk for one in due]
    notices = [
        Notice(
            kind=KIND,
            account=person,
            key=key(KIND, numbers[0], person.pk),
            arguments={"incidents": numbers},
            channels=(EMAIL,),
            otherwise=False,
            because="an incident was opened",
        )
        for person in people
    ]
    outbox.add_all(recipients.outgoing(notices, now=now))
    Incident.objects.filter(pk__in=numbers).update(told_at=now)


def listeners() -> QuerySet[User, User]:
    """Who is told: active staff who may see to incidents."""
    right = Permission.objects.filter(
        content_type__app_label="inspector_whatsapp", codename="change_incident"
    ).values("pk")
    may = Q(is_superuser=True) | Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    staff = User.objects.filter(may, is_active=True, is_staff=True).exclude(email="")
    return staff.order_by("pk").distinct()
