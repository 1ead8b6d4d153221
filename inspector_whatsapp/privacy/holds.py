"""Legal holds: whose data must be kept for now."""

from datetime import date

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from inspector_whatsapp import clock
from inspector_whatsapp.models import LegalHold
from inspector_whatsapp.privacy import inventory, people
from inspector_whatsapp.privacy.people import Person


def today() -> date:
    """By the service's time zone."""
    return timezone.localdate(clock.now())


def on(person: Person) -> list[LegalHold]:
    """The holds that forbid to erase anything of theirs now, oldest first."""
    theirs = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    return list(_running().filter(theirs))


def _running() -> "QuerySet[LegalHold]":
    lasts = Q(until__isnull=True) | Q(until__gte=today())
    return LegalHold.objects.filter(lasts, lifted_at=None).order_by("pk")


def protects(table: type[Model]) -> Q:
    """The rows of a table that a hold keeps, from the retention as well."""
    kept = Q(pk__in=())
    holdings = [one for one in inventory.holdings() if one.table is table]
    for hold in _running().select_related("account") if holdings else ():
        if hold.account is not None:
            person = people.of_account(hold.account)
        else:
            person = Person((), (hold.contact_id,) if hold.contact_id else ())
        for holding in holdings:
            kept |= Q(pk__in=holding.of(person).order_by().values("pk"))
    return kept


def lift(hold: LegalHold) -> bool:
    """End it now; False if it had been lifted before."""
    return bool(LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=clock.now()))
