"""Asking for a code from a chat, and typing it."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Sum
from pytest_django import Settings

from inspector_whatsapp import changes, clock, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Incident, OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Withheld
from linking import challenges, kinds, limits
from linking.challenges import Resent, TooMany, Verdict
from linking.models import AccountGuard, ChallengeState, LinkChallenge
from tests.factories import ContactFactory, SeekerFactory
from tests.linking.conftest import Asked, another, begin, check, code_of

pytestmark = pytest.mark.django_db


def rows(contact: Contact) -> list[tuple[str, str, str]]:
    return list(OutboxMessage.objects.filter(contact=contact).values_list("kind", "channel", "lane"))


def why_kept_back(challenge: LinkChallenge) -> str:
    outbox.drain()
    message = OutboxMessage.objects.filter(kind="link_code", arguments__challenge=challenge.pk).latest("pk")
    assert message.status == Status.WITHHELD
    return message.reason


def test_a_known_and_an_unknown_address_leave_the_same_rows(ada: User, stranger: Contact) -> None:
    other = ContactFactory()
    known, unknown = begin(stranger), begin(other, "nobody@inspector.example")
    assert (known.account, unknown.account) == (ada, None)
    for contact in (stranger, other):
        assert rows(contact) == [("link_code", "email", f"email:contact:{contact.pk}")]
        assert contact.challenges.count() == 1


def test_a_known_and_an_unknown_address_answer_alike_until_the_request_is_dead(
    ada: User, stranger: Contact, asked: Asked
) -> None:
    challenge, code = asked(stranger)
    other = ContactFactory()
    unknown = begin(other, "nobody@inspector.example")
    outbox.drain()
    said = [(check(stranger, challenge, another(code)), check(other, unknown, "000000")) for _ in range(6)]
    assert all(known == unknown for known, unknown in said)
    assert [known for known, _ in said] == [
        *(Verdict("wrong", left) for left in (4, 3, 2, 1)),
        Verdict("dead"),
        Verdict("dead"),
    ]


def test_an_address_is_found_however_it_is_written(ada: User, stranger: Contact) -> None:
    assert begin(stranger, "  ADA@Inspector.Example ").account == ada


def test_an_unknown_address_gets_no_mail(stranger: Contact, mailoutbox: list[EmailMessage]) -> None:
    why_kept_back(begin(stranger, "nobody@inspector.example"))
    assert mailoutbox == []


def test_the_right_code_proves_the_account(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    assert challenges.proved_account(contact=phone, challenge_id=challenge.pk) is None
    assert check(phone, challenge, f"code is {code[:3]} {code[3:]}").is_ == "right"
    assert challenges.proved_account(contact=phone, challenge_id=challenge.pk) == ada


def test_the_mail_names_the_asking_number_and_not_what_its_owner_calls_themselves(
    ada: User, phone: Contact, asked: Asked, mailoutbox: list[EmailMessage]
) -> None:
    _, code = asked(phone)
    mail = mailoutbox[0]
    assert mail.to == ["ada@inspector.example"]
    assert "the WhatsApp number ending 0001 (Nigeria)" in mail.body
    assert "(Africa/Lagos)" in mail.body
    assert "works only in that WhatsApp chat" in mail.body
    assert "evil" not in mail.body
    assert not {code, code[:3]} & set(str(mail.subject).split())


@pytest.mark.parametrize(
    ("username", "named"),
    [("tunde.o", "the WhatsApp account @tunde.o"), ("", "a WhatsApp account that hides its number")],
)
def test_an_asker_without_a_number_is_named_as_well_as_can_be(
    ada: User, asked: Asked, mailoutbox: list[EmailMessage], username: str, named: str
) -> None:
    contact = ContactFactory(phone=None, user_id="NG.123", username=username)
    challenge, code = asked(contact)
    assert named in mailoutbox[0].body
    assert check(contact, challenge, code).is_ == "right"


def test_a_code_is_worth_nothing_in_another_chat_and_costs_the_asker_no_try(
    ada: User, stranger: Contact, phone: Contact, asked: Asked
) -> None:
    challenge, code = asked(stranger)
    assert check(phone, challenge, code) == Verdict("expired")
    own, _ = asked(phone)
    assert check(phone, own, code).is_ == "wrong"
    challenge.refresh_from_db()
    assert challenge.attempts == 0


def test_a_chat_whose_number_has_changed_is_another_chat(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    phone.phone = "+2348030000009"
    phone.save()
    assert check(phone, challenge, code).is_ == "wrong"


def test_after_five_wrong_codes_the_right_one_is_refused(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    said = [check(phone, challenge, another(code)) for _ in range(5)]
    assert said[-1] == Verdict("dead")
    assert check(phone, challenge, code) == Verdict("dead")
    assert challenges.proved_account(contact=phone, challenge_id=challenge.pk) is None


def test_a_right_code_just_after_a_wrong_one_is_taken(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    assert check(phone, challenge, another(code)) == Verdict("wrong", 4)
    assert check(phone, challenge, code).is_ == "right"


def test_words_without_a_code_cost_no_try(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    assert [check(phone, challenge, "what code?").left for _ in range(9)] == [5] * 9
    assert check(phone, challenge, code).is_ == "right"


def test_no_code_is_judged_in_a_transaction_that_could_forget_the_wrong_ones(
    ada: User, phone: Contact, asked: Asked
) -> None:
    challenge, code = asked(phone)
    for typed in (another(code), code):
        with pytest.raises(RuntimeError), transaction.atomic():
            check(phone, challenge, typed)
    assert check(phone, challenge, another(code)) == Verdict("wrong", 4)


def test_a_code_is_right_once(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    assert check(phone, challenge, code).is_ == "right"
    assert check(phone, challenge, code) == Verdict("expired")


@pytest.mark.parametrize(("passed", "verdict"), [(595, "right"), (601, "expired")])
def test_a_code_is_right_for_ten_minutes(
    ada: User, phone: Contact, asked: Asked, passed: int, verdict: str
) -> None:
    challenge, code = asked(phone)
    clock.move(timedelta(seconds=passed))
    assert check(phone, challenge, code).is_ == verdict


def test_a_proof_is_good_for_ten_minutes(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    check(phone, challenge, code)
    clock.move(timedelta(minutes=10, seconds=1))
    assert challenges.proved_account(contact=phone, challenge_id=challenge.pk) is None


def test_a_newer_request_replaces_the_older_one(ada: User, phone: Contact, asked: Asked) -> None:
    old, old_code = asked(phone)
    new, new_code = asked(phone)
    assert check(phone, old, old_code) == Verdict("expired")
    assert check(phone, new, new_code).is_ == "right"


def test_a_request_that_was_replaced_before_its_mail_left_sends_none(ada: User, phone: Contact) -> None:
    old = begin(phone)
    begin(phone)
    assert "no longer open" in why_kept_back(old)


def test_a_cancelled_request_is_over(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    challenges.cancel(contact=phone)
    assert check(phone, challenge, code) == Verdict("expired")
    assert challenges.resend(contact=phone, now=clock.now()) == Resent("none_open")


def test_another_code_comes_after_a_minute_and_replaces_the_first(
    ada: User, phone: Contact, asked: Asked, mailoutbox: list[EmailMessage]
) -> None:
    challenge, first = asked(phone)
    waited = challenges.resend(contact=phone, now=challenge.asked_at + timedelta(seconds=18))
    assert waited == Resent("wait", 42)
    clock.move(timedelta(seconds=61))
    assert challenges.resend(contact=phone, now=clock.now()) == Resent("sent")
    outbox.drain()
    second = code_of(mailoutbox[1])
    if first != second:
        assert check(phone, challenge, first).is_ == "wrong"
    assert check(phone, challenge, second).is_ == "right"


def test_a_code_sent_again_late_lives_its_ten_minutes(
    ada: User, phone: Contact, asked: Asked, mailoutbox: list[EmailMessage]
) -> None:
    challenge, _ = asked(phone)
    clock.move(timedelta(minutes=9))
    challenges.resend(contact=phone, now=clock.now())
    outbox.drain()
    clock.move(timedelta(minutes=9))
    assert check(phone, challenge, code_of(mailoutbox[1])).is_ == "right"


def test_the_first_code_ends_after_ten_minutes_even_if_another_was_asked_for(
    ada: User, phone: Contact, asked: Asked
) -> None:
    challenge, first = asked(phone)
    clock.move(timedelta(minutes=9))
    challenges.resend(contact=phone, now=clock.now())  # and its mail is stuck
    clock.move(timedelta(minutes=2))
    assert check(phone, challenge, first).is_ == "wrong"


def test_three_codes_are_sent_for_one_request(
    ada: User, phone: Contact, asked: Asked, mailoutbox: list[EmailMessage]
) -> None:
    asked(phone)
    said = []
    for _ in range(4):
        clock.move(timedelta(seconds=61))
        said.append(challenges.resend(contact=phone, now=clock.now()).is_)
        outbox.drain()
    assert said == ["sent", "sent", "too_many", "too_many"]
    assert len(mailoutbox) == 3


def test_a_contact_asks_five_times_a_day(ada: User, phone: Contact) -> None:
    first = begin(phone)
    for _ in range(4):
        begin(phone)
    with pytest.raises(TooMany) as refused:
        begin(phone)
    assert refused.value.until == first.created_at + timedelta(days=1)
    assert phone.challenges.count() == 5
    begin(phone, now=refused.value.until)


def test_a_contact_tries_three_addresses_a_day(ada: User, stranger: Contact) -> None:
    first = begin(stranger, "a@inspector.example")
    begin(stranger, "b@inspector.example")
    begin(stranger, "c@inspector.example")
    with pytest.raises(TooMany) as refused:
        begin(stranger, "ada@inspector.example")
    begin(stranger, "b@inspector.example")
    assert refused.value.until == first.created_at + timedelta(days=1)


def test_strangers_exhaust_their_codes_for_an_account_and_not_its_owner(
    ada: User, phone: Contact, asked: Asked, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(5):
        challenge, code = asked(ContactFactory())
        for _ in range(5):
            check(challenge.contact, challenge, another(code))
    last = begin(ContactFactory())
    assert "enough codes today" in why_kept_back(last)
    challenge, code = asked(phone)
    assert check(phone, challenge, code).is_ == "right"


def test_wrong_codes_of_strangers_are_limited_over_all_their_requests(
    ada: User, asked: Asked, stranger: Contact
) -> None:
    challenge, code = asked(stranger)
    used_up = begin(ContactFactory())
    for _ in range(5):  # as if many had guessed elsewhere
        LinkChallenge.objects.create(
            contact=ContactFactory(),
            account=ada,
            known_by="phone",
            state=ChallengeState.DEAD,
            created_at=challenge.created_at,
            asked_at=challenge.asked_at,
            expires_at=challenge.expires_at,
            attempts=5,
        )
    assert check(stranger, challenge, code) == Verdict("wrong", 4)
    assert "too many wrong codes" in why_kept_back(used_up)


def test_after_fifty_wrong_codes_in_a_row_an_account_is_closed_to_chats_until_it_is_reopened(
    ada: User, phone: Contact, asked: Asked
) -> None:
    AccountGuard.objects.create(account=ada, wrong_in_a_row=49)
    challenge, code = asked(phone)
    check(phone, challenge, another(code))
    assert Incident.objects.get(kind=limits.CLOSED).key == str(ada.pk)
    assert check(phone, challenge, code) == Verdict("wrong", 3)
    assert "website only" in why_kept_back(begin(phone))
    assert challenges.reopen(ada)
    challenge, code = asked(phone)
    assert check(phone, challenge, code).is_ == "right"


def test_a_right_code_ends_the_row_of_wrong_ones(ada: User, phone: Contact, asked: Asked) -> None:
    AccountGuard.objects.create(account=ada, wrong_in_a_row=40)
    challenge, code = asked(phone)
    check(phone, challenge, code)
    assert AccountGuard.objects.get(account=ada).wrong_in_a_row == 0


def test_a_flood_of_codes_calls_a_person(ada: User, phone: Contact, asked: Asked) -> None:
    now = clock.now()
    for _ in range(34):
        LinkChallenge.objects.create(
            contact=ContactFactory(),
            known_by="phone",
            state=ChallengeState.EXPIRED,
            created_at=now,
            asked_at=now,
            expires_at=now,
            sent=3,
            mails=3,
            sent_at=now,
        )
    asked(phone)
    assert LinkChallenge.objects.aggregate(codes=Sum("sent"))["codes"] > limits.CODES_AN_HOUR
    assert Incident.objects.filter(kind=limits.FLOOD).exists()


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_accounts_with_staff_rights_or_switched_off_get_no_code(
    stranger: Contact, mailoutbox: list[EmailMessage], rights: dict[str, bool]
) -> None:
    SeekerFactory(email="ada@inspector.example", **rights)
    why_kept_back(begin(stranger))
    assert mailoutbox == []


def test_an_account_that_becomes_staff_meanwhile_is_not_proved(
    ada: User, phone: Contact, asked: Asked
) -> None:
    challenge, code = asked(phone)
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    assert check(phone, challenge, code).is_ == "wrong"


@pytest.mark.parametrize(
    ("kind", "fields", "verdict"),
    [
        ("account_changed", ["email"], "expired"),
        ("account_changed", ["phone"], "expired"),
        ("account_disabled", None, "expired"),
        ("account_changed", ["name"], "right"),
        ("inspection_booked", None, "right"),
    ],
)
def test_a_changed_account_voids_what_is_open(
    ada: User, phone: Contact, asked: Asked, kind: str, fields: list[str] | None, verdict: str
) -> None:
    challenge, code = asked(phone)
    data = {"fields": fields} if fields else {}
    changes.record(kind, ada, actor=None, origin=Origin.SYNC, **data)
    assert check(phone, challenge, code).is_ == verdict


def test_with_the_phone_match_required_another_number_gets_no_code_and_the_owner_one_warning_a_day(
    ada: User,
    stranger: Contact,
    phone: Contact,
    settings: Settings,
    asked: Asked,
    mailoutbox: list[EmailMessage],
) -> None:
    settings.LINKING_REQUIRE_PHONE_MATCH = True
    challenge = begin(stranger)
    outbox.drain()
    assert [mail.subject for mail in mailoutbox] == ["A WhatsApp number tried to connect"]
    assert "ending 0099" in mailoutbox[0].body
    assert check(stranger, challenge, "000000") == Verdict("wrong", 4)
    assert "has been told today" in why_kept_back(begin(ContactFactory()))
    own, code = asked(phone)
    assert check(phone, own, code).is_ == "right"


def test_a_verdict_survives_being_kept() -> None:
    assert Verdict.from_json(Verdict("wrong", 3).to_json()) == Verdict("wrong", 3)


def test_a_mail_that_is_tried_again_carries_a_new_code_and_counts_once(ada: User, phone: Contact) -> None:
    challenge = begin(phone)
    message = OutboxMessage.objects.get(kind="link_code")
    first, second = (kinds.LinkCode().mail(message, now=clock.now()).code for _ in range(2))
    challenge.refresh_from_db()
    assert challenge.sent == 1
    if first != second:
        assert check(phone, challenge, first).is_ == "wrong"
    assert check(phone, challenge, second).is_ == "right"


def test_an_older_mail_that_was_stuck_does_not_replace_the_newest_code(ada: User, phone: Contact) -> None:
    challenge = begin(phone)
    clock.move(timedelta(seconds=61))
    challenges.resend(contact=phone, now=clock.now())
    stuck, newest = OutboxMessage.objects.filter(kind="link_code").order_by("pk")
    code = kinds.LinkCode().mail(newest, now=clock.now()).code
    with pytest.raises(Withheld, match="newer"):
        kinds.LinkCode().mail(stuck, now=clock.now())
    assert check(phone, challenge, code).is_ == "right"
