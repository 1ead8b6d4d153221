"""A person has a message said again, or by e-mail: once, whoever asks, and only where it would leave."""

from datetime import timedelta
from typing import Any

import pytest

from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.models import Incident, Inspection, Mailbox, OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import CannotRetry, SaidAgain
from notifications import preferences
from notifications.kind import Topic
from tests.at_once import at_once
from tests.factories import ContactFactory, InspectionFactory, LinkFactory, UserFactory, at
from tests.outbox import scenes
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


@pytest.fixture
def admin() -> User:
    return UserFactory(is_staff=True)


def told(status: str = Status.FAILED, **fields: Any) -> OutboxMessage:
    """A notification that came to this end, of an inspection still to come."""
    link = LinkFactory(contact=ContactFactory())
    inspection: Inspection = InspectionFactory(seeker=link.account, slot__starts_at=at(days=4))
    message = scenes.notification(inspection, link.contact)
    OutboxMessage.objects.filter(pk=message.pk).update(status=status, **fields)
    return OutboxMessage.objects.select_related("account", "contact").get(pk=message.pk)


def answer(status: str = Status.FAILED, **fields: Any) -> OutboxMessage:
    message = scenes.reply(ContactFactory(), "Which day?\n1. Monday")
    OutboxMessage.objects.filter(pk=message.pk).update(status=status, **fields)
    return OutboxMessage.objects.get(pk=message.pk)


def test_what_failed_is_said_again_and_names_what_it_repeats(meta: Meta, admin: User) -> None:
    failed = told()
    meta.hears(failed.contact)  # type: ignore[arg-type]
    again = outbox.repeat(failed, actor=admin)
    assert (again.repeats_id, again.status, again.text) == (failed.pk, Status.PENDING, "")
    outbox.drain()
    again.refresh_from_db()
    assert again.status == Status.ACCEPTED
    assert len(meta.requests()) == 1


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.EXPIRED, Status.UNCERTAIN])
def test_what_came_to_another_bad_end_may_be_said_again(admin: User, status: str) -> None:
    assert outbox.repeat(told(status), actor=admin).status == Status.PENDING


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.PENDING, "under way"),
        (Status.SENDING, "under way"),
        (Status.ACCEPTED, "has left"),
        (Status.READ, "has left"),
    ],
)
def test_what_is_under_way_or_has_left_is_not_said_again(admin: User, status: str, why: str) -> None:
    fields = {"lease_until": clock.now(), "lease_token": "0" * 32} if status == Status.SENDING else {}
    message = told(status, **fields)
    with pytest.raises(CannotRetry, match=why):
        outbox.repeat(message, actor=admin)
    assert OutboxMessage.objects.count() == 1


def test_what_is_of_no_use_any_more_is_not_said_again(admin: User) -> None:
    message = told(expires_at=clock.now() - timedelta(minutes=1))
    with pytest.raises(CannotRetry, match="too late"):
        outbox.repeat(message, actor=admin)


def test_what_would_be_withheld_again_is_not_written_and_the_refusal_says_why(admin: User) -> None:
    message = told()
    assert message.contact is not None
    message.contact.stopped_at = clock.now()
    message.contact.save()
    with pytest.raises(CannotRetry, match="they stopped everything on WhatsApp"):
        outbox.repeat(message, actor=admin)
    late = answer()
    assert late.contact is not None
    late.contact.last_inbound_at = clock.now() - timedelta(hours=25)
    late.contact.save()
    with pytest.raises(CannotRetry, match="24-hour window had closed"):
        outbox.repeat(late, actor=admin)
    assert OutboxMessage.objects.filter(repeats__isnull=False).count() == 0


def test_a_code_is_not_said_again_by_hand(admin: User) -> None:
    message = told(category="authentication")
    with pytest.raises(CannotRetry, match="A code is not said again"):
        outbox.repeat(message, actor=admin)
    assert outbox.rehearse(message, now=clock.now()).text == ""


def test_once_a_person_has_decided_nobody_else_is_asked_to(admin: User) -> None:
    message = told(uncertain_at=clock.now())
    incidents.report("message_uncertain", key=str(message.pk), sentence="Unknown.")
    outbox.repeat(message, actor=admin)
    assert not Incident.objects.filter(closed_at=None).exists()


def test_asked_for_twice_it_is_said_once(admin: User) -> None:
    message = told()
    again = outbox.repeat(message, actor=admin)
    with pytest.raises(SaidAgain) as already:
        outbox.repeat(message, actor=admin)
    assert already.value.by == again
    assert outbox.retry(message, actor=admin) == again
    with pytest.raises(SaidAgain):
        outbox.by_mail(message, actor=admin)
    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_however_many_ask_at_once_and_for_whatever_it_is_said_once() -> None:
    admin, message = UserFactory(is_staff=True), told(Status.UNCERTAIN, uncertain_at=clock.now())

    def ask(verb: Any) -> str:
        try:
            verb(message, actor=admin)
        except CannotRetry:
            return "refused"
        return "said"

    verbs = (outbox.repeat, outbox.by_mail, outbox.repeat, outbox.by_mail)
    outcomes = at_once(*(lambda verb=verb: ask(verb) for verb in verbs))
    assert sorted(outcomes) == ["refused", "refused", "refused", "said"]
    assert OutboxMessage.objects.filter(repeats=message).count() == 1


def test_a_notification_goes_by_e_mail_in_its_own_words_for_a_mailbox(meta: Meta, admin: User) -> None:
    message = told()
    letter = outbox.by_mail(message, actor=admin)
    assert (letter.channel, letter.kind, letter.repeats_id) == ("email", "inspection_booked", message.pk)
    outbox.drain()
    (mail,) = meta.mails()
    assert message.account is not None
    assert mail["to"] == [message.account.email] or message.account.email in str(mail["to"])


def test_an_answer_of_the_chat_goes_by_e_mail_in_the_words_it_had(meta: Meta, admin: User) -> None:
    message = answer()
    with pytest.raises(CannotRetry, match="No account is meant"):
        outbox.by_mail(message, actor=admin)
    LinkFactory(contact=message.contact, made_at=message.created_at - timedelta(hours=1))
    letter = outbox.by_mail(message, actor=admin)
    outbox.drain()
    letter.refresh_from_db()
    assert letter.status == Status.ACCEPTED
    assert "Which day?" in letter.text
    assert "Monday" in letter.text


def test_on_a_phone_of_several_nobody_gets_anothers_answer_by_e_mail(admin: User) -> None:
    message = answer()
    for current in (True, False):
        LinkFactory(contact=message.contact, made_at=message.created_at - timedelta(hours=1), current=current)
    with pytest.raises(CannotRetry, match="No account is meant"):
        outbox.by_mail(message, actor=admin)


def test_where_there_is_a_letter_already_no_second_one_is_written(admin: User) -> None:
    message = told()
    assert message.key is not None
    OutboxMessage.objects.filter(pk=message.pk).update(key="booked:1:whatsapp")
    there = scenes.letter()
    OutboxMessage.objects.filter(pk=there.pk).update(key="booked:1:email", status=Status.SENT)
    with pytest.raises(CannotRetry, match=f"a letter of it already, message {there.pk}"):
        outbox.by_mail(message, actor=admin)
    OutboxMessage.objects.filter(pk=there.pk).update(status=Status.FAILED)
    with pytest.raises(CannotRetry, match="did not arrive"):
        outbox.by_mail(message, actor=admin)


def test_no_letter_goes_to_a_mailbox_that_takes_none_or_does_not_want_it(admin: User) -> None:
    message = told()
    assert message.account is not None
    Mailbox.objects.create(address=message.account.email, why="bounced", at=clock.now())
    with pytest.raises(CannotRetry, match="came back"):
        outbox.by_mail(message, actor=admin)
    other = told()
    assert other.account is not None
    preferences.choose(account=other.account, topic=Topic.INSPECTIONS, channels=["whatsapp"])
    with pytest.raises(CannotRetry, match="do not want it by e-mail"):
        outbox.by_mail(other, actor=admin)
    assert not OutboxMessage.objects.filter(channel="email").exists()


def test_news_of_an_accounts_safety_is_not_said_by_e_mail_by_hand(admin: User) -> None:
    message = told()
    OutboxMessage.objects.filter(pk=message.pk).update(kind="link_made")
    with pytest.raises(CannotRetry, match="safety of an account"):
        outbox.by_mail(message, actor=admin)


def test_only_what_was_for_whatsapp_goes_by_e_mail_instead(admin: User) -> None:
    letter = scenes.letter()
    OutboxMessage.objects.filter(pk=letter.pk).update(status=Status.FAILED)
    with pytest.raises(CannotRetry, match="only what is for WhatsApp"):
        outbox.by_mail(letter, actor=admin)


def test_a_rehearsal_says_what_would_be_said_and_leaves_nothing_behind() -> None:
    message = told(Status.PENDING)
    rehearsal = outbox.rehearse(message, now=clock.now())
    assert "booked" in rehearsal.text.lower()
    assert rehearsal.steps[0].name == "consent"
    message.refresh_from_db()
    assert (message.text, message.story, message.status) == ("", [], Status.PENDING)
    OutboxMessage.objects.filter(pk=message.pk).update(kind="of another release")
    message.refresh_from_db()
    assert "KeyError" in outbox.rehearse(message, now=clock.now()).withheld
