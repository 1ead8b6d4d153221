"""Many at once on properties, interests, searches and feedback, on real connections."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest

from inspector_whatsapp import feedback, listings, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import CannotInvite, Criteria
from inspector_whatsapp.models import Change, Feedback, Incident, Interest, ProblemReport, SavedSearch
from inspector_whatsapp.models.feedback import AsListed, Problem
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import Frequency, PropertyStatus
from tests.at_once import at_once
from tests.factories import InspectionFactory, InterestFactory, PropertyFactory, SeekerFactory, SlotFactory

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT


def refused(call: Callable[[], object]) -> object:
    """What the call gave, or the rule that refused it."""
    try:
        return call()
    except CannotInvite as refusal:
        return refusal


def test_availability_set_from_several_places_at_once_is_recorded_as_it_went() -> None:
    for _round in range(5):
        home = PropertyFactory()
        wishes = [PropertyStatus.LET, PropertyStatus.SOLD, PropertyStatus.UNAVAILABLE, PropertyStatus.LET]
        at_once(
            *(
                partial(
                    listings.set_availability, property=home, status=status, actor=home.agent, origin=CHAT
                )
                for status in wishes
            )
        )
        home.refresh_from_db()
        recorded = Change.objects.filter(subject=home.ref).order_by("pk").values_list("data", flat=True)
        chain = [(data["before"], data["after"]) for data in recorded]
        assert 3 <= len(chain) <= 4
        assert chain[0][0] == PropertyStatus.LIVE
        assert all(one[1] == other[0] for one, other in pairwise(chain))
        assert chain[-1][1] == home.status


def test_a_seeker_who_is_invited_many_times_at_once_is_invited_once() -> None:
    for _round in range(5):
        interest = InterestFactory()
        SlotFactory(property=interest.property)
        invite = partial(listings.invite, interest=interest, actor=None, origin=CHAT)
        outcomes = at_once(*[partial(refused, invite)] * 4)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Interest"] + ["InvitedLately"] * 3
        assert Change.objects.filter(kind="seeker_invited", subject=str(interest.pk)).count() == 1


def test_an_invitation_and_a_removal_at_once_leave_the_truth() -> None:
    for _round in range(5):
        interest = InterestFactory()
        SlotFactory(property=interest.property)
        outcomes = at_once(
            partial(refused, partial(listings.invite, interest=interest, actor=None, origin=CHAT)),
            partial(
                listings.remove_interest, seeker=interest.seeker, property=interest.property, origin=CHAT
            ),
        )
        assert outcomes[1] is True
        kept = Interest.objects.get(pk=interest.pk)
        assert kept.removed_at is not None
        assert (kept.invited_at is not None) == isinstance(outcomes[0], Interest)


def test_a_search_saved_many_times_at_once_is_one() -> None:
    wishes = Criteria(areas=("Yaba",), price_max=2_000_000)
    for _round in range(5):
        seeker = SeekerFactory()
        save = partial(
            searches.save, seeker=seeker, criteria=wishes, frequency=Frequency.INSTANT, origin=CHAT
        )
        assert len(set(at_once(*[save] * 5))) == 1
        assert SavedSearch.objects.filter(seeker=seeker).count() == 1
        assert Change.objects.filter(kind="search_saved", actor=seeker).count() == 1


def test_a_property_published_twice_at_once_goes_live_once() -> None:
    for _round in range(5):
        home = PropertyFactory(status=PropertyStatus.PENDING, published_at=None)
        publish = partial(listings.publish, property=home, actor=None, origin=Origin.ADMIN)
        assert len({live.published_at for live in at_once(*[publish] * 3)}) == 1
        assert Change.objects.filter(subject=home.ref).count() == 1


def test_two_taps_of_feedback_at_once_are_one_feedback() -> None:
    for _round in range(5):
        inspection = InspectionFactory(state=InspectionState.COMPLETED)
        taps = [
            partial(feedback.give, inspection=inspection, as_listed=tap, actor=None, origin=CHAT)
            for tap in (AsListed.YES, AsListed.NO, AsListed.YES)
        ]
        at_once(*taps)
        kept = Feedback.objects.get(inspection=inspection)
        last = Change.objects.filter(subject=str(kept.pk), kind="feedback_given").order_by("pk").last()
        assert last is not None
        assert last.data["as_listed"] == kept.as_listed


def test_a_problem_reported_many_times_at_once_is_one_report() -> None:
    seeker, home = SeekerFactory(), PropertyFactory()
    reports = [
        partial(
            feedback.report_problem,
            reporter=seeker,
            property=home,
            problem=Problem.FAKE,
            words=f"words {number}",
            origin=CHAT,
        )
        for number in range(5)
    ]
    assert len(set(at_once(*reports))) == 1
    kept = ProblemReport.objects.get()
    assert sorted(kept.words.splitlines()) == [f"words {number}" for number in range(5)]
    assert Change.objects.filter(kind="problem_reported").count() == 1
    assert Incident.objects.get().times == 5
