"""The registry and Meta: submitted, listed, edited there behind our back, told by webhook. Over real HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django_celery_beat.models import PeriodicTask
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api.errors import NotAllowed, Refused, TryLater, Uncertain
from inspector_whatsapp.models import Incident, OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from notifications import registry, tasks, templates
from notifications.meta import client
from notifications.models import MessageTemplate, TemplateStatus
from notifications.registry import Unusable, Usable
from tests.factories import UserFactory
from tests.notifications.test_registry import BOOKED, DECLARED, row, second, stands
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(templates: None, meta: Meta) -> Meta:
    """Meta has approved our templates, and we know."""
    meta.statuses_come_in()
    return meta


@pytest.fixture
def admin() -> User:
    return UserFactory(email="root@example.com", name="Root", phone="+2348030000099", is_staff=True)


def found() -> Usable | Unusable:
    return registry.find(BOOKED, language="en")


def changed(meta: Meta, **wish: Any) -> None:
    """Somebody changes a template at Meta; what Meta says of it does not arrive until it is let in."""
    assert meta.control("templates", {"name": BOOKED, **wish}) == {"changed": 1}


def open_incidents() -> set[tuple[str, str]]:
    return set(Incident.objects.filter(closed_at=None).values_list("kind", "key"))


def sentence(kind: str) -> str:
    return Incident.objects.get(kind=kind, closed_at=None).sentence


def test_what_is_submitted_is_in_review_until_meta_says_that_it_is_approved(meta: Meta) -> None:
    submitted = registry.submit(row())
    assert (submitted.status, submitted.category_at_meta) == ("pending", "utility")
    assert isinstance(found(), Unusable)
    meta.statuses_come_in()
    assert isinstance(found(), Usable)
    assert row().meta_id.isdigit()
    assert not Incident.objects.exists()


def test_all_of_ours_are_taken_and_all_pages_of_the_list_are_read(approved: Meta, settings: Settings) -> None:
    for number in range(80):  # a page has a hundred
        made_by_others(settings, f"a_stranger_{number}")
    MessageTemplate.objects.update(status=TemplateStatus.PENDING, status_at=None)
    many = len(templates.TEMPLATES)
    assert registry.sync() == registry.Synced(found=many, changed=many)
    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"approved"}
    assert registry.sync().changed == 0
    assert open_incidents() == set()


def made_by_others(settings: Settings, name: str) -> None:
    definition: dict[str, object] = {"name": name, "language": "en", "category": "UTILITY"}
    body: dict[str, object] = {
        "components": [{"type": "BODY", "text": "Hello."}],
        "parameter_format": "NAMED",
    }
    client().create_template(settings.WHATSAPP_BUSINESS_ACCOUNT_ID, definition | body)


def test_a_lost_webhook_is_made_good_by_the_list(meta: Meta) -> None:
    registry.submit(row())
    meta.settle()
    meta.door.posts.clear()
    assert isinstance(found(), Unusable)
    registry.sync()
    assert isinstance(found(), Usable)


def test_a_webhook_that_came_while_the_list_was_on_its_way_is_not_undone_by_it(approved: Meta) -> None:
    registry.sync()
    stands(status=TemplateStatus.PAUSED, status_at=clock.now() + timedelta(seconds=1))
    registry.sync()
    assert row().status == "paused"
    clock.move(timedelta(minutes=1))
    registry.sync()
    assert row().status == "approved"


def test_what_was_submitted_just_now_may_be_missing_in_the_list(approved: Meta) -> None:
    changed(approved, delete=True, quietly=True)
    stands(status=TemplateStatus.PENDING, status_at=None, submitted_at=clock.now())
    registry.sync()
    assert row().status == "pending"
    clock.move(timedelta(minutes=3))
    registry.sync()
    assert row().status == "deleted"


def test_two_submissions_of_one_version_are_one(meta: Meta) -> None:
    draft, again = row(), row()
    registry.submit(draft)
    with pytest.raises(registry.CannotSubmit, match="already: in review"):
        registry.submit(again)
    assert len(meta.requests("/message_templates")) == 1


def test_what_meta_refuses_stays_a_draft_with_metas_words(meta: Meta) -> None:
    registry.submit(row())
    stands(status=TemplateStatus.DRAFT)  # we have forgotten that it is there
    with pytest.raises(Refused):
        registry.submit(row())
    assert row().status == "draft"
    assert "already en content" in row().reason


def test_without_metas_answer_it_counts_as_submitted_until_the_list_says_otherwise(meta: Meta) -> None:
    meta.control("faults", {"action": "error", "path": "/message_templates", "status": 500, "code": 1})
    with pytest.raises((Uncertain, TryLater)):
        registry.submit(row())
    if row().status == TemplateStatus.PENDING:
        clock.move(timedelta(minutes=3))
    registry.sync()
    assert row().status == "draft"
    assert registry.submit(row()).status == "pending"


@pytest.mark.parametrize("quietly", [True, False])
def test_a_variable_that_was_renamed_at_meta_takes_the_template_out(approved: Meta, quietly: bool) -> None:
    other = DECLARED.body.replace("{{person}}", "{{name}}")
    changed(approved, body=other, quietly=quietly)
    if quietly:
        registry.sync()
    else:
        approved.statuses_come_in()
    unusable = found()
    assert isinstance(unusable, Unusable)
    assert unusable.why.endswith("has other parameters at Meta: {{name}} instead of {{person}}")
    assert sentence("template_edited").startswith("inspection_booked (en) has other parameters at Meta")
    changed(approved, body=DECLARED.body, quietly=True)
    registry.sync()
    assert isinstance(found(), Usable)
    assert open_incidents() == set()


def test_buttons_that_changed_places_at_meta_take_the_template_out(approved: Meta) -> None:
    changed(approved, buttons=["Cancel", "Change"], quietly=True)
    registry.sync()
    unusable = found()
    assert isinstance(unusable, Unusable)
    assert "has other buttons at Meta: Cancel, Change instead of Change, Cancel" in unusable.why


def test_another_wording_at_meta_is_sent_and_said(approved: Meta) -> None:
    changed(approved, body="Hello. " + DECLARED.body, quietly=True)
    registry.sync()
    assert isinstance(found(), Usable)
    assert sentence("template_edited") == (
        "inspection_booked (en) has another wording at Meta: it was edited there."
    )


def test_one_that_was_deleted_at_meta_is_lost_until_it_is_submitted_again(approved: Meta) -> None:
    changed(approved, delete=True, quietly=True)
    clock.move(timedelta(minutes=5))
    registry.sync()
    assert found() == Unusable("inspection_booked (en) is no longer at Meta")
    assert open_incidents() == {("template_lost", "inspection_booked (en)")}
    approved.control("clock", {"offset_seconds": 300})
    registry.submit(row())
    approved.statuses_come_in()
    assert isinstance(found(), Usable)
    assert open_incidents() == set()
    approved.control("clock", {"offset_seconds": 0})


@pytest.mark.parametrize(
    ("status", "more", "why"),
    [
        (
            "PAUSED",
            {"other_info": {"title": "FIRST_PAUSE", "description": "Paused for 3 hours."}},
            "is paused by Meta for low quality (Paused for 3 hours)",
        ),
        ("DISABLED", {}, "was disabled by Meta for good"),
        ("ARCHIVED", {}, "was archived by Meta"),
        ("REJECTED", {"reason": "SCAM"}, "was rejected by Meta (SCAM)"),
    ],
)
def test_one_that_meta_takes_away_is_an_incident_until_it_gives_it_back(
    approved: Meta, status: str, more: dict[str, Any], why: str
) -> None:
    changed(approved, status=status, **more)
    approved.statuses_come_in()
    assert found() == Unusable(f"inspection_booked (en) {why}")
    assert sentence("template_lost") == (
        f"inspection_booked (en) {why}. These fall back to e-mail: inspection_booked."
    )
    changed(approved, status="REINSTATED")
    approved.statuses_come_in()
    assert isinstance(found(), Usable)
    assert open_incidents() == set()


def test_an_older_version_goes_on_when_the_newer_one_is_rejected(approved: Meta) -> None:
    registry.submit(second())
    approved.statuses_come_in()
    changed(approved, name="inspection_booked_v2", status="REJECTED", reason="SCAM")
    approved.statuses_come_in()
    assert isinstance(found(), Usable)
    assert sentence("template_lost") == (
        "inspection_booked_v2 (en) was rejected by Meta (SCAM). inspection_booked is sent in its place."
    )
    changed(approved, status="PAUSED")
    changed(approved, name="inspection_booked_v2", status="REINSTATED")
    approved.statuses_come_in()
    usable = found()
    assert isinstance(usable, Usable)
    assert usable.template == "inspection_booked_v2"
    assert open_incidents() == set()


@pytest.mark.parametrize("quietly", [True, False])
def test_a_category_that_meta_changes_is_kept_and_said(approved: Meta, quietly: bool) -> None:
    changed(approved, category="MARKETING", quietly=quietly)
    if quietly:
        registry.sync()
    else:
        approved.statuses_come_in()
    usable = found()
    assert isinstance(usable, Usable)
    assert usable.category == "marketing"
    assert sentence("template_category_changed") == (
        "inspection_booked (en) is marketing at Meta and utility with us: price and rules differ."
    )


def test_a_category_that_will_change_is_said_a_day_ahead(approved: Meta) -> None:
    changed(approved, coming_category="MARKETING")
    approved.statuses_come_in()
    usable = found()
    assert isinstance(usable, Usable)
    assert usable.category == "utility"
    assert "will be marketing" in sentence("template_category_will_change")
    changed(approved, category="MARKETING")
    approved.statuses_come_in()
    assert {kind for kind, _key in open_incidents()} == {"template_category_changed"}


def test_the_quality_is_kept_by_webhook_and_by_list(approved: Meta) -> None:
    changed(approved, quality="YELLOW")
    approved.statuses_come_in()
    assert row().quality == "yellow"
    changed(approved, quality="RED", quietly=True)
    registry.sync()
    assert row().quality == "red"


@pytest.mark.django_db(transaction=True)
def test_a_list_that_cannot_be_read_changes_nothing_and_is_one_incident(approved: Meta) -> None:
    approved.control(
        "faults", {"action": "error", "path": "/message_templates", "code": 190, "times": 2, "status": 401}
    )
    for _ in range(2):
        with pytest.raises(NotAllowed):  # which the schedules show as the last result
            tasks.sync_templates()
    incident = Incident.objects.get(kind="template_sync_failed")
    assert (incident.times, incident.closed_at) == (2, None)
    assert isinstance(found(), Usable)
    approved.faults_end()
    tasks.sync_templates()
    assert open_incidents() == set()


def test_the_schedules_ask_meta_every_six_hours_with_no_arguments() -> None:
    entry = PeriodicTask.objects.get(name="Templates: sync")
    assert (entry.task, entry.args, entry.kwargs) == ("notifications.tasks.sync_templates", "[]", "{}")
    assert entry.interval.schedule.run_every == timedelta(hours=6)


def test_a_test_goes_to_the_admins_own_phone_by_the_template(approved: Meta, admin: User) -> None:
    registry.send_test(row(), to=admin)
    outbox.drain()
    (sent,) = approved.sent()
    assert (sent["to"], sent["template"]["name"]) == (admin.phone, BOOKED)
    (body, *buttons) = sent["template"]["components"]
    assert {one["parameter_name"]: one["text"] for one in body["parameters"]}["person"] == "Chidi Eze"
    assert len(buttons) == 2
    assert OutboxMessage.objects.get().status == Status.ACCEPTED


def test_a_test_without_a_number_or_of_another_version_is_refused_in_words(
    approved: Meta, admin: User
) -> None:
    newer = second()
    with pytest.raises(registry.CannotSendTest, match="People get inspection_booked now"):
        registry.send_test(newer, to=admin)
    with pytest.raises(registry.CannotSendTest, match="no phone number"):
        registry.send_test(row(), to=UserFactory(phone=""))
    stands(status=TemplateStatus.PAUSED)
    with pytest.raises(registry.CannotSendTest, match="paused by Meta"):
        registry.send_test(row(), to=admin)
    assert not OutboxMessage.objects.exists()
