"""What goes wrong on the way in, and what must come of it all the same."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django_celery_beat.models import PeriodicTask

from bot import conversation, inbox, redacting, webhook
from bot.models import BodyState, Conversation, InboundEvent, InboundState, WebhookBody
from bot.questions import text
from bot.said import start_id
from bot.scripts import Person, Script, ask, flow, last
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.signature import sign
from inspector_whatsapp.models import Contact, Link, OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.words import say
from tests.bot import world
from tests.bot.phone import Phone

FOLDER = Path(__file__).parent.parent / "payloads"
TO_WHERE = "book"


@pytest.fixture
def ada(db: None) -> Phone:
    world.build()
    return Phone(world.linked("ada@inspector.example"))


def post(body: bytes) -> None:
    assert webhook.receive(body, sign(body, settings.WHATSAPP_APP_SECRETS[0])) == 200


def send(phone: Phone, words: str) -> None:
    phone.posts(phone.webhook({"type": "text", "text": {"body": words}}))


def before(sql: str, do: Callable[[], None]) -> Any:
    """Do something once, just before this connection says such a statement to PostgreSQL."""
    todo = [do]

    def watch(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if sql in statement and todo:
            todo.pop()()
        return execute(statement, params, many, context)

    return connection.execute_wrapper(watch)


@pytest.mark.django_db(transaction=True)
def test_a_body_that_comes_while_another_worker_is_about_to_finish_is_not_left_lying() -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    send(ann, "hello")
    found: list[int] = []

    def arrive() -> None:
        try:
            send(bob, "hello")
            found.append(inbox.drain.work())  # another process
        finally:
            connection.close()

    def meanwhile() -> None:
        thread = Thread(target=arrive)
        thread.start()
        thread.join()

    with before("pg_advisory_unlock", meanwhile):
        assert inbox.drain() == 2
    assert found == [0]
    assert not WebhookBody.objects.filter(state=BodyState.NEW).exists()


@pytest.mark.django_db
def test_a_body_that_breaks_holds_up_no_other_and_is_set_aside() -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    send(ann, "hello")
    send(bob, "hello")
    broken = WebhookBody.objects.earliest("pk")
    whole = json.loads(bytes(broken.body))
    status = {"id": "w" * 200, "status": "delivered", "recipient_type": "group"}
    status |= {"recipient_participant_user_id": "NG." + "9" * 120, "timestamp": "1795251600"}
    whole["entry"][0]["changes"][0]["value"]["statuses"] = [status]  # its key is too long for its column
    WebhookBody.objects.filter(pk=broken.pk).update(body=json.dumps(whole).encode())
    inbox.drain()
    assert dict(WebhookBody.objects.values_list("pk", "state"))[broken.pk] == BodyState.UNPARSEABLE
    assert bob.answers()


@pytest.mark.django_db
def test_an_event_that_comes_again_in_other_bytes_has_no_second_effect() -> None:
    post((FOLDER / "text.json").read_bytes())
    stop = (FOLDER / "preference_stop.json").read_bytes()
    post(stop)
    inbox.drain()
    Contact.objects.update(offers_stopped_at=None)  # they have changed their mind
    post(json.dumps(json.loads(stop), indent=3).encode())
    inbox.drain()
    assert not Contact.objects.filter(offers_stopped_at__isnull=False).exists()


@pytest.mark.django_db
def test_a_message_that_cannot_be_read_any_more_is_set_aside_and_the_chat_goes_on() -> None:
    ann = Phone("+2348111000001")
    send(ann, "123456")
    inbox.drain()
    InboundEvent.objects.update(content={"is": "OfAnOlderRelease"})
    assert ann.answers().startswith("Something went wrong")
    unread = InboundEvent.objects.get()
    assert (unread.state, unread.text) == (InboundState.QUARANTINED, redacting.CODE)
    assert ann.says("hello")


@pytest.mark.django_db
def test_what_breaks_while_something_is_found_out_is_said_at_once() -> None:
    class Breaks(text(say("Word?"), check=str).__class__):  # type: ignore[misc]
        def before(self, said: Any) -> Any:
            def find_out(keep: Any) -> None:
                raise ZeroDivisionError

            return find_out

    @flow("test_breaks", needs_account=False)
    def breaks(person: Person) -> Script:
        yield from ask("word", Breaks(words=say("Word?"), check=str))
        return last(say("Done."))

    ann = Phone("+2348111000001")
    ann.taps_id(start_id("test_breaks"))
    assert ann.says("hello").startswith("Something went wrong")
    assert not Conversation.objects.filter(pending_since__isnull=False).exists()


@pytest.mark.django_db
def test_a_flood_is_answered_in_portions_and_others_come_in_between() -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    many = conversation.MOST_TURNS + 5
    ann.posts(ann.webhook(*[{"type": "text", "text": {"body": "hello"}} for _ in range(many)]))
    inbox.drain()
    claimed = conversation.claim(slow=False, most=20)
    assert claimed is not None
    conversation._answer(claimed)
    assert InboundEvent.objects.filter(state=InboundState.DONE).count() == conversation.MOST_TURNS
    send(bob, "hello")
    inbox.drain()
    conversation.drain()
    assert OutboxMessage.objects.filter(contact=bob.contact).count() == 1
    keys = OutboxMessage.objects.filter(contact=ann.contact).order_by("pk").values_list("key", flat=True)
    rows = ann.contact.inbound.order_by("said_at", "pk")
    assert list(keys) == [f"reply:{row.pk}" for row in rows]
    assert len(keys) == many


@pytest.mark.parametrize("word", ["menu", "cancel"])
@pytest.mark.django_db
def test_a_flow_whose_script_breaks_can_be_left(word: str) -> None:
    broken: list[int] = []

    @flow("test_broken", needs_account=False)
    def script(person: Person) -> Script:
        if broken:
            raise ZeroDivisionError
        yield from ask("word", text(say("Word?"), check=str))
        return last(say("Done."))

    ann = Phone("+2348111000001")
    ann.taps_id(start_id("test_broken"))
    broken.append(1)
    assert ann.says("anything").startswith("Something went wrong")
    assert not ann.says(word).startswith("Something went wrong")
    assert Conversation.objects.get().flow == ""


@pytest.mark.parametrize("word", ["menu", "back", "cancel", "help", "stop", "human"])
def test_every_word_works_in_a_flow_whose_account_was_unlinked_meanwhile(ada: Phone, word: str) -> None:
    ada.says(TO_WHERE)
    Link.objects.update(state="suspended", current=False)
    assert not ada.says(word).startswith("Something went wrong")
    assert (ada.contact.offers_stopped_at is not None) == (word == "stop")
    assert Conversation.objects.get().flow == ""


def test_a_digit_after_a_pause_begins_nothing_that_was_not_on_the_screen(ada: Phone) -> None:
    ada.says(TO_WHERE)
    ada.says("1")
    clock.move(timedelta(hours=4))
    assert "go on" in ada.says("2")
    assert Conversation.objects.get().flow == ""


@pytest.mark.django_db
def test_statuses_that_came_early_are_swept_and_never_wait_behind_those_of_others() -> None:
    assert PeriodicTask.objects.filter(task="bot.tasks.sweep_inbox", enabled=True).exists()
    ann = Phone("+2348111000001")
    send(ann, "hello")
    ann.answers()
    whole = json.loads((FOLDER / "status_delivered.json").read_bytes())
    of_change = whole["entry"][0]["changes"][0]["value"]
    known = of_change["statuses"][0] | {"id": "wamid.early"}
    known.pop("biz_opaque_callback_data", None)
    of_change["statuses"] = [known | {"id": f"wamid.theirs-{n}"} for n in range(500)] + [known]
    post(json.dumps(whole).encode())
    inbox.drain()
    assert InboundEvent.objects.filter(state=InboundState.PARKED).count() == 501
    OutboxMessage.objects.update(provider_id="wamid.early", status=Status.ACCEPTED)
    inbox.join_parked()
    assert OutboxMessage.objects.get().status == Status.DELIVERED
