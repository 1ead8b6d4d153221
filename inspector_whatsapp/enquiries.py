"""Is it still there? A property's agent is asked once for all who want to know, and all are told the answer.

The last enquiry of a property is how it stands with it: open, answered lately, or left unanswered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from inspector_whatsapp import changes, clock, inspections, listings
from inspector_whatsapp.changes import Happened, News, Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.inspections.free import still_to_begin
from inspector_whatsapp.inspections.locks import hold, lock_people, lock_property
from inspector_whatsapp.models import Enquirer, Enquiry, Inspection, Property, User
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import ListingType, PropertyStatus

# Whoever has left a question unanswered is not asked the same again within this time …
REST = timedelta(days=1)
# … nor is anybody asked more often within it, or does anybody ask more, than this.
MOST = 10
JUST_SAID = timedelta(hours=12)  # who answered within this time is not asked before an inspection

ANSWERS = (EnquiryState.THERE, EnquiryState.UNDER_OFFER, EnquiryState.TAKEN)
_OFF_OFFER = {PropertyStatus.LET: EnquiryState.TAKEN, PropertyStatus.SOLD: EnquiryState.TAKEN}


class CannotAsk(Exception):
    """Nobody is asked."""


class AskedEnough(CannotAsk):
    """The agent has been asked as often as a day allows, or the seeker has asked as often."""


class YourOwn(CannotAsk):
    """Whoever asks is its agent."""


class Answered(Exception):
    """It has been answered already, or there is a newer question. `enquiry`: the last one, as it now is."""

    def __init__(self, enquiry: Enquiry) -> None:
        super().__init__(f"{enquiry} is {enquiry.state}.")
        self.enquiry = enquiry


@dataclass(frozen=True)
class Answer:
    """What came of an answer: the question as it now is, and the inspections that it called off."""

    enquiry: Enquiry
    cancelled: Sequence[Inspection] = ()


# --- how it stands ----------------------------------------------------------------------------------------
def standing(property: Property, *, now: datetime) -> Enquiry | None:
    """What is known of whether a live property is still there: an open question, or what became of the last.

    None where nobody was asked, or that is too long ago to mean anything.
    """
    last = Enquiry.objects.filter(property=property).order_by("-pk").first()
    if last is None or property.status != PropertyStatus.LIVE:
        return None
    if last.state == EnquiryState.ASKED:
        return last
    assert last.ended_at is not None
    return (
        last
        if last.ended_at > now - _fresh() and last.state in (EnquiryState.THERE, EnquiryState.UNANSWERED)
        else None
    )


def may_ask(property: Property, person: User | None, *, known: Enquiry | None, now: datetime) -> bool:
    """Whether it would be of use to somebody to ask: not where they have. known: how it stands."""
    if person is None or property.agent_id == person.pk or property.status != PropertyStatus.LIVE:
        return False
    if known is None or _rests_no_more(known, now):
        return True
    has_asked = Enquirer.objects.filter(enquiry=known, seeker=person)
    return known.state != EnquiryState.THERE and not has_asked.exists()


# --- asking -----------------------------------------------------------------------------------------------
def ask(*, seeker: User, property: Property, origin: Origin) -> Enquiry:
    """A seeker wants to know whether it is still there: what is known, or the question that they wait for.

    A fresh answer is enough, an open question serves many, and what was left unanswered rests for a day.
    Raises NotLive, YourOwn or AskedEnough.
    """
    with transaction.atomic():
        lock_people([seeker.pk, property.agent_id])
        property, now = lock_property(property.pk), clock.now()
        if property.status != PropertyStatus.LIVE:
            raise inspections.NotLive(property)
        if property.agent_id == seeker.pk:
            raise YourOwn
        known = standing(property, now=now)
        if known is not None and known.state == EnquiryState.THERE:
            return known
        if known is not None and not _rests_no_more(known, now):
            _want_to_know(known, [seeker.pk], now)
            return known
        _refuse_too_many(seeker, property.agent_id, now)
        return _ask(property, [seeker.pk], now, actor=seeker, origin=origin)


def ask_before_inspections() -> int:
    """The evening before: ask for each property that has inspections tomorrow; how many agents are asked.

    Once per property and day, however often it runs; not where its agent has just said so. A run that is made
    up after midnight is still about the day that it was missed for.
    """
    day = timezone.localdate(clock.now() + timedelta(hours=12))
    coming = _inspections_on(day).filter(property__status=PropertyStatus.LIVE)
    properties = coming.order_by("property").values_list("property", flat=True).distinct()
    return sum(retried(partial(_ask_before, property, day)) for property in list(properties))


def enquirers(enquiry: Enquiry) -> list[User]:
    """Who wants to know."""
    rows = Enquirer.objects.filter(enquiry=enquiry).select_related("seeker").order_by("pk")
    return [each.seeker for each in rows]


def to_be_told(enquiry: Enquiry, *, cancelled: Iterable[str] = ()) -> list[User]:
    """Who hears the answer: who wants to know, also those whom nobody had answered lately before.

    Where it is gone, who has an inspection of it, or had one of those cancelled (refs), hears of that.
    """
    assert enquiry.ended_at is not None
    before = Enquiry.objects.filter(property=enquiry.property_id, pk__lt=enquiry.pk)
    answered = before.filter(state__in=ANSWERS).order_by("-pk").values_list("pk", flat=True).first()
    left = before.filter(
        state=EnquiryState.UNANSWERED, pk__gt=answered or 0, ended_at__gt=enquiry.ended_at - _fresh()
    )
    wanted = Q(enquiry=enquiry) | Q(enquiry__in=left)
    rows = Enquirer.objects.filter(wanted).select_related("seeker").order_by("pk")
    people = {each.seeker_id: each.seeker for each in rows}
    if enquiry.state != EnquiryState.THERE:
        of_it = Inspection.objects.filter(property=enquiry.property_id)
        to_come = of_it.filter(state__in=LIVE_STATES, starts_at__gt=enquiry.ended_at)
        for seeker in (to_come | of_it.filter(ref__in=cancelled)).values_list("seeker", flat=True):
            people.pop(seeker, None)
    return list(people.values())


def told(enquiry: Enquiry, *, at: datetime) -> None:
    """Its agent has been told of the question: from then on it waits for an answer."""
    by = at + timedelta(hours=settings.ENQUIRY_ANSWER_HOURS)
    Enquiry.objects.filter(pk=enquiry.pk, state=EnquiryState.ASKED, answer_by=None).update(answer_by=by)


# --- answering --------------------------------------------------------------------------------------------
def of_agent(agent: User, pk: int) -> Enquiry | None:
    """The question of that key, if it is about a property of theirs."""
    rows = Enquiry.objects.filter(pk=pk, property__agent=agent)
    return rows.select_related("property__agent").first()


def status_of(property: Property, says: EnquiryState) -> PropertyStatus:
    """What the property is set to by such an answer."""
    if says == EnquiryState.TAKEN:
        return PropertyStatus.SOLD if property.listing_type == ListingType.SALE else PropertyStatus.LET
    return PropertyStatus.UNAVAILABLE if says == EnquiryState.UNDER_OFFER else PropertyStatus.LIVE


def answer(*, enquiry: Enquiry, says: EnquiryState, actor: User | None, origin: Origin) -> Answer:
    """The agent says how it is; late is better than never.

    Still there answers the newest question, whichever it was said to; what changes the property is said to
    that one only.
    Under offer it is no longer available, and its inspections stay. Taken it is let or sold, and the
    inspections to come are called off: their seekers are shown similar ones. Raises Answered or NotLive.
    """
    assert says in ANSWERS
    with transaction.atomic():
        # Whoever is about to book it has its slot; nobody else comes in from here on.
        coming = _hold_coming(enquiry.property_id) if says == EnquiryState.TAKEN else []
        property = lock_property(enquiry.property_id)
        # The one that was asked about, and the last, which may be it.
        asked = Enquiry.objects.filter(property=property, pk__gte=enquiry.pk).order_by("pk")
        first, last = asked.first() or enquiry, asked.last() or enquiry
        older = last.pk != enquiry.pk and says != EnquiryState.THERE
        if older or first.state in ANSWERS or last.state in ANSWERS:
            raise Answered(last)
        if property.status != PropertyStatus.LIVE:
            raise inspections.NotLive(property)
        _end(last, says, clock.now())
        status = status_of(property, says)
        cancelled = inspections.call_off(inspections=coming, status=status, actor=actor, origin=origin)
        if status != PropertyStatus.LIVE:
            property = listings.set_availability(property=property, status=status, actor=actor, origin=origin)
        last.property = property
        refs = [inspection.ref for inspection in cancelled]
        changes.record(
            "enquiry_answered",
            property,
            actor=actor,
            origin=origin,
            enquiry=last.pk,
            answer=str(says),
            cancelled=refs,
        )
    return Answer(last, cancelled)


def give_up(enquiry: Enquiry, *, unreached: bool = False) -> bool:
    """Nobody has answered in time, or the agent cannot be told; False where that is not so (any more)."""
    with transaction.atomic():
        property, now = lock_property(enquiry.property_id), clock.now()
        held = Enquiry.objects.get(pk=enquiry.pk)
        late = held.answer_by is not None and held.answer_by <= now
        if held.state != EnquiryState.ASKED or not (late or (unreached and held.answer_by is None)):
            return False
        _end(held, EnquiryState.UNANSWERED, now)
        changes.record("enquiry_unanswered", property, actor=None, origin=Origin.SERVICE, enquiry=held.pk)
    return True


# --- what changes bring about -----------------------------------------------------------------------------
def on_change(happened: Happened) -> None:
    """Listens to `changes.record`: what is no longer on offer is answered by that, if not lately answered."""
    on_changes([happened])


def on_changes(happened: Sequence[Happened]) -> None:
    """The same, for many changes at once."""
    gone = {
        one.subject.pk: (one.subject, one.quiet)
        for one in happened
        if one.kind in ("availability_changed", "property_changed")
        and isinstance(one.subject, Property)
        and one.subject.status != PropertyStatus.LIVE
    }
    if not gone:
        return
    now, news = clock.now(), []
    last = Enquiry.objects.filter(property__in=gone).order_by("property", "-pk").distinct("property")
    lately = Q(state=EnquiryState.UNANSWERED, ended_at__gt=now - _fresh())
    unanswered = Enquiry.objects.filter(Q(state=EnquiryState.ASKED) | lately, pk__in=last.values("pk"))
    for enquiry in unanswered.select_for_update(no_key=True).order_by("pk"):
        property, quiet = gone[enquiry.property_id]
        says = _OFF_OFFER.get(PropertyStatus(property.status), EnquiryState.UNDER_OFFER)
        _end(enquiry, says, now)
        data = {"enquiry": enquiry.pk, "answer": str(says), "cancelled": []}
        news.append(News(kind="enquiry_answered", subject=property, data=data, quiet=quiet))
    if news:
        changes.record_all(news, actor=None, origin=happened[0].origin)


# --- the steps --------------------------------------------------------------------------------------------
def _ask(
    property: Property,
    seekers: Iterable[int],
    now: datetime,
    *,
    actor: User | None,
    origin: Origin,
    day: date | None = None,
) -> Enquiry:
    enquiry = Enquiry.objects.create(property=property, day=day, asked_at=now)
    _want_to_know(enquiry, seekers, now)
    changes.record("enquiry_asked", property, actor=actor, origin=origin, enquiry=enquiry.pk)
    return enquiry


def _ask_before(key: int, day: date) -> int:
    property, now = lock_property(key), clock.now()
    seekers = set(_inspections_on(day).filter(property=property).values_list("seeker", flat=True))
    if not seekers or property.status != PropertyStatus.LIVE:
        return 0
    if Enquiry.objects.filter(property=property, day=day).exists():
        return 0
    known = standing(property, now=now)
    if known is not None and known.state == EnquiryState.ASKED:
        Enquiry.objects.filter(pk=known.pk).update(day=day)
        _want_to_know(known, seekers, now)
        return 0
    if known is not None and known.state == EnquiryState.THERE and (known.ended_at or now) > now - JUST_SAID:
        return 0
    _ask(property, sorted(seekers), now, actor=None, origin=Origin.SERVICE, day=day)
    return 1


def _fresh() -> timedelta:
    """For how long an answer counts, and none."""
    return timedelta(days=settings.ENQUIRY_FRESH_DAYS)


def _rests_no_more(known: Enquiry, now: datetime) -> bool:
    return known.state == EnquiryState.UNANSWERED and known.asked_at <= now - REST


def _want_to_know(enquiry: Enquiry, seekers: Iterable[int], now: datetime) -> None:
    rows = [Enquirer(enquiry=enquiry, seeker_id=seeker, created_at=now) for seeker in seekers]
    Enquirer.objects.bulk_create(rows, ignore_conflicts=True)


def _refuse_too_many(seeker: User, agent: int, now: datetime) -> None:
    asked = Enquiry.objects.filter(property__agent=agent, day=None, asked_at__gt=now - REST)
    if asked.count() >= MOST:
        raise AskedEnough
    if Enquirer.objects.filter(seeker=seeker, created_at__gt=now - REST).count() >= MOST:
        raise AskedEnough


def _inspections_on(day: date) -> QuerySet[Inspection]:
    """Those that stand and have not begun, by the clocks of the service's time zone."""
    first, end = (
        datetime.combine(each, time.min, timezone.get_default_timezone())
        for each in (day, day + timedelta(days=1))
    )
    standing = Inspection.objects.filter(state__in=LIVE_STATES, clash=False)
    return standing.filter(starts_at__gte=max(first, clock.now()), starts_at__lt=end)


def _hold_coming(property: int) -> list[Inspection]:
    """The inspections to come of a property, held with its slots."""
    now = clock.now()
    held = hold(
        property=property,
        slots=still_to_begin(now).filter(property=property),
        inspections=Inspection.objects.filter(property=property, state__in=LIVE_STATES, starts_at__gt=now),
    )
    return held.inspections


def _end(enquiry: Enquiry, state: EnquiryState, now: datetime) -> None:
    enquiry.state, enquiry.ended_at = state, now
    enquiry.save(update_fields=["state", "ended_at"])
