"""A person of whom something is kept everywhere, each column with its own word; and all that is stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models

from bot import inbox, storing
from bot.models import Conversation, Draft, InboundEvent, Interpretation, Upload, WebhookBody
from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import (
    Contact,
    Erasure,
    Feedback,
    Inspection,
    LegalHold,
    Mailbox,
    OutboxMessage,
    PersonExport,
    ProblemReport,
    PropertyPhoto,
    SavedSearch,
    ShareChat,
    User,
)
from inspector_whatsapp.privacy.inventory import Holding, holdings
from inspector_whatsapp.privacy.people import Person, of_account
from linking.models import AccountGuard, LinkChallenge, LinkCodeDevice, LinkIntent, WrongToken
from notifications.models import (
    Alert,
    BroadcastRecipient,
    ConsentEntry,
    Preference,
    Reachability,
    Reminder,
    ReminderRule,
)
from tests.factories import (
    AskFactory,
    BroadcastFactory,
    ContactFactory,
    DelayFactory,
    DistressFactory,
    EnquirerFactory,
    FraudSignFactory,
    GroupFactory,
    InspectionFactory,
    InterestFactory,
    LinkFactory,
    PresenceFactory,
    PropertyFactory,
    SearchLessFactory,
    SeekerFactory,
    StayFactory,
    TimeOffFactory,
    WaitFactory,
)

ROOT = Path(__file__).parents[2]
# Held to a shape by the database, or the only way to find the row: what stands there is theirs already.
SHAPED = {
    "inspector_whatsapp.User": {"email", "name", "phone", "platform_id", "time_zone", "password"},
    "inspector_whatsapp.Contact": {"phone", "user_id", "time_zone"},
    "inspector_whatsapp.Mailbox": {"address"},
    "inspector_whatsapp.Property": {"url", "access_notes"},
    "inspector_whatsapp.SavedSearch": {"criteria"},
    "inspector_whatsapp.OutboxMessage": {"lane", "lease_token", "provider_id", "key", "story"},
    "inspector_whatsapp.Change": {"data"},
    "inspector_whatsapp.PersonExport": {"file"},
    "inspector_whatsapp.Erasure": {"words", "did", "trouble"},
    "inspector_whatsapp.InspectionPhoto": {"image"},
    "inspector_whatsapp.PropertyPhoto": {"image"},
    "bot.InboundEvent": {"key", "provider_id", "content"},
    "bot.WebhookBody": {"body"},
    "bot.Upload": {"file"},
    "bot.Conversation": {"lease_token"},
    "bot.Draft": {"answers"},
    "admin.LogEntry": {"object_id"},
    "linking.LinkIntent": {"public_id"},
    "notifications.ConsentEntry": {"evidence", "wording", "channel", "how"},
}


@dataclass
class Somebody:
    """A seeker who is an agent and an inspector as well, linked, with something in every table."""

    mark: str  # stands in every word of theirs
    digits: str
    account: User = field(init=False)
    contact: Contact = field(init=False)
    inspection: Inspection = field(init=False)
    wamid: str = field(init=False)
    many: int = 0
    words: dict[str, str] = field(default_factory=dict)  # `table.column` → what stands there

    @property
    def person(self) -> Person:
        return of_account(self.account)

    @property
    def book(self) -> str:
        """What stays as a business record has a mark of its own."""
        return f"book{self.mark.encode().hex()}"

    @property
    def phone(self) -> str:
        return f"+234{self.digits}"

    def said(self, words: str, wamid: str) -> dict[str, Any]:
        """A message of theirs as Meta sends it."""
        return {
            "from": self.phone.removeprefix("+"),
            "id": wamid,
            "timestamp": str(int(clock.now().timestamp())),
            "type": "text",
            "text": {"body": words},
        }


def body(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = ()) -> bytes:
    """A webhook with these messages."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": settings.WHATSAPP_PHONE_NUMBER_ID},
        "messages": list(messages),
        "statuses": list(statuses),
    }
    changed = [{"field": "messages", "value": value}]
    entry = [{"id": settings.WHATSAPP_BUSINESS_ACCOUNT_ID, "changes": changed}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def settle(*people: Somebody) -> None:
    """Give each an account and a WhatsApp; all of them write in one webhook."""
    for one in people:
        low = one.mark.lower()
        one.account = SeekerFactory(
            email=f"{low}.person@example.com", name=f"Ada{low} {one.mark}son", phone=one.phone
        )
        one.contact = ContactFactory(phone=one.phone, profile_name=f"{one.mark}profile")
        LinkFactory(contact=one.contact, account=one.account)
        one.wamid = f"wamid.{one.mark}first"
    storing.store(body(*(one.said(f"{one.mark} says hello", one.wamid) for one in people)))
    inbox.drain()
    for one in people:
        _fill(one)


def _fill(one: Somebody) -> None:
    """Something in every table, and a word of its own in every column of it."""
    at, user, contact, mark = clock.now(), one.account, one.contact, one.mark
    InboundEvent.objects.filter(contact=contact).update(state="done")
    one.inspection = inspection = InspectionFactory(seeker=user)
    about = changes.record("noted", inspection, actor=user, origin=Origin.CHAT, why=f"{mark}why in a change")
    agent = inspection.property.agent
    led = InspectionFactory(inspector=user, state="completed")
    offered = PropertyFactory(
        agent=user,
        status="draft",
        published_at=None,
        access_notes=f"{mark}notes",
        ref=f"PR-{one.digits[-4:]}",
    )
    PropertyPhoto.objects.create(property=offered, image=_stored(f"properties/{one.book}.jpg"))
    led.photos.create(image=_stored(f"inspections/{one.book}.jpg"), digest=one.book)
    Upload.objects.create(
        contact=contact, file=_stored(f"uploads/{one.digits}.jpg"), digest="", created_at=at
    )
    InterestFactory(seeker=user)
    WaitFactory(seeker=user)
    FraudSignFactory(account=user, contact=contact)
    PresenceFactory(about=user)
    PresenceFactory(said_by=user)
    EnquirerFactory(seeker=user)
    StayFactory(inspection=inspection, person=user)
    DistressFactory(inspection=inspection, person=user)
    search = SavedSearch.objects.create(seeker=user, criteria={"areas": [f"{mark}area"]}, created_at=at)
    SearchLessFactory(search=search, area=f"{mark}area")
    BroadcastRecipient.objects.create(broadcast=BroadcastFactory(), account=user, at=at)
    TimeOffFactory(inspector=user)
    DelayFactory(inspector=user)
    AskFactory(inspector=user)
    Feedback.objects.create(inspection=inspection, as_listed="yes", created_at=at)
    ProblemReport.objects.create(reporter=user, property=inspection.property, problem="fake", created_at=at)
    ShareChat.objects.create(source=GroupFactory(), property=offered, contact=contact, at=at)
    GroupFactory(agent=user)
    Mailbox.objects.create(address=user.email, why="bounced", at=at)
    type_ = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=agent, content_type=type_, object_id=str(user.pk), object_repr="x", action_flag=CHANGE
    )
    LegalHold.objects.create(account=user, why="x", placed_by=agent, placed_at=at, lifted_at=at)
    PersonExport.objects.create(
        account=user, made_by=agent, made_at=at, expires_at=at, file=_stored(f"exports/{mark}.zip")
    )
    message: dict[str, Any] = {"channel": "whatsapp", "created_at": at, "not_before": at, "status": "read"}
    OutboxMessage.objects.create(
        kind="reply",
        contact=contact,
        account=user,
        lane=f"whatsapp:{mark}lane",
        key=f"{mark}key",
        provider_id=f"wamid.{mark}OUT",
        story=[{"step": "x", "says": f"{mark}story", "at": "x"}],
        **message,
    )
    OutboxMessage.objects.create(
        kind="visit",
        account=agent,
        lane="x",
        cause=about,
        body={"text": f"{user.name}: {one.phone}"},
        text=f"Ada{mark.lower()} comes, {one.phone.replace('+234', '0')}",
        **message,
    )
    Draft.objects.create(
        account=user, flow="upload_property", answers={"title": f"{mark}draft"}, touched_at=at
    )
    Conversation.objects.filter(contact=contact).update(account=user)
    Interpretation.objects.create(
        event=InboundEvent.objects.filter(contact=contact).latest("pk"),
        command={},
        source="grammar",
        sure=1,
        milliseconds=1,
        at=at,
        marked="wrong",
    )
    challenge = LinkChallenge.objects.create(
        contact=contact,
        account=user,
        known_by="phone",
        state="dead",
        created_at=at,
        expires_at=at,
        asked_at=at,
    )
    LinkCodeDevice.objects.create(user=user, challenge=challenge, code_expires_at=at)
    LinkIntent.objects.create(
        account=user,
        token_digest=mark,
        created_at=at,
        expires_at=at,
        contact=contact,
        claimed_at=at,
        state="claimed",
    )
    WrongToken.objects.create(contact=contact, at=at)
    AccountGuard.objects.create(account=user)
    ConsentEntry.objects.create(
        contact=contact,
        account=user,
        scope="whatsapp",
        given=True,
        wording="connect-1",
        channel="whatsapp",
        how="tap",
        evidence=one.wamid,
        at=at,
    )
    Preference.objects.create(account=user, topic="alerts", channel="whatsapp", wanted=False)
    Reachability.objects.create(account=user)
    Alert.objects.create(seeker=user, property=inspection.property, searches=[1], at_once=True, found_at=at)
    Reminder.objects.create(
        rule=ReminderRule.objects.order_by("pk")[0],
        inspection=led,
        recipient=user,
        scheduled_for=led.starts_at,
        revision=99,
        due_at=at,
        useful_until=at,
    )
    for holding in holdings():
        _mark(one, holding)
    Erasure.objects.filter(account=user).delete()


def _stored(name: str) -> str:
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(f"photo {name}".encode()))


def _mark(one: Somebody, holding: Holding) -> None:
    """As SQL would, past every form: a word in each column that can hold one."""
    label = holding.table._meta.label
    row = holding.of(one.person).first()
    if row is None:
        assert label in ("inspector_whatsapp.Erasure",), f"nothing of {label} is there"
        return
    values: dict[str, Any] = {}
    for name in dict.fromkeys((*holding.columns, *holding.record, *holding.secret)):
        if name in SHAPED.get(label, ()):
            continue
        column = holding.table._meta.get_field(name)
        mark = one.book if name in holding.record else one.mark
        one.many += 1
        word = f"{mark}{one.many:03}"
        assert isinstance(column, models.CharField | models.TextField | models.JSONField), f"{label}.{name}"
        one.words[f"{label}.{name}"] = word
        values[name] = {"word": word} if isinstance(column, models.JSONField) else word
    if values:
        holding.table._default_manager.filter(pk=row.pk).update(**values)


# --- all that is stored -------------------------------------------------------------------------------------
def everything_stored() -> Iterator[str]:
    """Every row of every table as text, and every file."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            parts = [
                f"encode(\"{one.name}\", 'escape')" if one.type_code == 17 else f'"{one.name}"::text'
                for one in columns
            ]
            cursor.execute(f'SELECT concat_ws(chr(10), {", ".join(parts)}) FROM "{table}"')
            for (text,) in cursor.fetchall():
                yield f"{table}: {text}"
    folder = Path(settings.MEDIA_ROOT)
    for path in folder.rglob("*"):
        if path.is_file():
            yield f"{path.relative_to(folder)}: {path.read_bytes().decode(errors='replace')}"


def traces(of: Somebody) -> list[str]:
    """Wherever something of them stands."""
    needles = (of.mark.lower(), of.digits, f"uploads/{of.digits}")
    return [text for text in everything_stored() if any(one in text.lower() for one in needles)]


def snapshot(of: Somebody) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of them, for comparing; an event's body as the numbers of its events."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for holding in holdings():
        if holding.table is not WebhookBody and holding.what != "a bomb":
            kept[f"{holding.model} {holding.what}"] = list(holding.of(of.person).values())
    return kept
