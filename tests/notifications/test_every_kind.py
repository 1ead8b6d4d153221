"""What holds for every kind: a template that fits it, words within Meta's limits, keys that stay."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.models import Contact, OutboxMessage, Role, User
from inspector_whatsapp.outbox import Withheld, channel
from inspector_whatsapp.words import Reader, say
from notifications import kind as kinds
from notifications import registry, templates
from notifications.channels.email import written
from notifications.channels.whatsapp import by_template, for_another, for_silent
from notifications.kind import Kind, Said, reader_of
from notifications.management.commands.describe_kinds import described
from notifications.timeleft import TimeLeft
from tests.notifications import everything
from tests.notifications.scenes import HOUR

FOR_MANY = ("broadcast_news", "broadcast_offer")  # by their templates alone, and never by e-mail
NEUTRAL = ("account_news", "update_waiting")  # say nothing of what there is
VARIABLE = re.compile(r"\{\{([a-z0-9_]+)\}\}")


@pytest.fixture
def messages(approved: None) -> list[OutboxMessage]:
    return everything.messages()


def said(messages: list[OutboxMessage]) -> Iterator[tuple[OutboxMessage, Said]]:
    """The words of each, as if nothing had changed since it was written."""
    for message in messages:
        yield message, unchecked(message).whatsapp(message, now=clock.now())
    assert message.account is not None
    yield message, for_another(message.account)
    yield message, for_silent()


def usable(template: str, *, language: str = "en") -> registry.Usable:
    found = registry.find(template, language=language)
    assert isinstance(found, registry.Usable)
    return found


def unchecked(message: OutboxMessage) -> Kind:
    kind = kinds.by_name(message.kind)
    changed: type[Kind] = type(f"Unchecked{kind.name}", (type(kind),), {"check": lambda *_: None})
    return changed()


@pytest.mark.django_db
def test_every_kind_has_been_said_to_everybody(messages: list[OutboxMessage]) -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        told[message.kind].add(message.arguments.get("role", ""))
    by_mail_alone = {"link_code", "retold"}
    to_admins = {"template_test", "incident_opened"}
    assert {kind.name for kind in kinds.every()} == {*told, *by_mail_alone, *to_admins}
    for name, roles in told.items():
        if roles != {""}:  # each part has words of its own
            assert roles == set(kinds.by_name(name).recipients) - {Role.ADMIN}, name


@pytest.mark.django_db
def test_templates_take_the_values_and_have_the_buttons_of_their_kinds(
    messages: list[OutboxMessage],
) -> None:
    used = set()
    for message, words in said(messages):
        template = templates.by_name(words.template)
        used.add(template.name)
        assert set(VARIABLE.findall(template.body)) == set(words.parameters) == set(template.examples)
        kind = kinds.by_name(message.kind)
        assert template.category.lower() == kind.category or template.name in NEUTRAL
        reader = reader_of(message, markup=True)
        assert tuple(title.put(reader) for _id, title in words.buttons) == template.buttons
        assert template.name in (*kind.templates, *NEUTRAL) or kind.name == "template_test"
    assert used == {template.name for template in templates.TEMPLATES}


@pytest.mark.django_db
def test_what_is_said_keeps_metas_limits(messages: list[OutboxMessage]) -> None:
    for message, words in said(messages):
        reader = reader_of(message, markup=True)
        assert 0 < len(words.text.put(reader)) <= limits.TEMPLATE_BODY
        filled = by_template(words, reader, usable(words.template))
        body = VARIABLE.sub(lambda found: filled.body[found[1]], templates.by_name(words.template).body)  # noqa: B023
        assert len(body) <= limits.TEMPLATE_BODY
        assert all(filled.body.values())
        assert not any(set("\n\t") & set(value) for value in filled.body.values())
        assert all(len(id) <= limits.QUICK_REPLY_PAYLOAD for id, _title in words.buttons)
        assert len({title.put(reader) for _id, title in words.buttons}) == len(words.buttons)


@pytest.mark.django_db
def test_pidgin_titles_fit_on_buttons(messages: list[OutboxMessage]) -> None:
    for _message, words in said(messages):
        assert all(len(title.put(Reader(language="pcm"))) <= 20 for _id, title in words.buttons)


@pytest.mark.django_db
def test_every_kind_has_a_letter_of_several_sentences_and_one_subject(
    messages: list[OutboxMessage],
) -> None:
    for message in messages:
        if not kinds.by_name(message.kind).otherwise_by_mail:
            continue
        mail = unchecked(message).mail(message, now=clock.now())
        letter = written(mail, Reader(markup=False), to="ada@example.com", message_id="<1@example.com>")
        assert letter.subject
        assert "*" not in str(letter.body).replace("*Adébáyọ̀-Ọláńrewájú*", "").replace("*Abuja*", "")
        assert len(mail.paragraphs) > 1
        assert all(paragraph.put(Reader(markup=False)) for paragraph in mail.paragraphs)


@pytest.mark.django_db
def test_only_first_names_pass_between_the_parties(messages: list[OutboxMessage]) -> None:
    """The seeker alone hears whom they will meet by their whole name."""
    private = {value for user in User.objects.all() for value in (user.email, user.phone)}
    for message, words in said(messages):
        assert message.account is not None
        if words.template in ("account_news", "update_waiting", "morning_digest", *FOR_MANY):
            continue
        letter = unchecked(message).mail(message, now=clock.now())
        reader = Reader(markup=False)
        for text in (words.text.put(reader), *(paragraph.put(reader) for paragraph in letter.paragraphs)):
            assert not [value for value in private if value in text]
            if message.arguments.get("role") != "seeker":
                assert "Adébáyọ̀" not in text


@pytest.mark.django_db
def test_the_channel_says_it_freely_in_an_open_window_and_by_template_in_a_closed_one(
    messages: list[OutboxMessage],
) -> None:
    whatsapp, now = channel.by_name("whatsapp"), clock.now()
    wanted = []
    Contact.objects.update(last_inbound_at=now)
    rows = OutboxMessage.objects.filter(channel="whatsapp").exclude(kind__in=FOR_MANY)
    for message in rows.select_related("account", "contact"):
        with suppress(Withheld):
            body = whatsapp.prepare(message, now=now).body
            wanted.append(message.pk)
            assert body["type"] in ("text", "interactive")
    Contact.objects.update(last_inbound_at=now - 25 * HOUR)
    for message in OutboxMessage.objects.filter(pk__in=wanted).select_related("account", "contact"):
        body = whatsapp.prepare(message, now=now).body
        assert body["type"] == "template"
    assert len({OutboxMessage.objects.get(pk=pk).kind for pk in wanted}) > 10


@pytest.mark.django_db
def test_a_kind_is_told_to_those_it_says_and_by_the_templates_it_says(messages: list[OutboxMessage]) -> None:
    told, said_by = defaultdict(set), defaultdict(set)
    for message in messages:
        told[message.kind].add(message.arguments.get("role", ""))
        said_by[message.kind].add(unchecked(message).whatsapp(message, now=clock.now()).template)
    for name, roles in told.items():
        kind = kinds.by_name(name)
        assert {role for role in roles if role} <= set(map(str, kind.recipients)), name
        assert said_by[name] == set(kind.templates), name


def test_the_page_about_the_kinds_is_what_the_kinds_are() -> None:
    page = Path(settings.BASE_DIR, "docs", "notifications.md").read_text()
    assert page == described(), "run `manage.py describe_kinds`"


def test_keys_are_what_they_were() -> None:
    assert kinds.key("inspection_booked", 7, 2, 3) == "inspection_booked:7:2:3"


@pytest.mark.parametrize("template", templates.TEMPLATES, ids=lambda template: template.name)
def test_definitions_are_as_meta_takes_them(template: templates.Template) -> None:
    names = [*VARIABLE.finditer(template.body)]
    assert re.fullmatch(r"[a-z0-9_]{1,512}", template.name)
    assert not re.match(r"\s*\{\{", template.body)
    assert not re.search(r"\}\}\W*$", template.body)
    assert not re.search(r"\}\}\s*\{\{", template.body.replace("\n", "|"))
    assert all(len(title) <= limits.QUICK_REPLY_TITLE for title in template.buttons)
    definition = template.definition()
    assert definition["parameter_format"] == "NAMED"
    if not names:
        assert "example" not in definition["components"][0]
        return
    example = definition["components"][0]["example"]["body_text_named_params"]
    assert {row["param_name"] for row in example} == {found[1] for found in names}


def test_what_meta_calls_marketing_is_submitted_as_that() -> None:
    """Alerts of properties, even if asked for (Meta's template categorization)."""
    assert {template.name for template in templates.TEMPLATES if template.category == "MARKETING"} == {
        *("search_match", "search_digest", "property_available", "price_changed", "broadcast_offer")
    }


@pytest.mark.usefixtures("approved")
def test_somebody_who_reads_pidgin_gets_the_english_template() -> None:
    words = Said(text=say("x"), template="account_news", parameters={"user": say("Ada")})
    pidgin = Reader(language="pcm")
    assert by_template(words, pidgin, usable("account_news", language="pcm")).language == "en"


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
