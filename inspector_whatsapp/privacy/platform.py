"""What the platform keeps of people: accounts, what hangs on them, and what was said to them."""

import json
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.db.models import JSONField, Model, Q
from django.db.models.expressions import RawSQL

from inspector_whatsapp import clock
from inspector_whatsapp.models import (
    Change,
    Contact,
    Inspection,
    Interest,
    OutboxMessage,
    ShareSource,
    User,
)
from inspector_whatsapp.privacy.inventory import Fate, Holding, Kept, Mention
from inspector_whatsapp.privacy.people import Person
from inspector_whatsapp.privacy.scrubbing import ERASED, clean

MESSAGES: Final = "RETENTION_MESSAGES_DAYS after it was written"
RECORD: Final = "as long as Inspector keeps the inspection"
ACCOUNT: Final = "as long as the account is there"
_TO_INSPECTOR: Final = ("inspector", "webhook")
# What people wrote or wanted, by its name in a change.
_WORDS: Final = ("why", "words", "criteria")


def kept() -> Kept:
    """Of the platform. What hangs on an account goes before it."""
    return Kept(holdings=_HOLDINGS, mentions=_MENTIONS)


# --- what is not only deleted -----------------------------------------------------------------------------
def _nothing(person: Person) -> int:
    """The last step of an erasure does it, or the database itself."""
    return 0


def _mail_of(person: Person) -> Q:
    return Q(address__in=[email.lower() for email in _emails(person)])


def _emails(person: Person) -> list[str]:
    return list(User.objects.filter(pk__in=person.accounts).values_list("email", flat=True))


def _erase_changes(person: Person) -> int:
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


def _messages_about(person: Person) -> Any:
    """To others, about their inspections: there even a first name says who it is."""
    theirs = list(Inspection.objects.filter(seeker__in=person.accounts).values_list("pk", "ref"))
    about = Q(cause__subject__in=[ref for _, ref in theirs])
    about |= Q(arguments__inspection__in=[pk for pk, _ in theirs])
    mine = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    return OutboxMessage.objects.filter(about).exclude(mine)


def _erase_messages(person: Person) -> int:
    """What was said to them goes; in what was said to others about them their name does."""
    names = _names(person)
    for row in _messages_about(person).order_by("pk").iterator() if names else ():
        fresh = {name: clean(getattr(row, name), names) for name in ("text", "body", "arguments", "story")}
        changed = {name: value for name, value in fresh.items() if value != getattr(row, name)}
        if changed:
            OutboxMessage.objects.filter(pk=row.pk).update(**changed)
    return delete(OutboxMessage, _MESSAGES.of(person))


def _names(person: Person) -> tuple[str, ...]:
    """Names of theirs as messages show them: whole, and the first alone."""
    found: set[str] = set()
    for name in [
        *User.objects.filter(pk__in=person.accounts).values_list("name", flat=True),
        *Contact.objects.filter(pk__in=person.contacts).values_list("profile_name", flat=True),
    ]:
        found |= {name.strip(), name.strip().partition(" ")[0]}
    return tuple(sorted((name for name in found if len(name) > 2), key=len, reverse=True))


def _erase_interests(person: Person) -> int:
    rows = Interest.objects.filter(seeker__in=person.accounts)
    removed = rows.exclude(platform_id=None).filter(removed_at=None).update(removed_at=clock.now())
    return delete(Interest, rows.filter(platform_id=None)) + removed


def _erase_sources(person: Person) -> int:
    """A group keeps its code, by which it is counted; its name goes."""
    rows = ShareSource.objects.filter(agent__in=person.accounts).exclude(label="")
    done = 0
    for source in rows.exclude(label__startswith=f"{ERASED} "):
        done += ShareSource.objects.filter(pk=source.pk).update(label=f"{ERASED} {source.code}")
    return done


def _erase_history(person: Person) -> int:
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


def _of_history(person: Person) -> Q:
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


# --- what is kept -----------------------------------------------------------------------------------------
_MESSAGES: Final = Holding(
    model="inspector_whatsapp.OutboxMessage",
    what="What was said to them, and what became of it",
    why="to send it once, to answer questions about it, and to show what it cost",
    kept=MESSAGES,
    fate=Fate.DELETED,
    account=("account",),
    contact=("contact",),
    columns=("text", "body", "arguments", "story", "reason", "provider_id", "key", "lane"),
    secret=("lease_token",),
    at="created_at",
    only=~Q(channel__in=_TO_INSPECTOR),
    erase=_erase_messages,
)

_HOLDINGS: Final = (
    _MESSAGES,
    Holding(
        model="inspector_whatsapp.Interest",
        what="Properties that they keep in view",
        why="to tell them what becomes of these",
        kept=ACCOUNT,
        fate=Fate.CUT_OFF,
        account=("seeker",),
        at="created_at",
        stays="Only those that Inspector has too, as removed: or old news of it would bring them back.",
        erase=_erase_interests,
    ),
    Holding(
        model="inspector_whatsapp.SavedSearch",
        what="What they look for",
        why="to tell them of new homes",
        kept=ACCOUNT,
        fate=Fate.DELETED,
        account=("seeker",),
        columns=("criteria",),
        at="created_at",
    ),
    Holding(
        model="inspector_whatsapp.TimeOff",
        what="When an inspector is away",
        why="to send them nowhere then",
        kept=ACCOUNT,
        fate=Fate.DELETED,
        account=("inspector",),
        at="created_at",
    ),
    Holding(
        model="inspector_whatsapp.Inspection",
        what="Inspections that they booked, without what was written about them",
        why="to carry them out, and as the record of who was let into a property",
        kept=RECORD,
        fate=Fate.EMPTIED,
        account=("seeker",),
        columns=("why", "notes"),
        values={"why": "", "notes": ""},
        at="created_at",
        stays="The booking is a business record of Inspector's; whose it was it no longer says.",
    ),
    Holding(
        model="inspector_whatsapp.Inspection",
        what="Inspections that they carried out",
        why="as the record of the inspection",
        kept=RECORD,
        fate=Fate.KEPT,
        account=("inspector",),
        record=("notes",),
        at="created_at",
        stays="The report is about the property, and belongs to whoever inspected it and to its agent.",
        erase=_nothing,
    ),
    Holding(
        model="inspector_whatsapp.InspectionPhoto",
        what="Photos of their reports",
        why="as the record of the inspection",
        kept=RECORD,
        fate=Fate.KEPT,
        account=("inspection__inspector",),
        record=("image",),
        files=("image",),
        stays="They show the property as it was found.",
        erase=_nothing,
    ),
    Holding(
        model="inspector_whatsapp.Feedback",
        what="Their two taps after an inspection",
        why="to know whether listings are true",
        kept=RECORD,
        fate=Fate.CUT_OFF,
        account=("inspection__seeker",),
        at="created_at",
        stays="A tick without words, about the property.",
        erase=_nothing,
    ),
    Holding(
        model="inspector_whatsapp.ProblemReport",
        what="Problems that they reported, without their words",
        why="to look after people's safety",
        kept=RECORD,
        fate=Fate.EMPTIED,
        account=("reporter",),
        columns=("words",),
        values={"words": ""},
        at="created_at",
        stays="That a property was reported, and for what, is needed to judge the next report.",
    ),
    Holding(
        model="inspector_whatsapp.Property",
        what="Properties that they offer",
        why="they are Inspector's listings",
        kept="as long as Inspector has them",
        fate=Fate.EMPTIED,
        account=("agent",),
        columns=("access_notes",),
        values={"access_notes": ""},
        record=("title", "area", "city", "state", "address", "description", "url"),
        at="published_at",
        stays="The listing is about the home and is Inspector's; only the way in is forgotten.",
    ),
    Holding(
        model="inspector_whatsapp.PropertyPhoto",
        what="Photos of these properties",
        why="they are Inspector's listings",
        kept="as long as Inspector has them",
        fate=Fate.KEPT,
        account=("property__agent",),
        record=("image",),
        files=("image",),
        stays="They show the home.",
        erase=_nothing,
    ),
    Holding(
        model="inspector_whatsapp.ShareSource",
        what="Links that they share, without the names of their groups",
        why="to count what comes of them",
        kept="as long as the links are out there",
        fate=Fate.EMPTIED,
        account=("agent",),
        columns=("label",),
        at="created_at",
        stays="Its code is in messages that others have; the counts are nobody's.",
        erase=_erase_sources,
    ),
    Holding(
        model="inspector_whatsapp.ShareChat",
        what="That they came by a shared link",
        why="to give a booking to whoever shared the link",
        kept="as long as the link is out there",
        fate=Fate.CUT_OFF,
        contact=("contact",),
        values={"contact": None},
        at="at",
        stays="A count: it no longer says who came.",
    ),
    Holding(
        model="inspector_whatsapp.Change",
        what="What they did, in the feed to Inspector",
        why="so that Inspector can follow what happened",
        kept="as long as the service runs",
        fate=Fate.EMPTIED,
        account=("actor",),
        columns=("data",),
        at="at",
        stays="That something was booked, moved or called off, without anybody's words.",
        erase=_erase_changes,
    ),
    Holding(
        model="inspector_whatsapp.Mailbox",
        what="That their mailbox took no mail",
        why="to send it none",
        kept="until an admin clears it",
        fate=Fate.DELETED,
        rows=_mail_of,
        columns=("address", "details"),
        at="at",
    ),
    Holding(
        model="admin.LogEntry",
        what="What the staff changed of them in the console",
        why="to know who changed what",
        kept="as long as the service runs",
        fate=Fate.EMPTIED,
        rows=_of_history,
        columns=("object_repr",),
        record=("change_message", "object_id"),
        at="action_time",
        stays="Who of the staff did something, without the person's name.",
        erase=_erase_history,
    ),
    Holding(
        model="inspector_whatsapp.LegalHold",
        what="Holds that were on their data",
        why="to show why something was kept",
        kept="as long as the service runs",
        fate=Fate.EMPTIED,
        account=("account",),
        contact=("contact",),
        columns=("why",),
        values={"why": ""},
        at="placed_at",
        stays="That there was a hold, and who placed it.",
    ),
    Holding(
        model="inspector_whatsapp.PersonExport",
        what="Copies of their data made for them",
        why="to hand them over once",
        kept="the file: RETENTION_EXPORTS_DAYS; that it was made: RETENTION_MESSAGES_DAYS",
        fate=Fate.DELETED,
        account=("account",),
        contact=("contact",),
        columns=("file",),
        secret=("token_digest", "file"),
        files=("file",),
        at="made_at",
    ),
    Holding(
        model="inspector_whatsapp.Erasure",
        what="That their data was erased",
        why="to show that it was done",
        kept="as long as the service runs",
        fate=Fate.KEPT,
        account=("account",),
        contact=("contact",),
        record=("did", "trouble"),
        secret=("words",),
        at="asked_at",
        stays="Numbers of rows and who asked for it, as evidence; what names the person is gone from it.",
        erase=_nothing,
    ),
    Holding(
        model="inspector_whatsapp.Link",
        what="Which WhatsApp spoke for which account, how that was proved, and the consent",
        why="so that nobody else hears of their affairs",
        kept=ACCOUNT,
        fate=Fate.DELETED,
        account=("account",),
        contact=("contact",),
        columns=("proof", "ended_why"),
        at="made_at",
    ),
    Holding(
        model="inspector_whatsapp.Contact",
        what="Their WhatsApp: number, Meta's id, and the name they chose there",
        why="to know who writes, and to answer",
        kept="until it is erased",
        fate=Fate.DELETED,
        contact=("pk",),
        columns=("phone", "user_id", "username", "profile_name", "time_zone", "blocked_reason"),
        at="created_at",
        erase=_nothing,
    ),
    Holding(
        model="inspector_whatsapp.User",
        what="Their account: name, e-mail address, phone",
        why="it mirrors Inspector's account",
        kept="as long as Inspector has it",
        fate=Fate.EMPTIED,
        account=("pk",),
        columns=("email", "name", "phone"),
        record=("platform_id", "time_zone"),
        secret=("password",),
        at="joined_at",
        stays="An empty row: bookings hang on it, and by its id at Inspector old news does not fill it.",
        erase=_nothing,
    ),
)

_MENTIONS: Final = (
    # Answers to a wish made twice: they are of no use after eight days, and may show anything.
    Mention(model="inspector_whatsapp.Answer", columns=("body", "headers", "caller", "key"), whole=True),
    Mention(
        model="inspector_whatsapp.OutboxMessage", columns=("text", "body", "arguments", "story", "reason")
    ),
    Mention(model="inspector_whatsapp.Change", columns=("data",)),
    Mention(model="inspector_whatsapp.Incident", columns=("sentence", "key")),
    Mention(model="inspector_whatsapp.Inspection", columns=("why", "notes")),
    Mention(model="inspector_whatsapp.Property", columns=("access_notes",)),
    Mention(model="inspector_whatsapp.ProblemReport", columns=("words",)),
    Mention(model="inspector_whatsapp.Watermark", columns=("refused",)),
    Mention(model="inspector_whatsapp.LegalHold", columns=("why",)),
    Mention(model="admin.LogEntry", columns=("object_repr", "change_message")),
    # Somebody tried their address at the console's door.
    Mention(model="axes.AccessAttempt", columns=("username", "get_data", "post_data"), whole=True),
    Mention(model="axes.AccessLog", columns=("username",), whole=True),
    Mention(model="axes.AccessFailureLog", columns=("username",), whole=True),
)
