"""The page of a chat: what is on it, what is new, and what the staff do there."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from bot.admin.chat import transcript
from bot.admin.chat.entries import Entry
from bot.models import Conversation, InboundEvent, Upload
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import AuditEntry, Incident, OutboxMessage, User
from notifications.models import MessageTemplate
from tests.admin.conftest import EVIL, address, log_in
from tests.admin.test_conversations import chat, heard, told
from tests.factories import InspectionFactory, SeekerFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(client: Client, talk: Conversation, **query: str) -> str:
    answer = client.get(address(talk, "change"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def news(client: Client, talk: Conversation, after: str = "") -> Any:
    path = reverse("admin:conversation_news", args=[talk.pk])
    return client.get(path, {"after": after}, headers={"X-Poll": "1"})


def said(talk: Conversation, content: dict[str, Any], text: str = "", **more: Any) -> InboundEvent:
    event = heard(talk, text or str(content))
    event.content = {"is": "MessageReceived", "content": content, **more.pop("around", {})}
    event.text = text
    for name, value in more.items():
        setattr(event, name, value)
    event.save()
    return event


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(data, "PNG")
    return data.getvalue()


# --- what is on it ----------------------------------------------------------------------------------------
def test_buttons_are_shown_and_the_one_that_was_tapped_is_marked(staff: Client) -> None:
    talk = chat()
    buttons = (cloud.Button("v1|a", "Book <b>"), cloud.Button("v1|b", "Save"))
    body = cloud.payload(cloud.Buttons("Which one?", buttons))
    told(talk.contact, cloud.plain(body), body=body, provider_id="wamid.1")
    told(talk.contact, cloud.plain(body), body=body, provider_id="wamid.2")
    said(
        talk, {"is": "Tapped", "id": "v1|a", "title": "Book <b>"}, "Book <b>", around={"reply_to": "wamid.1"}
    )
    first, second, tapped = _by_id(talk)
    assert [choice.pressed for choice in first.choices] == [True, False]
    assert [choice.pressed for choice in second.choices] == [False, False]
    assert tapped.tapped
    shown = page(staff, talk)
    assert shown.count('class="pressed"') == 1
    assert "Book &lt;b&gt;" in shown
    assert "Book <b>" not in shown


def _by_id(talk: Conversation) -> list[Entry]:
    entries = transcript.of(talk).entries
    ours = sorted(
        (entry for entry in entries if entry.ours), key=lambda entry: int(entry.id.rpartition("-")[2])
    )
    return [*ours, *(entry for entry in entries if not entry.ours)]


def test_rows_of_a_list_and_links_are_shown_as_well(staff: Client) -> None:
    talk = chat()
    rows = tuple(cloud.Row(f"v1|{n}", f"Day {n}", f"{n} times") for n in range(1, 6))
    for message in (
        cloud.List("Which day?", "Choose", rows),
        cloud.CallToAction("See it", "Open", "https://inspector.example/p/PR-1"),
        cloud.LocationRequest("Where are you?"),
        cloud.Form(
            body="When?",
            label="Choose a time",
            flow_id="1",
            token="t",
            screen="BOOK",
            data={"label_1": "Free on Sat", "options_1": [{"id": "1", "title": "10:00"}]},
        ),
    ):
        body = cloud.payload(message)
        told(talk.contact, cloud.plain(body), body=body)
    shown = page(staff, talk)
    for words in ("Day 5", "5 times", "Open", "https://inspector.example/p/PR-1", "send location"):
        assert words in shown
    for words in ("Choose a time", "Free on Sat: 10:00"):
        assert words in shown


def test_a_template_reads_as_it_was_read(staff: Client) -> None:
    talk = chat()
    MessageTemplate.objects.create(
        name="hello",
        language="en",
        name_at_meta="hello_v1",
        category="utility",
        body="Hello {{person}}, see you on {{day}}.",
        buttons=["I'm coming"],
    )
    message = cloud.Template(
        "hello_v1", "en", {"person": "<i>Ada", "day": "Friday"}, (cloud.QuickReply("v1|come"),)
    )
    body = cloud.payload(message)
    told(talk.contact, cloud.plain(body), body=body, kind="inspection_booked")
    shown = page(staff, talk)
    assert "Hello &lt;i&gt;Ada, see you on Friday." in shown
    assert "I&#x27;m coming" in shown


def test_what_is_no_text_says_what_it_is(staff: Client) -> None:
    talk = chat()
    media = {
        "is": "MediaSent",
        "media_id": "1",
        "sha256": None,
        "url": None,
        "caption": None,
        "filename": None,
    }
    said(talk, media | {"kind": "audio", "mime": "audio/ogg"}, "[audio]")
    said(
        talk,
        media | {"kind": "document", "mime": "application/pdf", "filename": "<b>lease.pdf"},
        "[document]",
    )
    place = {"latitude": 6.4, "longitude": 3.4, "name": "Lekki", "address": None}
    said(talk, {"is": "LocationSent", **place}, "[location] Lekki")
    said(talk, {"is": "Reacted", "wamid": "w", "emoji": "❤️"}, "[Reacted]")
    chosen = {"flow_token": "t", "day": "2026-11-28", "slot_2": "2026-11-28T10:00.7"}
    said(talk, {"is": "FormAnswered", "response": chosen})
    said(talk, {"is": "FormAnswered", "response": {"day": "<b>", "flow_token": "t"}})
    shown = page(staff, talk)
    for words in (
        "voice message · audio/ogg",
        "document · &lt;b&gt;lease.pdf",
        "location · 6.4, 3.4 · Lekki",
        "❤️",
        "2026-11-28 10:00",
        "{&quot;day&quot;: &quot;&lt;b&gt;&quot;}",
    ):
        assert words in shown, words


def test_photos_of_both_sides_are_seen_small_by_who_may_see_the_chat(
    staff: Client, visitor: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    name = default_storage.save("uploads/one.png", ContentFile(picture()))
    talk, other = chat(), chat()
    upload = Upload.objects.create(contact=talk.contact, file=name, digest="0" * 64, created_at=clock.now())
    media = {"is": "MediaSent", "kind": "image", "media_id": "1", "mime": "image/png", "caption": "my roof"}
    said(talk, media, "[image] my roof", prepared={"result": {"upload": upload.pk, "digest": "0"}})
    body = cloud.payload(cloud.Image(cloud.Media(file=name), "Sea breeze flat"))
    sent = told(talk.contact, cloud.plain(body), body=body)
    shown = page(staff, talk)
    assert "my roof" in shown
    theirs = reverse("admin:conversation_photo", args=[talk.pk, upload.pk])
    ours = reverse("admin:conversation_sent_photo", args=[talk.pk, sent.pk])
    for path in (theirs, ours):
        assert f'src="{path}"' in shown
        answer = staff.get(path)
        assert answer["Content-Type"] == "image/jpeg"
        assert max(Image.open(io.BytesIO(answer.content)).size) == 320
        assert visitor.get(path).status_code == 403
    assert staff.get(reverse("admin:conversation_photo", args=[other.pk, upload.pk])).status_code == 404
    assert staff.get(reverse("admin:conversation_sent_photo", args=[other.pk, sent.pk])).status_code == 404
    default_storage.delete(name)
    assert staff.get(theirs).status_code == 404


def test_an_answer_of_ours_names_who_wrote_it_and_letters_stand_among_the_messages(staff: Client) -> None:
    account = SeekerFactory()
    talk = chat(account=account)
    clara = UserFactory(name="Clara <i>", is_staff=True)
    told(talk.contact, "Good morning", arguments={"by": clara.pk})
    letter = told(talk.contact, "Your inspection\n\n" + "word " * 500, channel="email", account=account)
    OutboxMessage.objects.filter(pk=letter.pk).update(contact=None)
    shown = page(staff, talk)
    assert "Clara &lt;i&gt;" in shown
    assert "ours mail" in shown
    assert "Your inspection" in shown
    assert shown.count("word ") < 200


def test_beside_it_stands_who_it_is_what_they_are_at_and_what_is_wrong(
    staff: Client, visitor: Client
) -> None:
    ada = SeekerFactory(name="Ada Obi", email="ada@example.com")
    talk = chat("Sunshine", account=ada, phone="+2348030000001")
    coming = InspectionFactory(seeker=ada)
    Conversation.objects.filter(pk=talk.pk).update(
        flow="connect", answers={"email": "ada@example.com"}, aside={"flow": "book_inspection"}
    )
    talk.contact.stopped_at, talk.contact.blocked_reason = clock.now(), "They <b>blocked</b> us"
    talk.contact.save()
    now = clock.now()
    Incident.objects.create(
        kind="human_wanted",
        key=str(talk.contact.pk),
        sentence="Somebody asks <i>",
        opened_at=now,
        last_at=now,
    )
    shown = page(staff, talk)
    for words in (
        *("Sunshine", "Ada Obi", "Seeker", "•••0001", "English", "Stopped everything"),
        *("They &lt;b&gt;blocked", coming.ref, "Somebody asks &lt;i&gt;", "connects this chat"),
        *("A seeker books an inspection",),
    ):
        assert words in shown, words
    facts = shown.partition('id="talk-facts"')[2].partition("</aside>")[0]
    assert "ada@example.com" not in facts


def test_a_flow_that_breaks_or_is_gone_shows_no_more_than_its_name(staff: Client) -> None:
    talk = chat(flow="juggling", answers={"balls": 3}, account=SeekerFactory())
    assert "something that no longer exists" in page(staff, talk)


def test_long_and_harmful_words_are_only_words_in_the_page_and_in_the_news(staff: Client) -> None:
    account = SeekerFactory(name=EVIL[:150])
    talk = chat((EVIL * 3)[:256], account=account)
    heard(talk, EVIL + "x" * 5_000)
    told(talk.contact, EVIL, reason=EVIL, status="failed")
    shown = [page(staff, talk), *news(staff, talk).json().values()]
    for each in shown:
        text = str(each)
        assert not any(tag in text for tag in ("<i x", "<script>alert", "<img src=x", "14\u200b"))
    parts = "".join(map(str, shown[1:]))
    assert "\u202e" not in parts
    assert "\u200b" not in parts
    assert "U+202E" in parts


def test_the_number_is_masked_on_the_page_and_in_the_news(staff: Client) -> None:
    talk = chat(phone="+2348030000001")
    assert "8030000001" not in page(staff, talk).partition('class="where"')[0]
    assert "8030000001" not in news(staff, talk).content.decode()


# --- what is new ------------------------------------------------------------------------------------------
def test_there_is_no_news_until_something_changes(staff: Client) -> None:
    talk = chat()
    heard(talk, "hello")
    version = re.search(r'data-version="(\w+)"', page(staff, talk))
    assert version is not None
    with CaptureQueriesContext(connection) as asked:
        quiet = news(staff, talk, version[1])
    assert (quiet.status_code, quiet.content) == (204, b"")
    ours = [query["sql"] for query in asked if "django_session" not in query["sql"]]
    assert sum("bot_" in sql for sql in ours) == 1
    assert len(ours) <= 4
    assert not any(sql.startswith(("INSERT", "UPDATE")) for sql in ours)


@pytest.mark.parametrize(
    "happens",
    [
        lambda talk: heard(talk, "more words"),
        lambda talk: told(talk.contact, "an answer"),
        lambda talk: OutboxMessage.objects.update(status="read"),
        lambda talk: Conversation.objects.update(flow="book_inspection"),
        lambda talk: Conversation.objects.update(human_until=clock.now() + timedelta(hours=1)),
    ],
    ids=["they wrote", "we wrote", "a tick", "another flow", "a person"],
)
def test_whatever_changes_is_news(staff: Client, happens: Any) -> None:
    talk = chat()
    heard(talk, "hello")
    told(talk.contact, "hi", status="sent")
    first = news(staff, talk).json()
    happens(talk)
    answer = news(staff, talk, first["version"])
    assert answer.status_code == 200
    assert answer.json()["version"] != first["version"]
    assert "no-store" in answer["Cache-Control"]


def test_news_hold_the_parts_of_the_page(staff: Client, root: User) -> None:
    talk = chat("Sunshine")
    heard(talk, "are you there?")
    parts = news(staff, talk).json()
    assert "are you there?" in parts["entries"]
    assert "Take over" in parts["head"]
    assert "Sunshine" in parts["facts"]
    assert "Can be answered for" in parts["standing"]
    assert parts["may_write"] is True
    Conversation.objects.update(
        human_by=UserFactory(name="Clara"),
        human_until=clock.now() + timedelta(hours=1),
        human_since=clock.now(),
    )
    parts = news(staff, talk).json()
    assert parts["may_write"] is False
    assert "has it since" in parts["head"]


def test_news_ask_the_database_no_more_for_a_longer_chat(staff: Client) -> None:
    talk = chat(account=SeekerFactory())

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            news(staff, talk)
        return len(asked)

    heard(talk, "hello")
    news(staff, talk)  # the look itself is noted once
    few = queries()
    for number in range(40):
        heard(talk, f"hello {number}")
        told(talk.contact, f"hi {number}")
    assert queries() <= few <= 18


def test_looking_for_news_is_one_look_with_the_page_and_needs_the_right(
    staff: Client, visitor: Client, helper: User, client: Client
) -> None:
    talk = chat()
    staff.get(reverse("admin:bot_conversation_change", args=[talk.pk]))
    entries = AuditEntry.objects.count()
    news(staff, talk)
    assert AuditEntry.objects.count() == entries
    assert news(visitor, talk).status_code == 403
    assert news(client, talk).status_code == 401
    assert staff.post(reverse("admin:conversation_news", args=[talk.pk])).status_code == 405
    assert staff.get(reverse("admin:conversation_news", args=[talk.pk + 1])).status_code == 404
    helper.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    assert news(visitor, talk).status_code == 200
    assert "Take over" not in json.dumps(news(visitor, talk).json())


# --- what is done there -----------------------------------------------------------------------------------
def act(client: Client, talk: Conversation, act: str, **given: str) -> str:
    path = reverse("admin:conversation_act", args=[talk.pk, act])
    answer = client.post(path, given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_button_pressed_twice_sends_once_and_other_words_are_sent(staff: Client, root: User) -> None:
    talk = chat()
    form = re.search(r'name="form" value="([^"]+)"', page(staff, talk))
    assert form is not None
    assert "on its way" in act(staff, talk, "answer", words="Good morning", form=form[1])
    assert "it was sent once" in act(staff, talk, "answer", words="Good morning ", form=form[1])
    act(staff, talk, "answer", words="Good evening", form=form[1])
    sent = OutboxMessage.objects.order_by("pk").values_list("text", flat=True)
    assert list(sent) == ["Good morning", "Good evening"]
    assert AuditEntry.objects.filter(act="said", actor=root, object_id=str(talk.pk)).count() == 2
    assert not AuditEntry.objects.filter(says__contains="Good").exists()


def test_a_refused_answer_is_put_back_into_the_box_once(staff: Client) -> None:
    talk = chat(last_inbound_at=clock.now() - timedelta(hours=25))
    shown = act(staff, talk, "answer", words="Are you </textarea><b>there")
    assert "They have not written for 24 hours" in shown
    assert "Are you &lt;/textarea&gt;&lt;b&gt;there</textarea>" in shown
    assert "there</textarea>" not in page(staff, talk)
    talk.refresh_from_db()
    assert talk.human_until is None


def test_the_second_of_two_admins_sees_who_has_it_and_has_to_confirm(staff: Client, root: User) -> None:
    talk = chat()
    clara = UserFactory(name="Clara", is_staff=True, is_superuser=True)
    other = log_in(Client(), clara)
    act(other, talk, "take")
    # The page of the first was loaded before: nothing it does goes through, and its words are kept.
    for doing, given in (("take", {}), ("answer", {"words": "My answer"}), ("back", {}), ("end", {})):
        shown = act(staff, talk, doing, **given)
        assert "has this chat since" in shown, doing
    assert "My answer" in act(staff, talk, "answer", words="My answer")
    assert not OutboxMessage.objects.exists()
    shown = page(staff, talk)
    assert "Yes, take it from" in shown
    act(staff, talk, "take", seen=str(clara.pk))
    talk.refresh_from_db()
    assert talk.human_by == root
    assert "has this chat since" in act(other, talk, "answer", words="Mine")
    # Whom they saw has it no more: it is not taken from somebody else by that.
    assert "has this chat since" in act(other, talk, "take", seen=str(clara.pk))
    talk.refresh_from_db()
    assert talk.human_by == root


def test_a_chat_that_was_had_until_some_hours_ago_is_free(staff: Client, root: User) -> None:
    past = clock.now() - timedelta(hours=1)
    talk = chat(human_by=UserFactory(name="Clara"), human_since=past, human_until=past)
    assert "The bot answers here." in page(staff, talk)
    act(staff, talk, "take")
    talk.refresh_from_db()
    assert talk.human_by == root
    assert talk.human_since is not None
    assert talk.human_since > past


def test_every_act_is_noted(staff: Client, root: User) -> None:
    talk = chat(flow="book_inspection", account=SeekerFactory())
    for doing in ("take", "end", "back"):
        act(staff, talk, doing)
    noted = AuditEntry.objects.filter(act="changed", actor=root, page="bot.conversation").order_by("pk")
    assert [entry.says for entry in noted] == [
        "took the chat over",
        "ended what was under way",
        "handed the chat back",
    ]


def test_who_may_only_look_does_nothing(visitor: Client, helper: User) -> None:
    talk = chat()
    helper.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    for doing in ("take", "answer", "back", "end", "nonsense"):
        path = reverse("admin:conversation_act", args=[talk.pk, doing])
        assert visitor.post(path, {"words": "hi"}).status_code == 403
    assert not OutboxMessage.objects.exists()
    assert "composer-words" not in page(visitor, talk)


def test_what_is_no_act_is_not_found(staff: Client) -> None:
    talk = chat()
    assert staff.post(reverse("admin:conversation_act", args=[talk.pk, "nonsense"])).status_code == 404
    assert "The bot keeps silent" in act(staff, talk, "take", seen="nonsense")
