"""Addresses and forms filled in by hand: whatever is in them, the console answers and nothing breaks."""

from itertools import cycle, product

import pytest
from django.db import models
from django.test import Client

from inspector_whatsapp.models import Property, ShareSource, User
from tests.admin.conftest import EVIL, OURS, World, address

pytestmark = pytest.mark.django_db
ODD = ("9" * 30, EVIL, "2026-13-45", "-1", "a\x00b", "")

each_of_ours = pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)


@each_of_ours
def test_a_list_stands_odd_searches_and_filters(
    world: World, staff: Client, model: type[models.Model]
) -> None:
    page = staff.get(address(model), {"q": "🙂'%\\(" * 100})
    assert page.status_code == 200
    names = {"p", "o", "q", "all", "e", "id", "pk__in", "nothing__exact", "password__startswith"}
    for specification in page.context["cl"].filter_specs:
        names |= set(specification.expected_parameters())
    odd = cycle(ODD)
    for name in sorted(names):
        for value in ("\x00", next(odd)):
            assert staff.get(address(model), {name: value}).status_code < 500, (name, value)


@each_of_ours
def test_a_row_that_is_none_is_answered(world: World, staff: Client, model: type[models.Model]) -> None:
    for odd, page in product(("9" * 30, "x", "%00"), ("change", "history", "delete")):
        assert staff.get(f"{address(model)}{odd}/{page}/").status_code < 500, (odd, page)


def test_names_of_five_thousand_characters_are_refused_in_a_sentence(world: World, staff: Client) -> None:
    long = "Ọ" * 5_000
    for model, field in ((User, "name"), (Property, "title"), (ShareSource, "label")):
        row = world[model]
        place = address(model, "add/") if model is ShareSource else address(row, "change")
        page = staff.post(place, {field: long})
        assert page.status_code == 200
        assert "5000" in page.content.decode()
        assert not model._default_manager.filter(**{field: long}).exists()
