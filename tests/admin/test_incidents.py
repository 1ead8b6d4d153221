"""The console's incidents: what is wrong, what to do, where to look; and who has seen to it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from bot.models import Conversation, InboundEvent, WebhookBody
from inspector_whatsapp import clock, incidents
from inspector_whatsapp.admin.incidents import PLACES, where
from inspector_whatsapp.incidents import KINDS
from inspector_whatsapp.models import ChannelState, Incident, Inspection, OutboxMessage, User
from tests.admin.conftest import World, address

pytestmark = pytest.mark.django_db


def opened(kind: str, key: str) -> Incident:
    incidents.report(kind, key=key, sentence="Something is wrong.")
    return Incident.objects.get(kind=kind, key=key, closed_at=None)


def act(client: Client, incident: Incident, what: str) -> int:
    return client.post(f"/admin/inspector_whatsapp/incident/{incident.pk}/incident/{what}/").status_code


def test_the_page_says_what_is_wrong_and_what_to_do(staff: Client) -> None:
    page = staff.get(address(opened("beat_silent", "beat"), "change")).content.decode()
    assert "The schedules stand still" in page
    assert "Start the beat." in page
    assert "/admin/inspector_whatsapp/heartbeat/" in page


def test_one_is_seen_and_then_closed_and_the_list_says_by_whom(staff: Client, root: User) -> None:
    incident = opened("clash", "IN-1")
    assert act(staff, incident, "see") == 302
    incident.refresh_from_db()
    assert (incident.seen_by, incident.closed_at) == (root, None)
    assert act(staff, incident, "close") == 302
    incident.refresh_from_db()
    assert incident.closed_by == root
    assert act(staff, incident, "see") == 302  # too late, and nothing happens
    assert act(staff, incident, "mend") == 404
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == ["Seen.", "Closed."]


def test_what_nobody_has_seen_stands_first_then_what_somebody_looks_into(staff: Client, root: User) -> None:
    done, seen, unseen = (opened("clash", key) for key in ("IN-done", "IN-seen", "IN-unseen"))
    for one, words in ((done, "Done."), (seen, "Seen to."), (unseen, "Unseen.")):
        Incident.objects.filter(pk=one.pk).update(sentence=words)
    incidents.close("clash", key="IN-done")
    incidents.see(seen, by=root)
    page = staff.get(address(Incident)).content.decode()
    assert page.index("Unseen.") < page.index("Seen to.") < page.index("Done.")


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("state=open", {"a"}),
        ("state=seen", {"b"}),
        ("state=closed", {"c"}),
        ("severity=act", {"a", "c"}),
        ("severity=look", {"b"}),
        ("kind=clash", {"a", "c"}),
        ("closed_at__isempty=1", {"a", "b"}),
        ("state=nonsense", {"a", "b", "c"}),
    ],
)
def test_the_list_is_filtered(staff: Client, root: User, query: str, there: set[str]) -> None:
    opened("clash", "a")
    incidents.see(opened("sync_differs", "b"), by=root)
    opened("clash", "c")
    incidents.close("clash", key="c")
    for incident in Incident.objects.all():
        Incident.objects.filter(pk=incident.pk).update(sentence=f"Of {incident.key}.")
    page = staff.get(f"{address(Incident)}?{query}").content.decode()
    assert {key for key in "abc" if f"Of {key}." in page} == there


def test_the_chosen_ones_are_seen_at_once(staff: Client, root: User) -> None:
    keys = [opened("clash", key).pk for key in "abc"]
    page = staff.post(address(Incident), {"action": "see", "_selected_action": keys}, follow=True)
    assert "You look into 3 incidents." in page.content.decode()
    assert Incident.objects.filter(seen_by=root).count() == 3


def test_whoever_may_only_look_acts_on_none(visitor: Client, helper: User) -> None:
    helper.user_permissions.add(Permission.objects.get(codename="view_incident"))
    incident = opened("clash", "IN-1")
    page = visitor.get(address(incident, "change")).content.decode()
    assert "Two inspections want the same place" in page
    assert "I look into it" not in page
    for what in ("see", "close"):
        assert act(visitor, incident, what) == 403
    incident.refresh_from_db()
    assert (incident.seen_at, incident.closed_at) == (None, None)


def test_whoever_has_no_right_learns_nothing(visitor: Client) -> None:
    incident = opened("clash", "IN-1")
    answer = visitor.get(address(incident, "change"))
    assert answer.status_code == 403
    assert "same place" not in answer.content.decode()


def test_the_list_says_when_mail_itself_does_not_leave(staff: Client) -> None:
    assert "E-mail itself" not in staff.get(address(Incident)).content.decode()
    ChannelState.objects.create(channel="email", shut_until=clock.now(), since=clock.now())
    assert "E-mail itself" in staff.get(address(Incident)).content.decode()


# --- where to look ----------------------------------------------------------------------------------------
def test_every_kind_leads_somewhere_that_opens(staff: Client) -> None:
    for kind in KINDS:
        found = where(opened(kind, "7"))
        assert found is not None, kind
        assert staff.get(found[1]).status_code == 200, kind
    assert set(PLACES) <= set(KINDS)
    odd = where(opened("template_lost", "a & b?#=( (en)"))
    assert odd is not None
    assert odd[1].endswith("/?q=a%20%26%20b%3F%23%3D%28")


def test_it_leads_to_the_row_that_it_is_about(staff: Client, world: World) -> None:
    inspection, event, message = world[Inspection], world[InboundEvent], world[OutboxMessage]
    talk, body = world[Conversation], world[WebhookBody]
    for kind, key, row in (
        ("clash", inspection.ref, inspection),
        ("inspector_wanted", f"slot {inspection.slot_id}", inspection),
        ("message_quarantined", event.pk, event),
        ("meta_account_update", event.key, event),
        ("meta_of_next_year", event.key, event),
        ("message_uncertain", message.pk, message),
        ("human_wanted", talk.contact_id, talk),
        ("webhook_unparseable", body.pk, body),
    ):
        found = where(opened(kind, str(key)))
        assert found is not None
        assert found[1] == address(row, "change"), kind
