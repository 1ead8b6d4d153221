"""A log-in lasts for eight hours, and for half an hour without anything being done."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from inspector_whatsapp import clock, retention
from inspector_whatsapp.audit import Act
from inspector_whatsapp.console.access.retention import clear_sessions
from inspector_whatsapp.models import AuditEntry, Contact, User
from tests.admin.access.conftest import App, gives_code, gives_password, is_in, later, said
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client: Client, app: App) -> Client:
    gives_password(client)
    gives_code(client, app.code())
    assert is_in(client)
    return client


def test_after_half_an_hour_without_anything_they_log_in_again(inside: Client) -> None:
    with later(minutes=29):
        assert is_in(inside)
    with later(minutes=58):
        assert is_in(inside)
    with later(minutes=88):
        answer = inside.get("/admin/account/", follow=True)
        assert answer.redirect_chain == [("/admin/login/?next=/admin/account/", 302)]
        assert "nothing was done for 30 minutes" in said(answer)


def test_after_eight_hours_they_log_in_again_whatever_they_do(inside: Client) -> None:
    for minutes in range(20, 480, 20):
        with later(minutes=minutes):
            assert is_in(inside), minutes
    with later(hours=8):
        answer = inside.get("/admin/account/", follow=True)
        assert "a log-in lasts for 8 hours" in said(answer)
        assert not is_in(inside)


def test_a_new_log_in_has_its_own_eight_hours(inside: Client, app: App) -> None:
    with later(hours=8):
        assert not is_in(inside)
        gives_password(inside)
        gives_code(inside, app.recovery[0], recovery=True)
        assert is_in(inside)


def test_a_page_that_asks_for_news_keeps_nothing_alive(inside: Client) -> None:
    poll = {"x-poll": "1"}
    for minutes in range(1, 30):
        with later(minutes=minutes):
            assert inside.get("/admin/account/", headers=poll).status_code == 200
    with later(minutes=30):
        gone = inside.get("/admin/account/", headers=poll)
        assert (gone.status_code, gone.content) == (401, b"Log in again.")
        assert inside.get("/admin/account/", headers=poll).status_code == 401
        assert not is_in(inside)


def test_what_is_idle_is_set_in_minutes(inside: Client, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    with later(minutes=5):
        assert not is_in(inside)


def test_a_log_in_gets_a_session_of_its_own(client: Client, app: App) -> None:
    client.get("/admin/login/")
    keys = []
    gives_password(client)
    keys.append(client.session.session_key)
    gives_code(client, app.code())
    keys.append(client.session.session_key)
    assert len(set(keys)) == 2
    assert "half_in" not in client.session


def test_requests_without_a_session_ask_nothing_of_the_database(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/livez")
        client.get("/nowhere")


def test_sessions_that_ran_out_and_old_wrong_log_ins_are_deleted(inside: Client) -> None:
    gives_password(Client(), "not the password")
    clear_sessions()
    assert Session.objects.count() == 1
    with later(hours=9):
        clear_sessions()
    assert not Session.objects.exists()
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(days=29))
    assert retention.run()["wrong log-ins"] == 0
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(days=31))
    assert retention.run()["wrong log-ins"] == 1


# --- refusals ---------------------------------------------------------------------------------------------
def test_what_staff_have_no_right_to_is_noted_without_what_stood_behind_the_question_mark(
    visitor: Client, helper: User
) -> None:
    page = f"/admin/inspector_whatsapp/contact/{ContactFactory().pk}/change/"
    assert visitor.get(f"{page}?secret=1").status_code == 403
    assert (
        visitor.post("/admin/inspector_whatsapp/contact/add/", {"phone": "+2348030000001"}).status_code == 403
    )
    entries = AuditEntry.objects.filter(act=Act.REFUSED).order_by("id")
    assert [(entry.actor, entry.says) for entry in entries] == [
        (helper, f"GET {page}"),
        (helper, "POST /admin/inspector_whatsapp/contact/add/"),
    ]
    assert Contact.objects.count() == 1


def test_an_address_full_of_harm_is_noted_by_its_characters_numbers(visitor: Client) -> None:
    assert visitor.get("/admin/inspector_whatsapp/contact/%E2%80%AE%01%3Cb%3E/change/").status_code == 403
    says = AuditEntry.objects.get(act=Act.REFUSED).says
    assert "[U+202E][U+0001]<b>" in says


def test_who_is_not_logged_in_fills_no_table(client: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/admin/login/", {}).status_code == 403
    assert not AuditEntry.objects.exists()
