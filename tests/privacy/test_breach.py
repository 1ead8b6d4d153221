"""Who is affected by a breach: exactly those, by their address, and nobody else."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from bot.models import InboundEvent, WebhookBody
from inspector_whatsapp import audit, clock
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import AuditEntry, Contact, Link, OutboxMessage, User
from inspector_whatsapp.privacy import breach
from tests.factories import ContactFactory, LinkFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def links() -> list[Link]:
    """Four people with a WhatsApp each."""
    at = clock.now() - timedelta(hours=3)
    return [LinkFactory(contact=ContactFactory(last_inbound_at=None), made_at=at) for _ in range(4)]


def emails(people: list[breach.Affected]) -> set[str]:
    return {one.account.email for one in people if one.account}


def heard(contact: Contact, at: datetime) -> None:
    """A body came with one message in it."""
    body = WebhookBody.objects.create(digest=str(at).encode(), body=b"{}", received_at=at, state="parsed")
    InboundEvent.objects.create(
        key=f"m:{contact.pk}:{at}",
        body=body,
        kind="message",
        contact=contact,
        content={},
        said_at=at,
        received_at=at,
        state="done",
    )


def test_whose_bodies_were_stored_between_two_moments(links: list[Link]) -> None:
    now = clock.now()
    for hours, link in enumerate(links):
        heard(link.contact, now - timedelta(hours=hours))
    span = {"since": now - timedelta(hours=2, minutes=1), "until": now - timedelta(minutes=1)}
    found = breach.stored(tables=["bot.WebhookBody"], **span)
    assert emails(found) == {links[1].account.email, links[2].account.email}
    (one,) = [one for one in found if one.account == links[1].account]
    assert (one.rows, one.first, one.contact) == (1, now - timedelta(hours=1), links[1].contact)
    assert one.phone == f"•••{(links[1].contact.phone or '')[-4:]}"


def test_somebody_with_rows_by_their_account_and_by_their_whatsapp_is_one_person(links: list[Link]) -> None:
    at = clock.now()
    common = {"kind": "x", "channel": "whatsapp", "lane": "x", "created_at": at, "not_before": at}
    OutboxMessage.objects.create(account=links[0].account, **common)
    OutboxMessage.objects.create(contact=links[0].contact, **common)
    stranger = ContactFactory()
    OutboxMessage.objects.create(contact=stranger, **common)
    found = breach.stored(tables=["inspector_whatsapp.OutboxMessage"], until=at)
    assert [(one.account, one.contact) for one in found] == [
        (links[0].account, links[0].contact),
        (None, stranger),
    ]


def test_whom_one_of_the_staff_looked_at(links: list[Link]) -> None:
    nosy, other = UserFactory(is_staff=True), UserFactory(is_staff=True)
    start = clock.now()
    audit.record(Act.REVEALED, actor=nosy, subject=links[0].contact)
    audit.record(Act.SAW, actor=nosy, subject=links[1].account)
    audit.record(
        Act.SEARCHED, actor=nosy, subject=Contact
    )  # saw a list of masked numbers: nobody in particular
    audit.record(Act.SAW, actor=other, subject=links[2].account)
    clock.move(timedelta(hours=1))
    audit.record(Act.SAW, actor=nosy, subject=links[3].account)
    end = start + timedelta(minutes=30)
    assert emails(breach.looked_at(since=start, until=end, by=nosy)) == {
        links[0].account.email,
        links[1].account.email,
    }
    assert len(breach.looked_at(since=start, until=end)) == 3


def test_a_list_that_was_taken_whole_affects_everybody_in_it(links: list[Link]) -> None:
    start = clock.now()
    audit.record(Act.EXPORTED, actor=None, subject=Link)
    clock.move(timedelta(hours=1))
    LinkFactory(made_at=clock.now())
    found = breach.looked_at(since=start, until=clock.now())
    assert emails(found) == {link.account.email for link in links}


def test_who_was_linked_at_a_moment(links: list[Link]) -> None:
    at = clock.now()
    Link.objects.filter(pk=links[0].pk).update(state="ended", current=False, ended_at=at - timedelta(hours=1))
    Link.objects.filter(pk=links[1].pk).update(state="ended", current=False, ended_at=at + timedelta(hours=1))
    Link.objects.filter(pk=links[2].pk).update(made_at=at + timedelta(hours=1))
    assert emails(breach.linked(at=at)) == {links[1].account.email, links[3].account.email}


def test_the_command_writes_a_list_that_no_spreadsheet_runs(links: list[Link]) -> None:
    User.objects.filter(pk=links[0].account_id).update(email="=cmd@example.com")
    said = io.StringIO()
    call_command("breach_report", linked=True, until="2099-01-01T10:00", stdout=said)
    lines = list(csv.DictReader(io.StringIO(said.getvalue())))
    assert len(lines) == 4
    assert lines[0]["e-mail"] == "'=cmd@example.com"
    assert all(line["phone"].startswith("•••") for line in lines)
    assert AuditEntry.objects.get(act=Act.EXPORTED).details == {"rows": 4}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "one of --table"),
        ({"table": ["bot.Nothing"]}, "No such table: bot.Nothing"),
        ({"looked": True}, "needs --since"),
        ({"linked": True, "until": "yesterday"}, "is no time"),
        ({"looked": True, "since": "2026-11-01", "by": "nobody@example.com"}, "Nobody has"),
    ],
)
def test_a_wish_it_does_not_understand_is_answered_in_words(options: dict[str, object], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("breach_report", **options)
