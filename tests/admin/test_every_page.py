"""Every page of the console: it opens, harms nobody, and is shut to those who have no right to it."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.models import Contact, PropertyPhoto, User
from tests.admin.conftest import EVIL, OURS, World, address, grow

pytestmark = pytest.mark.django_db
Model = type[models.Model]
SYSTEM = [model for model in OURS if isinstance(admin.site._registry[model], ReadOnly)]
MOST_QUERIES = 14

each_of_ours = pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
each_of_the_systems = pytest.mark.parametrize("model", SYSTEM, ids=lambda model: model.__name__)


def page(client: Client, path: str, **query: Any) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, path
    return answer.content.decode()


def harmless(text: str) -> bool:
    """Whether nothing of what was stored has become markup."""
    return not any(tag in text for tag in ("<i x", "<script>alert", "<img src=x", "14\u200b"))


def test_everything_that_is_written_by_the_service_is_found_here() -> None:
    assert len(SYSTEM) >= 13


@each_of_ours
def test_lists_and_searches_show_harmful_words_as_words(evil: World, staff: Client, model: Model) -> None:
    shown = page(staff, address(model))
    assert harmless(shown)
    table = shown.partition('id="result_list"')[2].partition("</table>")[0]
    assert "\u202e" not in re.sub(r'aria-label="[^"]*"', "", table)
    assert harmless(page(staff, address(model), q=EVIL))
    if any(column.name in ("title", "sentence", "profile_name") for column in model._meta.fields):
        assert "&lt;i x&gt;" in shown
        assert "U+202E" in shown


@each_of_ours
def test_pages_and_histories_show_harmful_words_as_words(evil: World, staff: Client, model: Model) -> None:
    row = evil[model]
    assert harmless(page(staff, address(row, "change")))
    assert harmless(page(staff, address(row, "history")))


@each_of_ours
def test_whoever_was_given_no_right_sees_nothing(world: World, visitor: Client, model: Model) -> None:
    row = world[model]
    assert visitor.get("/admin/").status_code == 200
    for path in (address(model), address(model, "add/"), address(row, "change"), address(row, "delete")):
        assert visitor.get(path).status_code == 403, path
        assert visitor.post(path).status_code == 403, path
    assert visitor.get(address(row, "history")).status_code == 403


def test_whoever_was_given_no_right_sees_no_photo(world: World, visitor: Client) -> None:
    photo = world[PropertyPhoto]
    assert visitor.get(f"/admin/inspector_whatsapp/property/photo/{photo.pk}/").status_code == 403


@each_of_the_systems
def test_what_the_service_writes_is_never_written_by_hand(world: World, staff: Client, model: Model) -> None:
    row = world[model]
    before = model._default_manager.values().get(pk=row.pk)
    assert staff.get(address(model, "add/")).status_code == 403
    assert staff.post(address(model, "add/"), {}).status_code == 403
    assert staff.post(address(row, "change"), {"state": "done", "status": "sent"}).status_code == 403
    assert staff.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    staff.post(address(model), chosen)
    assert model._default_manager.values().get(pk=row.pk) == before


@each_of_ours
def test_a_longer_list_asks_no_more_of_the_database(world: World, staff: Client, model: Model) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(staff, address(model))
        return len(asked)

    queries()  # the first also looks up content types
    few = queries()
    for _ in range(4):
        grow()
    assert queries() <= few
    assert few <= MOST_QUERIES


@each_of_ours
def test_lists_show_no_whole_number(world: World, staff: Client, model: Model) -> None:
    shown = page(staff, address(model))
    for number in (world[Contact].phone, world[User].phone):
        assert number not in shown
        assert number.removeprefix("+") not in shown


def test_a_password_alone_opens_nothing(root: User, client: Client) -> None:
    client.force_login(root)
    for path in ("/admin/", address(User), address(root, "change")):
        assert client.get(path)["Location"].startswith("/admin/login/"), path
