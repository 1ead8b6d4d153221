"""The console's sidebar: every page is in it, once, for those who may open it; and all of them look alike."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory
from unfold.admin import ModelAdmin

from inspector_whatsapp.console.navigation import SECTIONS, sections
from inspector_whatsapp.models import User
from tests.admin.conftest import log_in

# A page without a table is named by its address, as in admin:privacy_kept.
NAMED = [apps.get_model(page[0]) for _title, pages in SECTIONS for page in pages if ":" not in page[0]]


def test_every_page_is_in_it_once_and_none_is_left_over() -> None:
    assert len(NAMED) == len(set(NAMED))
    assert set(NAMED) == set(admin.site._registry)


def test_every_page_has_the_themes_looks() -> None:
    assert [model for model, page in admin.site._registry.items() if not isinstance(page, ModelAdmin)] == []


@pytest.mark.django_db
def test_labels_are_words_and_none_is_there_twice(root: User, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = root
    shown = sections(request)
    titles = [item["title"] for section in shown for item in section["items"]]
    assert len(titles) == len(set(titles))
    for title in titles:
        assert title[0].isupper()
        assert "_" not in title
    assert [section.get("title") for section in shown][1:3] == ["Conversations", "People"]  # daily work first
    assert [section.get("title") for section in shown][-2:] == ["Access", "Privacy"]
    assert "Schedules" in titles
    assert "Periodic tasks" not in titles


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("/admin/inspector_whatsapp/inspection/", "Inspections"),
        ("/admin/inspector_whatsapp/inspection/7/change/", "Inspections"),
        ("/admin/inspector_whatsapp/inspection/day/", "Day by inspector"),
    ],
)
def test_one_page_of_it_is_where_somebody_is(root: User, rf: RequestFactory, place: str, title: str) -> None:
    request = rf.get(place)
    request.user = root
    items = [item for section in sections(request) for item in section["items"]]
    assert [item["title"] for item in items if item.get("active")] == [title]


@pytest.mark.django_db
def test_nobody_is_shown_what_they_may_not_open(helper: User, visitor: Client) -> None:
    page = visitor.get("/admin/").content.decode()
    assert "/admin/inspector_whatsapp/" not in page
    helper.user_permissions.add(Permission.objects.get(codename="view_slot"))
    page = log_in(Client(), User.objects.get(pk=helper.pk)).get("/admin/").content.decode()
    assert "/admin/inspector_whatsapp/slot/" in page
    assert "/admin/inspector_whatsapp/inspection/" not in page
