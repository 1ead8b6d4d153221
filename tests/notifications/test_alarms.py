"""The admins are told of what is wrong: once, not too often, in our words, and only those who may act."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission

from inspector_whatsapp import clock, incidents, watching
from inspector_whatsapp.models import Incident, OutboxMessage, User
from inspector_whatsapp.outbox import Withheld
from notifications import alarms
from notifications.channels.email import written
from notifications.kind import by_name, reader_of
from tests.at_once import at_once
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EVIL = "=1+1 <script>alert(1)</script> +2348031234567"


@pytest.fixture
def root() -> User:
    return UserFactory(email="root@example.com", is_staff=True, is_superuser=True)


def opens(kind: str = "beat_silent", key: str = "x", *, ago: float = 2) -> Incident:
    incidents.report(kind, key=key, sentence=EVIL)
    incident = Incident.objects.get(kind=kind, key=key, closed_at=None)
    incident.opened_at = clock.now() - timedelta(minutes=ago)
    incident.save()
    return incident


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="incident_opened").order_by("pk"))


def letter(message: OutboxMessage) -> tuple[str, str]:
    mail = by_name(message.kind).mail(message, now=clock.now())
    letter = written(mail, reader_of(message, markup=False), to="x@example.com", message_id="<x@y>")
    return str(letter.subject), str(letter.body)


def test_one_mail_goes_when_it_opens_and_none_while_it_stays_open(root: User) -> None:
    incident = opens()
    assert alarms.tell() == 1
    for hours in range(30):
        clock.move(timedelta(hours=hours))
        incidents.report("beat_silent", key="x", sentence="y")
        assert alarms.tell() == 0
    (message,) = mails()
    assert (message.channel, message.account) == ("email", root)
    incident.refresh_from_db()
    assert incident.told_at is not None


def test_the_mail_says_what_is_wrong_and_what_to_do_and_nothing_that_anybody_wrote(root: User) -> None:
    incident = opens()
    alarms.tell()
    subject, text = letter(mails()[0])
    assert subject == "Inspector WhatsApp: The schedules stand still"
    assert "Start the beat" in text
    assert f"/admin/inspector_whatsapp/incident/{incident.pk}/change/" in text
    for part in ("script", "2348031234567", "=1"):
        assert part not in text.replace("&times=1", "")


def test_what_is_over_within_a_minute_or_is_only_worth_a_look_or_was_seen_brings_none(root: User) -> None:
    opens(ago=0.5)
    opens("sync_differs")
    incidents.see(opens("clash"), by=root)
    incidents.close("clock_skew", key=opens("clock_skew").key)
    assert alarms.tell() == 0


def test_many_at_once_are_one_mail_which_names_those_that_are_still_open(root: User) -> None:
    for number in range(30):
        opens("clash", f"IN-{number}")
    assert alarms.tell() == 30
    (message,) = mails()
    subject, text = letter(message)
    assert subject == "Inspector WhatsApp: 30 things need you"
    assert "and 10 more" in text
    for number in range(29):
        incidents.close("clash", key=f"IN-{number}")
    assert letter(message)[0] == "Inspector WhatsApp: Two inspections want the same place"
    incidents.close("clash", key="IN-29")
    with pytest.raises(Withheld):
        letter(message)


def test_after_three_mails_in_an_hour_the_rest_comes_together(root: User) -> None:
    for number in range(6):
        opens("clash", f"IN-{number}")
        alarms.tell()
        clock.move(timedelta(minutes=5))
    assert len(mails()) == 3
    clock.move(timedelta(hours=1))
    assert alarms.tell() == 3
    assert letter(mails()[-1])[0] == "Inspector WhatsApp: 3 things need you"


def test_what_closes_and_opens_again_within_the_hour_is_told_once(root: User) -> None:
    for _ in range(4):
        opens("channel_shut", "whatsapp")
        alarms.tell()
        incidents.close("channel_shut", key="whatsapp")
    assert len(mails()) == 1
    clock.move(timedelta(minutes=61))
    opens("channel_shut", "whatsapp")
    assert alarms.tell() == 1


def test_those_are_told_who_may_see_to_it_and_each_once(root: User) -> None:
    right = Permission.objects.get(codename="change_incident")
    group = Group.objects.create(name="On call")
    group.permissions.add(right)
    by_group, by_both = UserFactory(is_staff=True), UserFactory(is_staff=True)
    gone, not_staff, viewer = (
        UserFactory(is_staff=True, is_active=False),
        UserFactory(),
        UserFactory(is_staff=True),
    )
    for person in (by_group, by_both, gone, not_staff):
        person.groups.add(group)
    by_both.user_permissions.add(right)
    viewer.user_permissions.add(Permission.objects.get(codename="view_incident"))
    opens()
    alarms.tell()
    told = [message.account for message in mails()]
    assert sorted(told, key=lambda person: person.pk if person else 0) == [root, by_group, by_both]


def test_where_nobody_may_see_to_it_it_waits_for_somebody_who_may() -> None:
    opens()
    assert alarms.tell() == 0
    UserFactory(is_staff=True, is_superuser=True)
    assert alarms.tell() == 1


def test_a_worker_tells_of_a_silent_beat_though_nothing_is_run_by_it(root: User) -> None:
    watching.look()
    clock.move(timedelta(minutes=2))
    watching.look()
    assert "schedules stand still" in letter(mails()[0])[0]


@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_once() -> None:
    UserFactory(is_staff=True, is_superuser=True)
    opens()
    at_once(*[alarms.tell] * 6)
    assert len(mails()) == 1
