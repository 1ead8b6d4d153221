"""One of every notification to everybody, of people with long names, at long addresses, with markup."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from inspector_whatsapp import changes, clock, enquiries, inspections, jobs, listings, outbox, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria, Submission
from inspector_whatsapp.models import Inspection, Interest, Link, OutboxMessage, Property, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import Outcome
from inspector_whatsapp.models.listings import BookingRule, Frequency, Kind, ListingType, PropertyStatus
from inspector_whatsapp.outbox import Outgoing
from linking import rules as links
from notifications import alerts, broadcasts, consent, digests, regular, reminders
from notifications import messages as direct
from notifications.models.broadcasts import BroadcastKind
from tests.factories import (
    AgentFactory,
    BroadcastFactory,
    InspectorFactory,
    InterestFactory,
    PropertyFactory,
    SeekerFactory,
    UserFactory,
)
from tests.notifications import scenes
from tests.notifications.scenes import HOUR

LONG = "Olúwaṣeun *Adébáyọ̀-Ọláńrewájú* " * 3
ADDRESS = ("12_B Adétòkunbọ̀ Adémọ́lá Street, " * 8)[:200]
WHY = ("I'm in *Abuja* till Friday, and nobody else has the key. " * 8)[:300]


def messages() -> list[OutboxMessage]:
    """What was written to WhatsApp, by the changes that bring it about."""
    agent, inspector = scenes.linked(AgentFactory(name=LONG)), scenes.linked(InspectorFactory(name=LONG))
    seeker = scenes.linked(SeekerFactory(name=LONG))
    home = partial(PropertyFactory, agent=agent, address=ADDRESS)
    _late(seeker, home(), inspector)
    _booked_and_reminded(seeker, home(), inspector)
    _asked_for(seeker, home(booking_rule=BookingRule.ASK), inspector)
    _decided(seeker, home(), inspector)
    _assigned(seeker, home(), inspector)
    _reported(seeker, home(), inspector)
    _on_offer(seeker, home(status=PropertyStatus.PENDING, published_at=None), home(), home())
    _away(home(), inspector)
    _waiting(seeker, home())
    _still_there(seeker, home(), home(), home())
    _overdue(seeker, home(), inspector)
    _handed_in(agent)
    _broadcast()
    _connected()
    _in_the_morning(seeker)
    _regular(seeker, home(), inspector)
    _today(seeker, home(), inspector)
    return list(OutboxMessage.objects.filter(channel="whatsapp").select_related("account", "contact"))


def _late(seeker: User, home: Property, inspector: User) -> None:
    scenes.at_noon()
    inspection = scenes.book(hours=1, seeker=seeker, inspector=inspector, property=home)
    inspections.run_late(inspection=inspection, minutes=20, actor=inspector, origin=Origin.CHAT)
    inspections.be_there(inspection=inspection, actor=inspector, origin=Origin.CHAT)
    inspections.run_late(inspection=inspection, minutes=45, actor=inspector, origin=Origin.CHAT)
    scenes.cancel(inspection=inspection)


def _booked_and_reminded(seeker: User, home: Property, inspector: User) -> None:
    rule = scenes.rule(roles=["seeker", "agent", "inspector"], channels=["whatsapp"])
    inspection = scenes.book(hours=3, seeker=seeker, inspector=inspector, property=home)
    again = scenes.rule("again", minutes_before=100, channels=["whatsapp"], unanswered_only=True)
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(rule.pk)
    clock.move(HOUR / 3)
    reminders.tick(again.pk)
    changes.record("place_given_away", inspection, actor=None, origin=Origin.SERVICE)
    scenes.cancel(inspection=scenes.move(inspection, hours=50), why=WHY)
    Property.objects.filter(pk=home.pk).update(give_away_hours=2)
    inspection = scenes.book(hours=3, seeker=seeker, inspector=inspector, property=home)
    inspections.come(inspection=inspection, actor=None, origin=Origin.API)
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(rule.pk)


def _asked_for(seeker: User, home: Property, inspector: User) -> None:
    def ask(hours: float) -> Inspection:
        return scenes.book(hours=hours, seeker=seeker, inspector=inspector, property=home)

    for hours in (500, 510, 520):  # to be offered instead
        scenes.slot(hours=hours, property=home, inspector=inspector)
    inspection = inspections.confirm(inspection=ask(100), actor=None, origin=Origin.API)
    inspection = scenes.move(inspection, hours=110)
    changes.record("request_unanswered", inspection, actor=None, origin=Origin.SERVICE)
    inspections.decline(inspection=inspection, actor=None, origin=Origin.API, why=WHY)
    inspection = inspections.confirm(inspection=ask(120), actor=None, origin=Origin.API)
    scenes.move(inspection, hours=130)
    clock.move(25 * HOUR)
    inspections.chase_requests()


def _decided(seeker: User, home: Property, inspector: User) -> None:
    """By Inspector's backend."""
    scenes.slot(hours=530, property=home, inspector=inspector)  # to be offered instead
    inspection = scenes.book(hours=135, seeker=seeker, inspector=inspector, property=home)
    record = partial(changes.record, actor=None, origin=Origin.SYNC)
    record("inspection_pending", inspection)
    record("inspection_kept", inspection, asks=True)
    record("inspection_stands", inspection)
    record("inspection_refused", inspection)
    record("change_undone", home)


def _assigned(seeker: User, home: Property, inspector: User) -> None:
    inspection = scenes.book(hours=140, seeker=seeker, inspector=inspector, property=home)
    scenes.slot(hours=144, property=home, inspector=scenes.linked(InspectorFactory(name=LONG)))
    inspections.hand_back(inspection=inspection, actor=inspector, origin=Origin.API)
    inspection = Inspection.objects.get(pk=inspection.pk)
    inspections.assign(inspection=inspection, inspector=inspector, actor=None, origin=Origin.ADMIN)
    today = scenes.book(hours=10.5, seeker=seeker, inspector=inspector, property=home)
    inspections.hand_back(inspection=today, actor=inspector, origin=Origin.API)


def _reported(seeker: User, home: Property, inspector: User) -> None:
    inspection = scenes.book(hours=1, seeker=seeker, inspector=inspector, property=home)
    clock.move(HOUR + timedelta(seconds=1))
    for outcome in Outcome:
        inspections.report(
            inspection=inspection, outcome=outcome, note="", photos=(), actor=inspector, origin=Origin.API
        )


def _on_offer(seeker: User, new: Property, gone: Property, back: Property) -> None:
    Property.objects.filter(pk__in=[gone.pk, back.pk]).update(area="Yaba")
    set_availability = partial(listings.set_availability, actor=None, origin=Origin.ADMIN)
    wishes = Criteria(areas=("Lekki Phase 1",), kinds=("apartment",), price_max=90_000_000)
    searches.save(seeker=seeker, criteria=wishes, frequency=Frequency.INSTANT, origin=Origin.CHAT)
    listings.publish(property=new, actor=None, origin=Origin.ADMIN)
    alerts.tell()
    wishes = Criteria(cities=("Lagos",))
    searches.save(seeker=seeker, criteria=wishes, frequency=Frequency.DAILY, origin=Origin.CHAT)
    for _number in range(12):
        alerts.note(PropertyFactory(area="Surulere"))
    digests.send()
    for property in (new, gone, back):
        InterestFactory(seeker=seeker, property=property)
    for price in (80_000_000, 90_000_000):
        listings.set_price(property=new, price=Decimal(price), actor=None, origin=Origin.ADMIN)
    for hours in (200, 210, 220):
        scenes.slot(hours=hours, property=new)
    listings.show_interest(seeker=SeekerFactory(name=LONG), property=new, origin=Origin.CHAT)
    interest = Interest.objects.get(seeker=seeker, property=new)
    listings.invite(interest=interest, actor=None, origin=Origin.ADMIN)
    set_availability(property=gone, status=PropertyStatus.SOLD)
    Property.objects.filter(pk=back.pk).update(status=PropertyStatus.LET)
    set_availability(property=back, status=PropertyStatus.LIVE)
    inspected = PropertyFactory(address=ADDRESS)
    scenes.book(hours=300, seeker=seeker, property=inspected)
    set_availability(property=inspected, status=PropertyStatus.LET)
    inspected = PropertyFactory(address=ADDRESS)
    scenes.book(hours=310, seeker=seeker, property=inspected)
    set_availability(property=inspected, status=PropertyStatus.UNAVAILABLE)
    set_availability(property=inspected, status=PropertyStatus.LIVE)


def _away(home: Property, inspector: User) -> None:
    for hours in (400, 410, 420, 430, 440):
        scenes.slot(hours=hours, property=home, inspector=inspector)
    starts_at = clock.now() + 390 * HOUR
    inspections.take_time_off(
        inspector=inspector,
        starts_at=starts_at,
        ends_at=starts_at + 60 * HOUR,
        actor=inspector,
        origin=Origin.CHAT,
    )


def _waiting(seeker: User, home: Property) -> None:
    for hours, closed in ((450, True), (460, False)):
        inspection = scenes.book(hours=hours, property=home)
        slot = inspection.slot
        assert slot is not None
        inspections.join(seeker=seeker, property=home, place=slot, origin=Origin.CHAT)
        if closed:
            scenes.close(slot)
        else:
            scenes.cancel(inspection=inspection)


def _still_there(seeker: User, there: Property, unknown: Property, taken: Property) -> None:
    for similar in PropertyFactory.create_batch(3, address=ADDRESS):
        scenes.slot(hours=470, property=similar)
        scenes.slot(hours=480, property=similar)
    scenes.book(hours=490, seeker=seeker, property=taken)
    asked = [
        enquiries.ask(seeker=asks, property=home, origin=Origin.CHAT)
        for asks, home in ((seeker, there), (seeker, unknown), (scenes.linked(SeekerFactory()), taken))
    ]
    answer = partial(enquiries.answer, actor=None, origin=Origin.API)
    answer(enquiry=asked[0], says=EnquiryState.THERE)
    enquiries.give_up(asked[1], unreached=True)
    answer(enquiry=asked[2], says=EnquiryState.TAKEN)


def _overdue(seeker: User, home: Property, inspector: User) -> None:
    inspection = scenes.book(hours=1, seeker=seeker, inspector=inspector, property=home)
    clock.move(HOUR)
    inspections.arrive(inspection=inspection, actor=inspector, origin=Origin.CHAT)
    clock.move(2 * HOUR)
    inspections.tend_visits()


def _regular(seeker: User, home: Property, inspector: User) -> None:
    """What inspectors and agents are told on a rhythm."""
    scenes.book(hours=0.1, seeker=seeker, inspector=inspector, property=home)
    regular.send_days()
    regular.send_weeks()


def _today(seeker: User, home: Property, inspector: User) -> None:
    """The last: what is said of a visit on its day is said only then."""
    rule = scenes.rule("today", roles=["seeker", "inspector"], channels=["whatsapp"])
    scenes.book(hours=3, seeker=seeker, inspector=inspector, property=home)
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(rule.pk)


def _handed_in(agent: User) -> None:
    fields = Submission(
        kind=Kind.SEMI_DETACHED_DUPLEX,
        listing_type=ListingType.SALE,
        price=Decimal(900_000_000),
        area="Lekki Phase 1",
        city="Lagos",
        state="Lagos",
        address=ADDRESS,
    )
    property = listings.submit(agent=agent, fields=fields, photos=(), origin=Origin.API)
    listings.reject(property=property, why=WHY, actor=None, origin=Origin.ADMIN)


def _broadcast() -> None:
    """To the one who has just written."""
    admin = UserFactory(is_staff=True, is_superuser=True)
    reader = scenes.linked(SeekerFactory(name=LONG))
    contact = _link(reader).contact
    contact.last_inbound_at = clock.now()
    contact.save()
    consent.resume(contact=contact, account=reader, how="word", at=clock.now())
    for kind in BroadcastKind:
        draft = BroadcastFactory(kind=kind, text=(WHY * 2)[:600], active_days=1, spare_days=0)
        broadcasts.confirm(draft, number=1, revision=0, actor=admin)
    jobs.work()


def _connected() -> None:
    ended, suspended, changed, moved, made = (scenes.linked(SeekerFactory(name=LONG)) for _ in range(5))
    links.unlink(link=_link(ended), why="web", now=clock.now())
    links.suspend(link=_link(suspended), why="admin", now=clock.now())
    links.suspend(link=_link(changed), why="identity_changed", now=clock.now())
    links.unlink(link=_link(moved), why="replaced", now=clock.now())
    link = _link(made)
    outbox.add(
        Outgoing(
            kind="link_made",
            channel="whatsapp",
            contact=link.contact,
            account=made,
            arguments={"link": link.pk},
            key=f"link_made:{link.pk}:whatsapp",
        )
    )


def _in_the_morning(seeker: User) -> None:
    news = OutboxMessage.objects.filter(account=seeker, channel="whatsapp").order_by("pk")[:12]
    outbox.add(
        Outgoing(
            kind="morning_digest",
            channel="whatsapp",
            contact=news[0].contact,
            account=seeker,
            arguments={"messages": [message.pk for message in news]},
            key="morning_digest:1:whatsapp",
        )
    )
    direct.tell(account=seeker, text=WHY * 3, name="a note")


def _link(account: User) -> Link:
    return Link.objects.select_related("contact").get(account=account, state=LinkState.ACTIVE)
