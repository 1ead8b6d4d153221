"""Many at once, each on a connection of its own."""

from collections import Counter

import pytest
from django.db import transaction

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from inspector_whatsapp.models.contacts import LinkState
from linking import challenges, rules
from linking.challenges import TooMany
from linking.models import AccountGuard, LinkChallenge
from linking.rules import AlreadyLinkedElsewhere, Why
from tests.at_once import at_once
from tests.factories import ContactFactory, LinkFactory
from tests.linking.conftest import Asked, another, begin, check, connect

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_sixty_guesses_at_once_five_are_judged(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    wrong = another(code)
    said = at_once(*[lambda: check(phone, challenge, wrong) for _ in range(60)])
    assert Counter(verdict.is_ for verdict in said) == {"wrong": 4, "dead": 56}
    challenge.refresh_from_db()
    assert challenge.attempts == 5
    assert AccountGuard.objects.get(account=ada).wrong_in_a_row == 5
    assert check(phone, challenge, code).is_ == "dead"


def test_a_right_code_typed_ten_times_at_once_is_right_once(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    said = at_once(*[lambda: check(phone, challenge, code) for _ in range(10)])
    assert Counter(verdict.is_ for verdict in said) == {"right": 1, "expired": 9}


def test_requests_at_once_stay_within_the_limit_of_a_day(ada: User, phone: Contact) -> None:
    def ask() -> bool:
        try:
            begin(phone)
        except TooMany:
            return False
        return True

    assert Counter(at_once(*[ask] * 12)) == {True: 5, False: 7}
    assert OutboxMessage.objects.filter(kind="link_code").count() == 5
    assert LinkChallenge.objects.filter(state="open").count() == 1


def test_wishes_for_another_code_at_once_bring_one(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, _ = asked(phone)
    LinkChallenge.objects.update(asked_at=challenge.asked_at - 2 * (challenges.LIFE / 10))

    def again() -> str:
        with transaction.atomic():
            return challenges.resend(contact=phone, now=clock.now()).is_

    assert Counter(at_once(*[again] * 8)) == {"sent": 1, "wait": 7}
    assert OutboxMessage.objects.filter(kind="link_code").count() == 2


def test_codes_of_strangers_at_once_stay_within_the_accounts_limit(
    ada: User, mailoutbox: list[object]
) -> None:
    for _ in range(9):
        begin(ContactFactory())
    at_once(*[outbox.drain] * 3)
    assert len(mailoutbox) == 5


def test_two_chats_that_connect_one_account_at_once_make_one_link(
    ada: User, phone: Contact, stranger: Contact, asked: Asked
) -> None:
    proved = []
    for contact in (phone, stranger):
        challenge, code = asked(contact)
        assert check(contact, challenge, code).is_ == "right"
        proved.append((contact, challenge))

    def link(contact: Contact, challenge: LinkChallenge) -> str:
        try:
            connect(contact, challenge)
        except AlreadyLinkedElsewhere:
            return "elsewhere"
        return "linked"

    said = at_once(*[lambda pair=pair: link(*pair) for pair in proved])
    assert sorted(said) == ["elsewhere", "linked"]
    assert Link.objects.filter(state=LinkState.ACTIVE).count() == 1


def test_ended_from_everywhere_at_once_a_link_ends_once(ada: User, phone: Contact) -> None:
    link = LinkFactory(account=ada, contact=phone)
    said = at_once(*[lambda: rules.unlink(link=link, why=Why.WEB, now=clock.now()) for _ in range(8)])
    assert Counter(said) == {True: 1, False: 7}
    assert OutboxMessage.objects.filter(kind="link_ended").count() == 2


def test_a_check_inside_a_transaction_that_may_roll_back_is_refused(
    ada: User, phone: Contact, asked: Asked
) -> None:
    challenge, code = asked(phone)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        check(phone, challenge, code)


def test_a_turn_that_breaks_after_a_guess_does_not_give_the_try_back(
    ada: User, phone: Contact, asked: Asked
) -> None:
    challenge, code = asked(phone)

    def turn() -> None:
        check(phone, challenge, another(code))
        with transaction.atomic():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        turn()
    challenge.refresh_from_db()
    assert challenge.attempts == 1
