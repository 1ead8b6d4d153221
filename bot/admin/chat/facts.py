"""What stands beside a chat: who it is, what they are at, what they have answered, and what is wrong."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bot import course, handover, speakers
from bot.models import Conversation, InboundEvent, InboundState, Upload
from bot.questions import Choice, Confirm, Formed, Question
from bot.scripts import FLOWS, Asked, Person, Run
from inspector_whatsapp.admin.pages import masked
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.marks import plain, short, visible
from inspector_whatsapp.models import Incident, Inspection, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import Reader, label, put

logger = logging.getLogger(__name__)

MOST = 5  # incidents, inspections


@dataclass(frozen=True)
class Linked:
    """An account that this WhatsApp speaks for, or did."""

    name: SafeString
    role: str
    state: str
    current: bool
    page: str


@dataclass(frozen=True)
class Named:
    """Something with a page of its own."""

    title: SafeString
    note: str
    page: str
    open: bool = True


@dataclass(frozen=True)
class Answered:
    """A question's name, and how its answer reads."""

    question: str
    answer: SafeString


@dataclass(frozen=True)
class At:
    """The flow that is under way: its title, the question that is due, the answers so far."""

    title: str
    question: SafeString | None
    answers: Sequence[Answered]


@dataclass(frozen=True)
class Holder:
    """Who of ours has the chat. Nobody by name while a person was only asked for."""

    pk: int | None
    name: SafeString | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Facts:
    """All of it; pages are empty for whoever may not open them."""

    whom: str
    name: SafeString | None
    contact_page: str
    accounts: Sequence[Linked]
    language: str
    zone: str
    silence: Sequence[str]
    blocked: SafeString | None
    at: At | None
    aside: str
    holder: Holder | None
    open_until: datetime | None
    incidents: Sequence[Named]
    inspections: Sequence[Named]


def links_of(talk: Conversation) -> list[Link]:
    """Those that count or are suspended, the current one first."""
    links = Link.objects.filter(contact=talk.contact_id).exclude(state=LinkState.ENDED)
    return list(links.select_related("account").order_by("-current", "pk"))


def of(talk: Conversation, *, links: Sequence[Link], viewer: User, now: datetime) -> Facts:
    contact = talk.contact
    speaking = next((link.account for link in links if link.current), None)
    return Facts(
        whom=masked(contact) or "",
        name=short(contact.profile_name) if contact.profile_name else None,
        contact_page=_page(contact, viewer),
        accounts=[
            Linked(
                short(str(link.account)),
                str(link.account.get_role_display()),
                str(link.get_state_display()),
                link.current,
                _page(link.account, viewer),
            )
            for link in links
        ],
        language=str(contact.get_language_display() or (speaking.get_language_display() if speaking else "")),
        zone=plain(contact.time_zone or (speaking.time_zone if speaking else "") or settings.TIME_ZONE),
        silence=_silence(talk),
        blocked=visible(contact.blocked_reason) if contact.blocked_reason else None,
        at=_at(talk, now),
        aside=_title(talk.aside.get("flow", "")) if talk.aside else "",
        holder=holder(talk, now=now),
        open_until=_open_until(talk, now),
        incidents=_incidents(talk) if viewer.has_perm("inspector_whatsapp.view_incident") else (),
        inspections=_inspections(links, now) if viewer.has_perm("inspector_whatsapp.view_inspection") else (),
    )


def holder(talk: Conversation, *, now: datetime) -> Holder | None:
    """Who has the chat; None while the bot answers."""
    if not handover.is_silent(talk, now=now):
        return None
    by = talk.human_by
    name = short(str(by)) if by is not None else None
    return Holder(talk.human_by_id, name, talk.human_since, talk.human_until)


def _open_until(talk: Conversation, now: datetime) -> datetime | None:
    left = handover.window_left(talk.contact, now=now)
    return now + left if left else None


def _page(row: models.Model, viewer: User) -> str:
    """Its page, for who may open it."""
    meta = row._meta
    if not viewer.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def _silence(talk: Conversation) -> list[str]:
    found = []
    if talk.contact.stopped_at:
        found.append(_("Stopped everything: only answers to what they write go out."))
    elif talk.contact.offers_stopped_at:
        found.append(_("Stopped offers."))
    return found


def _title(flow: str) -> str:
    return FLOWS[flow].title if flow in FLOWS else _("something that no longer exists")


# --- the flow under way -----------------------------------------------------------------------------------
def _at(talk: Conversation, now: datetime) -> At | None:
    """The script is run over the kept answers, as a turn would; nothing of it is kept."""
    if not talk.flow:
        return None
    try:
        with transaction.atomic():
            asked = _asked(talk, now)
            found = _told(asked, talk) if asked is not None else None
            transaction.set_rollback(True)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.info("flow %s of conversation %s cannot be shown: %r", talk.flow, talk.pk, type(error))
        found = None
    return found or At(_title(talk.flow), None, ())


def _asked(talk: Conversation, now: datetime) -> Asked | None:
    speaker = speakers.of([talk]).get(talk.contact_id, speakers.NOBODY)
    person = Person(talk.contact, speaker.account, now, shared=speaker.shared, wish=talk.wish)
    flow = course.playable(talk, person)
    if flow is None:
        return None
    run = Run(flow.run, replace(person, argument=talk.argument), dict(talk.answers))
    outcome = run.play()
    return outcome if isinstance(outcome, Asked) else None


def _told(asked: Asked, talk: Conversation) -> At:
    reader = Reader(zone=settings.TIME_ZONE, markup=False)
    answers = [
        Answered(_name(name), short(_answer(question, value, talk.answers.get(name), reader)))
        for name, (question, value) in asked.answered.items()
    ]
    words = put(asked.question.prompt(0).words, reader)
    return At(_title(talk.flow), visible(words) if words else None, answers)


def _name(question: str) -> str:
    return question.replace("_", " ").capitalize()


def _answer(question: Question[Any], value: Any, kept: Any, reader: Reader) -> str:
    """How an answer reads: by its label where it was a choice. Of what has none, only that it was given."""
    if isinstance(question, Formed):
        question = question.list
    if isinstance(question, Choice):
        return put(question.option(value).title, reader)
    if isinstance(question, Confirm):
        return _("Yes") if value else _("No")
    match value:
        case str():
            return masked_email(value) if "@" in value else value
        case list() if value and all(isinstance(each, Upload) for each in value):
            return ngettext("%d photo", "%d photos", len(value)) % len(value)
        case bool() | None:
            return _("Yes") if value else _("none")
        case int() | Decimal() | date() | models.Model():
            return label(value, "", reader)
    return kept if isinstance(kept, str) and "@" not in kept else _("answered")


# --- what is wrong, and what is coming --------------------------------------------------------------------
def _incidents(talk: Conversation) -> list[Named]:
    """Those that name this person, or a message of theirs; open ones first."""
    stuck = InboundEvent.objects.filter(contact=talk.contact_id, state=InboundState.QUARANTINED)
    keys = [str(pk) for pk in stuck.order_by("-pk").values_list("pk", flat=True)[:MOST]]
    about = Q(kind="human_wanted", key=str(talk.contact_id)) | Q(kind="message_quarantined", key__in=keys)
    newest = F("closed_at").desc(nulls_first=True)
    return [
        Named(
            short(each.sentence),
            "",
            reverse("admin:inspector_whatsapp_incident_change", args=[each.pk]),
            each.closed_at is None,
        )
        for each in Incident.objects.filter(about).order_by(newest, "-pk")[:MOST]
    ]


def _inspections(links: Sequence[Link], now: datetime) -> list[Named]:
    """What comes next for the accounts behind the chat."""
    accounts = [link.account_id for link in links if link.state == LinkState.ACTIVE]
    if not accounts:
        return []
    theirs = Q(seeker__in=accounts) | Q(inspector__in=accounts) | Q(property__agent__in=accounts)
    live = Q(state__in=(InspectionState.REQUESTED, InspectionState.CONFIRMED), ends_at__gt=now)
    reader = Reader(zone=settings.TIME_ZONE, markup=False)
    return [
        Named(
            short(f"{each.ref} · {label(each.starts_at, '', reader)}"),
            str(each.get_state_display()),
            reverse("admin:inspector_whatsapp_inspection_change", args=[each.pk]),
        )
        for each in Inspection.objects.filter(theirs & live).order_by("starts_at", "pk")[:MOST]
    ]
