"""Steps of an erasure that do more than delete rows, or empty columns."""

import json
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.db.models import JSONField, Model, Q
from django.db.models.expressions import RawSQL

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import (
    Ask,
    Change,
    Contact,
    Inspection,
    Interest,
    OutboxMessage,
    ShareSource,
    User,
    Wait,
)
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.models.outbox import TO_INSPECTOR
from inspector_whatsapp.models.waiting import WaitState
from inspector_whatsapp.privacy.people import Person
from inspector_whatsapp.privacy.scrubbing import ERASED, clean

# What people wrote or wanted, by its name in a change.
_WORDS: Final = ("why", "words", "criteria")


def nothing(person: Person) -> int:
    """The last step of an erasure does it, or the database itself."""
    return 0


def mail_of(person: Person) -> Q:
    return Q(address__in=[email.lower() for email in _emails(person)])


def _emails(person: Person) -> list[str]:
    return list(User.objects.filter(pk__in=person.accounts).values_list("email", flat=True))


def erase_changes(person: Person) -> int:
    """Their own words go out of the feed; that something happened stays."""
    theirs = Q(actor__in=person.accounts) | Q(subject__in=_refs(person))
    rows = Change.objects.filter(theirs, data__has_any_keys=_WORDS).exclude(_has_no_words())
    blank = json.dumps(dict.fromkeys(_WORDS, ""))
    return rows.update(
        data=RawSQL(
            "data || (SELECT COALESCE(jsonb_object_agg(key, value), '{}'::jsonb)"
            " FROM jsonb_each(%s::jsonb) WHERE data ? key)",
            [blank],
            output_field=JSONField(),
        )
    )


def _has_no_words() -> Q:
    none = Q()
    for word in _WORDS:
        none &= Q(**{f"data__{word}": ""}) | ~Q(data__has_key=word)
    return none


def _refs(person: Person) -> list[str]:
    return list(Inspection.objects.filter(seeker__in=person.accounts).values_list("ref", flat=True))


def _messages_of(person: Person) -> Any:
    theirs = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    # What Inspector's backend was told is its own by now.
    return OutboxMessage.objects.filter(theirs).exclude(channel__in=TO_INSPECTOR)


def _messages_about(person: Person) -> Any:
    """To others, about their inspections: there even a first name says who it is."""
    theirs = list(Inspection.objects.filter(seeker__in=person.accounts).values_list("pk", "ref"))
    about = Q(cause__subject__in=[ref for _, ref in theirs])
    about |= Q(arguments__inspection__in=[pk for pk, _ in theirs])
    mine = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    return OutboxMessage.objects.filter(about).exclude(mine)


def erase_messages(person: Person) -> int:
    """What was said to them goes; in what was said to others about them their name does."""
    names = _names(person)
    for row in _messages_about(person).order_by("pk").iterator() if names else ():
        fresh = {name: clean(getattr(row, name), names) for name in ("text", "body", "arguments", "story")}
        changed = {name: value for name, value in fresh.items() if value != getattr(row, name)}
        if changed:
            OutboxMessage.objects.filter(pk=row.pk).update(**changed)
    return delete(OutboxMessage, _messages_of(person))


def _names(person: Person) -> tuple[str, ...]:
    """Names of theirs as messages show them: whole, and the first alone."""
    found: set[str] = set()
    for name in [
        *User.objects.filter(pk__in=person.accounts).values_list("name", flat=True),
        *Contact.objects.filter(pk__in=person.contacts).values_list("profile_name", flat=True),
    ]:
        found |= {name.strip(), name.strip().partition(" ")[0]}
    return tuple(sorted((name for name in found if len(name) > 2), key=len, reverse=True))


def erase_interests(person: Person) -> int:
    rows = Interest.objects.filter(seeker__in=person.accounts)
    removed = rows.exclude(platform_id=None).filter(removed_at=None).update(removed_at=clock.now())
    return delete(Interest, rows.filter(platform_id=None)) + removed


def erase_waits(person: Person) -> int:
    """A place that is kept for them goes to the next in line first."""
    for wait in Wait.objects.filter(seeker__in=person.accounts, state=WaitState.OFFERED).order_by("pk"):
        inspections.leave(wait=wait, actor=None, origin=Origin.SERVICE)
    return delete(Wait, Wait.objects.filter(seeker__in=person.accounts))


def erase_asks(person: Person) -> int:
    """Somebody else is asked in their place first."""
    for ask in Ask.objects.filter(inspector__in=person.accounts, state=AskState.ASKED).order_by("pk"):
        inspections.pass_ask_on(ask, state=AskState.DECLINED, actor=None, origin=Origin.SERVICE)
    return delete(Ask, Ask.objects.filter(inspector__in=person.accounts))


def erase_sources(person: Person) -> int:
    """A group keeps its code, by which it is counted; its name goes."""
    rows = ShareSource.objects.filter(agent__in=person.accounts).exclude(label="")
    done = 0
    for source in rows.exclude(label__startswith=f"{ERASED} "):
        done += ShareSource.objects.filter(pk=source.pk).update(label=f"{ERASED} {source.code}")
    return done


def erase_history(person: Person) -> int:
    """What the console notes of its pages names rows as they were called then."""
    done = 0
    for model, keys in ((User, person.accounts), (Contact, person.contacts)):
        rows = LogEntry.objects.filter(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
            object_id__in=[str(key) for key in keys],
        )
        done += rows.exclude(object_repr=ERASED).update(object_repr=ERASED)
    return done


def of_history(person: Person) -> Q:
    of_accounts = Q(content_type__model="user", object_id__in=[str(pk) for pk in person.accounts])
    of_contacts = Q(content_type__model="contact", object_id__in=[str(pk) for pk in person.contacts])
    return Q(content_type__app_label="inspector_whatsapp") & (of_accounts | of_contacts)


def delete(table: type[Model], rows: Any, *, batch: int = 1_000) -> int:
    """Delete rows a batch at a time; how many."""
    done = 0
    while keys := list(rows.values_list("pk", flat=True)[:batch]):
        table._default_manager.filter(pk__in=keys).delete()
        done += len(keys)
    return done
