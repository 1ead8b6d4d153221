"""Who may do what in the console, by group. Migrations make the groups; after that they are the admins' own.

What is here is given once: a migration makes the groups, and one that adds a page calls `give` for its
models. Nothing takes away, or gives again, what an admin has changed since. Rights are given by superusers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps as live
from django.apps.registry import Apps

SUPPORT, OPERATIONS, CONTENT, AUDITOR = "Support", "Operations", "Content", "Auditor"

# By the names of their models: those of the other apps are not imported here.
TALKS = (
    "bot.Conversation",
    "bot.InboundEvent",
    "bot.Interpretation",
    "inspector_whatsapp.OutboxMessage",
    "inspector_whatsapp.Job",
)
PEOPLE = (
    "inspector_whatsapp.Contact",
    "inspector_whatsapp.Link",
    "inspector_whatsapp.User",
    "linking.AccountGuard",
    "linking.LinkChallenge",
    "linking.LinkIntent",
    "linking.WrongToken",
    "notifications.Alert",
    "notifications.ConsentEntry",
    "notifications.Preference",
    "notifications.Reachability",
    "notifications.Reminder",
)
INSPECTIONS = (
    "inspector_whatsapp.Ask",
    "inspector_whatsapp.Delay",
    "inspector_whatsapp.Distress",
    "inspector_whatsapp.Enquiry",
    "inspector_whatsapp.Feedback",
    "inspector_whatsapp.Inspection",
    "inspector_whatsapp.Interest",
    "inspector_whatsapp.Presence",
    "inspector_whatsapp.Stay",
    "inspector_whatsapp.ProblemReport",
    "inspector_whatsapp.SavedSearch",
    "inspector_whatsapp.SearchLess",
    "inspector_whatsapp.Slot",
    "inspector_whatsapp.TimeOff",
    "inspector_whatsapp.Wait",
)
WHAT_IS_OFFERED = ("inspector_whatsapp.Property", "inspector_whatsapp.ShareSource")
WHAT_IS_SAID = ("notifications.Broadcast", "notifications.MessageTemplate", "notifications.ReminderRule")
SERVICE = (
    "auth.Group",
    "bot.WebhookBody",
    "django_celery_beat.PeriodicTask",
    "inspector_whatsapp.Change",
    "inspector_whatsapp.ChannelState",
    "inspector_whatsapp.DayFigure",
    "inspector_whatsapp.Heartbeat",
    "inspector_whatsapp.PriceCategory",
    "inspector_whatsapp.PriceCount",
)
TROUBLE = ("inspector_whatsapp.FraudSign", "inspector_whatsapp.Incident", "inspector_whatsapp.Mailbox")
PRIVACY = (
    "inspector_whatsapp.Erasure",
    "inspector_whatsapp.LegalHold",
    "inspector_whatsapp.PersonExport",
)
ALL_BUT_AUDIT = (*TALKS, *PEOPLE, *INSPECTIONS, *WHAT_IS_OFFERED, *WHAT_IS_SAID, *SERVICE, *TROUBLE, *PRIVACY)

SEE_NUMBERS = ("inspector_whatsapp.Contact", "see_numbers")
SEND_BROADCASTS = ("notifications.Broadcast", "send_broadcast")
EXPORT_LISTS = ("inspector_whatsapp.AuditEntry", "export_lists")


@dataclass(frozen=True, kw_only=True)
class Rights:
    """To see and to change rows of these models; and single permissions, each by its model."""

    view: tuple[str, ...]
    change: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each permission: its model and its codename."""
        for verb, labels in (("view", self.view), ("change", self.change), ("add", self.add)):
            for label in labels:
                yield label, f"{verb}_{label.partition('.')[2].lower()}"
        yield from self.also


GROUPS = {
    # Talks to people, and mends what keeps them from their messages and bookings.
    SUPPORT: Rights(
        view=(*TALKS, *PEOPLE, *INSPECTIONS, *WHAT_IS_OFFERED, *TROUBLE),
        change=(
            "bot.Conversation",
            "bot.Interpretation",
            "inspector_whatsapp.OutboxMessage",
            "inspector_whatsapp.Job",
            "inspector_whatsapp.Link",
            "linking.AccountGuard",
            "inspector_whatsapp.Inspection",
            "inspector_whatsapp.ProblemReport",
            "inspector_whatsapp.Mailbox",
            "inspector_whatsapp.FraudSign",
        ),
        also=(SEE_NUMBERS,),
    ),
    # Keeps the service going: what runs when, what waits, what is broken, who inspects what.
    OPERATIONS: Rights(
        view=ALL_BUT_AUDIT,
        change=(
            "inspector_whatsapp.Incident",
            "inspector_whatsapp.ChannelState",
            "inspector_whatsapp.Mailbox",
            "django_celery_beat.PeriodicTask",
            "notifications.Broadcast",
            "notifications.ReminderRule",
            "inspector_whatsapp.PriceCategory",
            "inspector_whatsapp.OutboxMessage",
            "inspector_whatsapp.Job",
            "inspector_whatsapp.Inspection",
            "inspector_whatsapp.Slot",
            "inspector_whatsapp.TimeOff",
        ),
        add=("notifications.Broadcast", "notifications.ReminderRule", "inspector_whatsapp.PriceCategory"),
        also=(EXPORT_LISTS, SEND_BROADCASTS),
    ),
    # Words and properties; nobody's messages, numbers or bookings.
    CONTENT: Rights(
        view=(*WHAT_IS_OFFERED, *WHAT_IS_SAID),
        change=(*WHAT_IS_OFFERED, *WHAT_IS_SAID),
        add=("notifications.Broadcast", "notifications.ReminderRule"),
    ),
    # Sees everything, and who saw what; changes nothing.
    AUDITOR: Rights(view=(*ALL_BUT_AUDIT, "inspector_whatsapp.AuditEntry"), also=(EXPORT_LISTS,)),
}


def make(apps: Apps = live) -> None:
    """The groups that are not there yet, with their rights; one that is there is left as it is."""
    for name, rights in GROUPS.items():
        group, made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        if made:
            group.permissions.set(_permissions(apps, rights))


def give(*labels: str, apps: Apps = live) -> None:
    """To the groups that are there, what they may do with these models: for the migration of a new page."""
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        rights = [right for right in GROUPS[group.name] if right[0] in labels]
        group.permissions.add(*_permissions(apps, rights))


def _permissions(apps: Apps, rights: Any) -> list[Any]:
    """Their rows. Django makes them after the last migration; a group needs them before."""
    permissions = []
    for label, codename in rights:
        if (name := _name(label, codename)) is None:
            continue
        app, _, model = label.lower().partition(".")
        kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label=app, model=model
        )
        permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        permissions.append(permission)
    return permissions


def _name(label: str, codename: str) -> str | None:
    """As Django words it; None for a model that this release has no more, or not yet."""
    try:
        options = live.get_model(label)._meta
    except LookupError:
        return None
    named = dict(options.permissions)
    verb = codename.partition("_")[0]
    return str(named.get(codename) or f"Can {verb} {options.verbose_name_raw}")
