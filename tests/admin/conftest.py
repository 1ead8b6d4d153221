"""Staff at the console, and one row of everything, with words in it that mean harm."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from bot.models import Conversation, InboundEvent, Interpretation, WebhookBody
from inspector_whatsapp import audit
from inspector_whatsapp.models import (
    AuditEntry,
    Change,
    ChannelState,
    Contact,
    Erasure,
    Feedback,
    Heartbeat,
    Incident,
    Job,
    LegalHold,
    Mailbox,
    OutboxMessage,
    PersonExport,
    PriceCategory,
    PriceCount,
    ProblemReport,
    Property,
    PropertyPhoto,
    SavedSearch,
    User,
)
from linking.models import AccountGuard, LinkChallenge, LinkIntent, WrongToken
from notifications.models import (
    Alert,
    ConsentEntry,
    MessageTemplate,
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
    SearchLessFactory,
    StayFactory,
    TimeOffFactory,
    UserFactory,
    WaitFactory,
    now,
)

OUR_APPS = ("inspector_whatsapp", "bot", "linking", "notifications")
OURS = [model for model in admin.site._registry if model._meta.app_label in OUR_APPS]

# Short enough, in its beginning, for every column.
EVIL = "<i x>\u202e\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}\u200b=1+1"
# Ours to write, or held to a shape by PostgreSQL: nobody else's words come to stand there.
SHAPED = {
    *("phone", "ref", "password", "currency", "address", "code"),
    *("kind", "channel", "name_at_meta", "language", "subject", "flow"),
}


def log_in(client: Client, user: User) -> Client:
    """With the second factor that the console asks for."""
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = StaticDevice.objects.create(user=user, name="paper").persistent_id
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


@pytest.fixture
def root() -> User:
    return UserFactory(email="root@example.com", name="Root", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(root: User) -> Client:
    """Whoever may do everything."""
    return log_in(Client(), root)


@pytest.fixture
def helper() -> User:
    """Staff who have been given no right yet."""
    return UserFactory(email="helper@example.com", is_staff=True)


@pytest.fixture
def visitor(helper: User) -> Client:
    return log_in(Client(), helper)


def address(row: models.Model | type[models.Model], page: str = "") -> str:
    """A page of the console: a model's list, or something of one row."""
    place = f"/admin/{row._meta.app_label}/{row._meta.model_name}/"
    return f"{place}{row.pk}/{page}/" if isinstance(row, models.Model) else f"{place}{page}"


@dataclass
class World:
    """One row of everything that the console shows, by model."""

    rows: dict[type[models.Model], Any] = field(default_factory=dict)

    def __getitem__(self, model: type[models.Model]) -> Any:
        return self.rows[model]


def grow() -> World:
    """One more of each, hanging together."""
    world, at = World(), now()
    inspection = InspectionFactory()
    assert inspection.slot is not None
    contact = ContactFactory(user_id=f"NG.{Contact.objects.count()}")
    link = LinkFactory(contact=contact, account=inspection.seeker)
    interest = InterestFactory(seeker=inspection.seeker, property=inspection.property)
    body = WebhookBody.objects.create(
        digest=inspection.ref.encode(), body=EVIL.encode() + b"\xff", received_at=at, state="parsed"
    )
    talk = Conversation.objects.create(contact=contact, flow="book_inspection", pending_since=at)
    rule = ReminderRule.objects.select_related("schedule").first()
    assert rule is not None
    event = InboundEvent.objects.create(
        key=f"message:{contact.pk}",
        body=body,
        kind="message",
        contact=contact,
        conversation=talk,
        content={"is": "MessageReceived", "content": {"is": "TextSaid", "body": EVIL}},
        text=EVIL,
        said_at=at,
        received_at=at,
        state="done",
    )
    rows: list[models.Model] = [
        inspection,
        inspection.slot,
        inspection.property,
        FraudSignFactory(property=inspection.property, account=inspection.seeker, contact=contact),
        EnquirerFactory(enquiry__property=inspection.property, seeker=inspection.seeker).enquiry,
        BroadcastFactory(created_by=inspection.seeker),
        WaitFactory(seeker=inspection.seeker, property=inspection.property, slot=inspection.slot),
        PresenceFactory(inspection=inspection),
        SearchLessFactory(search__seeker=inspection.seeker),
        StayFactory(inspection=inspection),
        DistressFactory(inspection=inspection),
        inspection.seeker,
        contact,
        link,
        interest,
        body,
        talk,
        rule,
        PropertyPhoto.objects.create(property=inspection.property, image="properties/none.jpg"),
        TimeOffFactory(),
        DelayFactory(),
        AskFactory(inspection=inspection),
        GroupFactory(agent=inspection.property.agent),
        Feedback.objects.create(inspection=inspection, as_listed="yes", created_at=at),
        ProblemReport.objects.create(
            reporter=inspection.seeker,
            property=inspection.property,
            inspection=inspection,
            problem="fake",
            words=EVIL,
            created_at=at,
        ),
        SavedSearch.objects.create(seeker=inspection.seeker, criteria={"areas": [EVIL]}, created_at=at),
        event,
        Interpretation.objects.create(
            event=event,
            text=EVIL,
            role="seeker",
            context={"results": [EVIL]},
            command={"intent": "search_properties", "slots": {"street": EVIL}},
            source="language_model",
            sure=0.4,
            model=EVIL,
            milliseconds=7,
            error=EVIL,
            answered=EVIL,
            at=at,
        ),
        OutboxMessage.objects.create(
            kind="reply",
            channel="whatsapp",
            contact=contact,
            account=inspection.seeker,
            lane=f"contact:{contact.pk}",
            key=f"reply:{contact.pk}",
            body={"text": EVIL},
            text=EVIL,
            status="failed",
            error_code=131026,
            provider_id=f"wamid.{contact.pk}",
            story=[{"at": at.isoformat(), "step": EVIL, "says": EVIL}],
            created_at=at,
            not_before=at,
        ),
        Change.objects.create(
            kind="noted", subject="x", actor=inspection.seeker, origin="admin", data={"why": EVIL}, at=at
        ),
        Incident.objects.create(kind="trouble", key=str(contact.pk), sentence="x", opened_at=at, last_at=at),
        Job.objects.create(
            work="messages.cancel", token=uuid4(), rows=[contact.pk], total=1, chosen=EVIL, created_at=at
        ),
        Heartbeat.objects.create(name=f"worker {contact.pk}", at=at),
        LinkChallenge.objects.create(
            contact=contact,
            account=inspection.seeker,
            address_digest="0" * 64,
            known_by="phone",
            created_at=at,
            expires_at=at,
            asked_at=at,
        ),
        LinkIntent.objects.create(
            account=inspection.seeker,
            token_digest=f"{contact.pk:064}",
            state="claimed",
            contact=contact,
            created_at=at,
            claimed_at=at,
            expires_at=at,
        ),
        WrongToken.objects.create(contact=contact, at=at),
        ConsentEntry.objects.create(
            contact=contact, account=inspection.seeker, scope="marketing", given=False, wording=EVIL, at=at
        ),
        Preference.objects.create(
            account=inspection.seeker, topic="alerts", channel="whatsapp", wanted=False
        ),
        Reachability.objects.create(account=inspection.seeker, stopped_at=at),
        Alert.objects.create(
            seeker=inspection.seeker,
            property=inspection.property,
            searches=[1],
            at_once=True,
            found_at=at,
        ),
        ChannelState.objects.create(channel=f"way-{contact.pk}", shut_until=at, since=at),
        Erasure.objects.create(account=inspection.seeker, asked_by=inspection.seeker, asked_at=at),
        PersonExport.objects.create(
            account=inspection.seeker,
            made_by=inspection.seeker,
            made_at=at,
            expires_at=at,
            token_digest=f"{contact.pk}",
        ),
        LegalHold.objects.create(
            account=inspection.seeker, why=EVIL, placed_by=inspection.seeker, placed_at=at
        ),
        Mailbox.objects.create(address=f"away-{contact.pk}@example.com", why="bounced", at=at),
        PriceCount.objects.create(day=at.date(), category=f"kind-{contact.pk}", billable=True, count=7),
        audit.record(audit.Act.SAW, actor=inspection.seeker, subject=contact, says=EVIL, why=EVIL),
        PriceCategory.objects.create(category=f"kind-{contact.pk}", price="0.0067", currency="USD"),
        AccountGuard.objects.create(account=inspection.seeker, wrong_in_a_row=3),
        MessageTemplate.objects.create(
            name=f"template_{contact.pk}",
            language="en",
            name_at_meta=f"template_{contact.pk}",
            category="utility",
            body="Hello {{person}}, welcome.",
            buttons=["Change"],
            examples={"person": EVIL},
            components=[{"type": "BODY", "text": EVIL}],
        ),
        Reminder.objects.create(
            rule=rule,
            inspection=inspection,
            recipient=inspection.seeker,
            scheduled_for=inspection.starts_at,
            revision=1,
            due_at=at,
            useful_until=at + timedelta(hours=1),
        ),
    ]
    world.rows = {type(row): row for row in rows}
    return world


@pytest.fixture
def world() -> World:
    return grow()


@pytest.fixture
def evil(world: World) -> World:
    """The same, with harm in every text column that is not held to a shape."""
    for model, row in world.rows.items():
        words = {
            column.name: EVIL[: column.max_length]
            for column in model._meta.fields
            if isinstance(column, (models.CharField, models.TextField))
            and model not in (ConsentEntry, AuditEntry)  # nobody can change them: they were written so
            and not (column.choices or column.primary_key or column.name in SHAPED)
        }
        # As SQL would, past every form: what is stored already must be shown safely too.
        if words:
            model._default_manager.filter(pk=row.pk).update(**words)
            row.refresh_from_db()
    assert Property.objects.filter(title__contains="<script>").exists()
    return world
