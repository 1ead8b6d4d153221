"""Consent, preferences and quiet hours: what holds at once, and what is kept of it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Link, User
from notifications import consent, preferences
from notifications.kind import Topic
from notifications.models import ConsentEntry, Preference, Reachability, Scope
from notifications.preferences import Quiet
from tests.factories import ContactFactory, LinkFactory

NIGHT = Quiet(time(21), time(7))
ZONES = ("Africa/Lagos", "Europe/London", "America/New_York", "Africa/Cairo", "Asia/Kathmandu", "UTC")
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2024, 2031))
moments = st.integers(FIRST, LAST).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
clocks = st.times().map(lambda value: value.replace(second=0, microsecond=0))


@pytest.fixture
def link() -> Link:
    return LinkFactory()


def log() -> list[tuple[str, bool, str]]:
    return list(ConsentEntry.objects.order_by("pk").values_list("scope", "given", "how"))


def offers_stopped() -> bool:
    return Contact.objects.get().offers_stopped_at is not None


@pytest.mark.django_db
def test_a_no_to_offers_holds_at_once_and_every_time_is_logged(link: Link) -> None:
    at = clock.now()
    for _ in range(2):
        consent.stop_offers(contact=link.contact, account=link.account, wording="STOP", how="word", at=at)
    assert Contact.objects.get().offers_stopped_at == at
    assert Contact.objects.get().stopped_at is None
    assert log() == [("marketing", False, "word")] * 2


@pytest.mark.django_db
def test_a_no_to_everything_reaches_the_mailbox_too_and_a_yes_ends_it(link: Link) -> None:
    at = clock.now()
    consent.stop_everything(contact=link.contact, account=link.account, how="word", at=at)
    assert preferences.of(link.account).stopped
    assert consent.resume(contact=link.contact, account=link.account, how="word", at=at)
    assert not preferences.of(link.account).stopped
    contact = Contact.objects.get()
    assert (contact.stopped_at, contact.offers_stopped_at) == (None, None)
    assert log() == [("everything", False, "word"), ("everything", True, "word"), ("marketing", True, "word")]
    assert not consent.resume(contact=link.contact, account=link.account, how="word", at=at)


@pytest.mark.django_db
def test_on_a_shared_phone_each_accounts_no_to_everything_counts(link: Link) -> None:
    other = LinkFactory(contact=link.contact, current=False).account
    for account in (link.account, other):
        consent.stop_everything(contact=link.contact, account=account, how="word", at=clock.now())
    assert preferences.of(link.account).stopped
    assert preferences.of(other).stopped


@pytest.mark.django_db
def test_start_in_the_chat_does_not_undo_what_was_said_in_a_mail(link: Link) -> None:
    consent.stop_mail_offers(account=link.account, how="one_click", at=clock.now())
    consent.stop_offers(contact=link.contact, account=link.account, how="word", at=clock.now())
    assert consent.resume(contact=link.contact, account=link.account, how="word", at=clock.now())
    assert preferences.of(link.account).mail_offers_stopped


@pytest.mark.django_db
def test_offers_by_mail_come_again_of_the_topic_that_was_chosen_alone(link: Link) -> None:
    consent.stop_mail_offers(account=link.account, how="one_click", at=clock.now())
    consent.resume_mail_offers(account=link.account, topic=Topic.SAVED, how="settings", at=clock.now())
    wishes = preferences.of(link.account)
    assert not wishes.mail_offers_stopped
    assert wishes.wants(Topic.SAVED, "email")
    assert not wishes.wants(Topic.ALERTS, "email")
    assert wishes.wants(Topic.ALERTS, "whatsapp")


@pytest.mark.django_db
def test_whoever_connects_again_hears_of_their_affairs_again_on_both_ways(link: Link) -> None:
    consent.stop_everything(contact=link.contact, account=link.account, how="word", at=clock.now())
    new = ContactFactory()
    consent.agreed(contact=new, account=link.account, wording="Connect?", how="tap", at=clock.now())
    assert not preferences.of(link.account).stopped
    assert log()[1:] == [("everything", True, "tap"), ("whatsapp", True, "tap")]


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(5, 6), (6, 5)])
def test_whatsapps_own_setting_counts_by_its_time_in_whatever_order_it_comes(
    link: Link, order: tuple[int, int]
) -> None:
    """STOP in the chat, then resumed after five minutes and stopped after six in WhatsApp itself."""
    at = clock.now()
    consent.stop_offers(contact=link.contact, account=link.account, how="word", at=at)
    for minutes in order:
        change = consent.resume_offers if minutes == 5 else consent.stop_offers
        contact = Contact.objects.get()
        change(contact=contact, how="user_preferences", at=at + timedelta(minutes=minutes))
    assert offers_stopped()


@pytest.mark.django_db
def test_what_is_older_than_the_last_word_changes_nothing(link: Link) -> None:
    at = clock.now()
    consent.stop_offers(contact=link.contact, how="user_preferences", at=at)
    consent.resume_offers(contact=link.contact, how="user_preferences", at=at - timedelta(hours=1))
    assert offers_stopped()
    consent.resume_offers(contact=link.contact, how="user_preferences", at=at + timedelta(hours=1))
    assert not offers_stopped()


@pytest.mark.django_db
def test_a_yes_counts_though_nothing_was_stopped_when_it_came(link: Link) -> None:
    at = clock.now()
    assert not consent.resume(contact=link.contact, account=link.account, wording="START", how="word", at=at)
    consent.stop_offers(contact=link.contact, how="user_preferences", at=at - timedelta(minutes=1))
    assert not offers_stopped()


@pytest.mark.django_db
def test_whatsapps_own_setting_does_not_undo_stop_all(link: Link) -> None:
    at = clock.now()
    consent.stop_everything(contact=link.contact, account=link.account, how="word", at=at)
    consent.resume_offers(contact=link.contact, how="user_preferences", at=at + timedelta(hours=1))
    assert Contact.objects.get().stopped_at is not None
    assert offers_stopped()


@pytest.mark.django_db
def test_nobody_changes_or_deletes_the_log(link: Link) -> None:
    consent.stop_offers(contact=link.contact, how="word", at=clock.now())
    entry = ConsentEntry.objects.get()
    for change in (
        lambda: ConsentEntry.objects.update(given=True),
        lambda: ConsentEntry.objects.update(wording="yes, please"),
        lambda: entry.delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    ConsentEntry.objects.update(contact=None)  # whose it was may be taken out of it
    assert ConsentEntry.objects.get().scope == Scope.MARKETING


@pytest.mark.django_db
def test_two_contacts_that_are_one_keep_the_no_of_either() -> None:
    from inspector_whatsapp import contacts
    from inspector_whatsapp.cloud_api.events import Sender

    stopped = ContactFactory(phone="+2348030000009", offers_stopped_at=clock.now())
    consent.stop_offers(contact=ContactFactory(), how="word", at=clock.now())
    ContactFactory(phone=None, user_id="NG.1")
    contact = contacts.identify(Sender(phone=stopped.phone, user_id="NG.1"))
    contact.refresh_from_db()
    assert contact.offers_stopped_at is not None


@pytest.mark.django_db
def test_a_topic_is_wanted_until_it_is_not_and_security_always_is(link: Link) -> None:
    ada: User = link.account
    assert preferences.of(ada).wants(Topic.ALERTS, "whatsapp")
    preferences.choose(account=ada, topic=Topic.ALERTS, channels=["email"])
    preferences.choose(account=ada, topic=Topic.ALERTS, channels=["email"])
    wishes = preferences.of(ada)
    assert wishes.wants(Topic.ALERTS, "email")
    assert not wishes.wants(Topic.ALERTS, "whatsapp")
    assert wishes.wants(Topic.REMINDERS, "whatsapp")
    with pytest.raises(ValueError, match="cannot be turned off"):
        preferences.choose(account=ada, topic=Topic.SECURITY, channels=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(account=ada, topic="security", channel="email", wanted=False)


@pytest.mark.django_db
def test_quiet_hours_are_the_services_until_somebody_chooses_theirs(
    link: Link, settings: pytest.FixtureRequest
) -> None:
    settings.QUIET_HOURS = (time(21), time(7))  # type: ignore[attr-defined]
    assert preferences.of(link.account).quiet == NIGHT
    preferences.set_quiet(account=link.account, quiet=Quiet(time(13), time(14)))
    assert preferences.of(link.account).quiet == Quiet(time(13), time(14))
    preferences.set_quiet(account=link.account, quiet=None)
    assert preferences.of(link.account).quiet is None
    with pytest.raises(ValueError, match="different times"):
        preferences.set_quiet(account=link.account, quiet=Quiet(time(8), time(8)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Reachability.objects.update(quiet_from=time(8), quiet_until=None)


@given(moments, st.sampled_from(ZONES), clocks, clocks)
def test_quiet_hours_end_within_a_day_at_their_end_and_never_begin_again_before(
    now: datetime, zone: str, start: time, end: time
) -> None:
    if start == end:
        return
    quiet, here = Quiet(start, end), ZoneInfo(zone)
    local = now.astimezone(here).time()
    inside = start <= local < end if start < end else (local >= start or local < end)
    until = quiet.until(now, here)
    if until is None:  # outside; or the clocks change about now, and have passed the end over
        hour = timedelta(hours=3)
        offsets = {(now + shift).astimezone(here).utcoffset() for shift in (-hour, timedelta(), hour)}
        assert not inside or len(offsets) > 1
        return
    assert inside
    assert now < until <= now + timedelta(hours=26)
    ends = until.astimezone(here)
    assert ends.time() == end or ends.utcoffset() != (until - timedelta(hours=1)).astimezone(here).utcoffset()


@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-11-25T20:59", None),
        ("2026-11-25T21:00", "2026-11-26T07:00"),
        ("2026-11-25T23:59", "2026-11-26T07:00"),
        ("2026-11-26T00:00", "2026-11-26T07:00"),
        ("2026-11-26T06:59", "2026-11-26T07:00"),
        ("2026-11-26T07:00", None),
        ("2026-12-31T22:00", "2027-01-01T07:00"),
        ("2028-02-28T22:00", "2028-02-29T07:00"),
    ],
)
def test_a_night_ends_in_the_morning(local: str, until: str | None) -> None:
    lagos = ZoneInfo("Africa/Lagos")
    now = datetime.fromisoformat(local).replace(tzinfo=lagos).astimezone(UTC)
    ends = NIGHT.until(now, lagos)
    assert (ends.astimezone(lagos).isoformat()[:16] if ends else None) == until


def test_a_night_that_ends_in_the_hour_that_is_left_out_ends_at_the_next_one_there_is() -> None:
    new_york = ZoneInfo("America/New_York")
    night = Quiet(time(21), time(2, 30))  # on 8 March 2026 the clocks go from 2:00 to 3:00
    now = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)
    ends = night.until(now, new_york)
    assert ends is not None
    assert ends.astimezone(new_york).isoformat() == "2026-03-08T03:30:00-04:00"
