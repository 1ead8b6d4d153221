"""The rules of the talk, where whole chats cannot show them."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bot import conversation, inbox
from bot.models import Conversation, InboundEvent, InboundState, WebhookBody
from bot.questions import text
from bot.said import start_id
from bot.scripts import FLOWS, Person, Run, Script, WroteTooEarly, ask, flow, last, once
from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Incident, Inspection, Property, Slot, User
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import say
from linking.models import ChallengeState, LinkChallenge
from tests.bot import world
from tests.bot.phone import Phone, deliver_mail, newest_code
from tests.factories import PropertyFactory, SeekerFactory

TO_RESULTS = ("book", "lekki phase 1", "any", "any", "any")
TO_SURE = (*TO_RESULTS, "PR-1042", "saturday", "2")


@pytest.fixture
def ada(db: None) -> Phone:
    """Ada's phone, linked to her account."""
    world.build()
    return Phone(world.linked("ada@inspector.example"))


@pytest.fixture
def stranger(db: None) -> Phone:
    world.build()
    return Phone("+2348111000001")


def tell(phone: Phone, *words: str) -> str:
    """Say one thing after the other; the last answer."""
    return [phone.says(each) for each in words][-1]


def talk_of(phone: Phone) -> Conversation:
    return Conversation.objects.get(contact__phone=phone.phone)


def begin(phone: Phone, name: str, argument: str = "") -> str:
    return phone.taps_id(start_id(name, argument))


def person_of(phone: Phone) -> Person:
    return Person(phone.contact, None, clock.now())


# --- answers ----------------------------------------------------------------------------------------------
def test_answers_are_kept_as_ids_and_never_as_digits_or_labels(ada: Phone) -> None:
    tell(ada, "2", "1", "2", "3", "12m", "1", "2", "two")
    slot = Slot.objects.get(starts_at=world.at(28, 15))
    assert talk_of(ada).answers == {
        "where": "Lekki Phase 1",
        "kind": "apartment",
        "bedrooms": "3",
        "budget": 12_000_000,
        "property": "PR-1042",
        "day": "2026-11-28",
        "slot": str(slot.pk),
    }


def test_the_order_in_which_answers_are_kept_means_nothing(ada: Phone) -> None:
    tell(ada, *TO_SURE)
    talk = talk_of(ada)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bot_conversation SET answers = answers || '{}'::jsonb")
    assert list(talk.answers) == sorted(talk.answers, key=lambda name: (len(name), name))  # PostgreSQL's own
    assert ada.says("back").startswith("Free on Sat 28 Nov. Which time?")
    assert "slot" not in talk_of(ada).answers
    assert "property" in talk_of(ada).answers


def test_a_digit_means_what_was_shown_though_something_new_stands_there_now(ada: Phone) -> None:
    shown = tell(ada, *TO_RESULTS)
    assert "1. *3-bedroom flat* · PR-1042" in shown
    PropertyFactory(ref="PR-2000", area="Lekki Phase 1", published_at=clock.now())
    ada.says("1")
    assert talk_of(ada).answers["property"] == "PR-1042"


def test_an_answer_that_no_longer_holds_takes_those_after_it_along(ada: Phone) -> None:
    tell(ada, *TO_SURE)
    Property.objects.filter(ref="PR-1042").update(status=PropertyStatus.UNAVAILABLE)
    answer = ada.says("yes")
    assert answer.startswith("That property is no longer on offer.")
    assert set(talk_of(ada).answers) == {"where", "kind", "bedrooms", "budget"}
    assert not Inspection.objects.exists()


def test_a_yes_counts_for_nothing_but_what_was_on_the_screen(ada: Phone) -> None:
    tell(ada, *TO_SURE)
    Property.objects.filter(ref="PR-1042").update(address="99 Elsewhere Road")
    answer = ada.taps("Yes, book it")
    assert "changed since I asked" in answer
    assert "99 Elsewhere Road" in answer
    assert not Inspection.objects.exists()
    assert ada.taps("Yes, book it").startswith("Booked:")


def test_words_that_look_like_a_buttons_id_are_words(ada: Phone) -> None:
    ada.says("hi")
    assert "What would you like to do?" in ada.says("v1|start|unlink|")
    assert talk_of(ada).flow == ""


def test_a_double_tap_books_once(ada: Phone) -> None:
    tell(ada, *TO_SURE)
    reply = {
        "type": "button_reply",
        "button_reply": {"id": ada.button("Yes, book it"), "title": "Yes, book it"},
    }
    tap = {"type": "interactive", "interactive": reply}
    ada.posts(ada.webhook(tap, tap))
    ada.posts(ada.webhook(tap))
    booked, *others = ada.answers().split("\n---\n")
    assert booked.startswith("Booked: IN-3107.")
    assert [answer.splitlines()[0] for answer in others] == ["That question is over."] * 2
    assert Inspection.objects.count() == 1


# --- forged and stale buttons -----------------------------------------------------------------------------
FORGED = [
    "v1|start|no_such_flow|",
    "v1|start||",
    "v1|start|",
    "v1|start|cancel|",
    "v1|start|cancel|IN-9999999999999",
    "v1|start|cancel|" + "9" * 64,
    "v1|start|reschedule|PR-1042",
    "v1|start|book_inspection|PR-9999999999999999999999",
    "v1|start|connect|" + "x" * 300,
    "v1|start|remove|\x00",
    "v1|start|property|'; DROP TABLE bot_conversation; --",
    "v1|ask|",
    "v1|ask|book_inspection",
    "v1|ask|book_inspection.|",
    "v1|ask|book_inspection.no_such_question|1",
    "v1|ask|book_inspection.slot|no number",
    "v1|ask|book_inspection.slot|99999999999999999999999999",
    "v1|ask|book_inspection.slot|-1",
    "v1|ask|book_inspection.slot|\x00",
    "v1|ask|book_inspection.slot|more",
    "v1|ask|book_inspection.sure|yes",
    "v1|ask|book_inspection.sure|yes.0123456789",
    "v1|ask|look_around.where|ref:PR-9",
    "v2|start|unlink|",
    "x" * 10_000,
    "v1|ask|book_inspection.slot|" + "9" * 10_000,
    " ",
]


@pytest.mark.parametrize("before", [(), TO_RESULTS[:1], TO_RESULTS[:3], TO_SURE[:-1], TO_SURE], ids=len)
def test_a_forged_button_is_answered_with_words_and_does_nothing(ada: Phone, before: tuple[str, ...]) -> None:
    tell(ada, "hi", *before)
    here = Conversation.objects.filter(contact__phone=ada.phone)
    stood = here.values("flow", "argument", "answers", "shown", "aside", "wish").get()
    for id in FORGED:
        answer = ada.taps_id(id)
        assert answer.strip(), id
        assert "Something went wrong" not in answer, id
        assert here.get().pending_since is None, id
        here.update(**stood)
    assert "What would you like to do?" in ada.says("menu")
    assert not Inspection.objects.exists()
    assert not InboundEvent.objects.filter(state=InboundState.QUARANTINED).exists()


@pytest.mark.parametrize("flow", ["cancel", "reschedule", "coming"])
def test_a_button_that_names_somebody_elses_inspection_finds_nothing(ada: Phone, flow: str) -> None:
    slot = Slot.objects.get(starts_at=world.at(28, 14))
    theirs = inspections.book(seeker=SeekerFactory(), slot=slot, origin=Origin.API)
    answer = begin(ada, flow, theirs.ref)
    assert answer.startswith("I can't find that inspection among yours.")
    assert tell(ada, "yes", "1")
    theirs.refresh_from_db()
    assert theirs.state == "confirmed"


def test_a_stranger_with_a_forged_button_is_asked_who_they_are(stranger: Phone) -> None:
    for flow_name, known in FLOWS.items():
        clock.move(timedelta(seconds=3))  # as fast as people tap
        answer = begin(stranger, flow_name, "IN-3107")
        assert answer.strip()
        assert not known.needs_account or "For that I need to know your Inspector account." in answer
        stranger.says("menu")


# --- scripts ----------------------------------------------------------------------------------------------
def test_a_talk_in_a_flow_that_is_no_more_goes_to_the_menu_with_a_sentence(ada: Phone) -> None:
    ada.says("hi")
    Conversation.objects.update(flow="gone", answers={"a": 1}, shown={"question": "gone.a"})
    answer = ada.says("1")
    assert answer.startswith("What you were doing can't be gone on with.")
    assert "1. My inspections" in answer
    assert talk_of(ada).flow == ""


def test_a_script_that_writes_before_its_last_question_is_refused(stranger: Phone) -> None:
    @flow("test_early", needs_account=False)
    def early(person: Person) -> Script:
        Contact.objects.filter(pk=person.contact.pk).update(username="early")
        yield from ask("word", text(say("Word?"), check=str))
        return last(say("Done."))

    stranger.says("hi")
    with pytest.raises(WroteTooEarly), transaction.atomic():
        Run(early, person_of(stranger), {}).play()
    assert begin(stranger, "test_early").startswith("Something went wrong on our side")
    assert stranger.contact.username == ""
    assert InboundEvent.objects.get(state=InboundState.QUARANTINED).error == "WroteTooEarly"


def test_a_script_that_asks_one_thing_twice_is_refused(stranger: Phone) -> None:
    @flow("test_twice", needs_account=False)
    def twice(person: Person) -> Script:
        yield from ask("word", text(say("Word?"), check=str))
        yield from ask("word", text(say("Again?"), check=str))
        return last(say("Done."))

    stranger.says("hi")
    with pytest.raises(ValueError, match="twice"):
        Run(twice, person_of(stranger), {"word": "x"}).play()


def test_an_effect_happens_once_and_leaving_undoes_it(stranger: Phone) -> None:
    done: list[str] = []

    @flow("test_once", needs_account=False)
    def effects(person: Person) -> Script:
        yield from ask("first", text(say("First?"), check=str))
        yield from once("effect", lambda: done.append("done"), undo=lambda _kept: done.append("undone"))
        yield from ask("second", text(say("Second?"), check=str))
        yield from ask("third", text(say("Third?"), check=str))
        return last(say("The end."))

    stranger.says("hi")
    begin(stranger, "test_once")
    assert tell(stranger, "a", "b") == "Third?"
    assert done == ["done"]
    assert tell(stranger, "back") == "Second?"
    assert done == ["done"]
    assert tell(stranger, "back") == "First?"
    assert done == ["done", "undone"]
    tell(stranger, "a", "cancel")
    assert done == ["done", "undone", "done", "undone"]


def test_a_failing_turn_changes_nothing_and_says_one_sentence(stranger: Phone) -> None:
    @flow("test_fails", needs_account=False)
    def fails(person: Person) -> Script:
        yield from ask("word", text(say("Word?"), check=str))
        Contact.objects.filter(pk=person.contact.pk).update(username="changed")
        raise ZeroDivisionError

    stranger.says("hi")
    begin(stranger, "test_fails")
    before = talk_of(stranger)
    answer = stranger.says("my word")
    assert answer == ("Something went wrong on our side with that message. Please try again, or type *menu*.")
    after = talk_of(stranger)
    assert (after.flow, after.answers, after.shown) == (before.flow, before.answers, before.shown)
    assert stranger.contact.username == ""
    failed = InboundEvent.objects.get(state=InboundState.QUARANTINED)
    assert failed.error == "ZeroDivisionError"
    assert Incident.objects.get(kind="message_quarantined").key == str(failed.pk)
    assert stranger.says("menu").startswith("Hi, I'm the Inspector assistant.")


ANYWHERE = ("menu", "back", "cancel", "help", "stop", "start", "human", "language", "resend")


@pytest.mark.parametrize("before", [(), TO_RESULTS[:2], TO_SURE], ids=len)
def test_the_words_that_work_from_anywhere_do(ada: Phone, before: tuple[str, ...]) -> None:
    tell(ada, "hi", *before)
    here = Conversation.objects.filter(contact__phone=ada.phone)
    stood = here.values("flow", "argument", "answers", "shown", "aside", "wish").get()
    nobody = {"human_since": None, "human_until": None}
    for word in ANYWHERE:
        plain = ada.says(word)
        here.update(**stood, **nobody)
        assert ada.says(f" {word.upper()}! ").splitlines()[-1] == plain.splitlines()[-1], word
        assert ada.says("menu"), word
        assert talk_of(ada).flow == ""
        here.update(**stood, **nobody)
    assert not InboundEvent.objects.filter(state=InboundState.QUARANTINED).exists()


def test_a_word_within_a_sentence_is_no_command(ada: Phone) -> None:
    tell(ada, *TO_RESULTS[:2])
    ada.says("please do not stop now")
    assert talk_of(ada).flow == "book_inspection"
    assert ada.contact.stopped_at is None


# --- secrets ----------------------------------------------------------------------------------------------
def kept_anywhere(needle: str) -> list[str]:
    """The columns of text, JSON and bytes, in all tables, that hold `needle`."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea')"
        )
        for table, column, kind in cursor.fetchall():
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {shown} LIKE %s', [f"%{needle}%"])
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def test_the_search_for_secrets_finds_what_is_kept(stranger: Phone) -> None:
    stranger.says("my word is zanzibar")
    assert {"bot_webhookbody.body", "bot_inboundevent.text", "bot_inboundevent.content"} <= set(
        kept_anywhere("zanzibar")
    )


CODE = "604218"


@pytest.mark.parametrize(
    "typed",
    [CODE, f"my code is {CODE}", f" {CODE}. ", f"{CODE} {CODE}", f"{CODE}\n{CODE}", f"{CODE} or 604219?"],
)
@pytest.mark.parametrize("before", [(), ("connect",), ("look around",)], ids=["menu", "e-mail", "area"])
def test_a_code_typed_at_any_time_by_somebody_who_is_not_linked_is_kept_nowhere(
    stranger: Phone, before: tuple[str, ...], typed: str
) -> None:
    tell(stranger, "hi", *before)
    assert stranger.says(typed)
    assert kept_anywhere(CODE) == []


@pytest.mark.parametrize(
    "message",
    [
        {
            "type": "edit",
            "edit": {
                "original_message_id": "wamid.x",
                "message": {"type": "text", "text": {"body": CODE}},
            },
        },
        {"type": "image", "image": {"id": "1", "mime_type": "image/png", "caption": CODE}},
    ],
    ids=["corrected", "under a picture"],
)
def test_a_code_in_another_kind_of_message_is_kept_nowhere(stranger: Phone, message: dict[str, Any]) -> None:
    assert stranger.sends(message)
    assert kept_anywhere(CODE) == []


@pytest.mark.parametrize("typed", [f"{CODE} {CODE}", f"{CODE} or 604219", f"the code is for me {CODE}"])
@pytest.mark.parametrize("between", [("menu",), ("human",), ("menu", "settings")], ids=" ".join)
def test_a_code_asked_for_by_somebody_who_is_linked_is_kept_nowhere_whatever_they_did_since(
    ada: Phone, between: tuple[str, ...], typed: str
) -> None:
    tell(ada, "connect", "emeka@inspector.example", *between)
    ada.says(typed)
    assert kept_anywhere(CODE) == []


def test_while_a_code_is_awaited_one_with_a_digit_too_many_is_kept_nowhere(ada: Phone) -> None:
    tell(ada, "connect", "emeka@inspector.example", f"{CODE}7")
    assert kept_anywhere(CODE) == []


def test_a_code_that_is_typed_once_more_by_whoever_it_connected_is_kept_nowhere(ada: Phone) -> None:
    tell(ada, "connect", "emeka@inspector.example")
    LinkChallenge.objects.update(state=ChallengeState.VOID)
    tell(ada, "menu", CODE)
    assert kept_anywhere(CODE) == []
    clock.move(timedelta(hours=2))
    ada.says("604219")
    assert "bot_inboundevent.text" in kept_anywhere("604219")  # by now it is a number like any other


@pytest.mark.parametrize("why", ["of a group", "for another number", "of last week"])
def test_a_code_in_a_message_that_is_never_answered_is_kept_nowhere(stranger: Phone, why: str) -> None:
    message: dict[str, Any] = {"type": "text", "text": {"body": CODE}}
    if why == "of a group":
        message["group_id"] = "group-1"
    eight_days_ago = int((clock.now() - timedelta(days=9)).timestamp())
    body = stranger.webhook(message, at=eight_days_ago if why == "of last week" else None)
    if why == "for another number":
        body = body.replace(settings.WHATSAPP_PHONE_NUMBER_ID.encode(), b"200000000000009")
    stranger.posts(body)
    stranger.posts(body + b" ")
    assert stranger.answers() == ""
    assert InboundEvent.objects.get().state != InboundState.DONE
    assert kept_anywhere(CODE) == []


def test_a_code_that_comes_again_in_other_batches_is_kept_nowhere(stranger: Phone) -> None:
    body = stranger.webhook({"type": "text", "text": {"body": CODE}})
    stranger.posts(body)
    stranger.posts(body + b" ")
    assert stranger.answers()
    stranger.posts(body + b"  ")
    stranger.posts(body)
    assert stranger.answers() == ""
    assert kept_anywhere(CODE) == []


def test_a_code_in_a_turn_that_fails_is_kept_nowhere(stranger: Phone) -> None:
    @flow("test_fails", needs_account=False)
    def fails(person: Person) -> Script:
        yield from ask("word", text(say("Word?"), check=str))
        raise ZeroDivisionError

    begin(stranger, "test_fails")
    assert stranger.says(CODE).startswith("Something went wrong")
    assert kept_anywhere(CODE) == []


@pytest.mark.django_db(transaction=True)
def test_neither_a_right_nor_a_wrong_code_is_kept_once_it_is_judged(mailoutbox: list[Any]) -> None:
    world.build()
    phone = Phone("+2348030000001")
    tell(phone, "hi", "connect", "ada@inspector.example")
    deliver_mail()
    right = newest_code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert phone.says(wrong).startswith("That code isn't right.")
    assert phone.says(right).startswith("Code correct.")
    assert kept_anywhere(right) == []
    assert kept_anywhere(wrong) == []


# --- budget -----------------------------------------------------------------------------------------------
# Claim, count the attempt, conversations with contacts and the time, accounts, messages; then conversations,
# marks, replies, whoever wrote meanwhile: for up to twenty people at once.
BATCH = 9


def queries_of(phone: Phone, words: str, *, people: int = 1) -> list[str]:
    """The statements that answer these words, and whoever else waits; without the look that finds no more."""
    phone.posts(phone.webhook({"type": "text", "text": {"body": words}}))
    inbox.drain()
    with CaptureQueriesContext(connection) as captured:
        assert conversation.drain() == people
    statements = [str(query["sql"]) for query in captured.captured_queries]
    return [sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE"))][:-1]


def test_an_answer_from_the_menu_costs_the_batch_and_nothing_more(ada: Phone) -> None:
    ada.says("hi")
    assert len(queries_of(ada, "hello")) <= BATCH


def test_people_who_wait_together_share_the_cost(ada: Phone) -> None:
    phones = [Phone(f"+23481110000{number:02}") for number in range(10)]
    for phone in phones:
        phone.posts(phone.webhook({"type": "text", "text": {"body": "hello"}}))
    assert len(queries_of(ada, "hello", people=11)) <= BATCH


def test_an_answer_in_the_middle_of_a_flow_costs_what_its_questions_read(ada: Phone) -> None:
    tell(ada, *TO_RESULTS)
    # Whether anything fits; the property and its photo, as an answer is read; whether it is kept in view.
    assert len(queries_of(ada, "1")) <= BATCH + 4


def test_a_first_visit_is_remembered_in_one_row_each(stranger: Phone) -> None:
    stranger.says("hi")
    assert (WebhookBody.objects.count(), InboundEvent.objects.count(), Conversation.objects.count()) == (
        1,
        1,
        1,
    )
    assert not User.objects.filter(phone=stranger.phone).exists()
