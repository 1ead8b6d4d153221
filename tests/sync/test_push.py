"""What only the door of `PUT /api/v1/sync/<kind>` has to do."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inspector_whatsapp import inspections, sync
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import take_time_off
from inspector_whatsapp.models import Change, OutboxMessage, Property, Slot, User
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.sync import KINDS, Applied
from notifications.models import Reminder
from tests.api.inspector import person, service
from tests.factories import SeekerFactory, at
from tests.sync import rows
from tests.sync.rows import account, everybody, home, ten
from tests.sync.ways import Push, id_of

pytest_plugins = ("tests.sync.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("push")]

USERS = "/api/v1/sync/users"


def put(body: Any, path: str = USERS, scope: str = "sync") -> Any:
    return service(scope).put(path, body, format="json")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ([], 400, "invalid"),
        ({}, 400, "invalid"),
        ({"items": {}}, 400, "invalid"),
        ({"items": [], "quiet": "yes"}, 400, "invalid"),
        ({"items": [], "silent": True}, 400, "invalid"),
        ({"items": [{}] * 1001}, 413, "too_many_items"),
    ],
)
def test_a_body_that_is_none_is_refused_as_a_whole(body: Any, status: int, code: str) -> None:
    answer = put(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_above_sixteen_megabytes_is_refused() -> None:
    big = {"items": [{"id": "a", "version": 1, "name": "x" * 16_000_000}]}
    assert put(big).status_code == 413


def test_an_unknown_kind_is_not_there() -> None:
    assert put({"items": []}, "/api/v1/sync/passwords").status_code == 404


@pytest.mark.parametrize("scope", ["read", "events notify", ""])
def test_another_scope_does_not_open_it(scope: str) -> None:
    assert put({"items": []}, scope=scope).status_code == 403


def test_nobodys_own_token_opens_it() -> None:
    boss = User.objects.create_superuser("boss@inspector.example", "a long password")
    for caller in (person(SeekerFactory()), person(boss, scope="admin sync")):
        assert caller.put(USERS, {"items": []}, format="json").status_code == 403


def test_the_answer_says_what_became_of_each_item() -> None:
    answer = put({"items": [rows.user("ada"), {"id": "user-2", "version": 0}, "no object", rows.user("ada")]})
    body = answer.json()
    assert [one["result"] for one in body["results"]] == ["created", "refused", "refused", "unchanged"]
    assert [one["index"] for one in body["results"]] == [0, 1, 2, 3]
    assert body["results"][0]["ref"] == str(account("ada").pk)
    assert {error["field"] for error in body["results"][1]["errors"]} == {"version"}
    assert {name: body[name] for name in ("created", "updated", "unchanged", "stale", "refused")} == {
        "created": 1,
        "updated": 0,
        "unchanged": 1,
        "stale": 0,
        "refused": 2,
    }


@pytest.mark.parametrize(
    "field", ["is_staff", "is_superuser", "groups", "password", "user_permissions", "pk"]
)
def test_rights_and_passwords_are_refused_by_name(field: str) -> None:
    (one,) = put({"items": [{**rows.user("ada"), field: True}]}).json()["results"]
    assert (one["result"], one["code"]) == ("refused", "invalid")
    assert one["errors"] == [{"field": field, "detail": "There is no such field."}]
    assert not User.objects.exists()


def test_a_new_row_says_what_it_lacks() -> None:
    (one,) = put({"items": [{"id": "user-1", "version": 1}]}).json()["results"]
    assert {error["field"]: error["detail"] for error in one["errors"]} == {
        "email": "It is missing.",
        "role": "It is missing.",
    }


@pytest.mark.parametrize(
    "time",
    [
        "2026-12-01T10:00:00",
        "2026-12-01",
        "+01:00",
        "tomorrow at ten",
        "2026-13-01T10:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        1_795_800_000,
        None,
        ["2026-12-01T10:00:00Z"],
    ],
)
def test_a_time_without_its_offset_is_refused(push: Push, time: Any) -> None:
    everybody(push)
    (one,) = push.send("slots", rows.slot("two", starts_at=time))
    assert (one["result"], one["code"]) == ("refused", "invalid")
    assert [error["field"] for error in one["errors"]] == ["starts_at"]


def test_items_of_one_row_count_in_their_order(push: Push) -> None:
    push.send("users", rows.user("bola", "agent"))
    results = push.send(
        "properties",
        rows.property(version=2),
        rows.property("other", version=1),
        rows.property(price=3, version=4),
        rows.property(price=2, version=3),
        rows.property("other", title="Another title", version=2),
    )
    assert [one["result"] for one in results] == ["created", "created", "updated", "stale", "updated"]
    assert home().price == 3
    assert Property.objects.get(platform_id=id_of("other")).title == "Another title"


def test_what_is_left_out_stays_as_it_is(push: Push) -> None:
    everybody(push)
    push.send("properties", {"id": id_of("home"), "version": 2, "price": "3999999.99"})
    assert str(home().price) == "3999999.99"
    assert home().title == rows.property()["title"]


def test_other_content_under_the_same_version_is_stale(push: Push) -> None:
    everybody(push)
    (one,) = push.send("properties", rows.property(price=1))
    assert one["result"] == "stale"
    assert home().price == 4_500_000


def test_nobody_is_told_of_a_quiet_load_but_reminders_are_planned(push: Push) -> None:
    people = [rows.user("ada"), rows.user("bola", "agent"), rows.user("chidi", "inspector")]
    push.send("users", *people, quiet=True)
    push.send("properties", rows.property(), quiet=True)
    push.send("slots", rows.slot(), quiet=True)
    push.send("inspections", rows.inspection(), quiet=True)
    push.send("interests", rows.interest(), quiet=True)
    assert not OutboxMessage.objects.exists()
    assert Reminder.objects.exists()
    assert Change.objects.filter(kind="inspection_booked", origin=Origin.SYNC).exists()


def test_a_row_is_not_taken_over_by_another_id(push: Push) -> None:
    everybody(push)
    (one,) = push.send("properties", rows.property("thief", ref=home().ref))
    assert (one["result"], one["code"]) == ("refused", "known_by_another_id")
    (two,) = push.send("properties", rows.property("thief", ref="PR-999999"))
    assert (two["result"], two["code"]) == ("refused", "unknown_ref")


def test_deleting_what_never_was_here_changes_nothing(push: Push) -> None:
    (one,) = push.send("properties", {"id": "gone", "version": 9, "deleted": True})
    assert one["result"] == "unchanged"
    assert not Property.objects.exists()


def test_a_whole_row_that_is_deleted_does_not_come_in(push: Push) -> None:
    """As views send it: with everything that a new one needs, and a ref that nobody knows."""
    everybody(push)
    photo = {"id": "p", "version": 1, "property": id_of("home"), "url": "https://inspector.example/1.jpg"}
    before = {kind: KINDS[kind].model.objects.count() for kind in KINDS}
    for kind, row in {
        "users": rows.user("uche"),
        "properties": rows.property("other"),
        "photos": photo,
        "slots": rows.slot("two", hour=14),
        "inspections": rows.inspection(),
        "interests": rows.interest(),
    }.items():
        for more in ({}, {"ref": "999999"}):
            (one,) = push.send(kind, {**row, **more, "deleted": True})
            assert (kind, one["result"]) == (kind, "unchanged")
    assert {kind: KINDS[kind].model.objects.count() for kind in KINDS} == before


def test_of_a_deleted_row_nothing_else_is_read(push: Push) -> None:
    everybody(push)
    push.send("interests", rows.interest())
    push.send("inspections", rows.inspection())
    listing, person = rows.property(), rows.user("ife")
    wrong = {
        "interests": {**rows.interest(), "seeker": id_of("nobody yet")},
        "inspections": {**rows.inspection(), "starts_at": None, "ref": "", "slot": id_of("nowhere")},
        "slots": {**rows.slot(), "ends_at": "before that", "capacity": 0, "ref": 5},
        "properties": {**listing, "kind": "castle", "title": "Gone", "price": -1},
        "users": {**person, "email": "bola@inspector.example", "role": "landlord"},
    }
    for kind, row in wrong.items():
        (one,) = push.send(kind, {**row, "version": 9, "deleted": True})
        assert (kind, one["result"], one["errors"]) == (kind, "updated", [])
        (one,) = push.send(kind, {**row, "id": "never here", "version": 9, "deleted": True})
        assert (kind, one["result"]) == (kind, "unchanged")
    assert (home().status, home().title) == (PropertyStatus.UNAVAILABLE, listing["title"])
    assert (account("ife").is_active, account("ife").email) == (False, person["email"])
    assert (ten().state, ten().capacity) == (SlotState.CLOSED, 1)
    assert rows.visit().state == InspectionState.CANCELLED
    (one,) = push.send("users", {**person, "version": 10, "deleted": True, "is_staff": True})
    assert [error["field"] for error in one["errors"]] == ["is_staff"]


def test_a_row_made_here_is_deleted_by_its_ref(push: Push) -> None:
    everybody(push)
    ours = inspections.book(seeker=account("ada"), slot=ten(), origin=Origin.CHAT)
    (one,) = push.send("inspections", {"id": id_of("visit"), "version": 1, "ref": ours.ref, "deleted": True})
    assert one["result"] == "updated"
    assert (rows.visit().pk, rows.visit().state) == (ours.pk, InspectionState.CANCELLED)


def test_staff_are_refused_by_item(push: Push) -> None:
    User.objects.create_superuser("boss@inspector.example", "a long password")
    results = push.send("users", rows.user("boss"), rows.user("ada"))
    assert [(one["result"], one.get("code")) for one in results] == [("refused", "staff"), ("created", None)]


def test_an_address_that_is_somebody_elses_is_refused_by_name_of_those_who_are_here_too(push: Push) -> None:
    everybody(push)
    User.objects.create_superuser("boss@inspector.example", "a long password")
    results = push.send(
        "users",
        rows.user("ada", email="boss@inspector.example", version=2),
        rows.user("ife", email="bola@inspector.example", version=2),
        rows.user("uche", email="same@inspector.example"),
        rows.user("tobi", email="same@inspector.example"),
    )
    assert [one.get("code") for one in results] == ["staff", "email_taken", None, "email_taken"]


def test_an_address_that_somebody_gives_up_is_the_next_ones_in_the_same_call(push: Push) -> None:
    everybody(push)
    results = push.send(
        "users",
        rows.user("ada", email="other@inspector.example", version=2),
        rows.user("ife", email="ada@inspector.example", version=2),
    )
    assert [one["result"] for one in results] == ["updated", "updated"]


def test_one_row_is_not_meant_by_two_items(push: Push) -> None:
    """One names it by its ref, another by its seeker and slot: the rest of the call goes on."""
    everybody(push)
    ours = inspections.book(seeker=account("ada"), slot=ten(), origin=Origin.CHAT)
    results = push.send(
        "inspections",
        rows.inspection("first", ref=ours.ref),
        rows.inspection("second"),
        rows.inspection("third", seeker=id_of("ife"), state="cancelled"),
    )
    assert [one["result"] for one in results] == ["updated", "created", "created"]
    assert (rows.visit("first").pk, rows.visit("second").clash) == (ours.pk, True)
    assert ten().taken == 1


def test_a_deletion_under_the_same_version_is_stale_unless_it_is_gone(push: Push) -> None:
    everybody(push)
    push.send("interests", rows.interest())
    push.send("inspections", rows.inspection())
    for kind, row in {
        "interests": rows.interest(),
        "inspections": rows.inspection(),
        "slots": rows.slot(),
        "properties": rows.property(),
        "users": rows.user("ife"),
    }.items():
        (one,) = push.send(kind, {**row, "deleted": True})
        assert (kind, one["result"]) == (kind, "stale")
        gone = {"id": row["id"], "version": 2, "deleted": True}
        assert [push.send(kind, gone)[0]["result"] for _ in range(2)] == ["updated", "unchanged"]


@pytest.mark.parametrize("hours", [1, -1])
def test_a_day_that_moves_by_an_hour_moves_as_one(push: Push, hours: int) -> None:
    everybody(push)
    day = {"ten": 10, "eleven": 11, "twelve": 12}
    push.send("slots", *(rows.slot(name, hour=hour) for name, hour in day.items()))
    push.send(
        "inspections",
        *(rows.inspection(f"at {name}", hour=hour, slot=id_of(name)) for name, hour in day.items()),
    )
    results = push.send(
        "slots", *(rows.slot(name, hour=hour + hours, version=2) for name, hour in day.items())
    )
    assert {one["result"] for one in results} == {"updated"}
    visits = [rows.visit(f"at {name}") for name in day]
    assert [one.starts_at for one in visits] == [at(hour + hours, days=2) for hour in day.values()]
    assert not any(one.clash for one in visits)
    results = push.send(
        "inspections",
        *(
            rows.inspection(f"at {name}", hour=hour + 2 * hours, slot=None, version=2)
            for name, hour in day.items()
        ),
    )
    assert not any(rows.visit(f"at {name}").clash for name in day)


def test_of_many_that_the_database_refuses_each_is_refused_by_itself(push: Push) -> None:
    everybody(push)
    wrong = [rows.slot(f"wrong {hour}") for hour in range(3)]
    good = [rows.slot(f"good {hour}", hour=hour) for hour in (12, 14, 16)]
    results = push.send("slots", wrong[0], good[0], wrong[1], good[1], wrong[2], good[2])
    assert [one["result"] for one in results] == ["refused", "created"] * 3
    assert Slot.objects.count() == 4


def test_two_visits_of_one_seeker_at_one_time_in_one_call_make_one_clash(push: Push) -> None:
    everybody(push)
    push.send("properties", rows.property("other"))
    push.send("slots", rows.slot("other", property=id_of("other"), inspector=None))
    push.send(
        "inspections",
        rows.inspection(),
        rows.inspection("second", property=id_of("other"), slot=id_of("other"), inspector=None),
    )
    assert [rows.visit(name).clash for name in ("visit", "second")] == [False, True]


def test_seekers_who_change_places_in_one_call_both_get_theirs(push: Push) -> None:
    everybody(push)
    push.send("slots", rows.slot("two", hour=14))
    push.send(
        "inspections",
        rows.inspection(),
        rows.inspection("second", hour=14, seeker=id_of("ife"), slot=id_of("two")),
    )
    push.send(
        "inspections",
        rows.inspection(hour=14, slot=id_of("two"), version=2),
        rows.inspection("second", seeker=id_of("ife"), version=2),
    )
    assert not rows.visit().clash
    assert not rows.visit("second").clash
    assert set(Slot.objects.values_list("taken", flat=True)) == {1}


def test_a_slot_in_an_inspectors_time_off_is_inspectors_to_say(push: Push) -> None:
    everybody(push)
    chidi = account("chidi")
    times = {"starts_at": at(13, days=2), "ends_at": at(18, days=2)}
    take_time_off(inspector=chidi, actor=chidi, origin=Origin.CHAT, **times)
    (one,) = push.send("slots", rows.slot("two", hour=14))
    assert one["result"] == "created"


HEARD: list[Applied] = []


def hear(applied: list[Applied]) -> None:
    HEARD.extend(applied)


def test_a_newer_row_is_told_to_whoever_waits_for_it(push: Push, settings: Any) -> None:
    everybody(push)
    settings.SYNC_LISTENERS = (f"{__name__}.hear",)
    HEARD.clear()
    push.send("properties", rows.property(status="let", version=2))
    push.send("properties", rows.property(status="let", version=3))
    push.send("properties", rows.property(status="let", version=3))
    assert [(one.subject, one.agrees) for one in HEARD] == [(home(), False), (home(), True)]
    assert (HEARD[0].before["status"], HEARD[0].after["status"]) == ("live", "let")


# --- whatever is sent -------------------------------------------------------------------------------------
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=80)
    | st.sampled_from(
        ["", "live", "agent", "2026-12-01T10:00:00Z", "0001-01-01T00:00:00+14:00", "-0", "1e400"]
    )
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))


@st.composite
def anything(draw: st.DrawFn) -> tuple[str, list[Any]]:
    """Items of a kind, some of them nearly right."""
    kind = draw(st.sampled_from(sorted(sync.KINDS)))
    right = {
        "users": rows.user("uche"),
        "properties": rows.property("other"),
        "photos": {
            "id": "p",
            "version": 1,
            "property": id_of("home"),
            "url": "https://inspector.example/1.jpg",
        },
        "slots": rows.slot("two", hour=14),
        "inspections": rows.inspection(),
        "interests": rows.interest(),
    }[kind]
    names = st.sampled_from([*sync.KINDS[kind].fields, "id", "version", "ref", "deleted", "is_staff"])
    nearly = st.dictionaries(names, VALUES, max_size=3).map(lambda wrong: {**right, **wrong})
    return kind, draw(st.lists(nearly | VALUES, min_size=1, max_size=4))


@pytest.mark.hypothesis
@given(sent=anything())
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered(push: Push, sent: tuple[str, list[Any]]) -> None:
    if not Slot.objects.exists():
        everybody(push)
    kind, items = sent
    results = sync.apply(kind, items)
    assert [one.index for one in results] == list(range(len(items)))
    answer = put({"items": items}, f"/api/v1/sync/{kind}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert "created" not in {one["result"] for one in answer.json()["results"] if one["id"] in ("", None)}
