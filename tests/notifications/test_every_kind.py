"""What holds for every kind: a template that fits it, words within Meta's limits, keys that stay."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.models import Contact, OutboxMessage
from inspector_whatsapp.outbox import channel
from inspector_whatsapp.words import Reader, say
from notifications import kind as kinds
from notifications import reminders, templates
from notifications.channels.whatsapp import by_template, for_another
from notifications.kind import Said, reader_of
from notifications.timeleft import TimeLeft
from tests.factories import AgentFactory, InspectorFactory, PropertyFactory, SeekerFactory
from tests.notifications import scenes
from tests.notifications.scenes import HOUR

VARIABLE = re.compile(r"\{\{([a-z0-9_]+)\}\}")


@pytest.fixture
def messages() -> dict[tuple[str, str], OutboxMessage]:
    """One of every kind to everybody, by (kind, role): long names, long addresses, markup."""
    long = "Olúwaṣeun *Adébáyọ̀-Ọláńrewájú* "
    address = ("12_B Adétòkunbọ̀ Adémọ́lá Street, " * 8)[:200]
    home = PropertyFactory(
        agent=scenes.linked(AgentFactory(name=long * 3)),
        address=address,
    )
    seeker = scenes.linked(SeekerFactory(name=long * 3))
    rule = scenes.rule(roles=["seeker", "inspector"], channels=["whatsapp"])
    inspector = scenes.linked(InspectorFactory(name=long * 3))
    inspection = scenes.book(hours=3, seeker=seeker, inspector=inspector, property=home)
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(rule.pk)
    found = {
        (m.kind, m.arguments["role"]): m
        for m in OutboxMessage.objects.filter(channel="whatsapp", kind__in=("inspection_booked", "reminder"))
    }
    scenes.cancel(inspection=scenes.move(inspection, hours=50))
    for m in OutboxMessage.objects.filter(channel="whatsapp"):
        found.setdefault((m.kind, m.arguments["role"]), m)
    return found


def said(messages: dict[tuple[str, str], OutboxMessage]) -> Iterator[tuple[OutboxMessage, Said]]:
    """The words of each, as if nothing had changed since it was written."""
    for (name, _role), message in messages.items():
        kind = kinds.by_name(name)
        changed = type(f"Unchecked{name}", (type(kind),), {"check": lambda *_: None})
        yield message, changed().whatsapp(message, now=clock.now())
    assert message.account is not None
    yield message, for_another(message.account)


@pytest.mark.django_db
def test_every_kind_has_been_said_to_everybody(messages: dict[tuple[str, str], OutboxMessage]) -> None:
    assert {name for name, _role in messages} == {kind.name for kind in kinds.every()}
    assert len(messages) == 3 * 3 + 2


@pytest.mark.django_db
def test_templates_take_the_values_and_have_the_buttons_of_their_kinds(
    messages: dict[tuple[str, str], OutboxMessage],
) -> None:
    used = set()
    for message, words in said(messages):
        template = templates.by_name(words.template)
        used.add(template.name)
        assert set(VARIABLE.findall(template.body)) == set(words.parameters) == set(template.examples)
        reader = reader_of(message, markup=True)
        assert tuple(title.put(reader) for _id, title in words.buttons) == template.buttons
    assert used == {template.name for template in templates.TEMPLATES}


@pytest.mark.django_db
def test_what_is_said_keeps_metas_limits(messages: dict[tuple[str, str], OutboxMessage]) -> None:
    for message, words in said(messages):
        reader = reader_of(message, markup=True)
        assert 0 < len(words.text.put(reader)) <= limits.TEMPLATE_BODY
        filled = by_template(words, reader)
        body = VARIABLE.sub(lambda found: filled.body[found[1]], templates.by_name(words.template).body)  # noqa: B023
        assert len(body) <= limits.TEMPLATE_BODY
        assert not any(set("\n\t") & set(value) for value in filled.body.values())
        assert all(len(id) <= limits.QUICK_REPLY_PAYLOAD for id, _title in words.buttons)


@pytest.mark.django_db
def test_the_channel_says_it_freely_in_an_open_window_and_by_template_in_a_closed_one(
    messages: dict[tuple[str, str], OutboxMessage],
) -> None:
    message = messages["inspection_cancelled", "seeker"]
    whatsapp = channel.by_name("whatsapp")
    assert whatsapp.prepare(message, now=clock.now()).body["type"] == "text"
    Contact.objects.update(last_inbound_at=clock.now() - 25 * HOUR)
    message.refresh_from_db()
    assert whatsapp.prepare(message, now=clock.now()).body["type"] == "template"


def test_keys_are_what_they_were() -> None:
    assert kinds.key("inspection_booked", 7, 2, 3) == "inspection_booked:7:2:3"
    assert {kind.name for kind in kinds.every()} == {
        *("inspection_booked", "inspection_moved", "inspection_cancelled", "reminder")
    }


@pytest.mark.parametrize("template", templates.TEMPLATES, ids=lambda template: template.name)
def test_definitions_are_as_meta_takes_them(template: templates.Template) -> None:
    names = [*VARIABLE.finditer(template.body)]
    assert re.fullmatch(r"[a-z0-9_]{1,512}", template.name)
    assert names[0].start() > 0
    assert names[-1].end() < len(template.body)
    assert not re.search(r"\}\}\s*\{\{", template.body.replace("\n", "|"))
    assert all(len(title) <= limits.QUICK_REPLY_TITLE for title in template.buttons)
    definition = template.definition()
    assert (definition["category"], definition["parameter_format"]) == ("UTILITY", "NAMED")
    example = definition["components"][0]["example"]["body_text_named_params"]
    assert {row["param_name"] for row in example} == {found[1] for found in names}


def test_somebody_who_reads_pidgin_gets_the_english_template() -> None:
    words = Said(text=say("x"), template="account_news", parameters={"user": say("Ada")})
    assert by_template(words, Reader(language="pcm")).language == "en"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=20), "in 0 minutes"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=35), "in 35 minutes"),
        (timedelta(hours=1, minutes=59, seconds=50), "in 2 hours"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(hours=2, minutes=34), "in 2 hours and 35 minutes"),
        (timedelta(hours=8), "today at 8:00 pm"),
        (timedelta(hours=24), "tomorrow at 12:00 pm"),
        (timedelta(hours=12, minutes=30), "tomorrow at 12:30 am"),
        (timedelta(hours=50), "on Tue 24 Nov at 2:00 pm"),
    ],
)
def test_the_time_left_reads_as_people_say_it(left: timedelta, words: str) -> None:
    noon = datetime(2026, 11, 22, 11, tzinfo=UTC)  # in Lagos
    assert say("{left}", left=TimeLeft(noon, noon + left)).put(Reader()) == words
