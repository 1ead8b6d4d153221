"""What an agent's commands about their own properties lead to."""

from decimal import Decimal
from typing import Any

import pytest

from bot import drafts
from bot.assistant.outcomes import Begin, Tell
from inspector_whatsapp.models import Change, Property, Role, User
from inspector_whatsapp.models.listings import PropertyStatus
from tests.assistant.asking import Screen, ask, of_role, stranger
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import PropertyFactory

NOT_AGENTS = [Role.SEEKER, Role.INSPECTOR, Role.ADMIN]


@pytest.fixture(autouse=True)
def _world(db: None) -> None:
    world.build()
    world.asked()


def _bola(intent: str, **slots: Any) -> Screen:
    return ask(of_role(Role.AGENT), intent, **slots)


@pytest.mark.parametrize("intent", ["my_listings", "add_listing", "update_listing"])
@pytest.mark.parametrize("role", NOT_AGENTS)
def test_who_is_no_agent_is_told_so(intent: str, role: Role) -> None:
    screen = ask(of_role(role), intent)
    assert isinstance(screen.outcome, Tell)
    assert "Only agents offer properties here" in screen.text


def test_a_stranger_connects_first() -> None:
    for intent in ("my_listings", "add_listing", "update_listing"):
        assert ask(stranger(), intent).refused


def test_their_properties_are_shown_with_how_they_stand() -> None:
    screen = _bola("my_listings")
    assert (screen.flow, screen.asks) == ("availability", "property")
    assert "available · 2 interested · Lekki Phase 1 · PR-1042" in screen.text
    assert "being checked · Lekki Phase 1 · PR-1045" in screen.text


def test_one_is_shown_by_its_ref_or_by_what_it_is_like() -> None:
    for slots in ({"property_ref": "PR-1044"}, {"areas": ["Yaba"]}):
        screen = _bola("my_listings", **slots)
        assert (screen.argument, screen.asks) == ("PR-1044", "do")


def test_of_several_like_that_one_is_picked() -> None:
    screen = _bola("my_listings", listing_type="rent", property_types=["apartment", "mini_flat"])
    assert [each.argument for each in screen.buttons] == ["PR-1044", "PR-1042"]
    assert "PR-1044) · available" in screen.text


def test_a_property_of_another_agent_is_not_theirs() -> None:
    other = PropertyFactory(area="Epe", status=PropertyStatus.DRAFT, published_at=None)
    for intent in ("my_listings", "update_listing"):
        for slots in ({"property_ref": other.ref}, {"areas": ["Epe"]}):
            assert "I can't find that property among yours." in _bola(intent, **slots).text


# --- another state or price -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "shown"), [("rented", "let"), ("sold", "sold"), ("unavailable", "unavailable")]
)
def test_another_state_asks_for_a_yes(said: str, shown: str) -> None:
    screen = _bola("update_listing", property_ref="PR-1044", new_status=said)
    assert screen.confirms
    assert f"Set it to *{shown}*?" in screen.text


def test_the_state_that_it_has_changes_nothing() -> None:
    screen = _bola("update_listing", property_ref="PR-1044", new_status="available")
    assert "is *available* already" in screen.text
    assert screen.asks == "do"


def test_a_state_of_one_that_is_still_checked_is_not_theirs_to_say() -> None:
    screen = _bola("update_listing", property_ref="PR-1045", new_status="available")
    assert "Inspector is checking it." in screen.text


def test_another_price_asks_for_a_yes() -> None:
    screen = _bola("update_listing", property_ref="PR-1044", new_price=1_200_000)
    assert screen.confirms
    assert "From ₦900,000 a year\nto *₦1,200,000 a year*" in screen.text


@pytest.mark.parametrize("price", [0, 10**12])
def test_what_is_no_price_is_asked_for(price: int) -> None:
    screen = _bola("update_listing", property_ref="PR-1044", new_price=price)
    assert (screen.flow, screen.asks) == ("change_price", "price")


def test_without_a_property_one_is_picked() -> None:
    screen = _bola("update_listing", new_status="sold")
    assert "Which of your properties?" in screen.text


def test_a_price_is_changed_once_they_say_yes() -> None:
    phone = Phone(world.linked("bola@inspector.example"))
    phone.taps_id("v1|start|change_price|PR-1044.1200000")
    home = Property.objects.get(ref="PR-1044")
    assert home.price == 900_000
    answer = phone.says("yes")
    home.refresh_from_db()
    assert home.price == Decimal(1_200_000)
    assert "costs ₦1,200,000 a year now" in answer
    change = Change.objects.get(kind="property_changed", subject="PR-1044")
    assert (change.origin, change.actor_id) == ("chat", home.agent_id)


def test_a_price_that_was_changed_meanwhile_is_asked_again() -> None:
    phone = Phone(world.linked("bola@inspector.example"))
    phone.taps_id("v1|start|change_price|PR-1044.1200000")
    Property.objects.filter(ref="PR-1044").update(price=950_000)
    assert "has changed since I asked" in phone.says("yes")
    assert Property.objects.get(ref="PR-1044").price == 950_000


def test_a_state_is_set_once_they_say_yes() -> None:
    phone = Phone(world.linked("bola@inspector.example"))
    phone.taps_id("v1|start|availability|PR-1044.let")
    assert Property.objects.get(ref="PR-1044").status == PropertyStatus.LIVE
    phone.says("yes")
    assert Property.objects.get(ref="PR-1044").status == PropertyStatus.LET


def test_what_becomes_of_the_inspections_is_asked_as_well() -> None:
    phone = Phone(world.linked("bola@inspector.example"))
    phone.taps_id("v1|start|availability|PR-1042.let")
    assert "What becomes of them" in phone.says("yes")
    assert Property.objects.get(ref="PR-1042").status == PropertyStatus.LIVE


# --- a new one --------------------------------------------------------------------------------------------
def test_what_was_said_of_a_new_one_is_not_asked_again() -> None:
    screen = _bola(
        "add_listing",
        property_types=["apartment"],
        bedrooms_min=3,
        bedrooms_max=3,
        new_price=2_500_000,
        areas=["Yaba"],
        amenities=["parking"],
    )
    assert (screen.flow, screen.asks) == ("describe_property", "offer")
    assert "Noted: flat, 3 bedrooms, ₦2,500,000, Yaba, parking." in screen.text
    assert screen.kept["said"]["area"] == {"area": "Yaba", "city": "Lagos", "state": "Lagos"}


def test_a_new_one_is_described_from_what_was_said() -> None:
    phone = Phone(world.linked("bola@inspector.example"))
    phone.says("menu")
    begun = _bola(
        "add_listing",
        property_types=["apartment"],
        bedrooms_min=3,
        bedrooms_max=3,
        new_price=2_500_000,
        areas=["Yaba"],
        amenities=["parking"],
        bathrooms_min=2,
    )
    assert isinstance(begun.outcome, Begin)
    drafts.keep(_account(), "describe_property", begun.outcome.answers, now=world.NOW)
    phone.taps_id("v1|start|describe_property")
    assert "address in Yaba" in phone.says("rent")
    assert "So far: parking." in phone.says("12 Herbert Macaulay Way")
    phone.says("done")
    phone.says("skip")
    review = phone.says("none")
    assert "3-bedroom flat, Yaba" in review
    assert "₦2,500,000 a year" in review
    assert "2 bathrooms" in review


def test_a_draft_that_is_there_is_never_overwritten() -> None:
    drafts.keep(_account(), "describe_property", {"kind": "land"}, now=world.NOW)
    screen = _bola("add_listing", property_types=["apartment"])
    assert "You have an unfinished property: *land*" in screen.text
    assert Property.objects.filter(kind="land").count() == 0


def test_a_draft_of_what_was_only_said_counts_too() -> None:
    drafts.keep(_account(), "describe_property", {"said": {"kind": "land"}}, now=world.NOW)
    assert "*land*" in _bola("add_listing").text
    drafts.keep(_account(), "describe_property", {"said": {}}, now=world.NOW)
    assert _bola("add_listing").flow == "describe_property"


def _account() -> User:
    return User.objects.get(email="bola@inspector.example")
