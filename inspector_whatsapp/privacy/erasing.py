"""Somebody's data is erased: asked for once, done in batches, and gone on with wherever it was broken off.

Every step finds for itself what is left to do, so that doing all of them again is the same as going on. What
names the person is kept with the erasure until it is done, for it is looked for everywhere else in the end.
"""

import logging
from dataclasses import dataclass
from functools import partial

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inspector_whatsapp import accounts, changes, clock, deadlocks, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Erasure, Inspection, OutboxMessage, Property, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.privacy import holds, people
from inspector_whatsapp.privacy.inventory import Fate, Holding, everything, holdings, mentions
from inspector_whatsapp.privacy.people import DOMAIN, Person
from inspector_whatsapp.privacy.scrubbing import scrub

logger = logging.getLogger(__name__)

BATCH = 1_000  # rows per transaction


class CannotErase(Exception):
    """Nothing is erased now. Its words say why, and an admin reads them."""


@dataclass(frozen=True)
class Line:
    """What an erasure will do to one table: a line of its page."""

    holding: Holding
    rows: int


def ask(*, account: User | None = None, contact: Contact | None = None, by: User) -> Erasure:
    """Note that somebody is to be erased; a second time it is the same erasure. Raises CannotErase."""
    person = whose(account=account, contact=contact)
    whom = {"account": account} if account is not None else {"contact": contact}
    if (why := obstacle(person)) is not None:
        raise CannotErase(why)
    try:
        with transaction.atomic():
            return Erasure.objects.create(
                **whom,
                contacts=list(person.contacts),
                words=list(person.words),
                asked_by=by,
                asked_at=clock.now(),
            )
    except IntegrityError:
        return Erasure.objects.get(**whom, done_at=None)


def whose(*, account: User | None = None, contact: Contact | None = None) -> Person:
    """Who is meant by an account, or by a WhatsApp."""
    if account is not None:
        return people.of_account(account)
    assert contact is not None
    return people.of_contact(contact)


def obstacle(person: Person) -> str | None:
    """Why they cannot be erased now, in words; None when nothing stands in the way."""
    if held := holds.on(person):
        return _("Hold %(number)s forbids it: %(why)s") % {"number": held[0].pk, "why": held[0].why}
    for account in User.objects.filter(pk__in=person.accounts):
        if account.is_staff or account.is_superuser:
            return _(
                "This account has rights in the console. Take them away first: what the staff did is kept."
            )
        if people.was_erased(account):
            return _("This account has been erased already.")
    ahead = Q(state__in=LIVE_STATES, starts_at__gt=clock.now())
    led = Inspection.objects.filter(ahead, inspector__in=person.accounts).count()
    if led:
        return _("They are to carry out %(many)d inspections. Give these to somebody else first.") % {
            "many": led
        }
    shown = Property.objects.filter(agent__in=person.accounts, status=PropertyStatus.LIVE)
    awaited = Inspection.objects.filter(ahead, property__agent__in=person.accounts)
    if shown.exists() or awaited.exists():
        return _("They have properties on offer, or inspections to come. Take them off the market first.")
    return None


def summary(person: Person) -> list[Line]:
    """What will become of what is kept of them, table by table."""
    lines = [Line(one, one.of(person).count()) for one in holdings()]
    return [line for line in lines if line.rows]


def waiting() -> bool:
    return Erasure.objects.filter(done_at=None).exists()


def run_all() -> int:
    """Do, or go on with, what was asked for; how many came to their end."""
    done = 0
    for erasure in Erasure.objects.filter(done_at=None).order_by("pk"):
        try:
            done += run(erasure)
        except Exception as error:  # of this person's alone; tried again with the next sweep
            logger.exception("erasure %s stands still", erasure.pk)
            Erasure.objects.filter(pk=erasure.pk).update(trouble=type(error).__name__)
    return done


def run(erasure: Erasure) -> bool:
    """Erase somebody, from the beginning or from wherever it was left; False while a hold forbids it.

    May be killed at any moment. One at a time: the caller sees to that.
    """
    account = User.objects.filter(pk=erasure.account_id).first() if erasure.account_id else None
    person = Person((account.pk,) if account else (), tuple(erasure.contacts))
    if held := holds.on(person):
        Erasure.objects.filter(pk=erasure.pk).update(trouble=f"hold {held[0].pk} forbids it")
        return False
    Erasure.objects.filter(pk=erasure.pk).update(attempts=F("attempts") + 1, trouble="")
    did = dict(erasure.did)
    _be_quiet(person, account)
    for holding in holdings():
        _count(erasure, did, holding.name, _erase(holding, person))
    deadlocks.retried(partial(_forget, erasure, person))
    for kept in everything():
        if kept.scrub is not None:
            _count(erasure, did, "mentions", kept.scrub(erasure.words))
    for mention in mentions():
        _count(erasure, did, "mentions", scrub(mention, erasure.words))
    with transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(done_at=clock.now(), words=[], did=did)
        if account is not None:
            changes.record("account_erased", account, actor=None, origin=Origin.SERVICE)
    return True


def _count(erasure: Erasure, did: dict[str, int], name: str, rows: int) -> None:
    if rows:
        did[name] = did.get(name, 0) + rows
        Erasure.objects.filter(pk=erasure.pk).update(did=did)


# --- the steps --------------------------------------------------------------------------------------------
def _be_quiet(person: Person, account: User | None) -> None:
    """Nothing new begins for them, and nothing more is said to them; what they had booked is called off."""
    for kept in everything():
        if kept.quiet is not None:
            kept.quiet(person)
    if account is not None:
        # First, so that no letter of what follows goes to them.
        accounts.switch_off(account=account, actor=None, origin=Origin.ADMIN)
        # Their places go back, and whoever waits for them there hears of it in the ordinary way.
        ahead = Inspection.objects.filter(
            seeker=account, state__in=LIVE_STATES, starts_at__gt=clock.now()
        ).order_by("pk")
        for inspection in ahead:
            inspections.cancel(inspection=inspection, actor=None, origin=Origin.ADMIN)
    theirs = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    OutboxMessage.objects.filter(theirs, status__in=WAITING_STATES, channel__in=("whatsapp", "email")).update(
        status=Status.WITHHELD, reason="the person is being erased"
    )


def _erase(holding: Holding, person: Person) -> int:
    if holding.erase is not None:
        return holding.erase(person)
    if holding.fate == Fate.KEPT:
        return 0
    rows, done = holding.of(person), 0
    if holding.fate != Fate.DELETED:
        # What is empty already is left alone, so that a second time finds nothing to do.
        same = Q()
        for name, value in holding.values.items():
            same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        rows = rows.exclude(same)
    after: object = None
    while keys := list(
        (rows if after is None else rows.filter(pk__gt=after)).values_list("pk", flat=True)[:BATCH]
    ):
        for name in holding.files:
            for file in holding.table._default_manager.filter(pk__in=keys).values_list(name, flat=True):
                if file:  # before its row: a row that is left finds its file again
                    default_storage.delete(str(file))
        some = holding.table._default_manager.filter(pk__in=keys)
        if holding.fate == Fate.DELETED:
            deadlocks.retried(some.delete)
        else:
            deadlocks.retried(partial(some.update, **holding.values))
        done += len(keys)
        after = keys[-1]
    return done


def _forget(erasure: Erasure, person: Person) -> None:
    """The rows by which they were known: WhatsApps go, the account is empty. With whatever came meanwhile."""
    list(Contact.objects.select_for_update().filter(pk__in=person.contacts).order_by("pk"))
    # Whoever writes from now on waits for this transaction, and finds nobody they know.
    for holding in holdings():
        if holding.contact:
            _erase(holding, person)
    Contact.objects.filter(pk__in=person.contacts).delete()
    for account in User.objects.select_for_update(no_key=True).filter(pk__in=person.accounts):
        if people.was_erased(account):
            continue
        account.email = f"erased-{account.pk}@{DOMAIN}"
        account.name = account.phone = ""
        account.is_active = False
        account.set_unusable_password()
        account.last_login = None
        account.save()
