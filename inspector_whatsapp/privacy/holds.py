"""Legal holds: whose data must be kept for now."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from inspector_whatsapp import clock
from inspector_whatsapp.models import LegalHold
from inspector_whatsapp.privacy.people import Person


def today() -> date:
    """By the service's time zone."""
    return timezone.localdate(clock.now())


def on(person: Person) -> list[LegalHold]:
    """The holds that forbid to erase anything of theirs now, oldest first."""
    theirs = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    running = Q(until__isnull=True) | Q(until__gte=today())
    return list(LegalHold.objects.filter(theirs, running, lifted_at=None).order_by("pk"))


def lift(hold: LegalHold) -> bool:
    """End it now; False if it had been lifted before."""
    return bool(LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=clock.now()))
