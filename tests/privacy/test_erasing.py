"""Somebody is erased: nothing of them is left, nothing of anybody else is touched, and nothing comes back."""

import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from bot import inbox, storing
from bot.models import InboundEvent, WebhookBody
from inspector_whatsapp import clock, retention, sync
from inspector_whatsapp.models import (
    Ask,
    Contact,
    Erasure,
    LegalHold,
    Link,
    OutboxMessage,
    Tombstone,
    User,
    Wait,
)
from inspector_whatsapp.privacy import erasing, graves, holds
from inspector_whatsapp.privacy.people import of_account
from inspector_whatsapp.privacy.scrubbing import clean
from linking.models import LinkChallenge
from notifications.models import ConsentEntry
from tests.factories import (
    AgentFactory,
    AskFactory,
    ContactFactory,
    InspectionFactory,
    InspectorFactory,
    LinkFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    WaitFactory,
    at,
)
from tests.privacy import bombs
from tests.privacy.person import Somebody, body, snapshot, traces

pytestmark = pytest.mark.django_db


def test_nothing_of_them_is_left_and_nothing_of_others_is_touched(
    both: tuple[Somebody, Somebody], boss: User, caplog: pytest.LogCaptureFixture
) -> None:
    ada, other = both
    caplog.set_level(logging.DEBUG)
    before, of_other = traces(ada), snapshot(other)
    assert len(before) > 25  # so that finding nothing means something
    erasure = erasing.ask(account=ada.account, by=boss)
    assert erasing.run_all() == 1
    erasure.refresh_from_db()
    assert (erasure.trouble, erasure.words) == ("", [])
    assert erasure.done_at is not None
    assert traces(ada) == []
    assert snapshot(other) == of_other
    assert not any(ada.mark in line or ada.digits in line for line in caplog.messages)


def erase(whom: Somebody, boss: User) -> Erasure:
    erasure = erasing.ask(account=whom.account, by=boss)
    assert erasing.run_all() == 1
    erasure.refresh_from_db()
    return erasure


def test_a_place_that_is_held_for_them_goes_to_the_next_in_line(
    both: tuple[Somebody, Somebody], boss: User
) -> None:
    ada, other = both
    slot = SlotFactory(taken=1)
    held = WaitFactory(seeker=ada.account, slot=slot, state="offered", offered=slot, offered_at=clock.now())
    after = WaitFactory(seeker=SeekerFactory(), slot=slot)
    erase(ada, boss)
    after.refresh_from_db()
    assert (after.state, after.offered) == ("offered", slot)
    assert not Wait.objects.filter(pk=held.pk).exists()
    assert Wait.objects.filter(seeker=other.account).exists()


def test_what_they_are_asked_to_take_over_is_asked_of_somebody_else(
    both: tuple[Somebody, Somebody], boss: User
) -> None:
    ada, _other = both
    User.objects.filter(pk=ada.account.pk).update(role="inspector")
    visit = InspectionFactory(inspector=None, slot__inspector=None, slot__taken=1)
    ask = AskFactory(inspection=visit, inspector=ada.account)
    next_one = InspectorFactory()
    SlotFactory(property=visit.property, inspector=next_one, starts_at=at(10, days=-9))
    erase(ada, boss)
    assert not Ask.objects.filter(pk=ask.pk).exists()
    assert Ask.objects.get(inspection=visit).inspector == next_one


def test_what_meta_repeats_of_them_is_swallowed(both: tuple[Somebody, Somebody], boss: User) -> None:
    ada, other = both
    erase(ada, boss)
    events = InboundEvent.objects.count()
    again = [ada.said("Zqxwj says hello", ada.wamid), other.said("Vwkzj says hello", other.wamid)]
    read = {
        "id": f"wamid.{ada.mark}OUT",
        "status": "read",
        "recipient_id": ada.phone,
        "timestamp": "1795348800",
    }
    storing.store(body(*again, statuses=(read,)))
    assert inbox.drain() == 1
    assert traces(ada) == []
    assert InboundEvent.objects.count() == events
    assert not Contact.objects.filter(phone=ada.phone).exists()


def test_what_they_write_later_is_a_strangers(both: tuple[Somebody, Somebody], boss: User) -> None:
    ada, _other = both
    old = ada.contact.pk
    erase(ada, boss)
    storing.store(body(ada.said("Hello again", "wamid.new")))
    inbox.drain()
    fresh = Contact.objects.get(phone=ada.phone)
    assert fresh.pk != old
    assert not fresh.links.exists()
    assert InboundEvent.objects.get(contact=fresh).text == "Hello again"


def test_the_others_events_of_a_webhook_stay_in_it(both: tuple[Somebody, Somebody], boss: User) -> None:
    ada, other = both
    erase(ada, boss)
    kept = bytes(WebhookBody.objects.get(events__contact=other.contact).body).decode()
    assert other.wamid in kept
    assert ada.wamid not in kept


@pytest.mark.parametrize("call", range(5))
def test_one_that_was_killed_goes_on_to_the_same_end(
    both: tuple[Somebody, Somebody], boss: User, settings: Settings, call: int
) -> None:
    ada, other = both
    of_other = snapshot(other)
    # Before, between and behind what the apps keep of people, and in what is looked through in the end.
    place = (0, 2, 4, 1, 3)[call]
    names = list(settings.ERASERS)
    settings.ERASERS = (*names[:place], "tests.privacy.bombs.kept", *names[place:])
    bombs.set_for(call if call < 3 else 2)
    erasure = erasing.ask(account=ada.account, by=boss)
    with pytest.raises(bombs.Killed):
        erasing.run(erasure)
    erasure.refresh_from_db()
    assert erasure.done_at is None
    assert erasing.run_all() == 1
    erasure.refresh_from_db()
    assert (erasure.trouble, erasure.attempts) == ("", 2)
    assert traces(ada) == []
    assert snapshot(other) == of_other


def test_a_hold_forbids_it_until_it_is_lifted(both: tuple[Somebody, Somebody], boss: User) -> None:
    ada, _other = both
    hold = LegalHold.objects.create(account=ada.account, why="Case 12", placed_by=boss, placed_at=clock.now())
    with pytest.raises(erasing.CannotErase, match="Case 12"):
        erasing.ask(account=ada.account, by=boss)
    assert holds.lift(hold)
    erasure = erasing.ask(account=ada.account, by=boss)
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=None)  # placed again, just in time
    before = len(traces(ada))
    assert erasing.run_all() == 0
    erasure.refresh_from_db()
    assert "forbids" in erasure.trouble
    assert len(traces(ada)) == before


def test_a_hold_ends_with_its_last_day(both: tuple[Somebody, Somebody], boss: User) -> None:
    ada, _other = both
    day = {"placed_by": boss, "placed_at": clock.now(), "why": "Case 12"}
    LegalHold.objects.create(account=ada.account, until=holds.today(), **day)
    assert len(holds.on(ada.person)) == 1
    clock.move(timedelta(days=1))
    assert holds.on(ada.person) == []


def test_staff_agents_at_work_and_whoever_is_gone_already_are_refused_in_words(boss: User) -> None:
    agent, inspector = AgentFactory(), InspectorFactory()
    PropertyFactory(agent=agent)
    InspectionFactory(inspector=inspector)
    gone = SeekerFactory(email="erased-1@erased.invalid")
    for account, words in (
        (boss, "rights in the console"),
        (agent, "properties on offer"),
        (inspector, "carry out 1 inspections"),
        (gone, "erased already"),
    ):
        with pytest.raises(erasing.CannotErase, match=words):
            erasing.ask(account=account, by=boss)
    assert not Erasure.objects.exists()


def test_what_they_had_booked_is_called_off_and_its_place_is_free(boss: User) -> None:
    inspection = InspectionFactory()
    LinkFactory(account=inspection.seeker)
    erasure = erasing.ask(account=inspection.seeker, by=boss)
    assert erasing.ask(account=inspection.seeker, by=boss) == erasure  # a second click
    assert erasing.run_all() == 1
    inspection.refresh_from_db()
    assert inspection.slot is not None
    assert (inspection.state, inspection.slot.taken) == ("cancelled", 0)
    told = OutboxMessage.objects.filter(cause__kind="inspection_cancelled")
    assert {one.account_id for one in told} >= {inspection.property.agent_id}
    assert inspection.seeker_id not in {one.account_id for one in OutboxMessage.objects.all()}


def test_a_whatsapp_that_speaks_for_others_stays_theirs(boss: User) -> None:
    family = ContactFactory()
    mine, sisters = LinkFactory(contact=family, current=False), LinkFactory(contact=family)
    OutboxMessage.objects.create(
        kind="reply",
        channel="whatsapp",
        contact=family,
        account=sisters.account,
        lane="x",
        text="for her",
        created_at=clock.now(),
        not_before=clock.now(),
    )
    assert of_account(mine.account).shared == (family.pk,)
    erasing.ask(account=mine.account, by=boss)
    assert erasing.run_all() == 1
    assert [link.account_id for link in Link.objects.filter(contact=family)] == [sisters.account_id]
    assert OutboxMessage.objects.filter(text="for her").exists()


def test_a_stranger_can_be_erased_by_their_whatsapp_alone(boss: User) -> None:
    stranger = Somebody(mark="Zqxwj", digits="8077700011")
    storing.store(body(stranger.said("Zqxwj here", "wamid.Zqxwj1")))
    inbox.drain()
    contact = Contact.objects.get(phone=stranger.phone)
    erasing.ask(contact=contact, by=boss)
    assert erasing.run_all() == 1
    assert traces(stranger) == []


def test_old_news_of_inspectors_does_not_fill_the_row_again_and_newer_news_does(boss: User) -> None:
    account = SeekerFactory(platform_id="u-7", version=5)
    erasing.ask(account=account, by=boss)
    assert erasing.run_all() == 1
    row = {"id": "u-7", "version": 5, "email": "ada@example.com", "name": "Ada", "role": "seeker"}
    assert [one.result for one in sync.apply("users", [row])] == ["stale"]
    account.refresh_from_db()
    assert (account.email, account.name) == (f"erased-{account.pk}@erased.invalid", "")
    # What Inspector says after that is Inspector's to decide: it keeps the account, and so do we.
    assert [one.result for one in sync.apply("users", [row | {"version": 6}])] == ["updated"]
    account.refresh_from_db()
    assert account.email == "ada@example.com"


def test_the_log_of_consent_keeps_the_yes_and_forgets_whose_it_was(
    both: tuple[Somebody, Somebody], boss: User
) -> None:
    ada, _other = both
    entry = ConsentEntry.objects.get(account=ada.account, evidence=ada.wamid)
    erase(ada, boss)
    entry.refresh_from_db()
    assert (entry.account, entry.contact, entry.wording, entry.given) == (None, None, "connect-1", True)
    assert entry.evidence == f"erased:{graves.digest(ada.wamid).hex()}"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ConsentEntry.objects.filter(pk=entry.pk).update(evidence="something else")


def test_a_rotated_secret_wakes_nobody(settings: Settings) -> None:
    graves.bury(["wamid.1"])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" * 8, [settings.SECRET_KEY]
    assert graves.buried(["wamid.1", "wamid.2"]) == {"wamid.1"}
    settings.SECRET_KEY_FALLBACKS = []
    assert graves.buried(["wamid.1"]) == set()


def test_numbers_and_names_are_taken_out_whole_and_nothing_longer_is_touched() -> None:
    words = ("2348077700011", "08077700011", "ada.obi@example.com", "Ada Obi")
    said = {"to": "+2348077700011", "of": ["ADA OBI", "Ada Obiang", "12348077700011"], "at": 8}
    assert clean(said, words) == {
        "to": "[erased]",
        "of": ["[erased]", "[erased]ang", "12348077700011"],
        "at": 8,
    }


def test_the_retention_leaves_what_a_hold_protects(both: tuple[Somebody, Somebody], boss: User) -> None:
    ada, other = both
    LegalHold.objects.create(account=ada.account, why="Case 12", placed_by=boss, placed_at=clock.now())
    clock.move(timedelta(days=400))
    retention.run()
    for held, there in ((ada, True), (other, False)):
        assert WebhookBody.objects.filter(events__contact=held.contact).exists() == there
        assert InboundEvent.objects.filter(contact=held.contact).exists() == there
        assert OutboxMessage.objects.filter(contact=held.contact).exists() == there


def test_requests_to_link_and_tombstones_go_when_their_settings_say(
    both: tuple[Somebody, Somebody], boss: User, settings: Settings
) -> None:
    settings.RETENTION_CHALLENGES_DAYS, settings.RETENTION_TOMBSTONES_DAYS = 5, 40
    erase(both[0], boss)
    clock.move(timedelta(days=4))
    retention.run()
    assert LinkChallenge.objects.count() == 1
    clock.move(timedelta(days=2))
    retention.run()
    assert LinkChallenge.objects.count() == 0
    assert Tombstone.objects.exists()
    clock.move(timedelta(days=36))
    retention.run()
    assert not Tombstone.objects.exists()
