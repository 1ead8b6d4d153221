"""Linking that begins on the website: a token proposes whoever sends it, and its maker says yes or no."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from inspector_whatsapp import changes, clock, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.words import Reader
from linking import intents, kinds, rules
from linking.intents import Claimed, NoSuchIntent, NotForThisAccount, TooManyIntents
from linking.models import AccountGuard, ChallengeState, IntentState, LinkIntent, WrongToken
from linking.rules import NotClaimed, Over
from notifications.models import ConsentEntry
from tests.at_once import at_once
from tests.factories import ContactFactory, LinkFactory, SeekerFactory
from tests.linking.conftest import begin as begin_in_chat

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def press(account: User, *, session: str = "tab", now: datetime | None = None) -> LinkIntent:
    with transaction.atomic():
        return intents.begin(account=account, session=session, now=now or clock.now())


def send(contact: Contact, intent: LinkIntent, *, now: datetime | None = None) -> str:
    with transaction.atomic():
        claimed = intents.claim(contact=contact, token=intents.token(intent), now=now or clock.now())
    return claimed.is_


def confirm(intent: LinkIntent, *, now: datetime | None = None) -> Link:
    return rules.connect_from_web(intent=intent, now=now or clock.now())


def state(intent: LinkIntent) -> str:
    return LinkIntent.objects.get(pk=intent.pk).state


# --- the token --------------------------------------------------------------------------------------------


def test_a_token_is_eighty_bits_in_letters_nobody_mistakes_and_is_kept_as_a_digest(ada: User) -> None:
    made = [press(ada) for _ in range(20)]
    tokens = {intents.token(intent) for intent in made}
    assert len(tokens) == 20
    for token in tokens:
        assert len(token) == 16
        assert set(token) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    kept = str(list(LinkIntent.objects.values()))
    assert not any(token in kept for token in tokens)


@given(st.uuids())
def test_every_bit_of_eighty_is_there(public_id: uuid.UUID) -> None:
    assert intents._token(public_id, "one") != intents._token(public_id, "another")
    assert len(intents._token(public_id, "one")) == 16


def test_the_same_intent_gives_the_same_token_again_even_while_the_key_is_rotated(
    ada: User, settings: Settings
) -> None:
    intent = press(ada)
    token = intents.token(intent)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert intents.token(LinkIntent.objects.get()) == token


def test_the_deep_link_opens_our_chat_with_the_message_written(ada: User, settings: Settings) -> None:
    intent = press(ada)
    address = urlsplit(intents.deep_link(intent))
    assert (address.netloc, address.path) == ("wa.me", "/2347000000000")
    assert parse_qs(address.query) == {"text": [f"LINK {intents.token(intent)}"]}
    assert "text=LINK%20" in address.query


@pytest.mark.parametrize(
    "said",
    [
        "LINK 0123456789ABCDEF",
        "link 0123456789abcdef",
        "  Link\u00a00123456789abcdef\n",
        "LINK O123456789ABCDEF",
        "LINK oL23456789abcdef",
        "LINK 0I23-4567-89AB-CDEF",
        "LINK 0123 4567 89AB CDEF",
        "LINK: 0123456789ABCDEF",
        "\u200eLINK \uff10\uff11\uff12\uff13456789ABCDEF\u200f",
    ],
)
def test_a_token_is_read_as_people_copy_and_type_it(said: str) -> None:
    assert intents.token_in(said) == "0123456789ABCDEF"
    assert intents.names_token(said)


@pytest.mark.parametrize(
    ("said", "kept_from"),
    [
        ("LINK", False),
        ("link my account", False),
        ("LINK 0123456789ABCDE", False),
        ("LINK 0123456789ABCDEFG", False),
        ("LINK U123456789ABCDEF", False),
        ("0123456789ABCDEF", False),
        ("LINK 0123456789ABCDEF please", True),
        ("[edited] LINK 0123456789ABCDEF", True),
        ("she sent me: link 0123456789abcdef", True),
    ],
)
def test_anything_else_is_no_token_but_one_inside_is_not_kept(said: str, kept_from: bool) -> None:
    assert intents.token_in(said) is None
    assert intents.names_token(said) is kept_from


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    assert intents.token_in(text) is None or intents.names_token(text)


# --- who sends it, and when -------------------------------------------------------------------------------


def test_who_sends_it_is_proposed_and_nobody_is_connected(ada: User, phone: Contact) -> None:
    intent = press(ada)
    assert send(phone, intent) == "waiting"
    intent.refresh_from_db()
    assert (intent.state, intent.contact) == (IntentState.CLAIMED, phone)
    assert not Link.objects.exists()


@pytest.mark.parametrize(("late", "said"), [(10 * MINUTE - SECOND, "waiting"), (10 * MINUTE, "over")])
def test_it_can_be_sent_for_ten_minutes(ada: User, phone: Contact, late: timedelta, said: str) -> None:
    now = clock.now()
    assert send(phone, press(ada, now=now), now=now + late) == said


def test_it_is_used_once(ada: User, phone: Contact, stranger: Contact) -> None:
    intent = press(ada)
    assert send(phone, intent) == "waiting"
    assert send(stranger, intent) == "over"
    assert send(phone, intent) == "waiting"  # a person's finger, twice
    assert LinkIntent.objects.get().contact == phone


@pytest.mark.parametrize("ended", [IntentState.CANCELLED, IntentState.VOID])
def test_after_its_end_it_says_nothing(ada: User, phone: Contact, ended: IntentState) -> None:
    intent = press(ada)
    send(phone, intent)
    LinkIntent.objects.update(state=ended)
    assert send(phone, intent) == "over"
    assert state(intent) == ended


def test_whoever_speaks_for_the_account_already_has_nothing_to_confirm(ada: User, phone: Contact) -> None:
    LinkFactory(contact=phone, account=ada)
    intent = press(ada)
    claimed = intents.claim(contact=phone, token=intents.token(intent), now=clock.now())
    assert claimed == Claimed("already", ada)
    assert state(intent) == IntentState.ALREADY
    with pytest.raises(Over):
        confirm(intent)


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_an_account_with_staff_rights_or_switched_off_is_never_connected(
    ada: User, phone: Contact, rights: dict[str, bool]
) -> None:
    unsent, sent = press(ada), press(ada)
    assert send(phone, sent) == "waiting"
    User.objects.filter(pk=ada.pk).update(**rights)
    assert send(phone, unsent) == "over"
    with pytest.raises(Over):
        confirm(sent)
    with pytest.raises(NotForThisAccount):
        press(ada)
    assert not Link.objects.exists()


def test_after_ten_wrong_tokens_a_day_a_right_one_is_not_looked_at(ada: User, phone: Contact) -> None:
    now = clock.now()
    for number in range(15):
        assert intents.claim(contact=phone, token=f"{number:016}", now=now).is_ == "over"
    assert WrongToken.objects.count() == 10
    intent = press(ada)
    assert send(phone, intent) == "over"
    assert send(ContactFactory(), intent) == "waiting"  # nobody else pays for it
    assert send(phone, press(ada, now=now + timedelta(days=1)), now=now + timedelta(days=1)) == "waiting"


def test_an_account_begins_twenty_times_a_day(ada: User) -> None:
    now = clock.now()
    for number in range(20):
        press(ada, now=now + number * MINUTE)
    with pytest.raises(TooManyIntents) as refused:
        press(ada, now=now + timedelta(hours=1))
    assert refused.value.until == now + timedelta(days=1)
    press(SeekerFactory(), now=now)
    press(ada, now=now + timedelta(days=1))


# --- who says yes -----------------------------------------------------------------------------------------


def test_only_the_account_and_the_session_that_made_it_find_it(ada: User, stranger: Contact) -> None:
    intent, anywhere = press(ada, session="tab"), press(ada, session="")
    for account, session, found in (
        (ada, "tab", {intent.pk, anywhere.pk}),
        (ada, "another", {anywhere.pk}),
        (ada, "", {anywhere.pk}),
        (SeekerFactory(), "tab", set()),
    ):
        seen = set()
        for each in (intent, anywhere):
            try:
                seen.add(intents.find(account=account, session=session, public_id=each.public_id).pk)
            except NoSuchIntent:
                continue
        assert seen == found, (account, session)


def test_a_yes_connects_and_tells_both_sides(
    ada: User, phone: Contact, mailoutbox: list[EmailMessage]
) -> None:
    Contact.objects.filter(pk=phone.pk).update(blocked_reason="undeliverable")
    intent = press(ada)
    send(phone, intent)
    link = confirm(intent)
    assert (link.contact, link.account, link.state, link.current) == (phone, ada, LinkState.ACTIVE, True)
    assert (link.proof["how"], link.proof["session"]) == ("web", intents.session_digest("tab"))
    agreed = ConsentEntry.objects.get()
    assert (agreed.how, agreed.account, agreed.contact, agreed.given) == ("web", ada, phone, True)
    assert agreed.wording == (
        "Connect this WhatsApp to the account a•••@i•••.example? Its chat will get inspection messages and "
        "can manage bookings."
    )
    told = OutboxMessage.objects.get(kind="link_made", channel="whatsapp")
    assert told.contact == phone
    assert kinds.LinkMade().whatsapp(told, now=clock.now()).text.put(Reader()) == (
        "Connected. This chat can now see and change bookings of a•••@i•••.example. Not you? Type UNLINK."
    )
    phone.refresh_from_db()
    assert phone.blocked_reason == ""
    OutboxMessage.objects.filter(channel="whatsapp").delete()
    outbox.drain()
    assert [mail.subject for mail in mailoutbox] == ["WhatsApp connected to your account"]


def test_a_second_yes_is_the_first(ada: User, phone: Contact) -> None:
    intent = press(ada)
    send(phone, intent)
    link = confirm(intent)
    assert confirm(intent, now=clock.now() + timedelta(hours=1)) == link
    assert OutboxMessage.objects.filter(kind="link_made").count() == 2


def test_before_anybody_has_sent_it_there_is_nobody_to_say_yes_to(ada: User) -> None:
    now = clock.now()
    intent = press(ada, now=now)
    with pytest.raises(NotClaimed):
        confirm(intent, now=now)
    with pytest.raises(Over):
        confirm(intent, now=now + 10 * MINUTE)


@pytest.mark.parametrize("late", [10 * MINUTE - SECOND, 10 * MINUTE])
def test_a_yes_has_ten_minutes_from_when_it_was_sent(ada: User, phone: Contact, late: timedelta) -> None:
    now = clock.now()
    intent = press(ada, now=now)
    sent = now + 9 * MINUTE
    send(phone, intent, now=sent)
    if late < 10 * MINUTE:
        assert confirm(intent, now=sent + late).account == ada
        return
    with pytest.raises(Over):
        confirm(intent, now=sent + late)
    assert intents.is_over(LinkIntent.objects.get(), now=sent + late)


def test_a_new_whatsapp_takes_the_place_of_the_old_one_which_hears_of_it(
    ada: User, phone: Contact, stranger: Contact, mailoutbox: list[EmailMessage]
) -> None:
    old = LinkFactory(contact=phone, account=ada)
    eve = LinkFactory(contact=phone, current=False)
    intent = press(ada)
    send(stranger, intent)
    assert intents.replaces(LinkIntent.objects.get())
    link = confirm(intent)
    old.refresh_from_db()
    assert (old.state, old.ended_why, old.current) == (LinkState.ENDED, "replaced", False)
    assert rules.current(stranger) == link
    assert rules.current(phone) == eve  # the other account on the old phone stays
    told = OutboxMessage.objects.get(kind="link_moved", channel="whatsapp")
    assert told.contact == phone
    said = kinds.LinkMoved().whatsapp(told, now=clock.now()).text.put(Reader())
    assert said.startswith(
        "This chat is no longer connected to the Inspector account a•••@i•••.example; another WhatsApp was "
        "connected on "
    )
    OutboxMessage.objects.filter(channel="whatsapp").delete()
    outbox.drain()
    assert {mail.subject for mail in mailoutbox} == {
        "WhatsApp connected to your account",
        "WhatsApp disconnected from your account",
    }


def test_a_paused_link_gives_way_and_the_account_is_open_to_chats_again(
    ada: User, phone: Contact, stranger: Contact
) -> None:
    paused = LinkFactory(contact=phone, account=ada)
    rules.suspend(link=paused, why="silent", now=clock.now())
    AccountGuard.objects.update_or_create(account=ada, defaults={"closed_at": clock.now()})
    challenge = begin_in_chat(stranger)
    intent = press(ada)
    assert send(phone, intent) == "waiting"
    link = confirm(intent)
    paused.refresh_from_db()
    assert (paused.state, link.state) == (LinkState.ENDED, LinkState.ACTIVE)
    assert AccountGuard.objects.get(account=ada).closed_at is None
    challenge.refresh_from_db()
    assert challenge.state == ChallengeState.VOID


def test_a_yes_ends_every_other_request_of_the_account(ada: User, phone: Contact, stranger: Contact) -> None:
    other, intent = press(ada), press(ada)
    send(stranger, other)
    send(phone, intent)
    confirm(intent)
    assert state(other) == IntentState.VOID
    with pytest.raises(Over):
        confirm(other)
    assert send(stranger, other) == "over"


def test_a_second_account_on_one_phone_becomes_the_current_one(ada: User, phone: Contact) -> None:
    first = LinkFactory(contact=phone)
    intent = press(ada)
    send(phone, intent)
    second = confirm(intent)
    assert list(rules.links(phone)) == [second, first]


def test_what_was_connected_by_a_code_meanwhile_is_kept(ada: User, phone: Contact) -> None:
    intent = press(ada)
    send(phone, intent)
    link = LinkFactory(contact=phone, account=ada)
    assert confirm(intent) == link
    assert not OutboxMessage.objects.exists()


# --- who says no, and what changes ------------------------------------------------------------------------


def test_a_no_tells_the_chat_that_nothing_is_connected(ada: User, stranger: Contact) -> None:
    intent = press(ada)
    send(stranger, intent)
    intents.cancel(intent)
    intents.cancel(intent)
    told = OutboxMessage.objects.get()
    assert (told.contact, told.channel) == (stranger, "whatsapp")
    assert told.text == "Nothing was connected: the request was cancelled on the website."
    with pytest.raises(Over):
        confirm(intent)


def test_a_no_to_what_nobody_sent_tells_nobody(ada: User) -> None:
    intents.cancel(press(ada))
    assert not OutboxMessage.objects.exists()


def test_a_no_after_the_yes_is_refused(ada: User, phone: Contact) -> None:
    intent = press(ada)
    send(phone, intent)
    confirm(intent)
    with pytest.raises(intents.AlreadyConfirmed):
        intents.cancel(intent)


Change = Callable[[User, Contact], object]


@pytest.mark.parametrize(
    "happens",
    [
        lambda ada, phone: changes.record(
            "account_changed", ada, actor=None, origin=Origin.SYNC, fields=["email"]
        ),
        lambda ada, phone: changes.record("account_disabled", ada, actor=None, origin=Origin.SYNC),
        lambda ada, phone: changes.record(
            "identity_changed", phone, actor=None, origin=Origin.CHAT, why="another number"
        ),
    ],
    ids=["e-mail", "switched off", "number"],
)
def test_what_makes_either_side_uncertain_voids_it(ada: User, phone: Contact, happens: Change) -> None:
    intent = press(ada)
    send(phone, intent)
    happens(ada, phone)
    assert state(intent) == IntentState.VOID
    with pytest.raises(Over):
        confirm(intent)


def test_two_contacts_that_were_one_have_sent_what_one_of_them_sent(ada: User, phone: Contact) -> None:
    shell = ContactFactory()
    intent = press(ada)
    send(shell, intent)
    changes.record("contact_merged", phone, actor=None, origin=Origin.CHAT, merged=shell.pk)
    shell.delete()
    assert confirm(intent).contact == phone


# --- at once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_that_send_one_token_at_once_one_has_it(ada: User) -> None:
    for _ in range(3):
        intent = press(ada)
        crowd = [ContactFactory() for _ in range(6)]
        said = at_once(*[partial(send, each, intent) for each in crowd])
        assert Counter(said) == {"waiting": 1, "over": 5}


@pytest.mark.django_db(transaction=True)
def test_confirmed_many_times_at_once_it_is_one_link(ada: User, phone: Contact, stranger: Contact) -> None:
    LinkFactory(contact=stranger, account=ada)
    intent = press(ada)
    send(phone, intent)
    made = at_once(*[lambda: confirm(intent).pk for _ in range(8)])
    assert len(set(made)) == 1
    assert Link.objects.filter(state=LinkState.ACTIVE).count() == 1
    assert OutboxMessage.objects.filter(kind="link_made").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_phones_confirmed_at_once_leave_one_of_them(ada: User, phone: Contact, stranger: Contact) -> None:
    both = [press(ada), press(ada)]
    send(phone, both[0])
    send(stranger, both[1])

    def yes(intent: LinkIntent) -> bool:
        try:
            confirm(intent)
        except Over:
            return False
        return True

    assert sorted(at_once(*[partial(yes, intent) for intent in both])) == [False, True]
    assert Link.objects.filter(account=ada, state=LinkState.ACTIVE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_change_of_the_account_at_once_leave_nothing_connected(ada: User, phone: Contact) -> None:
    for number in range(4):
        intent = press(ada)
        send(phone, intent)

        def change(number: int = number) -> None:
            with transaction.atomic():
                User.objects.filter(pk=ada.pk).update(email=f"ada{number}@inspector.example")
                changes.record("account_changed", ada, actor=None, origin=Origin.SYNC, fields=["email"])

        def yes(intent: LinkIntent = intent) -> None:
            try:
                confirm(intent)
            except Over:
                return

        at_once(yes, change)
        assert not Link.objects.filter(state=LinkState.ACTIVE).exists()


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_once_are_one_of_them(ada: User) -> None:
    for _ in range(6):
        intent = press(ada)
        send(ContactFactory(), intent)

        def yes(intent: LinkIntent = intent) -> str:
            try:
                return str(confirm(intent).state)
            except Over:
                return "too late"

        def no(intent: LinkIntent = intent) -> str:
            try:
                with transaction.atomic():
                    intents.cancel(intent)
            except intents.AlreadyConfirmed:
                return "too late"
            return "nothing"

        said = at_once(yes, no)
        linked = Link.objects.filter(account=ada, state=LinkState.ACTIVE)
        if said[0] == "active":
            assert (said[1], state(intent), linked.count()) == ("too late", "confirmed", 1)
            linked.update(state=LinkState.SUSPENDED, current=False)
        else:
            assert (said[1], state(intent), linked.count()) == ("nothing", "cancelled", 0)


@pytest.mark.django_db(transaction=True)
def test_begun_many_times_at_once_the_limit_of_a_day_holds(ada: User) -> None:
    for _ in range(15):
        press(ada)

    def one() -> bool:
        try:
            press(ada)
        except TooManyIntents:
            return False
        return True

    assert Counter(at_once(*[one] * 10)) == {True: 5, False: 5}


# --- what is kept -----------------------------------------------------------------------------------------


def test_after_it_all_the_token_is_kept_nowhere(
    ada: User, phone: Contact, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    intent = press(ada)
    token = intents.token(intent)
    send(phone, intent)
    confirm(intent)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{token}%"])
            assert cursor.fetchone() == (0,), (table, column)
    assert token not in caplog.text
