"""Making, switching, pausing and ending links."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from inspector_whatsapp import changes, clock, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Outgoing
from inspector_whatsapp.words import Reader
from linking import kinds, rules
from linking.models import ChallengeState
from linking.rules import AlreadyLinkedElsewhere, NotLinked, NotProved, Why
from tests.factories import ContactFactory, LinkFactory, SeekerFactory
from tests.linking.conftest import CONSENT, Asked, begin, check, connect

pytestmark = pytest.mark.django_db

Linked = Callable[..., Link]


def test_a_proved_account_is_linked_with_its_proof_and_consent(
    ada: User, phone: Contact, linked: Linked
) -> None:
    link = linked(phone)
    challenge = phone.challenges.get()
    assert rules.current(phone) == link
    assert (link.account, link.state, link.current) == (ada, LinkState.ACTIVE, True)
    assert link.proof == {"how": "code", "challenge": challenge.pk, "consent": CONSENT}
    assert challenge.state == ChallengeState.USED


def test_linking_tells_the_account_by_mail_how_to_undo_it(
    ada: User, phone: Contact, linked: Linked, mailoutbox: list[EmailMessage]
) -> None:
    linked(phone)
    mail = mailoutbox[-1]
    assert mail.subject == "WhatsApp connected to your account"
    assert mail.to == [ada.email]
    assert "the WhatsApp number ending 0001 (Nigeria) was connected" in mail.body
    assert "/unlink/" in mail.body


def test_linking_lets_messages_reach_a_contact_that_meta_had_refused(
    ada: User, phone: Contact, asked: Asked
) -> None:
    Contact.objects.filter(pk=phone.pk).update(blocked_reason="undeliverable")
    phone.refresh_from_db()
    challenge, code = asked(phone)
    check(phone, challenge, code)
    connect(phone, challenge)
    phone.refresh_from_db()
    assert phone.blocked_reason == ""


def test_without_a_right_code_nothing_is_linked(
    ada: User, phone: Contact, stranger: Contact, asked: Asked
) -> None:
    challenge = begin(phone)
    with pytest.raises(NotProved):
        connect(phone, challenge)
    challenge, code = asked(phone)
    check(phone, challenge, code)
    with pytest.raises(NotProved):
        connect(stranger, challenge)
    assert not Link.objects.exists()


def test_a_proof_makes_one_link(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    check(phone, challenge, code)
    connect(phone, challenge)
    with pytest.raises(NotProved):
        connect(phone, challenge)


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_an_account_that_gained_rights_after_its_proof_is_not_linked(
    ada: User, phone: Contact, asked: Asked, rights: dict[str, bool]
) -> None:
    challenge, code = asked(phone)
    check(phone, challenge, code)
    User.objects.filter(pk=ada.pk).update(**rights)
    with pytest.raises(NotProved):
        connect(phone, challenge)


def test_a_second_whatsapp_does_not_take_a_linked_account_from_the_chat(
    ada: User, phone: Contact, stranger: Contact, linked: Linked, asked: Asked
) -> None:
    link = linked(phone)
    challenge, code = asked(stranger)
    check(stranger, challenge, code)
    with pytest.raises(AlreadyLinkedElsewhere):
        connect(stranger, challenge)
    assert rules.current(phone) == link
    assert rules.current(stranger) is None


def test_a_second_account_becomes_the_current_one_and_the_first_stays(
    ada: User, phone: Contact, linked: Linked
) -> None:
    first = linked(phone)
    SeekerFactory(email="eve@inspector.example")
    second = linked(phone, "eve@inspector.example")
    assert list(rules.links(phone)) == [second, first]
    assert rules.current(phone) == second


def test_switch_changes_who_the_contact_speaks_for(ada: User, phone: Contact, linked: Linked) -> None:
    first = linked(phone)
    eve = SeekerFactory(email="eve@inspector.example")
    linked(phone, eve.email)
    assert rules.switch(contact=phone, account=ada) == first
    assert rules.current(phone) == first
    with pytest.raises(NotLinked):
        rules.switch(contact=phone, account=SeekerFactory())


def test_linking_the_same_account_again_makes_its_link_current(
    ada: User, phone: Contact, linked: Linked
) -> None:
    first = linked(phone)
    SeekerFactory(email="eve@inspector.example")
    linked(phone, "eve@inspector.example")
    challenge = begin(phone)
    challenge.state, challenge.proved_at = ChallengeState.PROVED, clock.now()
    challenge.save()
    assert connect(phone, challenge) == first
    assert rules.current(phone) == first
    assert Link.objects.count() == 2


def test_unlinking_ends_the_link_at_once_and_hands_over_to_another_account(
    ada: User, phone: Contact, linked: Linked
) -> None:
    first = linked(phone)
    SeekerFactory(email="eve@inspector.example")
    second = linked(phone, "eve@inspector.example")
    assert rules.unlink(link=second, why=Why.CHAT, now=clock.now())
    second.refresh_from_db()
    assert (second.state, second.current, second.ended_why) == (LinkState.ENDED, False, "chat")
    assert rules.current(phone) == first
    rules.unlink(link=first, why=Why.CHAT, now=clock.now())
    assert rules.current(phone) is None
    assert not rules.links(phone).exists()


def test_unlinking_keeps_back_what_waits_for_that_whatsapp_about_that_account(
    ada: User, phone: Contact, linked: Linked
) -> None:
    link = linked(phone)
    later = clock.now() + timedelta(hours=1)
    outbox.add(Outgoing(kind="reminder", channel="whatsapp", contact=phone, account=ada, not_before=later))
    outbox.add(Outgoing(kind="reminder", channel="email", account=ada, not_before=later))
    outbox.add(
        Outgoing(
            kind="reminder", channel="whatsapp", contact=phone, account=SeekerFactory(), not_before=later
        )
    )
    rules.unlink(link=link, why=Why.WEB, now=clock.now())
    statuses = OutboxMessage.objects.filter(kind="reminder").order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.WITHHELD, Status.PENDING, Status.PENDING]


@pytest.mark.parametrize(("why", "channels"), [("chat", {"email"}), ("mail", {"email", "whatsapp"})])
def test_both_sides_hear_of_the_end_but_the_chat_that_ended_it_itself(
    ada: User, phone: Contact, linked: Linked, why: str, channels: set[str]
) -> None:
    link = linked(phone)
    rules.unlink(link=link, why=why, now=clock.now())
    told = OutboxMessage.objects.filter(kind="link_ended")
    assert set(told.values_list("channel", flat=True)) == channels


def test_unlinking_twice_is_unlinking_once(ada: User, phone: Contact, linked: Linked) -> None:
    link = linked(phone)
    assert rules.unlink(link=link, why=Why.MAIL, now=clock.now())
    assert not rules.unlink(link=link, why=Why.ADMIN, now=clock.now())
    assert OutboxMessage.objects.filter(kind="link_ended").count() == 2
    link.refresh_from_db()
    assert link.ended_why == "mail"


def test_unlinking_voids_requests_for_the_account(
    ada: User, phone: Contact, linked: Linked, stranger: Contact, asked: Asked
) -> None:
    link = linked(phone)
    challenge, code = asked(stranger)
    rules.unlink(link=link, why=Why.WEB, now=clock.now())
    assert check(stranger, challenge, code).is_ == "expired"


@pytest.mark.parametrize("fields", [["email"], ["phone", "name"], ["is_staff"], None])
def test_a_changed_account_pauses_its_link_until_it_is_proved_again(
    ada: User, phone: Contact, linked: Linked, fields: list[str] | None, mailoutbox: list[EmailMessage]
) -> None:
    link = linked(phone)
    changes.record(
        "account_changed", ada, actor=None, origin=Origin.SYNC, **({"fields": fields} if fields else {})
    )
    link.refresh_from_db()
    assert (link.state, link.current) == (LinkState.SUSPENDED, False)
    outbox.drain()
    assert mailoutbox[-1].subject == "WhatsApp connection paused"
    again = linked(phone)
    assert rules.current(phone) == again
    link.refresh_from_db()
    assert link.state == LinkState.ENDED


def test_a_changed_name_pauses_nothing(ada: User, phone: Contact, linked: Linked) -> None:
    link = linked(phone)
    changes.record("account_changed", ada, actor=None, origin=Origin.SYNC, fields=["name"])
    assert rules.current(phone) == link


def test_a_disabled_account_pauses_its_link(ada: User, phone: Contact, linked: Linked) -> None:
    linked(phone)
    changes.record("account_disabled", ada, actor=None, origin=Origin.SYNC)
    assert rules.current(phone) is None


@pytest.mark.parametrize(
    ("kind", "why", "said"),
    [
        (
            kinds.LinkEnded(),
            "mail",
            "This chat is no longer connected to the Inspector account a•••@i•••.example. "
            "Not you? https://inspector.example/security",
        ),
        (
            kinds.LinkSuspended(),
            "admin",
            "I've paused this chat's connection to an Inspector account to keep it safe. Please reconnect "
            "from https://inspector.example/connect, or type LINK.",
        ),
    ],
)
def test_the_chat_hears_what_became_of_its_link(
    ada: User, phone: Contact, kind: kinds.LinkEnded | kinds.LinkSuspended, why: str, said: str
) -> None:
    link = LinkFactory(contact=phone, account=ada)
    (rules.unlink if isinstance(kind, kinds.LinkEnded) else rules.suspend)(
        link=link, why=why, now=clock.now()
    )
    message = OutboxMessage.objects.get(kind=kind.name, channel="whatsapp")
    assert kind.whatsapp(message, now=clock.now()).text.put(Reader()) == said


def test_a_stranger_is_shown_to_speak_for_nobody(ada: User, phone: Contact, linked: Linked) -> None:
    linked(phone)
    nobody = ContactFactory()
    assert rules.current(nobody) is None
    assert not rules.links(nobody).exists()


def test_after_a_whole_linking_the_code_is_kept_nowhere(
    ada: User, phone: Contact, asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    challenge, code = asked(phone)
    check(phone, challenge, code)
    connect(phone, challenge)
    outbox.drain()
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}"::text FROM "{table}"')
            found += [
                (table, column, value)
                for (value,) in cursor.fetchall()
                if value and (code in value or f"{code[:3]} {code[3:]}" in value)
            ]
    assert found == []
    assert code not in caplog.text
    kept = OutboxMessage.objects.get(kind="link_code")
    assert "[code]" in kept.text
