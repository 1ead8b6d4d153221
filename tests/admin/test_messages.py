"""Messages in the console: found, read with their story, said again, stopped; few at once, many by a job."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from bot.models import InboundEvent
from inspector_whatsapp import jobs
from inspector_whatsapp.admin import many, paging
from inspector_whatsapp.models import AuditEntry, ClockOffset, Contact, Job, OutboxMessage, User
from inspector_whatsapp.models.jobs import JobState
from tests.admin.conftest import EVIL, address, log_in
from tests.at_once import at_once
from tests.factories import ContactFactory, LinkFactory, UserFactory, now

pytestmark = pytest.mark.django_db
LIST = "/admin/inspector_whatsapp/outboxmessage/"
TWICE = "If it did, they get it twice."


def message(status: str = "failed", **fields: Any) -> OutboxMessage:
    """An answer in a chat that came to this end."""
    contact = fields.pop("contact", None) or ContactFactory()
    defaults = {"kind": "reply", "channel": "whatsapp", "created_at": now(), "not_before": now()}
    words = {"text": "Hello", "body": {"type": "text", "text": {"body": "Hello"}}}
    return OutboxMessage.objects.create(
        contact=contact, status=status, lane=f"lane:{contact.pk}", **defaults | words | fields
    )


def act(client: Client, row: OutboxMessage, name: str, **more: str) -> str:
    answer = client.post(f"{LIST}{row.pk}/act/{name}/", more, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, **query: str) -> set[int]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    table = answer.content.decode().partition('id="result_list"')[2]
    return {int(pk) for pk in re.findall(r"/outboxmessage/(\d+)/change/", table)}


def run(client: Client, action: str, rows: list[OutboxMessage], *, where: str = LIST, **more: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(where, {**chosen, **more}, follow=True)


def with_rights(*names: str) -> Client:
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return log_in(Client(), helper)


# --- the list ---------------------------------------------------------------------------------------------
def test_messages_are_sifted_by_what_became_of_them_and_why(staff: Client) -> None:
    unreachable = message(error_code=131026)
    closed = message(error_code=131047, channel="email", category="utility", kind="reminder")
    withheld = message("withheld")
    unknown = message("uncertain", uncertain_at=now())
    decided = message("failed", uncertain_at=now(), reason="unknown whether it arrived; said again: x")
    left = message("failed", uncertain_at=now(), reason="unknown whether it arrived: x")
    read = message("read")
    everything = {row.pk for row in (unreachable, closed, withheld, unknown, decided, left, read)}
    assert listed(staff) == everything
    assert listed(staff, status="read") == {read.pk}
    assert listed(staff, because="Unreachable") == listed(staff, because="131026") == {unreachable.pk}
    assert listed(staff, because="withheld") == {withheld.pk}
    assert listed(staff, because="unknown") == {unknown.pk, decided.pk, left.pk}
    assert listed(staff, waits="yes") == {unknown.pk, left.pk}
    assert listed(staff, channel="email") == listed(staff, kind="reminder") == {closed.pk}
    assert listed(staff, category="utility", status="failed") == {closed.pk}
    assert listed(staff, status__exact="withheld") == {withheld.pk}
    assert listed(staff, because=EVIL) == listed(staff, because="9" * 30) == set()


def test_a_day_is_a_whole_one_in_the_services_zone(staff: Client) -> None:
    midnight = localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    first, last, before, after = (
        message(created_at=midnight + timedelta(seconds=seconds)) for seconds in (0, 86_399, -1, 86_400)
    )
    day = midnight.date().isoformat()
    assert listed(staff, created_at_from=day, created_at_to=day) == {first.pk, last.pk}
    assert listed(staff, created_at_to=day) == {first.pk, last.pk, before.pk}
    assert listed(staff, created_at_from=day) == {first.pk, last.pk, after.pk}
    assert len(listed(staff, created_at_from="yesterday", created_at_to="2026-02-31")) == 4


def test_a_long_list_is_not_counted_to_its_end(staff: Client) -> None:
    class Short(paging.Capped):
        most = 3

    for _ in range(5):
        message()
    assert Short(OutboxMessage.objects.order_by("-pk"), 2).num_pages == 2
    assert "5 messages" in " ".join(staff.get(LIST).content.decode().split())


def test_messages_are_found_by_whom_they_are_with_and_by_their_words(staff: Client) -> None:
    ada = UserFactory(name="Ada Eze", email="ada.eze@example.com", phone="+2348030009876")
    chat = ContactFactory(profile_name="Sunny Okafor", phone="+2348030005432")
    hers = message(account=ada, text="Your inspection IN-3107 is tomorrow.", status="read")
    his = message(contact=chat, text="Which area do you like best?")
    message(text="Nothing of the kind.")
    for typed in ("ada eze", "ada.eze@", "0803 000 9876", "•••9876", "tomorrow inspection", "in 3107"):
        assert listed(staff, q=typed) == {hers.pk}, typed
    for typed in ("okaf sun", "5432", "like bes", f"#{his.pk}"):
        assert listed(staff, q=typed) == {his.pk}, typed
    assert listed(staff, q="tomorrow", status="failed") == set()
    # Of a masked number no digit before those that are shown is found out by trying.
    assert listed(staff, q="09876") == listed(staff, q="19876") == {hers.pk}


def test_no_search_reads_all_messages(staff: Client) -> None:
    message()
    for model in (OutboxMessage, InboundEvent):
        with CaptureQueriesContext(connection) as asked:
            staff.get(address(model), {"q": "sunshine"})
        table = model._meta.db_table
        over = [one["sql"] for one in asked if f'"{table}"."text"' in one["sql"].partition("WHERE")[2]]
        assert over
        assert not [statement for statement in over if "LIKE" in statement.partition("WHERE")[2]]


# --- one message ------------------------------------------------------------------------------------------
def test_a_failed_message_is_said_again_once_however_often_the_button_is_pressed(
    staff: Client, root: User
) -> None:
    failed = message()
    assert "Say again" in staff.get(address(failed, "change")).content.decode()
    again = "Said again as message"
    assert again in act(staff, failed, "retry")
    assert "It has been said again already" in act(staff, failed, "retry")
    row = OutboxMessage.objects.get(repeats=failed)
    assert row.status == "pending"
    page = staff.get(address(failed, "change")).content.decode()
    assert address(row, "change") in page
    assert "/act/retry/" not in page
    assert [entry.change_message for entry in LogEntry.objects.filter(object_id=failed.pk)] == [
        f"{again} {row.pk}."
    ]
    assert AuditEntry.objects.get(act="changed", object_id=str(failed.pk)).actor == root


def test_what_may_have_arrived_asks_before_it_is_said_again(staff: Client) -> None:
    row = message("uncertain", uncertain_at=now())
    for name in ("retry", "by_mail"):
        assert TWICE in act(staff, row, name)
    assert OutboxMessage.objects.count() == 1
    assert "Said again as message" in act(staff, row, "retry", sure="yes")
    assert "It has been said again already" in act(staff, row, "retry", sure="yes")
    assert OutboxMessage.objects.filter(repeats=row).count() == 1


def test_a_message_left_to_a_person_asks_as_well(staff: Client) -> None:
    row = message("failed", uncertain_at=now(), reason="unknown whether it arrived: x")
    assert TWICE in act(staff, row, "retry")


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_press_at_once_have_it_said_once(the_clock: None) -> None:
    row = message("uncertain", uncertain_at=now())
    clients = [log_in(Client(), UserFactory(is_staff=True, is_superuser=True)) for _ in range(3)]
    press = [lambda client=client: act(client, row, "retry", sure="yes") for client in clients]
    pages = at_once(*press)
    assert sum("Said again as message" in page for page in pages) == 1
    assert OutboxMessage.objects.filter(repeats=row).count() == 1


def test_a_message_is_stopped_before_it_leaves_and_not_after(staff: Client) -> None:
    row = message("held")
    assert "Stopped before it left." in act(staff, row, "cancel")
    row.refresh_from_db()
    assert row.status == "withheld"
    assert "It was stopped already." in act(staff, row, "cancel")
    assert "It has left, or came to its end otherwise." in act(staff, message("sent"), "cancel")


def test_what_whatsapp_did_not_bring_goes_by_e_mail(staff: Client) -> None:
    row = message()
    assert "No account is meant by it" in act(staff, row, "by_mail")
    LinkFactory(contact=row.contact, made_at=now() - timedelta(hours=1))
    assert "Said by e-mail as message" in act(staff, row, "by_mail")
    letter = OutboxMessage.objects.get(channel="email")
    assert (letter.kind, letter.repeats) == ("retold", row)


def test_too_late_is_said_in_a_sentence(staff: Client) -> None:
    asleep = ContactFactory(last_inbound_at=now() - timedelta(hours=25))
    assert "24-hour window had closed" in act(staff, message(contact=asleep), "retry")
    gone = ContactFactory(stopped_at=now(), last_inbound_at=now())
    assert "has left" in act(staff, message("delivered", contact=gone), "retry")
    assert "too late" in act(staff, message(expires_at=now() - timedelta(hours=1)), "retry")
    assert not OutboxMessage.objects.filter(repeats__isnull=False).exists()


def test_what_inspector_is_to_hear_is_replayed_and_nothing_else(staff: Client) -> None:
    dead = message(channel="webhook", kind="webhook")
    page = staff.get(address(dead, "change")).content.decode()
    assert "/act/replay/" in page
    assert "/act/retry/" not in page
    for name in ("retry", "by_mail", "cancel"):
        assert "can only be replayed" in act(staff, dead, name)
    assert "Sent to Inspector once more." in act(staff, dead, "replay")
    assert "Only what Inspector did not take" in act(staff, message(), "replay")


def test_acts_need_their_right_and_a_post(root: User) -> None:
    row = message()
    viewer = with_rights("view_outboxmessage")
    page = viewer.get(address(row, "change")).content.decode()
    assert "/act/" not in page
    for name in ("retry", "by_mail", "cancel", "replay"):
        assert viewer.post(f"{LIST}{row.pk}/act/{name}/").status_code == 403
    staff = log_in(Client(), root)
    assert staff.get(f"{LIST}{row.pk}/act/retry/").status_code == 405
    assert staff.post(f"{LIST}{row.pk}/act/dance/").status_code == 404
    assert staff.post(f"{LIST}{row.pk + 999}/act/retry/").status_code == 404
    run(viewer, "retry", [row])
    assert OutboxMessage.objects.count() == 1


def test_a_message_shows_what_it_would_say_if_it_left_now_or_why_it_would_not(staff: Client) -> None:
    waiting = message("pending", kind="inspector_message", text="", arguments={"text": "Rain tomorrow"})
    link = LinkFactory(contact=waiting.contact)
    OutboxMessage.objects.update(account=link.account)
    page = staff.get(address(waiting, "change")).content.decode()
    assert "If it left now, it would say:" in page
    assert "Rain tomorrow" in page
    Contact.objects.update(stopped_at=now())
    OutboxMessage.objects.update(status="withheld")
    page = staff.get(address(waiting, "change")).content.decode()
    assert "If it left now, it would not: they stopped everything on WhatsApp" in page
    waiting.refresh_from_db()
    assert (waiting.text, waiting.story) == ("", [])


def test_nothing_of_a_story_becomes_markup(staff: Client) -> None:
    row = message(
        "uncertain",
        uncertain_at=now(),
        text=EVIL,
        reason=EVIL,
        body={"template": {"name": EVIL}},
        arguments={"inspection": EVIL, "property": 7},
        story=[{"at": now().isoformat(), "step": EVIL, "says": EVIL}],
    )
    for page in (staff.get(address(row, "change")).content.decode(), act(staff, row, "retry")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page.partition("<body")[2].partition('class="words"')[2]


# --- many -------------------------------------------------------------------------------------------------
def test_a_few_are_done_at_once_and_what_was_left_out_is_said(staff: Client) -> None:
    rows = [message("held"), message("held"), message("sent")]
    page = run(staff, "cancel", rows).content.decode()
    assert "2 messages were stopped." in page
    assert "1 was left out: It has left, or came to its end otherwise." in page
    assert not Job.objects.exists()
    assert AuditEntry.objects.filter(act="changed", page="inspector_whatsapp.outboxmessage").count() == 2


def test_among_many_what_may_have_arrived_is_left_out(staff: Client) -> None:
    page = run(staff, "retry", [message(), message("uncertain", uncertain_at=now())]).content.decode()
    assert "1 message is said again." in page
    assert "on its own page alone" in page
    assert OutboxMessage.objects.filter(repeats__isnull=False).count() == 1


def test_all_that_match_a_filter_are_a_job_which_asks_first(staff: Client, root: User) -> None:
    held = [message("held") for _ in range(25)]
    other = message("pending")
    where = f"{LIST}?{urlencode({'status': 'held', 'q': 'Hello'})}"
    page = run(staff, "cancel", held[:1], where=where, select_across="1").content.decode()
    assert "It would be done to 25 of the messages." in page
    assert "all that match: status=held, a search" in page
    assert not Job.objects.exists()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    fields = {"where": where, "select_across": "1", "token": token[1]}
    for _ in range(2):  # a double click
        page = run(staff, "cancel", held[:1], **fields).content.decode()
        assert "It begins in a moment: 25 to do." in page
    job = Job.objects.get()
    assert (job.total, job.actor, job.chosen) == (25, root, "all that match: status=held, a search")
    late = message("held")
    jobs.work()
    assert OutboxMessage.objects.filter(status="withheld").count() == 25
    for row in (other, late):
        row.refresh_from_db()
        assert row.status != "withheld"
    page = staff.get(address(job, "change")).content.decode()
    assert "Done: 25 of 25." in page


def test_more_than_a_few_that_were_ticked_are_a_job(staff: Client) -> None:
    rows = [message("held") for _ in range(many.AT_ONCE + 1)]
    page = run(staff, "cancel", rows).content.decode()
    assert page.count('name="_selected_action"') == many.AT_ONCE + 1
    assert "ticked in the list" in page
    assert not Job.objects.exists()


def a_job(actor: User, rows: list[OutboxMessage]) -> Job:
    return jobs.begin(
        work=jobs.by_name("messages.cancel"), rows=[row.pk for row in rows], actor=actor, token=uuid4()
    )


def test_a_jobs_page_is_asked_how_far_it_is_and_stops_it(staff: Client, root: User) -> None:
    job = a_job(root, [message("held")])
    far = staff.get(address(job, "far"), headers={"X-Poll": "1"}).json()
    assert (far["open"], far["place"], far["total"]) == (True, 0, 1)
    page = staff.post(address(job, "cancel"), follow=True).content.decode()
    assert "It stops: what was done stays done." in page
    assert "Stopped after 0 of 1." in page
    assert (
        "It is over, or was told to stop already."
        in staff.post(address(job, "cancel"), follow=True).content.decode()
    )
    job.refresh_from_db()
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, root)


def test_whoever_began_a_job_sees_it_and_others_need_a_right(root: User) -> None:
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_outboxmessage", "change_outboxmessage"])
    )
    mine, theirs = a_job(helper, [message("held")]), a_job(root, [message("held")])
    client = log_in(Client(), helper)
    assert client.get(address(mine, "change")).status_code == 200
    assert client.get(address(mine, "far")).status_code == 200
    for path in (address(Job), address(theirs, "change"), address(theirs, "far")):
        assert client.get(path).status_code in (302, 403), path
    assert client.post(address(theirs, "cancel")).status_code == 403
    viewer = with_rights("view_job")
    assert viewer.get(address(theirs, "change")).status_code == 200
    assert "/cancel/" not in viewer.get(address(theirs, "change")).content.decode()
    assert viewer.post(address(theirs, "cancel")).status_code == 403
    assert client.get(address(mine, "cancel")).status_code == 405
    assert client.post(address(mine, "cancel")).status_code == 302


def test_links_are_ended_by_the_hundred_in_the_same_way(staff: Client) -> None:
    links = [LinkFactory(contact=ContactFactory()) for _ in range(3)]
    where = "/admin/inspector_whatsapp/link/?state__exact=active"
    chosen = {"action": "unlink", "_selected_action": [links[0].pk], "select_across": "1"}
    page = staff.post(where, chosen).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    staff.post(where, {**chosen, "token": token[1]})
    jobs.work()
    for link in links:
        link.refresh_from_db()
        assert (link.state, link.ended_why) == ("ended", "admin")
    assert Job.objects.get().done == 3


@pytest.fixture
def the_clock() -> None:
    ClockOffset.objects.get_or_create(pk=1)
