"""What has been kept for long enough is deleted; what is still pending never is."""

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string
from pytest_django import Settings

from bot import inbox, storing
from bot.models import Conversation, InboundEvent, WebhookBody
from inspector_whatsapp import clock, retention
from inspector_whatsapp.models import Incident, Link, OutboxMessage, ShareDay
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from linking.models import ChallengeState, IntentState, LinkChallenge, LinkIntent, WrongToken
from notifications import reminders
from notifications.models import Reminder
from tests.at_once import at_once, environment
from tests.factories import ContactFactory, LinkFactory
from tests.notifications import scenes
from tests.outbox.witness import until

pytestmark = pytest.mark.django_db
PENDING = {*WAITING_STATES, Status.SENDING, Status.UNCERTAIN}


def body(*, at: datetime, state: str = "parsed", digest: bytes = b"") -> WebhookBody:
    digest = digest or str(WebhookBody.objects.count()).encode()
    return WebhookBody.objects.create(digest=digest, body=b"{}", received_at=at, state=state)


def event(*, at: datetime, state: str = "done", **fields: Any) -> InboundEvent:
    if state == "pending":
        fields["conversation"] = Conversation.objects.create(contact=ContactFactory())
    return InboundEvent.objects.create(
        key=f"event:{InboundEvent.objects.count()}",
        kind="message",
        content={},
        said_at=at,
        received_at=at,
        state=state,
        **fields,
    )


def message(*, at: datetime, status: str = "read", **fields: Any) -> OutboxMessage:
    lease = {"lease_until": at, "lease_token": "0" * 32} if status == Status.SENDING else {}
    return OutboxMessage.objects.create(
        kind="reply",
        channel="email",
        lane="x",
        status=status,
        created_at=at,
        not_before=at,
        **lease,
        **fields,
    )


def challenge(*, at: datetime, state: str) -> LinkChallenge:
    link = LinkFactory()
    return LinkChallenge.objects.create(
        contact=link.contact,
        account=link.account,
        address_digest="0" * 64,
        known_by="phone",
        state=state,
        created_at=at,
        asked_at=at,
        expires_at=at,
        proved_at=at,
    )


def kept(model: type[models.Model]) -> set[int]:
    return set(model._default_manager.values_list("pk", flat=True))


def ago(days: float) -> datetime:
    return clock.now() - timedelta(days=days)


def test_bodies_go_after_two_weeks_and_their_events_after_a_year() -> None:
    old, young, new = body(at=ago(15)), body(at=ago(13)), body(at=ago(15), state="new")
    unreadable = body(at=ago(15), state="unparseable")
    said, older = event(at=ago(15), body=old), event(at=ago(366))
    unanswered = body(at=ago(15))
    event(at=ago(15), body=unanswered, state="pending")
    ancient = event(at=ago(400), state="pending")
    gone = retention.run()
    assert gone["webhook bodies"] == 2
    assert kept(WebhookBody) == {young.pk, new.pk, unanswered.pk}
    assert unreadable.pk not in kept(WebhookBody)
    said.refresh_from_db()
    assert said.body is None
    assert gone["events"] == 1
    assert older.pk not in kept(InboundEvent)
    assert ancient.pk in kept(InboundEvent)


def test_messages_go_after_a_year_unless_they_may_still_leave() -> None:
    rows = {status: message(at=ago(366), status=status) for status in Status}
    young = message(at=ago(364))
    again = message(at=ago(364), repeats=rows[Status.FAILED])
    assert retention.run()["messages"] == len(Status) - len(PENDING)
    assert kept(OutboxMessage) == {rows[status].pk for status in PENDING} | {young.pk, again.pk}
    again.refresh_from_db()
    assert again.repeats is None


@pytest.mark.parametrize("state", ChallengeState)
def test_link_requests_go_after_a_month_and_the_link_stays(state: ChallengeState) -> None:
    old, young = challenge(at=ago(31), state=state), challenge(at=ago(29), state=state)
    assert retention.run()["link requests"] == 1
    assert kept(LinkChallenge) == {young.pk}
    assert old.contact.links.count() == 1


@pytest.mark.parametrize("state", IntentState)
def test_what_began_on_the_website_goes_after_a_month_and_the_link_stays(state: IntentState) -> None:
    for days in (31, 29):
        link, at = LinkFactory(), ago(days)
        made = link if state == IntentState.CONFIRMED else None
        LinkIntent.objects.create(
            account=link.account,
            token_digest=f"{days:064}",
            state=state,
            contact=link.contact,
            link=made,
            created_at=at,
            claimed_at=at,
            expires_at=at,
        )
        WrongToken.objects.create(contact=link.contact, at=at)
    gone = retention.run()
    assert (gone["link intents"], gone["wrong link tokens"]) == (1, 1)
    assert LinkIntent.objects.get().token_digest == f"{29:064}"
    assert Link.objects.count() == 2


def test_reminders_and_closed_incidents_go_after_a_year() -> None:
    rule = scenes.rule(roles=["seeker"])
    reminders.plan(scenes.book(hours=10), now=clock.now())
    planned = Reminder.objects.get(rule=rule, state="planned")
    Reminder.objects.filter(pk=planned.pk).update(scheduled_for=ago(366))
    done = Reminder.objects.get(pk=planned.pk)
    done.pk, done.state = None, "queued"
    done.scheduled_for = ago(367)
    done.save()
    at = ago(366)
    closed, still_open = (
        Incident.objects.create(kind=kind, key="x", sentence="x", opened_at=at, last_at=at, closed_at=end)
        for kind, end in (("closed", at), ("open", None))
    )
    gone = retention.run()
    assert (gone["reminders"], gone["incidents"]) == (1, 1)
    assert done.pk not in kept(Reminder)
    assert planned.pk in kept(Reminder)
    assert kept(Incident) == {still_open.pk}
    assert closed.pk not in kept(Incident)


def test_how_long_is_a_setting(settings: Settings) -> None:
    settings.RETENTION_BODIES_DAYS, settings.RETENTION_MESSAGES_DAYS = 8, 30
    body(at=ago(9))
    message(at=ago(31))
    gone = retention.run()
    assert (gone["webhook bodies"], gone["messages"]) == (1, 1)


def test_a_webhook_that_comes_again_after_its_body_was_deleted_is_not_answered_again(
    settings: Settings,
) -> None:
    raw = b'{"object": "whatsapp_business_account", "entry": []}'
    storing.store(raw)
    WebhookBody.objects.update(state="parsed")
    clock.move(timedelta(days=15))
    assert retention.run()["webhook bodies"] == 1
    assert timedelta(days=settings.RETENTION_BODIES_DAYS) > inbox.TOO_OLD


def many(count: int) -> None:
    """So many webhook bodies of last month."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO bot_webhookbody (digest, body, received_at, state, attempts)
            SELECT sha256(n::text::bytea), '{}', clock_now() - interval '30 days', 'parsed', 0
            FROM generate_series(1, %s) AS n
            """,
            [count],
        )


def test_it_goes_a_thousand_at_a_time() -> None:
    many(2_500)
    with CaptureQueriesContext(connection) as asked:
        assert retention.run()["webhook bodies"] == 2_500
    deletes = [each["sql"] for each in asked if each["sql"].startswith('DELETE FROM "bot_webhookbody"')]
    assert len(deletes) >= 3


def test_what_is_young_ends_the_walk_and_what_must_stay_does_not() -> None:
    must_stay = [body(at=ago(30), state="new").pk for _ in range(3)]
    many(10)
    young = [body(at=ago(1), digest=b"young").pk]
    assert retention.run()["webhook bodies"] == 10
    assert kept(WebhookBody) == {*must_stay, *young}


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_being_changed_is_left_for_another_day() -> None:
    many(5)
    held = WebhookBody.objects.order_by("pk")[2]
    with transaction.atomic():
        WebhookBody.objects.select_for_update().get(pk=held.pk)
        assert at_once(retention.run)[0]["webhook bodies"] == 4
    assert kept(WebhookBody) == {held.pk}


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_it_leaves_whole_batches_and_goes_on_the_next_time() -> None:
    many(8_000)
    code = "from inspector_whatsapp import retention; retention.run()"
    killed = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code], env=environment(), cwd=project.BASE_DIR
    )
    until(lambda: WebhookBody.objects.count() < 8_000)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=30)
    until(lambda: WebhookBody.objects.count() % retention.BATCH == 0)
    left = WebhookBody.objects.count()
    assert retention.run()["webhook bodies"] == left
    assert not WebhookBody.objects.exists()


def test_every_rule_names_a_column_and_what_it_holds_back() -> None:
    rules: list[retention.Kept] = [rule for name in project.RETENTION for rule in import_string(name)()]
    for rule in rules:
        assert isinstance(rule.model._meta.get_field(rule.since), models.DateTimeField)
        # Meta repeats for seven days; what made the marks of a day's visitors is of no use the day after.
        assert rule.days >= (1 if rule.model is ShareDay else 8)
    assert len({rule.what for rule in rules}) == len(rules)
