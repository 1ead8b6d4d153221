"""The console's broadcasts: written and looked at, confirmed by who may, and watched."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from inspector_whatsapp import clock, jobs
from inspector_whatsapp.console import groups
from inspector_whatsapp.models import OutboxMessage, PriceCategory, User
from notifications.models import Broadcast
from tests.admin.conftest import address
from tests.factories import BroadcastFactory, SeekerFactory
from tests.notifications.approved import approve_all
from tests.notifications.scenes import linked

pytestmark = pytest.mark.django_db

DRAFT = {
    "name": "Longer hours",
    "kind": "broadcast_news",
    "text": "Open till\n 7 pm.",
    "text_pcm": "",
    "roles": ["seeker"],
    "area": "",
    "active_days": "",
    "ahead": "",
    "spare_days": "7",
    "starts_at_0": "",
    "starts_at_1": "",
    "per_minute": "60",
}


@pytest.fixture(autouse=True)
def approved() -> None:
    approve_all()


def act(client: Client, row: Broadcast, name: str) -> str:
    return client.post(f"/admin/notifications/broadcast/{row.pk}/broadcast/{name}/", follow=True).text


def test_a_draft_is_written_looked_at_tried_confirmed_watched_and_stopped(staff: Client, root: User) -> None:
    for name in ("Ada Obi", "Bisi Ade"):
        linked(SeekerFactory(name=name))
    SeekerFactory(name="Chi Eze")
    PriceCategory.objects.create(category="utility", price="0.0067", currency="USD")
    page = staff.post(address(Broadcast, "add/"), DRAFT, follow=True).text
    draft = Broadcast.objects.get()
    assert (draft.text, draft.created_by, draft.revision) == ("Open till 7 pm.", root, 1)
    assert "2 people would get it" in page
    assert "1 × no WhatsApp connected" in page
    assert "Chi Eze" in page
    assert "Hello Root, there is news about Inspector and your account: Open till 7 pm." in page
    assert "on its way to your WhatsApp" in act(staff, draft, "test")
    assert OutboxMessage.objects.get().kind == "template_test"
    confirm = address(draft, "confirm")
    assert "At most 0.01 USD: 2 × 0.0067 (utility)." in staff.get(confirm).text
    wrong = staff.post(confirm, {"number": "3", "revision": "1"}).text
    assert "It goes to 2 people: type that number." in wrong
    page = staff.post(confirm, {"number": "2", "revision": "1"}, follow=True).text
    assert "0 of 2 people." in page
    assert 'name="text"' not in page, "what is confirmed is not changed"
    jobs.work()
    assert staff.get(f"/admin/notifications/broadcast/{draft.pk}/far/").json()["queued"] == 2
    assert "Paused: nothing more of it leaves." in act(staff, draft, "pause")
    assert "It goes on." in act(staff, draft, "resume")
    page = act(staff, draft, "stop")
    assert "Stopped for good: 1 message was withdrawn." in page
    assert f"admin {root.pk} stopped the broadcast" in page
    assert "It does not stand so any more" in act(staff, draft, "stop")


def test_a_pace_beyond_what_leaves_in_a_minute_and_a_draft_for_nobody_are_refused(staff: Client) -> None:
    page = staff.post(address(Broadcast, "add/"), DRAFT | {"per_minute": "9999999", "roles": []}).text
    assert "Between 1 and" in page
    assert not Broadcast.objects.exists()


def test_who_writes_it_may_not_send_it_and_sees_counts_without_names(visitor: Client, helper: User) -> None:
    groups.make()
    helper.groups.add(Group.objects.get(name=groups.CONTENT))
    linked(SeekerFactory(name="Ada Obi"))
    draft = BroadcastFactory()
    page = visitor.get(address(draft, "change")).text
    assert "1 person would get it" in page
    assert "Ada Obi" not in page
    assert "confirm/" not in page
    assert visitor.get(address(draft, "confirm")).status_code == 403
    for name in ("pause", "resume", "stop"):
        answer = visitor.post(f"/admin/notifications/broadcast/{draft.pk}/broadcast/{name}/")
        assert answer.status_code == 403


def test_one_for_later_says_when(staff: Client) -> None:
    linked(SeekerFactory())
    draft = BroadcastFactory(starts_at=clock.now() + timedelta(days=2))
    assert "It begins at" in staff.get(address(draft, "confirm")).text
