"""The menus: what was asked for comes first, each line leads somewhere, and the page about them is true."""

from pathlib import Path

import pytest
from django.conf import settings

from bot import matching, menus
from bot.management.commands.describe_menus import described
from bot.scripts import FLOWS
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Reader

FIRST = {
    Role.AGENT: ("Available / unavailable", "Inspection slots"),
    Role.SEEKER: ("My inspections", "Book an inspection", "Properties I'm interested in"),
    Role.INSPECTOR: ("My inspections", "Confirm completion"),
}
ENGLISH = Reader(language="en")
every_menu = pytest.mark.parametrize("menu", [menus.STRANGER, *menus.MENUS.values()])


@pytest.mark.parametrize("role", FIRST)
def test_each_menu_begins_with_the_lines_its_people_asked_for(role: Role) -> None:
    titles = [item.title.put(ENGLISH) for item in menus.MENUS[role]]
    assert tuple(titles[: len(FIRST[role])]) == FIRST[role]


@every_menu
def test_a_menu_fits_one_list_and_each_line_leads_to_a_flow(menu: menus.Menu) -> None:
    assert len(menu) <= limits.ROWS
    assert all(item.flow in FLOWS for item in menu)


@every_menu
def test_no_two_lines_of_a_menu_answer_to_the_same_word(menu: menus.Menu) -> None:
    words = [
        word
        for item in menu
        for word in {matching.folded(each) for each in (item.title.put(ENGLISH), *item.also)}
    ]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("role", Role)
def test_a_line_may_be_run_by_those_who_see_it(role: Role) -> None:
    for item in menus.MENUS[role]:
        assert not FLOWS[item.flow].roles or role in FLOWS[item.flow].roles


def test_the_page_about_the_menus_is_what_the_menus_are() -> None:
    page = Path(settings.BASE_DIR, "docs", "menus.md").read_text()
    assert page == described(), "run `manage.py describe_menus`"
