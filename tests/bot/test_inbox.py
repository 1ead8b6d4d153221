"""Bodies taken apart: every event once, in whatever batch it comes; what is not for us is kept and left."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bot import conversation, inbox, webhook
from bot.models import BodyState, Conversation, InboundEvent, InboundState, WebhookBody
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.signature import sign
from inspector_whatsapp.models import Contact, Incident, OutboxMessage, ShareChat
from tests.bot.phone import Phone
from tests.factories import GroupFactory, PropertyFactory

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent.parent / "payloads"
PAYLOADS = sorted(FOLDER.glob("*.json"))
SENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # when the payloads were sent


@pytest.fixture(autouse=True)
def minutes_after_the_payloads(db: None) -> None:
    clock.move(SENT + timedelta(minutes=5) - clock.now())


def post(body: bytes) -> None:
    assert webhook.receive(body, sign(body, settings.WHATSAPP_APP_SECRETS[0])) == 200


def work() -> None:
    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass


def payload(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def value(name: str) -> tuple[Any, Any]:
    """A payload, and the value of its first change."""
    whole = payload(name)
    return whole, whole["entry"][0]["changes"][0]["value"]


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": words}}


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_whatever_meta_sends_is_taken_once_however_often_it_comes(path: Path) -> None:
    body = path.read_bytes()
    post(body)
    post(body)
    assert WebhookBody.objects.count() == 1
    work()
    once = list(InboundEvent.objects.order_by("key").values_list("key", "state"))
    replies = OutboxMessage.objects.count()
    assert once
    assert InboundState.PENDING not in [state for _key, state in once]
    post(json.dumps(json.loads(body), indent=3).encode())  # the same events in other bytes
    post(body)
    work()
    assert list(InboundEvent.objects.order_by("key").values_list("key", "state")) == once
    assert OutboxMessage.objects.count() == replies
    assert set(WebhookBody.objects.values_list("state", flat=True)) == {BodyState.PARSED}
    assert not InboundEvent.objects.filter(kind="message", state=InboundState.QUARANTINED).exists()


def test_a_message_is_one_row_though_it_comes_in_other_batches() -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    hers, his = json.loads(ann.webhook(text("hello"))), json.loads(bob.webhook(text("hi")))
    both = hers | {"entry": [*his["entry"], *hers["entry"], *hers["entry"]]}
    for batch in (hers, both, his):
        post(json.dumps(batch).encode())
    work()
    assert InboundEvent.objects.count() == 2
    assert OutboxMessage.objects.filter(contact=ann.contact).count() == 1
    assert OutboxMessage.objects.filter(contact=bob.contact).count() == 1


def test_one_broken_item_of_ten_spoils_no_other() -> None:
    ann = Phone("+2348111000001")
    whole = json.loads(ann.webhook(*[text("hello") for _ in range(10)]))
    whole["entry"][0]["changes"][0]["value"]["messages"][4] = {"id": 17}
    post(json.dumps(whole).encode())
    work()
    assert InboundEvent.objects.filter(kind="message", state=InboundState.DONE).count() == 9
    broken = InboundEvent.objects.get(state=InboundState.QUARANTINED)
    assert broken.content["raw"] == '{"id": 17}'
    assert Incident.objects.filter(kind="webhook_item_unknown").count() == 1
    assert OutboxMessage.objects.filter(contact=ann.contact).count() == 9


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
        b"[" * 100_000,
        b'{"object":"whatsapp_business_account","entry":[' + b"9" * 5_000 + b"]}",
        b'{"object":"whatsapp_business_account","entry":NaN}',
        b'{"object":',
        b"\xff\xfe\x00",
        b"",
        b"null",
    ],
    ids=["deep", "deeper", "a number of 5,000 digits", "NaN", "half", "no text", "nothing", "null"],
)
def test_signed_nonsense_is_kept_raw_and_brought_to_somebodys_notice(body: bytes) -> None:
    post(body)
    after = Phone("+2348111000001")
    after.posts(after.webhook(text("hello")))
    work()
    kept = WebhookBody.objects.order_by("pk").first()
    assert kept is not None
    assert bytes(kept.body) == body
    assert kept.state == BodyState.UNPARSEABLE
    assert Incident.objects.filter(kind="webhook_unparseable", key=str(kept.pk)).count() == 1
    assert OutboxMessage.objects.filter(contact=after.contact).count() == 1


def test_keys_that_are_there_twice_are_no_accident() -> None:
    body = (
        (FOLDER / "text.json").read_bytes().replace(b'"type": "text"', b'"type": "sticker", "type": "text"')
    )
    post(body)
    work()
    assert InboundEvent.objects.get().state == InboundState.DONE


def test_a_message_to_another_number_is_kept_and_not_answered() -> None:
    whole, of_change = value("text")
    of_change["metadata"]["phone_number_id"] = "999"
    post(json.dumps(whole).encode())
    work()
    assert InboundEvent.objects.get().state == InboundState.FOREIGN
    assert not OutboxMessage.objects.exists()
    assert not Contact.objects.exists()
    assert Incident.objects.get().kind == "webhook_foreign"


def test_what_is_said_in_a_group_is_never_answered() -> None:
    post((FOLDER / "text_in_a_group.json").read_bytes())
    work()
    assert InboundEvent.objects.get().state == InboundState.IGNORED
    assert not OutboxMessage.objects.exists()
    assert not Conversation.objects.exists()


def test_a_status_of_a_group_is_kept_and_brings_nothing_about() -> None:
    post((FOLDER / "status_in_a_group.json").read_bytes())
    work()
    event = InboundEvent.objects.get()
    assert (event.kind, event.state) == ("status", InboundState.PARKED)  # of no message of ours
    assert not OutboxMessage.objects.exists()
    assert not Conversation.objects.exists()
    assert not Contact.objects.exists()


def test_a_link_posted_in_a_group_brings_nobody() -> None:
    property, source = PropertyFactory(), GroupFactory()
    whole, of_change = value("text_in_a_group")
    of_change["messages"][0]["text"]["body"] = f"https://wa.example/p/{property.ref}?s={source.code}"
    post(json.dumps(whole).encode())
    work()
    assert InboundEvent.objects.get().state == InboundState.IGNORED
    assert not ShareChat.objects.exists()


@pytest.mark.parametrize("name", ["reaction", "reaction_taken_back", "revoke"])
def test_what_expects_no_answer_gets_none(name: str) -> None:
    post((FOLDER / f"{name}.json").read_bytes())
    work()
    assert InboundEvent.objects.get().state == InboundState.IGNORED
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    "name", ["account_restricted", "security_pin_changed", "template_paused", "errors_only"]
)
def test_news_about_the_account_reaches_a_person_and_not_the_bot(name: str) -> None:
    post((FOLDER / f"{name}.json").read_bytes())
    work()
    assert InboundEvent.objects.get().state == InboundState.DONE
    assert Incident.objects.filter(kind__startswith="meta_").count() == 1
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("when", ["", "0", "-5", "32503680000", "yesterday", None, 1.5, []])
def test_without_a_believable_time_the_receipt_counts(when: object) -> None:
    whole, of_change = value("text")
    of_change["messages"][0]["timestamp"] = when
    post(json.dumps(whole).encode())
    work()
    row = InboundEvent.objects.get()
    assert row.state == InboundState.DONE
    assert row.said_at == row.received_at


def test_a_message_of_hours_ago_is_answered_all_the_same() -> None:
    clock.move(timedelta(days=6))
    post((FOLDER / "text.json").read_bytes())
    work()
    assert InboundEvent.objects.get().state == InboundState.DONE
    assert OutboxMessage.objects.count() == 1


def test_a_body_older_than_meta_repeats_is_set_aside_as_a_replay() -> None:
    clock.move(timedelta(days=9))
    post((FOLDER / "text.json").read_bytes())
    work()
    assert InboundEvent.objects.get().state == InboundState.QUARANTINED
    assert Incident.objects.get().kind == "webhook_replayed"
    assert not OutboxMessage.objects.exists()


def test_messages_that_wait_are_answered_in_the_order_in_which_they_were_said() -> None:
    ann = Phone("+2348111000001")
    now = int(clock.now().timestamp())
    for words, ago in (("third", 10), ("first", 30), ("second", 20)):
        ann.posts(ann.webhook(text(words), at=now - ago))
    work()
    said = {f"reply:{row.pk}": row.text for row in InboundEvent.objects.all()}
    replies = OutboxMessage.objects.order_by("pk").values_list("key", flat=True)
    assert [said[key] for key in replies if key] == ["first", "second", "third"]


def test_who_is_told_in_whatsapp_to_stop_marketing_is_left_in_peace_and_can_change_their_mind() -> None:
    post((FOLDER / "text.json").read_bytes())
    post((FOLDER / "preference_stop.json").read_bytes())
    work()
    contact = Contact.objects.get(phone="+2348030000001")
    assert contact.offers_stopped_at is not None
    assert contact.stopped_at is None  # news of their own affairs still comes
    post((FOLDER / "preference_resume_without_phone.json").read_bytes())
    work()
    contact.refresh_from_db()
    assert contact.offers_stopped_at is None


def test_a_body_that_cannot_be_taken_apart_is_set_aside_and_those_behind_it_go_on() -> None:
    """As after a worker that died of it: the attempts were counted before."""
    post((FOLDER / "text.json").read_bytes())
    WebhookBody.objects.update(attempts=inbox.MOST_ATTEMPTS)
    ann = Phone("+2348111000001")
    assert ann.says("hello")
    assert sorted(WebhookBody.objects.values_list("state", flat=True)) == ["parsed", "unparseable"]


def test_an_earlier_message_follows_its_sender_when_a_later_one_shows_who_it_is() -> None:
    """One body: a message from a phone alone, then one that shows the phone to be somebody's we know."""
    post((FOLDER / "text_from_username_without_phone.json").read_bytes())
    work()
    alone, of_change = value("text_from_phone_only")
    of_change["messages"][0]["id"] = "wamid.earlier"
    both, of_change = value("text_from_username_with_phone")
    of_change["messages"][0]["id"] = "wamid.later"
    post(json.dumps(alone | {"entry": [*alone["entry"], *both["entry"]]}).encode())
    work()
    contact = Contact.objects.get()
    assert (contact.phone, contact.user_id) == ("+2348030000001", "NG.13491208655302741918")
    assert contact.inbound.filter(state=InboundState.DONE).count() == 3
    assert Conversation.objects.count() == 1


def test_people_who_are_known_cost_no_question_each() -> None:
    crowd = [Phone(f"+23480300009{n:02}") for n in range(10)]
    counted = []
    for some in (crowd, crowd[:2], crowd):  # the first time they are new
        for phone in some:
            phone.posts(phone.webhook(text("menu")))
        with CaptureQueriesContext(connection) as asked:
            inbox.drain()
        counted.append(len(asked))
    assert counted[2] == counted[1] < counted[0]
    assert set(InboundEvent.objects.values_list("contact__phone", flat=True)) == {p.phone for p in crowd}


def test_a_number_that_moves_on_within_a_batch_goes_with_the_last() -> None:
    old, new = "NG.1111111111", "NG.2222222222"
    for n, user_id in enumerate((old, old, new, new)):
        whole, change = value("text")
        change["contacts"][0]["user_id"] = user_id
        change["messages"][0] |= {"id": f"wamid.moves-{n}", "from_user_id": user_id}
        post(json.dumps(whole).encode())
        if not n:
            inbox.drain()  # whoever had the number first is known
    inbox.drain()
    assert Contact.objects.get(phone=f"+{change['contacts'][0]['wa_id']}").user_id == new
    said_by = InboundEvent.objects.order_by("provider_id").values_list("contact__user_id", flat=True)
    assert list(said_by) == [old, old, new, new]
