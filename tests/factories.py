# mypy: disallow-untyped-calls=False
"""Rows with believable defaults; a test states only what it is about."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model
from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from bot.models import Conversation, InboundEvent, InboundState
from inspector_whatsapp.models import (
    Ask,
    Contact,
    Delay,
    Distress,
    Enquirer,
    Enquiry,
    FraudSign,
    Inspection,
    Interest,
    Link,
    Presence,
    Property,
    Role,
    SavedSearch,
    SearchLess,
    ShareSource,
    Slot,
    Stay,
    TimeOff,
    User,
    Wait,
)
from inspector_whatsapp.models.fraud import SignKind
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule, Kind, ListingType, Period, PropertyStatus
from inspector_whatsapp.models.sharing import SourceKind
from notifications.models import Broadcast
from notifications.models.broadcasts import BroadcastKind

LAGOS = ZoneInfo("Africa/Lagos")
M = TypeVar("M", bound=Model)

if TYPE_CHECKING:

    class Rows(DjangoModelFactory[M], Generic[M]):
        """Calling a factory gives a row; factory-boy's own types do not say so."""

        def __new__(cls, **fields: Any) -> M: ...  # type: ignore[misc]

else:
    Rows = DjangoModelFactory


def now() -> datetime:
    """The real time, which the clock shows too unless a test moves it."""
    return datetime.now(UTC)


def at(hour: int = 10, minute: int = 0, *, days: int = 1) -> datetime:
    """A time of day in Lagos, `days` from today."""
    return datetime.combine(now().astimezone(LAGOS).date() + timedelta(days=days), time(hour, minute), LAGOS)


class UserFactory(Rows[User]):
    """Somebody's account; a seeker."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"person{n}@example.com")
    name = Sequence(lambda n: f"Person {n}")
    phone = Sequence(lambda n: f"+23480{n:08}")
    role = Role.SEEKER

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        # No password unless one is asked for: hashing one is slow on purpose.
        return model_class.objects.create_user(*args, **kwargs)


class SeekerFactory(UserFactory):
    """A seeker."""


class AgentFactory(UserFactory):
    """An agent."""

    role = Role.AGENT


class InspectorFactory(UserFactory):
    """An inspector."""

    role = Role.INSPECTOR


class PropertyFactory(Rows[Property]):
    """A live 3-bedroom flat for rent in Lekki Phase 1."""

    class Meta:
        model = Property

    agent = SubFactory(AgentFactory)
    title = "3-bedroom flat in Lekki Phase 1"
    kind = Kind.APARTMENT
    listing_type = ListingType.RENT
    bedrooms = 3
    bathrooms = 3
    price = Decimal(9_000_000)
    period = Period.YEAR
    area = "Lekki Phase 1"
    city = "Lagos"
    state = "Lagos"
    address = "14 Admiralty Way"
    status = PropertyStatus.LIVE
    published_at = LazyFunction(now)


class SlotFactory(Rows[Slot]):
    """Tomorrow at ten in Lagos, for an hour and one seeker."""

    class Meta:
        model = Slot

    property = SubFactory(PropertyFactory)
    inspector = SubFactory(InspectorFactory)
    starts_at = LazyFunction(at)
    ends_at = LazyAttribute(lambda slot: slot.starts_at + timedelta(hours=1))


class InspectionFactory(Rows[Inspection]):
    """A confirmed inspection; a slot made along with it has its place taken, a given one is left as it is."""

    class Meta:
        model = Inspection

    seeker = SubFactory(SeekerFactory)
    slot = SubFactory(SlotFactory, taken=1)
    property = SelfAttribute("slot.property")
    inspector = SelfAttribute("slot.inspector")
    starts_at = SelfAttribute("slot.starts_at")
    ends_at = SelfAttribute("slot.ends_at")
    state = InspectionState.CONFIRMED
    created_at = LazyFunction(now)


class RequestFactory(InspectionFactory):
    """An inspection that waits for its agent's yes, asked for a moment ago."""

    slot = SubFactory(SlotFactory, taken=1, property__booking_rule=BookingRule.ASK)
    state = InspectionState.REQUESTED
    asked_at = LazyFunction(now)


class TimeOffFactory(Rows[TimeOff]):
    """Tomorrow from nine to five in Lagos."""

    class Meta:
        model = TimeOff

    inspector = SubFactory(InspectorFactory)
    starts_at = LazyFunction(lambda: at(9))
    ends_at = LazyFunction(lambda: at(17))
    created_at = LazyFunction(now)


class FraudSignFactory(Rows[FraudSign]):
    """A price far under its area."""

    class Meta:
        model = FraudSign

    kind = SignKind.LOW_PRICE
    key = Sequence(str)
    property = SubFactory(PropertyFactory)
    rows = LazyAttribute(lambda sign: [sign.property.pk] if sign.property else [])
    figures = LazyAttribute(lambda sign: {"price": "400000", "usual": "2000000", "many": 7})
    first_at = last_at = LazyFunction(now)


class AskFactory(Rows[Ask]):
    """An inspector is asked to take a visit over."""

    class Meta:
        model = Ask

    inspection = SubFactory(InspectionFactory)
    slot = SelfAttribute("inspection.slot")
    starts_at = SelfAttribute("inspection.starts_at")
    inspector = SubFactory(InspectorFactory)
    asked_at = LazyFunction(now)


class DelayFactory(Rows[Delay]):
    """An inspector is late."""

    class Meta:
        model = Delay

    inspector = SubFactory(InspectorFactory)
    property = SubFactory(PropertyFactory)
    starts_at = LazyFunction(at)
    minutes = 20
    said_at = LazyFunction(now)


class BroadcastFactory(Rows[Broadcast]):
    """A draft of news for seekers."""

    class Meta:
        model = Broadcast

    name = "Longer hours"
    text = "From Monday, inspections can be booked until 7 pm."
    roles = ("seeker",)
    created_at = LazyFunction(now)
    kind = BroadcastKind.NEWS


class WaitFactory(Rows[Wait]):
    """Somebody waits for a slot that is full."""

    class Meta:
        model = Wait

    seeker = SubFactory(SeekerFactory)
    slot = SubFactory(SlotFactory, taken=1)
    property = SelfAttribute("slot.property")
    created_at = LazyFunction(now)


class PresenceFactory(Rows[Presence]):
    """The inspector says that the seeker did not come."""

    class Meta:
        model = Presence

    inspection = SubFactory(InspectionFactory)
    about = SelfAttribute("inspection.seeker")
    part = "seeker"
    came = False
    said_by = SelfAttribute("inspection.inspector")
    said_at = LazyFunction(now)


class EnquiryFactory(Rows[Enquiry]):
    """An agent was asked a moment ago whether a property is still there."""

    class Meta:
        model = Enquiry

    property = SubFactory(PropertyFactory)
    asked_at = LazyFunction(now)


class EnquirerFactory(Rows[Enquirer]):
    """A seeker wants to know."""

    class Meta:
        model = Enquirer

    enquiry = SubFactory(EnquiryFactory)
    seeker = SubFactory(SeekerFactory)
    created_at = LazyFunction(now)


class StayFactory(Rows[Stay]):
    """An inspector is at a visit."""

    class Meta:
        model = Stay

    inspection = SubFactory(InspectionFactory)
    slot = SelfAttribute("inspection.slot")
    starts_at = SelfAttribute("inspection.starts_at")
    person = SelfAttribute("inspection.inspector")
    arrived_at = LazyFunction(now)


class DistressFactory(Rows[Distress]):
    """A seeker feels unsafe at a visit."""

    class Meta:
        model = Distress

    inspection = SubFactory(InspectionFactory)
    person = SelfAttribute("inspection.seeker")
    at = LazyFunction(now)


class SearchFactory(Rows[SavedSearch]):
    """A seeker looks for something in Yaba."""

    class Meta:
        model = SavedSearch

    seeker = SubFactory(SeekerFactory)
    criteria = {"areas": ["Yaba"]}
    created_at = LazyFunction(now)


class SearchLessFactory(Rows[SearchLess]):
    """They want to hear less of some of it."""

    class Meta:
        model = SearchLess

    search = SubFactory(SearchFactory)
    area = "Yaba"
    listing_type = "rent"
    currency = "NGN"
    price_from = 800_000
    price_to = 1_200_000
    created_at = LazyFunction(now)


class InterestFactory(Rows[Interest]):
    """A seeker keeps a property in view."""

    class Meta:
        model = Interest

    seeker = SubFactory(SeekerFactory)
    property = SubFactory(PropertyFactory)
    created_at = LazyFunction(now)


class GroupFactory(Rows[ShareSource]):
    """A group in which an agent shares links."""

    class Meta:
        model = ShareSource

    code = Sequence(lambda n: "bcdf" + "".join("23456789"[n // 8**place % 8] for place in range(4)))
    kind = SourceKind.GROUP
    agent = SubFactory(AgentFactory)
    label = Sequence(lambda n: f"Group {n}")
    created_at = LazyFunction(now)


class ContactFactory(Rows[Contact]):
    """A WhatsApp identity with a phone number, whose window is open."""

    class Meta:
        model = Contact

    phone = Sequence(lambda n: f"+23481{n:08}")
    profile_name = "Somebody"
    created_at = LazyFunction(now)
    last_inbound_at = LazyFunction(now)


class LinkFactory(Rows[Link]):
    """An active, current link of a contact to a seeker's account."""

    class Meta:
        model = Link

    contact = SubFactory(ContactFactory)
    account = SubFactory(SeekerFactory)
    made_at = LazyFunction(now)


class MessageFactory(Rows[InboundEvent]):
    """What somebody new wrote now, and its turn is done."""

    class Meta:
        model = InboundEvent

    contact = SubFactory(ContactFactory)
    conversation = LazyAttribute(lambda event: Conversation.objects.create(contact=event.contact))
    key = LazyAttribute(lambda event: f"message:{event.contact.pk}")
    kind = "message"
    content: ClassVar[dict[str, Any]] = {}
    said_at = LazyFunction(now)
    received_at = SelfAttribute("said_at")
    state = InboundState.DONE
