"""An admin edits a reminder rule, and sees the next reminder move."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from config.demo import DEMO_PASSWORD
from tests.browser.conftest import Shoot
from tests.journeys.console import ADMIN
from tests.journeys.phone import Phone
from tests.journeys.service import Service

RULE = "SELECT id FROM notifications_reminderrule WHERE minutes_before = 1440"
DUE = """
SELECT min(r.due_at) FROM notifications_reminder r
JOIN inspector_whatsapp_inspection i ON i.id = r.inspection_id
WHERE i.ref = %s AND r.rule_id = %s AND r.state = 'planned'
"""
OTHER = 2_220  # minutes: a day and thirteen hours


def test_a_rule_is_edited_and_its_next_reminder_moves(
    page: Page, service: Service, seeker: Phone, shoot: Shoot
) -> None:
    ref = seeker.books(day=4)
    service.settle()
    rule = service.ask_database(RULE)
    before: datetime = service.ask_database(DUE, ref, rule)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # Chromium asks for one
    page.goto(f"{service.url}/admin/")
    page.fill("#id_username", ADMIN)
    page.fill("#id_password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    reminders = f"{service.url}/admin/notifications/reminder/?q={ref}&rule__id__exact={rule}"
    page.goto(reminders)
    due = page.locator("#result_list td.field-due_at").first
    expect(due).to_be_visible()
    was = due.inner_text()
    shoot(page, "reminders")

    page.goto(f"{service.url}/admin/notifications/reminderrule/{rule}/change/")
    expect(page.locator("#reminderrule_form")).to_contain_text("1 day before")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280  # nothing sticks out
    page.fill("#id_minutes_before", str(OTHER))
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#reminderrule_form")).to_contain_text("37 hours before")
    expect(page.locator("#reminderrule_form")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d, of IN-\d+"))
    shoot(page, "reminder-rule")

    after: datetime = service.ask_database(DUE, ref, rule)
    assert before - after == timedelta(minutes=OTHER - 1_440)
    page.goto(reminders)
    expect(due).not_to_have_text(was)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.goto(f"{service.url}/admin/notifications/reminderrule/{rule}/change/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.fill("#id_minutes_before", "1440")  # as the other journeys know it
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#result_list")).to_be_visible()
    assert service.ask_database(DUE, ref, rule) == before
