"""Who a person is to this service: an account of Inspector's, WhatsApps that are theirs alone, or both."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import F, Q

from inspector_whatsapp.labels import masked_email, masked_phone
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState

DOMAIN: Final = "erased.invalid"  # of the addresses of those who were erased: no mail ever arrives there
_COUNTRY: Final = "234"
_LONG_NAME: Final = 7  # characters: a shorter name, or one word, is also somebody else's


@dataclass(frozen=True)
class Person:
    """Rows of one person, by their keys. `shared`: WhatsApps that speak for others too, and stay."""

    accounts: tuple[int, ...]
    contacts: tuple[int, ...]
    shared: tuple[int, ...] = ()

    def __str__(self) -> str:
        named = [f"account {pk}" for pk in self.accounts] + [f"contact {pk}" for pk in self.contacts]
        return ", ".join(named)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What names nobody but them, longest first: addresses, numbers, Meta's ids, and whole names.

        A name of one word is left alone: too many others have it.
        """
        found: set[str] = set()
        for user in User.objects.filter(pk__in=self.accounts):
            found |= {user.email, *_numbers(user.phone), *_whole(user.name)}
        for contact in Contact.objects.filter(pk__in=self.contacts):
            found |= {contact.user_id or "", *_numbers(contact.phone or ""), *_whole(contact.profile_name)}
            found |= {contact.username} if len(contact.username) >= _LONG_NAME else set()
        return tuple(sorted(found - {""}, key=lambda word: (-len(word), word)))


def of_account(account: User) -> Person:
    """An account, with the WhatsApps that never spoke for another and that nobody else has by now."""
    whose = Contact.objects.filter(links__account=account).distinct()
    others = Link.objects.filter(contact__in=whose).exclude(account=account)
    # A number that wrote again after its link had ended may be somebody else's by now.
    left = Link.objects.filter(
        account=account, state=LinkState.ENDED, ended_at__lt=F("contact__last_inbound_at")
    )
    live = Link.objects.filter(account=account).exclude(state=LinkState.ENDED)
    moved_on = left.exclude(contact__in=live.values("contact"))
    not_theirs = Q(pk__in=others.values("contact")) | Q(pk__in=moved_on.values("contact"))
    own = whose.exclude(not_theirs).order_by("pk").values_list("pk", flat=True)
    shared = whose.filter(not_theirs).order_by("pk").values_list("pk", flat=True)
    return Person((account.pk,), tuple(own), tuple(shared))


def of_contact(contact: Contact) -> Person:
    """Whoever writes from a WhatsApp: with their account, where it is theirs alone and linked now."""
    links = Link.objects.select_related("account").filter(contact=contact).exclude(state=LinkState.ENDED)
    accounts = {link.account_id: link.account for link in links}
    if len(accounts) == 1:
        (account,) = accounts.values()
        person = of_account(account)
        if contact.pk in person.contacts:
            return person
    return Person((), (contact.pk,))


def shown(*, account: User | None = None, contact: Contact | None = None) -> str:
    """Somebody where only enough may be seen to know them: `c•••@g•••.com, •••0001`."""
    parts = [masked_email(account.email)] if account else []
    phone = (contact.phone if contact else "") or (account.phone if account else "")
    return ", ".join([*parts, *([masked_phone(phone)] if phone else [])])


def was_erased(account: User) -> bool:
    return account.email.endswith(f"@{DOMAIN}")


def _numbers(phone: str) -> set[str]:
    """A number as it is kept, as Meta writes it, and as people of its country do."""
    digits = phone.removeprefix("+")
    if not digits:
        return set()
    home = {"0" + digits.removeprefix(_COUNTRY)} if digits.startswith(_COUNTRY) else set()
    return {digits, *home}


def _whole(name: str) -> set[str]:
    name = name.strip()
    return {name} if len(name) >= _LONG_NAME and re.search(r"\S\s+\S", name) else set()
