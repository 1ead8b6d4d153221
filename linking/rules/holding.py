"""Who speaks for which account now; what making and ending a link have in common."""

from collections.abc import Collection

from django.db import models, transaction

from inspector_whatsapp import changes, outbox
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import Outgoing
from linking.rules.refusals import NotLinked
from notifications import reminders


def switch(*, contact: Contact, account: User) -> Link:
    """Let the contact speak for another of its accounts. Raises NotLinked."""
    with transaction.atomic():
        lock(contact)
        link = links(contact).filter(account=account).first()
        if link is None:
            raise NotLinked("This WhatsApp does not speak for that account.")
        make_current(link)
        return link


def current(contact: Contact) -> Link | None:
    """The link whose account the contact speaks for now."""
    return Link.objects.select_related("account").filter(contact=contact, current=True).first()


def links(contact: Contact) -> "models.QuerySet[Link, Link]":
    """The links that count: the current one first, then the newest."""
    active = Link.objects.filter(contact=contact, state=LinkState.ACTIVE)
    return active.select_related("account").order_by("-current", "-made_at", "-pk")


def make_current(link: Link) -> None:
    if link.current:
        return
    Link.objects.filter(contact_id=link.contact_id, current=True).update(current=False)
    link.current = True
    link.save(update_fields=["current"])


def heed_clock(link: Link) -> None:
    """The zone chosen in a chat counts for its accounts, from when it is linked until it is not."""
    if link.contact.time_zone:
        reminders.replan_person(link.account)


def lock(contact: Contact) -> None:
    """One change of a contact's links at a time."""
    lock_all([contact.pk])


def lock_all(contacts: Collection[int]) -> None:
    list(Contact.objects.select_for_update(no_key=True).only("pk").filter(pk__in=contacts).order_by("pk"))


def tell(link: Link, kind: str, channel: str) -> None:
    outbox.add(
        Outgoing(
            kind=kind,
            channel=channel,
            # A letter is in the account's language, and waits for nobody's chat.
            contact=link.contact if channel == "whatsapp" else None,
            account=link.account,
            arguments={"link": link.pk},
            key=f"{kind}:{link.pk}:{channel}",
            category=Category.UTILITY,
        )
    )


def record(kind: str, link: Link, *, origin: changes.Origin, actor: User | None) -> None:
    why = {"why": link.ended_why} if link.ended_why else {}
    changes.record(kind, link, actor=actor, origin=origin, user=link.account.platform_id, **why)
