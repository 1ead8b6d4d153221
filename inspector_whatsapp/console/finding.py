"""The console's one box: a name, a number or its end, an e-mail, a ref, Meta's id, words of a message.

Each finder of CONSOLE_FINDERS gives what somebody may see, and nothing else: numbers are masked in it, and
nothing is kept for the next time, so that a right that was taken away is gone at once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from inspector_whatsapp.admin.pages import masked, recipient
from inspector_whatsapp.admin.sought import Sought, accounts, newest_saying, people, sought
from inspector_whatsapp.labels import masked_email, masked_phone
from inspector_whatsapp.marks import plain
from inspector_whatsapp.models import Contact, Inspection, OutboxMessage, Property, User

MOST = 5  # of a kind
SHORT = 80  # characters of somebody's words
LEAST = 2  # characters that are worth looking for


@dataclass(frozen=True)
class Found:
    """A row that may have been meant, in the words that the theme shows: escaped there."""

    title: str
    description: str
    link: str
    icon: str


Finder = Callable[[User, Sought], Iterable[Found]]


def find(viewer: User, typed: str) -> list[Found]:
    """What `typed` may mean, of that which `viewer` may see."""
    what = sought(typed, ends=viewer.has_perm("inspector_whatsapp.see_numbers"))
    if len(what.words) < LEAST:
        return []
    finders: list[Finder] = [import_string(name) for name in settings.CONSOLE_FINDERS]
    return [found for finder in finders for found in finder(viewer, what)]


def may_see(viewer: User, model: type[Model]) -> bool:
    return viewer.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def found(row: Model, title: str, description: str, *, icon: str) -> Found:
    """A row with a page of its own; hidden characters in people's words are shown by their numbers."""
    page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return Found(plain(title, most=SHORT), plain(description, most=SHORT), page, icon)


def named(*pieces: object) -> str:
    return " · ".join(str(piece) for piece in pieces if piece)


# --- what this app finds ----------------------------------------------------------------------------------
def platform(viewer: User, what: Sought) -> Iterator[Found]:
    """People, inspections and properties."""
    if may_see(viewer, User):
        for account in accounts(what).order_by("-pk")[:MOST]:
            phone = masked_phone(account.phone) if account.phone else ""
            title = account.name or masked_email(account.email)
            about = named(_("account"), account.get_role_display(), phone)
            yield found(account, title, about, icon="person")
    if may_see(viewer, Contact):
        for contact in people(what).order_by("-pk")[:MOST]:
            about = named(_("WhatsApp contact"), masked(contact))
            yield found(contact, contact.profile_name or masked(contact) or "", about, icon="smartphone")
    if what.ref and may_see(viewer, Inspection):
        for inspection in Inspection.objects.filter(ref=what.ref):
            about = named(_("inspection"), inspection.get_state_display())
            yield found(inspection, inspection.ref, about, icon="event")
    if what.ref and may_see(viewer, Property):
        for home in Property.objects.filter(ref=what.ref):
            about = named(_("property"), home.title, home.area)
            yield found(home, home.ref, about, icon="home")


def messages(viewer: User, what: Sought) -> Iterator[Found]:
    """What left, by Meta's id or ours, or by its words."""
    if not may_see(viewer, OutboxMessage):
        return
    for message in _messages(what).select_related("contact", "account").order_by("-pk")[:MOST]:
        to = recipient(message.contact, message.account)
        about = named(_("message"), message.get_status_display(), message.channel, to)
        words = " ".join(message.text[: 4 * SHORT].split())
        yield found(message, words or str(message), about, icon="send")


def _messages(what: Sought) -> QuerySet[OutboxMessage]:
    if what.words.startswith("wamid."):
        return OutboxMessage.objects.filter(provider_id=what.words)
    if what.key is not None:
        return OutboxMessage.objects.filter(pk=what.key)
    if what.is_in_messages:
        found = newest_saying(OutboxMessage.objects.all(), what.saying, most=MOST)
        return OutboxMessage.objects.filter(pk__in=found)
    return OutboxMessage.objects.none()
