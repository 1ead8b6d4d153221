"""Many people at once: everybody is answered in the order in which they wrote, once, whoever works."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from bot import conversation, inbox, tasks
from bot.models import Conversation, InboundEvent, InboundState
from bot.questions import text
from bot.said import start_id
from bot.scripts import Person, Script, ask, flow, last
from inspector_whatsapp import incidents
from inspector_whatsapp.models import Contact, Incident, OutboxMessage
from inspector_whatsapp.words import say
from tests.at_once import at_once
from tests.bot.phone import Phone

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = ("one", "two", "three", "four", "five", "six")


def words_in_order() -> None:
    """A flow that asks six times, and repeats what it heard."""

    @flow("test_six", needs_account=False)
    def six(person: Person) -> Script:
        heard = []
        for place in range(len(WORDS)):
            heard.append((yield from ask(f"word{place}", text(say("Next?"), check=str))))
        return last(say("{heard}", heard=" ".join(heard)))


def send(phone: Phone, words: str) -> None:
    phone.posts(phone.webhook({"type": "text", "text": {"body": words}}))


def begin(phone: Phone, name: str) -> None:
    reply = {"type": "button_reply", "button_reply": {"id": start_id(name), "title": "Begin"}}
    phone.posts(phone.webhook({"type": "interactive", "interactive": reply}))


def work_until_idle() -> None:
    """A worker, as if in a process of its own: goes on while anybody has work."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        inbox.drain.work()
        conversation.drain.work()
        if not InboundEvent.objects.filter(state=InboundState.PENDING).exists() and not posting.is_set():
            return


posting = threading.Event()


def test_bursts_of_many_people_are_answered_in_order_by_several_workers() -> None:
    words_in_order()
    people = [Phone(f"+23481110000{number:02}") for number in range(12)]
    posting.set()

    def post() -> None:
        try:
            for phone in people:
                begin(phone, "test_six")
            for words in WORDS:
                for phone in people:
                    send(phone, words)
        finally:
            posting.clear()

    at_once(post, *[work_until_idle] * 3)
    work_until_idle()
    assert InboundEvent.objects.filter(state=InboundState.DONE).count() == len(people) * 7
    for phone in people:
        replies = OutboxMessage.objects.filter(contact=phone.contact).order_by("pk")
        assert len(replies) == 7
        assert replies[6].text.startswith(" ".join(WORDS))
        events = phone.contact.inbound.order_by("said_at", "pk")
        assert [reply.key for reply in replies] == [f"reply:{event.pk}" for event in events]
    assert not Conversation.objects.filter(pending_since__isnull=False).exists()


def test_two_first_messages_of_somebody_new_at_once_are_one_contact_and_one_talk() -> None:
    for number in range(8):
        ann = Phone(f"+23481110000{number:02}")
        bodies = [ann.webhook({"type": "text", "text": {"body": words}}) for words in ("hello", "hi")]

        def arrive(phone: Phone = ann, body: bytes = b"") -> None:
            phone.posts(body)
            tasks.drain_inbox()

        at_once(*[lambda body=body: arrive(body=body) for body in bodies])
        tasks.drain_inbox()
        talk = Conversation.objects.get(contact=Contact.objects.get(phone=ann.phone))
        assert talk.turns == 2
        assert OutboxMessage.objects.filter(contact=talk.contact).count() == 2


def test_the_same_body_from_many_at_once_is_answered_once() -> None:
    ann = Phone("+2348111000001")
    body = ann.webhook({"type": "text", "text": {"body": "hello"}})
    at_once(*[lambda: ann.posts(body)] * 12)
    at_once(*[tasks.drain_inbox] * 4)
    assert OutboxMessage.objects.count() == 1


def test_rings_for_nothing_and_rings_at_once_do_nothing() -> None:
    at_once(*[tasks.drain_inbox] * 4)
    ann = Phone("+2348111000001")
    assert ann.says("hello")
    at_once(*[tasks.drain_inbox, tasks.drain_slow, tasks.sweep_inbox] * 3)
    assert OutboxMessage.objects.count() == 1


def test_somebody_whose_lease_is_held_by_a_worker_waits_and_others_do_not() -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    send(ann, "hello")
    inbox.drain()
    assert conversation.claim(slow=False, most=20) is not None  # a worker that then dies
    send(ann, "are you there?")
    assert ann.answers() == ""
    assert bob.says("hello")
    Conversation.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert len(ann.answers().split("\n---\n")) == 2


def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    ann = Phone("+2348111000001")
    send(ann, "hello")
    inbox.drain()
    slow = conversation.claim(slow=False, most=20)
    assert slow is not None
    Conversation.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert ann.answers()
    conversation._answer(slow)
    assert OutboxMessage.objects.count() == 1
    assert Conversation.objects.get().turns == 1


def test_a_worker_that_lost_its_lease_to_another_leaves_the_turn_to_them() -> None:
    ann = Phone("+2348111000001")
    send(ann, "hello")
    inbox.drain()
    slow = conversation.claim(slow=False, most=20)
    Conversation.objects.update(lease_until=Now() - timedelta(seconds=1))
    other = conversation.claim(slow=False, most=20)
    assert slow is not None
    assert other is not None
    conversation._answer(slow)
    assert not OutboxMessage.objects.exists()
    assert Conversation.objects.get().lease_token == other.token
    conversation._answer(other)
    assert OutboxMessage.objects.count() == 1


def test_nobody_takes_a_conversation_in_the_middle_of_a_turn_whose_lease_has_run_out() -> None:
    claimed = []

    @flow("test_long", needs_account=False)
    def long(person: Person) -> Script:
        yield from ()
        claimed.extend(at_once(lambda: conversation.claim(slow=False, most=20)))
        return last(say("Done."))

    ann = Phone("+2348111000001")
    begin(ann, "test_long")
    inbox.drain()
    slow = conversation.claim(slow=False, most=20)
    assert slow is not None
    Conversation.objects.update(lease_until=Now() - timedelta(seconds=1))
    conversation._answer(slow)
    assert claimed == [None]
    assert OutboxMessage.objects.get().text.startswith("Done.")


def test_turns_that_take_long_are_not_all_in_one_transaction() -> None:
    @flow("test_takes_long", needs_account=False)
    def takes_long(person: Person) -> Script:
        yield from ()
        time.sleep(0.8 * conversation.ENOUGH)
        return last(say("Done."))

    people = [Phone("+2348111000001"), Phone("+2348111000002")]
    for phone in people * 2:
        begin(phone, "test_takes_long")
    inbox.drain()
    claimed = conversation.claim(slow=False, most=20)
    assert claimed is not None
    conversation._answer(claimed)
    assert [phone.contact.messages.count() for phone in people] == [1, 1]
    assert Conversation.objects.filter(pending_since__isnull=False, lease_until=None).count() == 2
    conversation.drain()
    assert [phone.contact.messages.count() for phone in people] == [2, 2]
    assert not Conversation.objects.filter(pending_since__isnull=False).exists()


def test_a_message_that_never_comes_to_an_end_is_set_aside_and_those_behind_it_are_answered() -> None:
    """As after workers that it killed: the lease ran out each time, the attempt was counted before."""
    ann, others = Phone("+2348111000001"), [Phone(f"+23481120000{number:02}") for number in range(5)]
    for words in ("the one that kills", "hello", "hi"):
        send(ann, words)
    for other in others:
        send(other, "hello")
    inbox.drain()
    poison = InboundEvent.objects.get(text="the one that kills")
    deaths = 0
    while deaths < conversation.MOST_ATTEMPTS:
        claimed = conversation.claim(slow=False, most=20)
        assert claimed is not None
        if poison.conversation_id in claimed.ids:
            Conversation.objects.filter(pk__in=claimed.ids).update(lease_until=Now() - timedelta(seconds=1))
            deaths += 1
        else:
            conversation._answer(claimed)
    while conversation.drain():
        pass
    poison.refresh_from_db()
    assert poison.state == InboundState.QUARANTINED
    assert InboundEvent.objects.filter(state=InboundState.DONE).count() == 7
    assert Incident.objects.filter(kind="message_quarantined", key=str(poison.pk)).count() == 1
    replies = OutboxMessage.objects.filter(contact=ann.contact).order_by("pk")
    assert [reply.text.startswith("Something went wrong") for reply in replies] == [True, False, False]
    assert OutboxMessage.objects.count() == 8


def test_a_deadlock_is_tried_again_and_harms_no_message() -> None:
    """The turn locks the contact and then an incident; somebody else does it the other way round."""
    ann = Phone("+2348111000001")
    assert ann.says("hello")
    incidents.report("test", key="deadlock", sentence="Waits to be locked.")
    holds, turns = threading.Event(), []

    @flow("test_deadlock", needs_account=False)
    def deadlock(person: Person) -> Script:
        yield from ()
        turns.append(1)
        Contact.objects.filter(pk=person.contact.pk).update(username="locked")
        # Long enough for the other to wait as well, so that it is this one which PostgreSQL gives up.
        connection.cursor().execute("SET LOCAL deadlock_timeout = '3s'")
        holds.set()
        Incident.objects.filter(kind="test").update(sentence="By the turn.")
        return last(say("Done."))

    def other() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SET LOCAL deadlock_timeout = '60s'")
            try:
                cursor.execute("UPDATE inspector_whatsapp_incident SET times = 7 WHERE kind = 'test'")
                assert holds.wait(timeout=20)
                _until_somebody_waits()
                cursor.execute("UPDATE inspector_whatsapp_contact SET profile_name = 'x'")
            finally:
                cursor.execute("COMMIT")

    started = threading.Event()

    def turn() -> None:
        assert started.wait(timeout=20)
        begin(ann, "test_deadlock")
        tasks.drain_inbox()

    def first_other() -> None:
        threading.Timer(0.3, started.set).start()
        other()

    at_once(first_other, turn)
    assert len(turns) == 2
    assert ann.answers().startswith("Done.")
    assert not InboundEvent.objects.filter(state=InboundState.QUARANTINED).exists()
    assert Incident.objects.get(kind="test").sentence == "By the turn."


def _until_somebody_waits() -> None:
    """The deadlock's victim is whoever waits first."""
    from django.db import connections

    watcher = connections.create_connection("default")
    try:
        with watcher.cursor() as cursor:
            until = time.monotonic() + 10
            waiting = 0
            while not waiting and time.monotonic() < until:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                waiting = cursor.fetchone()[0]
    finally:
        watcher.close()


def test_a_failing_turn_leaves_what_others_said_in_the_same_batch_alone() -> None:
    @flow("test_fails", needs_account=False)
    def fails(person: Person) -> Script:
        yield from ()
        Contact.objects.filter(pk=person.contact.pk).update(username="changed")
        raise ZeroDivisionError

    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    send(ann, "hello")
    begin(ann, "test_fails")
    send(ann, "hello")
    send(bob, "hello")
    assert len(bob.answers().split("\n---\n")) == 1
    menu, sorry, menu_again = ann.answers().split("\n---\n")
    assert menu == menu_again
    assert sorry.startswith("Something went wrong on our side with that message.")
    rows = OutboxMessage.objects.filter(contact=ann.contact).order_by("pk")
    assert [row.key for row in rows] == [f"reply:{event.pk}" for event in ann.contact.inbound.order_by("pk")]
    assert ann.contact.username == ""
    assert InboundEvent.objects.get(state=InboundState.QUARANTINED).error == "ZeroDivisionError"
