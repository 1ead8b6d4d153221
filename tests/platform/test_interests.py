"""Keeping properties in view, and what their agents see of it."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import InvitedLately, NoLongerInterested, NothingFree, NotLive
from inspector_whatsapp.models import Change, Interest
from inspector_whatsapp.models.listings import PropertyStatus
from tests.factories import (
    AgentFactory,
    InterestFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    at,
    now,
)

pytestmark = pytest.mark.django_db


def invite(interest: Interest) -> Interest:
    return listings.invite(interest=interest, actor=interest.property.agent, origin=Origin.CHAT)


def test_an_interest_is_shown_once_and_removed_once() -> None:
    seeker, home = SeekerFactory(), PropertyFactory()
    shown = [listings.show_interest(seeker=seeker, property=home, origin=Origin.CHAT) for _ in range(2)]
    assert shown == [True, False]
    assert list(listings.of_interest_to(seeker)) == [home]
    removed = [listings.remove_interest(seeker=seeker, property=home, origin=Origin.CHAT) for _ in range(2)]
    assert removed == [True, False]
    assert not listings.of_interest_to(seeker)
    kinds = Change.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["interest_shown", "interest_removed"]


def test_nobody_keeps_in_view_what_is_not_shown() -> None:
    seeker, draft = SeekerFactory(), PropertyFactory(status=PropertyStatus.DRAFT)
    assert not listings.show_interest(seeker=seeker, property=draft, origin=Origin.CHAT)
    assert not Change.objects.exists()


def test_what_was_let_stays_in_view_and_the_last_shown_is_first() -> None:
    seeker = SeekerFactory()
    old = InterestFactory(seeker=seeker, created_at=now() - timedelta(days=2))
    new = InterestFactory(seeker=seeker, property__status=PropertyStatus.LET)
    InterestFactory(seeker=seeker, removed_at=now())
    InterestFactory(property=old.property, created_at=now())
    assert list(listings.of_interest_to(seeker)) == [new.property, old.property]


# --- what the agent sees ----------------------------------------------------------------------------------
def test_an_agent_sees_their_own_with_how_many_are_interested_newest_first() -> None:
    agent = AgentFactory()
    old, new = PropertyFactory(agent=agent), PropertyFactory(agent=agent, status=PropertyStatus.PENDING)
    PropertyFactory(agent=agent, status=PropertyStatus.DRAFT)
    PropertyFactory()
    InterestFactory.create_batch(2, property=old)
    InterestFactory(property=old, removed_at=now())
    own = list(listings.of(agent))
    assert own == [new, old]
    assert [listings.interest_count(home) for home in own] == [0, 2]
    assert listings.interest_count(PropertyFactory()) == 0
    assert list(listings.interests_of(agent)) == [old]


def test_an_agent_sees_who_is_interested_newest_first() -> None:
    home = PropertyFactory()
    older = InterestFactory(property=home, created_at=now() - timedelta(days=2))
    newer = InterestFactory(property=home)
    InterestFactory(property=home, removed_at=now())
    InterestFactory()
    assert list(listings.interested_in(home)) == [newer, older]


def test_an_invitation_is_recorded_and_not_repeated_for_a_week() -> None:
    interest = InterestFactory()
    SlotFactory(property=interest.property, starts_at=at(10, days=9))
    invited = invite(interest)
    assert invited.invited_at is not None
    change = Change.objects.get()
    assert (change.kind, change.subject) == ("seeker_invited", str(interest.pk))
    assert change.data == {"property": interest.property.ref}
    with pytest.raises(InvitedLately) as refusal:
        invite(interest)
    assert refusal.value.interest.invited_at == invited.invited_at
    clock.move(timedelta(days=7, seconds=1))
    again = invite(interest).invited_at
    assert again is not None
    assert again > invited.invited_at
    assert Change.objects.count() == 2


def test_nobody_is_invited_to_what_cannot_be_inspected() -> None:
    full = InterestFactory()
    SlotFactory(property=full.property, taken=1)
    with pytest.raises(NothingFree):
        invite(full)
    gone = InterestFactory(property__status=PropertyStatus.LET)
    SlotFactory(property=gone.property)
    with pytest.raises(NotLive):
        invite(gone)
    over = InterestFactory(removed_at=now())
    SlotFactory(property=over.property)
    with pytest.raises(NoLongerInterested):
        invite(over)
    assert not Change.objects.exists()
    assert not Interest.objects.exclude(invited_at=None).exists()
