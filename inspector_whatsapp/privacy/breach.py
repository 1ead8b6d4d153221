"""Who is affected: whose data somebody saw or took, could read in a span of time, or whose link was in force.

For the report that the law wants within 72 hours (docs/privacy.md). People are named by their e-mail address,
for they have to be told; numbers stay masked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from inspector_whatsapp.labels import masked_phone
from inspector_whatsapp.models import AuditEntry, Contact, Link, User
from inspector_whatsapp.models.audit import Act
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.privacy.inventory import Holding, holdings

HEADINGS = ("account", "e-mail", "contact", "phone", "of", "rows", "first", "last")
_LOOKED = (Act.SAW, Act.REVEALED, Act.EXPORTED)


@dataclass(frozen=True, kw_only=True)
class Affected:
    """One person, with what of theirs it was, and when that came to be (or was looked at)."""

    account: User | None
    contact: Contact | None
    tables: tuple[str, ...]
    rows: int
    first: datetime | None
    last: datetime | None

    @property
    def phone(self) -> str:
        number = (self.contact.phone if self.contact else "") or (self.account.phone if self.account else "")
        return masked_phone(number) if number else ""

    @property
    def cells(self) -> tuple[str, ...]:
        """A line of the list, as in HEADINGS."""
        return (
            str(self.account.pk) if self.account else "",
            self.account.email if self.account else "",
            str(self.contact.pk) if self.contact else "",
            self.phone,
            "; ".join(self.tables),
            str(self.rows),
            self.first.isoformat(timespec="seconds") if self.first else "",
            self.last.isoformat(timespec="seconds") if self.last else "",
        )


def tables() -> dict[str, str]:
    """What can be asked for: tables of which it is known when a row came to be, and what they hold."""
    return {one.model: one.what for one in holdings() if one.at and (one.account or one.contact)}


def stored(*, tables: Sequence[str], until: datetime, since: datetime | None = None) -> list[Affected]:
    """Everybody with a row in these tables that came to be in the span; without a start, by its end."""
    found = _Found()
    for holding in holdings():
        if holding.model in tables and holding.at:
            span = Q(**{f"{holding.at}__lte": until})
            found.add(holding, span & Q(**{f"{holding.at}__gte": since}) if since else span)
    return found.people()


def linked(*, at: datetime) -> list[Affected]:
    """Everybody whose WhatsApp was linked at that moment."""
    found = _Found()
    links = next(one for one in holdings() if one.model == "inspector_whatsapp.Link")
    over = Q(ended_at__isnull=False, ended_at__lte=at)
    found.add(links, Q(made_at__lte=at) & ~over)
    return found.people()


def looked_at(*, since: datetime, until: datetime, by: User | None = None) -> list[Affected]:
    """Everybody of whom the audit says that somebody, or this one of the staff, saw or took something then.

    Of a list that was taken as a whole, everybody who was in that table by then.
    """
    entries = AuditEntry.objects.filter(at__gte=since, at__lte=until, act__in=_LOOKED)
    if by is not None:
        entries = entries.filter(actor=by)
    rows: dict[str, set[str]] = {}
    whole: dict[str, datetime] = {}
    for page, object_id, act, at in entries.values_list("page", "object_id", "act", "at"):
        if object_id:
            rows.setdefault(page, set()).add(object_id)
        elif act == Act.EXPORTED:
            whole[page] = max(at, whole.get(page, at))
    found = _Found()
    for holding in holdings():
        label = holding.table._meta.label_lower
        if label in rows:
            found.add(holding, Q(pk__in=[key for key in rows[label] if key.isdecimal()]))
        if label in whole:
            found.add(holding, Q(**{f"{holding.at}__lte": whole[label]}) if holding.at else Q())
    return found.people()


class _Found:
    """Sums by account and by WhatsApp, until it is known which of them are one person."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, int], dict[str, Any]] = {}

    def add(self, holding: Holding, which: Q) -> None:
        """One query for each way that leads from the table to somebody."""
        rows = holding.table._default_manager.filter(holding.only).filter(which)
        for sort, lookups in (("account", holding.account), ("contact", holding.contact)):
            for lookup in lookups:
                times = {"first": Min(holding.at), "last": Max(holding.at)} if holding.at else {}
                groups = rows.exclude(**{f"{lookup}__isnull": True}).order_by().values_list(lookup)
                for line in groups.annotate(rows=Count("pk", distinct=True), **times):
                    self._note(sort, holding.name, *line)

    def _note(self, sort: str, table: str, key: int, rows: int, first: Any = None, last: Any = None) -> None:
        one = self._sums.setdefault((sort, key), {"tables": {}, "first": None, "last": None})
        one["tables"][table] = max(rows, one["tables"].get(table, 0))
        one["first"] = min(filter(None, (one["first"], first)), default=None)
        one["last"] = max(filter(None, (one["last"], last)), default=None)

    def people(self) -> list[Affected]:
        """By account; a WhatsApp that speaks for one account now is that person's, else one of its own."""
        accounts = User.objects.in_bulk([key for sort, key in self._sums if sort == "account"])
        contacts = Contact.objects.in_bulk([key for sort, key in self._sums if sort == "contact"])
        owner = self._owners(contacts)
        of_account = {account.pk: contact for contact, account in owner.items()}
        people: list[Affected] = []
        for pk, account in sorted(accounts.items()):
            contact = contacts.get(of_account.get(pk, 0))
            sums = [self._sums["account", pk]]
            sums += [self._sums["contact", contact.pk]] if contact else []
            people.append(_one(account, contact, sums))
        for pk, contact in sorted(contacts.items()):
            if pk not in owner or owner[pk].pk not in accounts:
                people.append(_one(owner.get(pk), contact, [self._sums["contact", pk]]))
        return people

    def _owners(self, contacts: Iterable[int]) -> dict[int, User]:
        links = Link.objects.select_related("account").filter(contact__in=list(contacts))
        found: dict[int, list[User]] = {}
        for link in links.exclude(state=LinkState.ENDED):
            found.setdefault(link.contact_id, []).append(link.account)
        return {contact: accounts[0] for contact, accounts in found.items() if len(accounts) == 1}


def _one(account: User | None, contact: Contact | None, sums: Sequence[dict[str, Any]]) -> Affected:
    counted: dict[str, int] = {}
    for one in sums:
        for table, rows in one["tables"].items():
            counted[table] = max(rows, counted.get(table, 0))
    return Affected(
        account=account,
        contact=contact,
        tables=tuple(sorted(counted)),
        rows=sum(counted.values()),
        first=min(filter(None, (one["first"] for one in sums)), default=None),
        last=max(filter(None, (one["last"] for one in sums)), default=None),
    )
