"""Inspections by day and by inspector: who can be sent where, and what two admins at once may not do."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspector_whatsapp import incidents, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Delay, Inspection, PriceCategory, PriceCount, TimeOff, User
from tests.admin.conftest import EVIL, address, log_in
from tests.at_once import at_once
from tests.factories import (
    LAGOS,
    DelayFactory,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    TimeOffFactory,
    UserFactory,
    at,
    now,
)

pytestmark = pytest.mark.django_db
DAY = "/admin/inspector_whatsapp/inspection/day/"


def day(client: Client, *, days: int = 1) -> str:
    return client.get(DAY, {"day": f"{at(days=days):%Y-%m-%d}"}).content.decode()


def unassigned(hour: int = 10, **fields: object) -> Inspection:
    """A visit in a slot that nobody carries out."""
    slot = SlotFactory(inspector=None, taken=1, capacity=3, starts_at=at(hour), state="closed")
    return InspectionFactory(slot=slot, inspector=None, **fields)


def give(client: Client, inspection: Inspection, inspector: User, **more: object) -> str:
    path = f"/admin/inspector_whatsapp/inspection/{inspection.pk}/assign/"
    data = {"inspector": inspector.pk, "revision": inspection.revision} | more
    return client.post(path, data, follow=True).content.decode()


def test_a_day_shows_everybodys_visits_slots_and_time_off_and_those_of_nobody_first(staff: Client) -> None:
    his, nobodys = InspectionFactory(), unassigned(12)
    SlotFactory(inspector=his.inspector, starts_at=at(15), property=PropertyFactory(ref="PR-7777"))
    away = TimeOffFactory(inspector=InspectorFactory(name="Away"))
    other_day = InspectionFactory(slot__starts_at=at(10, days=2))
    called_off = InspectionFactory(state="cancelled")
    page = day(staff)
    assert page.index(nobodys.ref) < page.index(his.ref)
    assert "free slot 15:00–16:00, PR-7777" in page
    assert away.inspector.name in page
    assert "Nobody carries these out yet" in page
    for missing in (other_day, called_off):
        assert missing.ref not in page


def test_a_day_says_when_an_inspector_who_is_late_is_expected(staff: Client) -> None:
    soon = now() + timedelta(hours=1)
    visit = InspectionFactory(slot__starts_at=soon, slot__ends_at=soon + timedelta(hours=1))
    late = DelayFactory(inspector=visit.inspector, property=visit.property, starts_at=visit.starts_at)
    expected = f"late, there at about {late.expected_at.astimezone(LAGOS):%H:%M}"
    page = {"day": f"{soon.astimezone(LAGOS):%Y-%m-%d}"}
    assert expected in staff.get(DAY, page).content.decode()
    Delay.objects.update(ended_at=late.said_at)
    assert expected not in staff.get(DAY, page).content.decode()


@pytest.mark.parametrize("asked", ["", "nonsense", "2026-13-45", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_today(staff: Client, asked: str) -> None:
    answer = staff.get(DAY, {"day": asked})
    assert answer.status_code == 200
    assert "· today" in answer.content.decode()


def test_who_has_something_else_is_said_before_anybody_is_assigned(staff: Client) -> None:
    wanted = unassigned(10)
    busy = InspectionFactory(
        slot__starts_at=at(10, 30), inspector=InspectorFactory(name="Busy"), slot__inspector=None
    )
    slot = SlotFactory(inspector=InspectorFactory(name="Slotted"), starts_at=at(9, 30))
    off = TimeOffFactory(inspector=InspectorFactory(name="Away"))
    free = InspectorFactory(name="Zara Free")
    for page in (day(staff), staff.get(address(wanted, "change")).content.decode()):
        choice = page.partition(f"/inspection/{wanted.pk}/assign/")[2].partition("</select>")[0]
        assert choice.index("Zara Free") < choice.index("Busy")  # who is free stands first
        assert f"– has {busy.ref}, 10:30–11:30" in choice
        assert f"– has a slot of {slot.property.ref}, 09:30–10:30" in choice
        assert "– is off, 09:00–17:00" in choice
        assert f'value="{free.pk}">Zara Free ({free.email})<' in choice
    assert busy.inspector is not None
    assert f"That inspector has {busy.ref} at that time." in give(staff, wanted, busy.inspector)
    assert "That inspector is off from" in give(staff, wanted, off.inspector)
    assert not Change.objects.exists()


@pytest.mark.parametrize("shift", [-60, -59, 0, 30, 59, 60])
def test_what_is_said_before_is_what_the_rules_say(shift: int) -> None:
    wanted, inspector = unassigned(12), InspectorFactory()
    SlotFactory(inspector=inspector, starts_at=wanted.starts_at + timedelta(minutes=shift))
    found = inspections.of_day(wanted.starts_at.date())
    line = next(line for line in found.lines if line.inspector == inspector)
    said = found.in_the_way(line, wanted)
    real = inspections.busy(inspector, start=wanted.starts_at, end=wanted.ends_at, but_slot=wanted.slot)
    assert said == real


def test_from_the_day_a_visit_is_given_with_everybody_in_it_and_the_day_is_shown_again(
    staff: Client, root: User
) -> None:
    first = unassigned()
    second = InspectionFactory(slot=first.slot, inspector=None)
    inspector = InspectorFactory(name="Ngozi Okafor")
    page = give(staff, first, inspector, day="1")
    assert f"{first.ref}: {inspector} carries it out" in page
    assert "Nobody carries these out yet" not in page
    assert "A day by inspector" in page
    assert set(Inspection.objects.values_list("inspector", flat=True)) == {inspector.pk}
    assert second.ref in page


def test_the_second_of_two_admins_is_told_whom_the_first_chose(staff: Client) -> None:
    visit, ngozi, femi = unassigned(), InspectorFactory(name="Ngozi"), InspectorFactory(name="Femi")
    give(staff, visit, ngozi)
    page = give(staff, visit, femi)  # whose page still shows the visit as it was
    assert f"Somebody changed it meanwhile: {ngozi} carries it out now." in page
    visit.refresh_from_db()
    assert visit.inspector == ngozi
    assert "carries it out, for everybody" in give(staff, visit, femi)  # having looked again


def test_a_double_click_assigns_once(staff: Client) -> None:
    visit, ngozi = unassigned(), InspectorFactory()
    for _ in range(2):
        assert "carries it out, for everybody" in give(staff, visit, ngozi)
    assert Change.objects.filter(kind="inspection_assigned").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_admins_at_once_one_decides() -> None:
    visit, admin = unassigned(), UserFactory(is_staff=True)
    people = [InspectorFactory() for _ in range(4)]

    def decide(person: User) -> bool:
        try:
            inspections.assign(
                inspection=visit,
                inspector=person,
                actor=admin,
                origin=Origin.ADMIN,
                revision=visit.revision,
            )
        except inspections.Changed:
            return False
        return True

    decided = at_once(*[lambda person=person: decide(person) for person in people])
    assert sorted(decided) == [False, False, False, True]
    visit.refresh_from_db()
    assert visit.inspector == people[decided.index(True)]


def test_several_are_given_from_the_list_and_one_that_cannot_be_keeps_no_other(staff: Client) -> None:
    first, second, clashing = unassigned(9), unassigned(13), unassigned(13)
    inspector = InspectorFactory(name="Ngozi")
    chosen = {
        "action": "assign_chosen",
        "_selected_action": [first.pk, second.pk, clashing.pk],
    }
    asked = staff.post(address(Inspection), chosen).content.decode()
    assert "Who carries them out?" in asked
    assert first.ref in asked
    revisions = {f"revision_{one.pk}": one.revision for one in (first, second, clashing)}
    page = staff.post(
        address(Inspection), chosen | revisions | {"given": "1", "inspector": inspector.pk}, follow=True
    ).content.decode()
    assert f"{first.ref}: {inspector} carries it out" in page
    assert "That inspector has" in page
    given = Inspection.objects.filter(inspector=inspector)
    assert set(given) == {first, second}


def test_too_many_are_not_given_at_once(staff: Client) -> None:
    slot = SlotFactory(capacity=60, taken=51)
    rows = [InspectionFactory(slot=slot, seeker=SeekerFactory()).pk for _ in range(51)]
    page = staff.post(address(Inspection), {"action": "assign_chosen", "_selected_action": rows}, follow=True)
    assert "Choose 50 inspections at most." in page.content.decode()


def test_whoever_may_only_look_sees_the_day_and_assigns_nobody(visitor: Client, helper: User) -> None:
    visit, ngozi = unassigned(), InspectorFactory()
    assert visitor.get(DAY).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="view_inspection"))
    TimeOffFactory()
    page = day(log_in(Client(), User.objects.get(pk=helper.pk)))
    assert visit.ref in page
    assert "/assign/" not in page
    assert "bar-off" not in page  # nor whose time off they may not see
    visitor.post(address(Inspection), {"action": "assign_chosen", "_selected_action": [visit.pk]})
    assert visitor.post(DAY).status_code in (403, 405)
    visitor.post(f"/admin/inspector_whatsapp/inspection/{visit.pk}/assign/", {"inspector": ngozi.pk})
    assert not Change.objects.exists()


def test_words_that_mean_harm_stay_words(staff: Client) -> None:
    visit = unassigned()
    for row in (visit.seeker, InspectorFactory()):
        row.name = EVIL
        row.save()
    visit.property.title = EVIL[:100]
    visit.property.save()
    page = day(staff)
    for tag in ("<i x", "<script>alert", "<img src=x", "\u202e"):
        assert tag not in page
    assert "U+202E" in page


def test_a_day_of_two_hundred_visits_asks_no_more_than_one_of_a_few(staff: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert day(staff)
        return len(asked)

    people, property = [InspectorFactory() for _ in range(10)], PropertyFactory()
    InspectionFactory()
    queries()
    few = queries()
    seekers = SeekerFactory.create_batch(20)
    Inspection.objects.bulk_create(
        Inspection(
            property=property,
            seeker=seekers[number // 10],
            inspector=people[number % 10] if number % 3 else None,
            starts_at=at(6) + timedelta(hours=number % 10),
            ends_at=at(6) + timedelta(hours=number % 10, minutes=50),
            state="confirmed",
            created_at=at(0, days=0),
        )
        for number in range(200)
    )
    assert queries() <= few
    assert few <= 14


# --- clashes ----------------------------------------------------------------------------------------------
def test_the_two_sides_of_a_clash_lead_to_each_other_and_say_what_was_done(staff: Client, root: User) -> None:
    ours = InspectionFactory()
    theirs = InspectionFactory(slot=ours.slot, clash=True)
    elsewhere = InspectionFactory(slot__starts_at=at(16))
    incidents.report("clash", key=theirs.ref, sentence="Both stand.")
    for one, other in ((ours, theirs), (theirs, ours)):
        page = staff.get(address(one, "change")).content.decode()
        assert address(other, "change") in page
        assert "the same slot" in page
        assert address(elsewhere, "change") not in page
    page = staff.get(address(theirs, "change")).content.decode()
    assert "nobody has seen to it yet" in page
    incidents.close("clash", key=theirs.ref, by=root)
    Inspection.objects.filter(pk=theirs.pk).update(clash=False)
    page = staff.get(address(theirs, "change")).content.decode()
    assert "It was a clash" in page
    assert f"{root} closed it on" in page
    assert "Clash:" not in staff.get(address(elsewhere, "change")).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("inspector=none", {"nobodys"}),
        ("inspector={inspector}", {"his"}),
        ("inspector=nonsense", {"his", "nobodys", "later"}),
        ("clash__exact=1", {"later"}),
        ("starts_at_from={day}&starts_at_to={day}", {"his", "nobodys"}),
        ("starts_at_from=nonsense", {"his", "nobodys", "later"}),
        ("state__exact=requested", set()),
    ],
)
def test_the_list_is_filtered_by_days_inspectors_and_clashes(
    staff: Client, query: str, found: set[str]
) -> None:
    rows = {
        "his": InspectionFactory(slot__starts_at=at(0, 30)),
        "nobodys": unassigned(23),
        "later": InspectionFactory(slot__starts_at=at(days=2), clash=True),
    }
    asked = query.format(inspector=rows["his"].inspector_id, day=f"{at():%Y-%m-%d}")
    page = staff.get(f"{address(Inspection)}?{asked}").content.decode()
    assert {name for name, row in rows.items() if address(row, "change") in page} == found


def test_time_off_over_several_days_is_on_each(staff: Client) -> None:
    off = TimeOffFactory(inspector=InspectorFactory(name="Away"))
    TimeOff.objects.filter(pk=off.pk).update(ends_at=at(12, days=3))
    assert "bar-off" in day(staff, days=2)
    assert "bar-off" not in day(staff, days=4)


def test_a_cost_of_less_than_one_is_shown_to_its_fourth_decimal(staff: Client) -> None:
    PriceCategory.objects.update_or_create(
        category="utility", defaults={"price": "0.0067", "currency": "USD"}
    )
    PriceCount.objects.create(day=at().date(), category="utility", billable=True, count=3)
    assert "0.0201 USD" in staff.get(address(PriceCount)).content.decode()
