"""What stands around the console's pages: names of pages, empty lists, days and times, in our words."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation

from bot.models import Conversation
from inspector_whatsapp.models import Erasure, Incident, LegalHold, OutboxMessage, User
from tests.admin.conftest import World, address, grow
from tests.factories import ContactFactory, LinkFactory, UserFactory

pytestmark = pytest.mark.django_db


def shown(client: Client, place: str) -> tuple[str, str, str]:
    """A page, its title in the browser's tab, and the words above it."""
    page = client.get(place).content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    head = re.search(r"<h1.*?</h1>", page, re.DOTALL)
    assert title is not None
    assert head is not None
    words = [html.unescape(re.sub(r"<.*?>", " ", text)) for text in (title[1], head[0])]
    return page, " ".join(words[0].split()), " ".join(words[1].split())


def test_a_list_is_called_by_what_is_in_it(staff: Client) -> None:
    for model, name in ((OutboxMessage, "Messages"), (User, "Users"), (Conversation, "Conversations")):
        _page, title, head = shown(staff, address(model))
        assert title == f"{name} | Inspector WhatsApp"
        assert head == name


def test_a_rows_page_is_called_by_whom_or_what_it_is_about(staff: Client) -> None:
    world: World = grow()
    link = LinkFactory(account=UserFactory(name="Ngozi Eze"), contact__phone="+2348055554444")
    names: dict[type[Model], str] = {
        OutboxMessage: f"Message {world[OutboxMessage].pk}",
        Incident: "Something is wrong",
        Conversation: "Somebody",
    }
    for model, name in names.items():
        _page, title, head = shown(staff, address(world[model], "change"))
        assert title.startswith(f"{name} | ")
        assert head.endswith(name)
    page, title, _head = shown(staff, address(link, "change"))
    assert title == "•••4444 → Ngozi Eze | Links | Inspector WhatsApp"
    assert "5554444" not in page


def test_above_a_page_a_hidden_character_is_shown_by_its_number(staff: Client) -> None:
    talk = Conversation.objects.create(contact=ContactFactory(profile_name="Ngozi \u202eezE"))
    page, title, head = shown(staff, address(talk, "change"))
    assert "\u202e" not in page
    assert "[U+202E]" in head
    assert "[U+202E]" in title


def test_an_empty_list_says_why_and_what_can_be_done(staff: Client) -> None:
    erasures, _title, head = shown(staff, address(Erasure))
    assert "Nothing here yet" in erasures
    assert "listed here by itself" in erasures
    assert head == "Erasures"
    holds, *_ = shown(staff, address(LegalHold))
    assert f'href="{reverse(admin_urlname(LegalHold._meta, "add"))}"' in holds  # type: ignore[arg-type]
    messages, _title, head = shown(staff, f"{address(OutboxMessage)}?q=nowhere-to-be-found")
    assert "Nothing fits" in messages
    assert head == "Messages 0 found ( Show all )"


def test_a_page_has_one_way_to_write_a_time_whatever_its_language() -> None:
    for language in ("en", "pcm"):
        with translation.override(language):
            assert formats.localize(datetime(2026, 11, 27, 22, 58, tzinfo=UTC)).endswith("2026, 22:58")
            assert "%m/%d/%Y" not in formats.get_format("DATE_INPUT_FORMATS")
            assert "%d/%m/%Y" in formats.get_format("DATE_INPUT_FORMATS")
