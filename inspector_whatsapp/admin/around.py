"""What hangs on a person, a link each: their accounts or WhatsApp, the chat, messages, consent …

The pages of the other apps are named, not imported; whoever may not see one is shown no way to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.admin.pages import masked
from inspector_whatsapp.models import Contact, Inspection, Link, Presence, Role, User
from inspector_whatsapp.models.inspections import InspectionState

if TYPE_CHECKING:
    from inspector_whatsapp.admin.pages import Page as _Page
else:
    _Page = object

MOST: Final = 10  # links between accounts and WhatsApps


@dataclass(frozen=True)
class Way:
    """To another page."""

    title: str | Promise
    address: str
    state: str | Promise = ""


# (model, the column that names the person, what the link says; whether it leads to the one row there is)
_OF_CONTACT: Final = (
    ("bot.Conversation", "contact", _("Conversation"), True),
    ("bot.InboundEvent", "contact", _("What came from them"), False),
    ("inspector_whatsapp.OutboxMessage", "contact", _("Messages to them"), False),
    ("notifications.ConsentEntry", "contact", _("Consent"), False),
    ("linking.LinkChallenge", "contact", _("Requests to link"), False),
    ("linking.LinkIntent", "contact", _("Requests from the website"), False),
)
_OF_ACCOUNT: Final = (
    ("inspector_whatsapp.OutboxMessage", "account", _("Messages to them"), False),
    ("notifications.ConsentEntry", "account", _("Consent"), False),
    ("notifications.Preference", "account", _("Preferences"), False),
    ("notifications.Reachability", "account", _("Quiet hours and stops"), True),
    ("linking.LinkChallenge", "account", _("Requests to link"), False),
    ("linking.LinkIntent", "account", _("Requests from the website"), False),
    ("linking.AccountGuard", "account", _("Guard against guessed codes"), True),
)
_BY_ROLE: Final[dict[str, tuple[tuple[str, str, str | Promise, bool], ...]]] = {
    Role.SEEKER: (
        ("inspector_whatsapp.Inspection", "seeker", _("Inspections"), False),
        ("inspector_whatsapp.Interest", "seeker", _("Interests"), False),
        ("inspector_whatsapp.SavedSearch", "seeker", _("Saved searches"), False),
        ("notifications.Alert", "seeker", _("Alerts"), False),
    ),
    Role.AGENT: (("inspector_whatsapp.Property", "agent", _("Properties"), False),),
    Role.INSPECTOR: (
        ("inspector_whatsapp.Inspection", "inspector", _("Inspections"), False),
        ("inspector_whatsapp.Slot", "inspector", _("Slots"), False),
        ("inspector_whatsapp.TimeOff", "inspector", _("Time off"), False),
    ),
}


class WithWays(_Page):
    """For the page of a contact or an account."""

    change_form_before_template = "admin/inspector_whatsapp/around.html"

    def beside(self, request: HttpRequest, row: Contact | User) -> dict[str, Any]:
        ways = {"linked": list(_linked(request, row)), "ways": [*_ways(request, row), *_missed(request, row)]}
        return super().beside(request, row) | ways


def _linked(request: HttpRequest, person: Contact | User) -> Iterator[Way]:
    """Links that were ever made, the newest first."""
    if not _may_see(request, Link):
        return
    mine = {"contact": person} if isinstance(person, Contact) else {"account": person}
    found = Link.objects.filter(**mine).select_related("contact", "account").order_by("-made_at", "-pk")
    for link in found[:MOST]:
        other = link.account.email if isinstance(person, Contact) else masked(link.contact)
        address = reverse("admin:inspector_whatsapp_link_change", args=[link.pk])
        yield Way(other or "", address, link.get_state_display())


def _ways(request: HttpRequest, person: Contact | User) -> Iterator[Way]:
    lists = _OF_CONTACT if isinstance(person, Contact) else (*_OF_ACCOUNT, *_BY_ROLE.get(person.role, ()))
    for name, column, title, single in lists:
        model = apps.get_model(name)
        if not _may_see(request, model):
            continue
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        if not single:
            yield Way(title, f"{reverse(f'{page}changelist')}?{column}__id__exact={person.pk}")
            continue
        row = model._default_manager.filter(**{column: person}).values_list("pk", flat=True).first()
        if row is not None:
            yield Way(title, reverse(f"{page}change", args=[row]))


def _missed(request: HttpRequest, person: Contact | User) -> Iterator[Way]:
    """How often they were said not to have come: a number to look behind, and nothing that judges."""
    if isinstance(person, Contact) or not _may_see(request, Presence):
        return
    said = Presence.objects.filter(about=person, came=False, withdrawn_at=None)
    many = said.values("inspection").distinct().count()
    if many:
        parts = {Role.SEEKER: "seeker", Role.AGENT: "property__agent", Role.INSPECTOR: "inspector"}
        held = Inspection.objects.filter(**{parts.get(Role(person.role), "seeker"): person})
        of = held.filter(state__in=(InspectionState.COMPLETED, InspectionState.NO_SHOW)).count()
        page = reverse("admin:inspector_whatsapp_presence_changelist")
        title = _("Said not to have come: %(many)d of %(of)d inspections")
        values = {"many": many, "of": max(of, many)}
        yield Way(title % values, f"{page}?about__id__exact={person.pk}")


def _may_see(request: HttpRequest, model: Any) -> bool:
    return admin.site.get_model_admin(model).has_view_permission(request)
