"""Clicks are counted once a day and nobody is kept; chats and bookings are counted for who brought them."""

import hashlib
import hmac
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Sum
from django.test import Client

from inspector_whatsapp import clock, contacts, inspections, retention, sharing
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api.events import Sender
from inspector_whatsapp.models import (
    Contact,
    Property,
    ShareBooking,
    ShareChat,
    ShareCount,
    ShareDay,
    ShareSource,
    ShareVisit,
    User,
)
from inspector_whatsapp.models.listings import BookingRule
from inspector_whatsapp.models.sharing import SourceKind, Step
from inspector_whatsapp.sharing import Visitor
from tests.at_once import at_once
from tests.factories import (
    AgentFactory,
    ContactFactory,
    GroupFactory,
    LinkFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    at,
)

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile/15E148 Safari/604.1"
SOMEBODY = Visitor("102.89.34.17", ANDROID)

pytestmark = pytest.mark.django_db


def opens(visitor: Visitor, property: Property, source: ShareSource | None = None) -> None:
    sharing.count(visitor, property, source, Step.OPENED)


def people(**of: Any) -> int:
    return int(ShareCount.objects.filter(**of).aggregate(n=Sum("people"))["n"] or 0)


# --- once per visitor and day -----------------------------------------------------------------------------
def test_a_visitor_counts_once_a_day_and_again_the_next() -> None:
    property = PropertyFactory()
    for _ in range(3):
        opens(SOMEBODY, property)
    assert people() == 1
    clock.move(timedelta(days=1))
    for _ in range(2):
        opens(SOMEBODY, property)
    assert sorted(ShareCount.objects.values_list("people", flat=True)) == [1, 1]


def test_a_day_is_one_of_the_services_zone(settings: Any) -> None:
    property = PropertyFactory()
    settings.TIME_ZONE = "Africa/Lagos"
    clock.move(at(23, 30, days=1) - clock.now())  # half past ten at night in UTC
    opens(SOMEBODY, property)
    clock.move(timedelta(hours=1))
    opens(SOMEBODY, property)
    assert ShareCount.objects.count() == 2


def test_another_phone_place_property_or_source_counts_by_itself() -> None:
    property, source = PropertyFactory(), GroupFactory()
    opens(SOMEBODY, property)
    opens(Visitor(SOMEBODY.address, IPHONE), property)
    opens(Visitor("102.89.34.18", ANDROID), property)
    opens(SOMEBODY, PropertyFactory())
    opens(SOMEBODY, property, source)
    sharing.count(SOMEBODY, property, source, Step.OPENED, Step.ASKED)
    assert people(property=property, source=None) == 3
    assert people(source=source, step=Step.OPENED) == 1
    assert people(source=source, step=Step.ASKED) == 1
    assert people() == 6


def test_whoever_makes_up_browsers_counts_no_more_often_than_there_are() -> None:
    property = PropertyFactory()
    for number in range(300):
        opens(Visitor(SOMEBODY.address, f"{ANDROID} Made/{number}"), property)
    assert people() == ShareVisit.objects.count() <= 256


def test_a_phones_ipv6_address_may_change_its_end() -> None:
    property = PropertyFactory()
    for address in ("2c0f:f5c0:1:2::1", "2c0f:f5c0:1:2:aaaa:bbbb:cccc:dddd", "2c0f:f5c0:1:3::1"):
        opens(Visitor(address, ANDROID), property)
    opens(Visitor("::ffff:102.89.34.17", ANDROID), property)
    opens(SOMEBODY, property)
    assert people() == 3


@pytest.mark.parametrize(
    ("proxies", "counted"),
    [(0, 1), (1, 2), (2, 1), (9, 3)],
    ids=["none: the header is not read", "one", "two", "more than there are"],
)
def test_only_what_trusted_proxies_wrote_tells_visitors_apart(
    proxies: int, counted: int, client: Client, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    property = PropertyFactory()
    for chain in (
        "6.6.6.1, 10.0.0.1, 102.89.1.1",
        "6.6.6.2, 10.0.0.1, 102.89.1.1",
        "6.6.6.3, 10.0.0.1, 102.89.1.2",
    ):
        client.get(f"/p/{property.ref}", headers={"user-agent": ANDROID, "x-forwarded-for": chain})
    assert people() == counted


def test_a_header_of_nonsense_breaks_nothing(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    property = PropertyFactory()
    for chain in ("", ",,,", "unknown", "1.2.3.4:80", "[::1]", "é", "9" * 5000):
        headers = {"user-agent": f"Mozilla/5.0 \x00 é {'x' * 5000}", "x-forwarded-for": chain}
        assert client.get(f"/p/{property.ref}", headers=headers).status_code == 302


def test_that_a_click_cannot_be_counted_keeps_nobody_from_the_page(client: Client) -> None:
    property = PropertyFactory()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inspector_whatsapp_sharevisit RENAME TO elsewhere")
    answer = client.get(f"/p/{property.ref}", headers={"user-agent": ANDROID})
    assert answer.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_begin_the_day_once_and_count_everybody_once() -> None:
    property, source = PropertyFactory(), GroupFactory()
    others = [Visitor(f"102.89.35.{n}", ANDROID) for n in range(8)]
    calls = [partial(opens, visitor, property, source) for visitor in (*others, *others, *(SOMEBODY,) * 4)]
    at_once(*calls)
    assert people() == ShareCount.objects.get().people == 9
    assert (ShareDay.objects.count(), ShareVisit.objects.count()) == (1, 9)


# --- nobody is kept ---------------------------------------------------------------------------------------
def everything_kept(table: type[models.Model]) -> str:
    return repr(list(table._default_manager.values_list()))


def test_nothing_of_a_visitor_is_in_any_column(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    property, source = PropertyFactory(), GroupFactory()
    headers = {"user-agent": ANDROID, "x-forwarded-for": SOMEBODY.address, "accept-language": "yo-NG"}
    client.get(f"/p/{property.ref}/chat?s={source.code}", headers=headers)
    assert people() == 2
    ours = [model for model in apps.get_models() if model._meta.db_table.startswith("inspector_whatsapp_")]
    whole = "".join(everything_kept(model) for model in ours)
    guesses = [hashlib.sha256(word.encode()).digest() for word in (SOMEBODY.address, ANDROID)]
    for trace in (
        SOMEBODY.address,
        "Android 10",
        "Mozilla",
        "yo-NG",
        *(repr(guess)[2:-1] for guess in guesses),
    ):
        assert trace not in whole
    assert {field.name for field in ShareVisit._meta.fields} == {"id", "digest", "day"}
    assert {field.name for field in ShareCount._meta.fields} == {
        *("id", "property", "source", "day", "step", "people")
    }


def test_the_same_person_leaves_marks_that_have_nothing_in_common() -> None:
    for _ in range(2):
        opens(SOMEBODY, PropertyFactory())
    one, other = ShareVisit.objects.values_list("digest", flat=True)
    assert bytes(one) != bytes(other)


def test_the_secret_of_a_day_and_its_marks_go_when_the_next_begins() -> None:
    property = PropertyFactory()
    opens(SOMEBODY, property)
    salt = bytes(ShareDay.objects.get().salt)
    clock.move(timedelta(days=1))
    opens(Visitor("102.89.34.99", IPHONE), property)
    assert bytes(ShareDay.objects.get().salt) != salt
    assert ShareVisit.objects.count() == 1
    # With the secret one could have tried every address: the mark is made of it and nothing else.
    mark = bytes(ShareVisit.objects.get().digest)
    browser = hashlib.sha256(IPHONE.encode()).hexdigest()[:2]
    what = f"{property.ref}\n\nopened\n102.89.34.99\n{browser}".encode()
    assert hmac.digest(bytes(ShareDay.objects.get().salt), what, "sha256") == mark
    assert hmac.digest(salt, what, "sha256") != mark


def test_the_retention_ends_a_day_that_nobody_came_after() -> None:
    opens(SOMEBODY, PropertyFactory())
    retention.run()
    assert ShareDay.objects.count() == 1
    clock.move(timedelta(hours=25))
    retention.run()
    assert not ShareDay.objects.exists()
    assert people() == 1


# --- sources ----------------------------------------------------------------------------------------------
def test_an_agents_group_is_known_by_its_name() -> None:
    bola, chika = AgentFactory(), AgentFactory()
    lekki = sharing.of_group(bola, "Lekki homes")
    assert sharing.of_group(bola, "LEKKI Homes") == lekki
    assert sharing.of_group(chika, "Lekki homes") != lekki
    assert sharing.of_agent(bola) == sharing.of_agent(bola) != sharing.of_agent(chika)
    assert sharing.known(lekki.code.upper()) == lekki
    assert list(sharing.groups_of(bola)) == [lekki]
    assert ShareSource.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_group_that_is_named_at_once_is_one() -> None:
    bola = AgentFactory()
    made = at_once(*(partial(sharing.of_group, bola, name) for name in ("Lekki", "lekki", "LEKKI", "Lekki")))
    assert len({source.pk for source in made}) == 1


def test_codes_are_long_enough_and_read_as_nothing_else() -> None:
    bola = AgentFactory()
    codes = {sharing.of_group(bola, f"Group {n}").code for n in range(60)}
    assert len(codes) == 60
    for code in codes:
        assert len(code) == 8
        assert code[0].isalpha()
        assert not set(code) & set("aeiou01lpr")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "short"},
        {"code": "aaaaaaaa"},
        {"kind": SourceKind.CAMPAIGN},
        {"agent": None},
        {"label": ""},
        {"kind": SourceKind.AGENT},
    ],
    ids=str,
)
def test_what_is_no_source_is_refused_by_the_database(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupFactory(**wrong)


def test_there_is_one_campaign_of_a_name() -> None:
    sharing.begin_campaign("Radio")
    with pytest.raises(IntegrityError), transaction.atomic():
        sharing.begin_campaign("radio")


# --- clicks → chats → bookings ----------------------------------------------------------------------------
@pytest.fixture
def counted(settings: Any) -> None:
    settings.CHANGE_LISTENERS = ("inspector_whatsapp.sharing.on_change",)


def results(source: ShareSource) -> tuple[int, int, int]:
    row = sharing.with_counts(ShareSource.objects.filter(pk=source.pk)).get()
    return row.opened, row.chatted, row.booked


def linked() -> tuple[Contact, User]:
    link = LinkFactory()
    return link.contact, link.account


def asks(contact: Contact, property: Property, source: ShareSource) -> None:
    sharing.arrived(contact, f"Hello, I'd like to know more about {property.ref} (s-{source.code})")


@pytest.mark.usefixtures("counted")
def test_what_a_source_brings_is_counted_from_the_click_to_the_booking() -> None:
    slot = SlotFactory(capacity=3)
    property, source, other = slot.property, GroupFactory(), GroupFactory()
    for n in range(4):
        opens(Visitor(f"102.89.1.{n}", ANDROID), property, source)
    first, seeker = linked()
    second, _ = linked()
    for contact in (first, first, second):
        asks(contact, property, source)
    inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
    inspections.book(seeker=SeekerFactory(), slot=slot, origin=Origin.API)  # came by no link
    assert results(source) == (4, 2, 1)
    assert results(other) == (0, 0, 0)


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(("days", "brought"), [(29, 1), (31, 0)])
def test_a_booking_counts_for_thirty_days(days: int, brought: int) -> None:
    slot, source = SlotFactory(starts_at=at(days=40)), GroupFactory()
    contact, seeker = linked()
    asks(contact, slot.property, source)
    clock.move(timedelta(days=days))
    inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
    assert results(source)[2] == brought


@pytest.mark.usefixtures("counted")
def test_the_last_source_has_brought_them_and_only_to_that_property() -> None:
    slot, elsewhere = SlotFactory(), SlotFactory(starts_at=at(15))
    early, late = GroupFactory(), GroupFactory()
    contact, seeker = linked()
    asks(contact, slot.property, late)
    clock.move(timedelta(minutes=1))
    asks(contact, slot.property, early)
    clock.move(timedelta(minutes=1))
    asks(contact, slot.property, late)  # again: counted once, and it is the last
    for each in (slot, elsewhere):
        inspections.book(seeker=seeker, slot=each, origin=Origin.CHAT)
    assert results(late)[1:] == (1, 1)
    assert results(early)[1:] == (1, 0)


@pytest.mark.usefixtures("counted")
def test_whoever_connects_after_they_came_is_known_by_the_link() -> None:
    slot, source, contact, seeker = SlotFactory(), GroupFactory(), ContactFactory(), SeekerFactory()
    asks(contact, slot.property, source)
    LinkFactory(contact=contact, account=seeker)
    inspections.book(seeker=seeker, slot=slot, origin=Origin.API)
    assert results(source)[1:] == (1, 1)


@pytest.mark.usefixtures("counted")
def test_a_request_counts_once_though_it_moves() -> None:
    property = PropertyFactory(booking_rule=BookingRule.ASK)
    slot, later = SlotFactory(property=property), SlotFactory(property=property, starts_at=at(15))
    source, after = GroupFactory(), GroupFactory()
    contact, seeker = linked()
    unbrought = inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
    asks(contact, property, after)
    unbrought = inspections.move(inspection=unbrought, slot=later, actor=seeker, origin=Origin.CHAT)
    assert not ShareBooking.objects.exists()  # it had been asked for before they came
    inspections.cancel(inspection=unbrought, actor=seeker, origin=Origin.CHAT)
    asks(contact, property, source)
    inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
    assert (results(source)[2], results(after)[2]) == (1, 0)


@pytest.mark.usefixtures("counted")
def test_two_contacts_that_were_one_keep_where_they_came_from() -> None:
    slot, source, other = SlotFactory(), GroupFactory(), GroupFactory()
    shell, link = (
        ContactFactory(phone="+2348031234567"),
        LinkFactory(contact=ContactFactory(phone=None, user_id="NG.7")),
    )
    for contact, by in ((link.contact, other), (shell, source), (shell, other)):
        asks(contact, slot.property, by)
        clock.move(timedelta(minutes=1))
    contacts.identify(Sender(phone="+2348031234567", user_id="NG.7", username=None, name=None))
    assert not Contact.objects.filter(pk=shell.pk).exists()
    assert set(ShareChat.objects.values_list("contact", "source")) == {
        (link.contact.pk, source.pk),
        (link.contact.pk, other.pk),
    }
    inspections.book(seeker=link.account, slot=slot, origin=Origin.CHAT)
    assert ShareBooking.objects.get().source == other  # by which they came last


@pytest.mark.parametrize(
    ("text", "brought"),
    [
        ("Hello, I'd like to know more about {ref} (s-{code})", True),
        ("hello is {ref} (S-{code}) still there??", True),
        ("https://chat.inspector.example/p/{ref}?s={code}", True),
        ("I saw https://chat.inspector.example/p/{ref}?a=b&s={code} in a group", True),
        ("Hello, I'd like to know more about {ref}", False),
        ("{ref} s={code}", False),
        ("{ref} (s-{code}9)", False),
        ("{ref} (ss-{code})", False),
        ("(s-{code})", False),
        ("PR-99999 (s-{code})", False),
        ("{ref} (s-zzzzzzz9)", False),
    ],
)
def test_who_was_brought_is_read_from_what_they_write(text: str, brought: bool) -> None:
    property, source = PropertyFactory(), GroupFactory()
    sharing.arrived(ContactFactory(), text.format(ref=property.ref, code=source.code))
    assert ShareChat.objects.exists() == brought


def test_what_was_never_published_brings_nobody() -> None:
    property = PropertyFactory(status="pending", published_at=None)
    asks(ContactFactory(), property, GroupFactory())
    assert not ShareChat.objects.exists()


def test_an_agent_sees_own_sources_alone() -> None:
    bola, chika = AgentFactory(), AgentFactory()
    mine, theirs = sharing.of_group(bola, "Lekki"), sharing.of_group(chika, "Yaba")
    sharing.begin_campaign("Radio")
    opens(SOMEBODY, PropertyFactory(), theirs)
    assert [(row.pk, row.opened) for row in sharing.results_of(bola)] == [(mine.pk, 0)]
    assert [(row.pk, row.opened) for row in sharing.results_of(chika)] == [(theirs.pk, 1)]
