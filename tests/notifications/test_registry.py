"""The registry of message templates: what is declared, what may be sent, and what fits it."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp.models import Incident
from notifications import registry, templates
from notifications.models import MessageTemplate, TemplateStatus
from notifications.registry import Unusable, Usable, shape
from notifications.registry.shape import Shape
from tests.notifications.approved import approve_all

pytestmark = pytest.mark.django_db

BOOKED = "inspection_booked"
DECLARED = templates.by_name(BOOKED)
WORDING = (
    "Booked, {{person}} will wait.\n{{property}}\n{{address}}\n{{when}}\nRef {{ref}}. Tell us of a change."
)
VALUES = {"property": "Flat", "address": "14 Admiralty Way", "when": "Tue", "person": "Chidi", "ref": "IN-1"}


def row(**which: Any) -> MessageTemplate:
    return MessageTemplate.objects.get(**{"name": BOOKED, "version": 1} | which)


def stands(version: int = 1, **fields: Any) -> None:
    MessageTemplate.objects.filter(name=BOOKED, version=version).update(**fields)


def found() -> Usable:
    usable = registry.find(BOOKED, language="en")
    assert isinstance(usable, Usable), usable.why
    return usable


def why(language: str = "en") -> str:
    unusable = registry.find(BOOKED, language=language)
    assert isinstance(unusable, Unusable)
    return unusable.why


def second() -> MessageTemplate:
    return registry.edit(row(), body=WORDING, buttons=["Move it", "Cancel"])


def test_what_the_code_declares_has_a_draft_after_migrating() -> None:
    known = MessageTemplate.objects.values_list("name", "status", "name_at_meta")
    assert set(known) == {(each.name, "draft", each.name) for each in templates.TEMPLATES}
    assert registry.declare() == 0


def test_a_lost_draft_is_there_again_after_the_next_migration() -> None:
    MessageTemplate.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert MessageTemplate.objects.count() == len(templates.TEMPLATES)


def test_a_wording_of_a_new_release_is_a_new_version() -> None:
    approve_all()
    stands(body="Another {{person}} than the code has.", examples={"person": "Ada"})
    assert registry.declare() == 1
    assert row(version=2).body == DECLARED.body
    assert row(version=2).name_at_meta == "inspection_booked_v2"
    assert why() == (
        "inspection_booked_v2 (en) has not been submitted; inspection_booked (en) was written for another "
        "release: it has other parameters or buttons"
    )


def test_an_approved_one_says_what_it_takes() -> None:
    approve_all()
    usable = found()
    assert (usable.template, usable.language, usable.fell_back) == (BOOKED, "en", False)
    assert (usable.parameters, usable.buttons, usable.category) == (frozenset(VALUES), 2, "utility")


def test_looking_it_up_is_one_query() -> None:
    approve_all()
    with CaptureQueriesContext(connection) as asked:
        found()
    assert len(asked) == 1


def test_a_language_that_meta_has_not_falls_back() -> None:
    approve_all()
    usable = registry.find(BOOKED, language="pcm")
    assert isinstance(usable, Usable)
    assert (usable.language, usable.fell_back) == ("en", True)


def test_a_language_that_was_deleted_falls_back_and_one_that_is_there_does_not() -> None:
    approve_all()
    other = row()
    other.pk, other.language, other._state.adding = None, "fr", True
    other.save()
    french = registry.find(BOOKED, language="fr")
    MessageTemplate.objects.filter(language="fr").update(status=TemplateStatus.DELETED)
    english = registry.find(BOOKED, language="fr")
    assert isinstance(french, Usable)
    assert isinstance(english, Usable)
    assert (french.language, english.language, english.fell_back) == ("fr", "en", True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft"}, "inspection_booked (en) has not been submitted"),
        ({"status": "pending"}, "inspection_booked (en) is still in review at Meta"),
        ({"status": "paused"}, "inspection_booked (en) is paused by Meta for low quality"),
        ({"status": "rejected", "reason": "SCAM"}, "inspection_booked (en) was rejected by Meta (SCAM)"),
        ({"status": "deleted"}, "inspection_booked (en) is no longer at Meta"),
    ],
)
def test_one_that_cannot_be_sent_says_why(fields: dict[str, Any], sentence: str) -> None:
    approve_all()
    stands(**fields)
    assert why() == sentence
    assert why("pcm") == sentence


@pytest.mark.parametrize("status", [status for status in TemplateStatus if status != "approved"])
def test_only_what_is_approved_is_sent_and_each_status_has_a_sentence(status: TemplateStatus) -> None:
    approve_all()
    stands(status=status)
    assert re.fullmatch(r"inspection_booked \(en\) \w[\w ']+", why())


def test_one_that_nobody_declares_is_not_sent() -> None:
    assert registry.find("no_such", language="en") == Unusable("there is no template no_such")


def at_meta(body: str = DECLARED.body, *titles: str, **more: Any) -> list[dict[str, Any]]:
    buttons = [{"type": "QUICK_REPLY", "text": title} for title in titles or DECLARED.buttons]
    return [
        *([{"type": "HEADER"} | more] if more else []),
        {"type": "BODY", "text": body},
        {"type": "BUTTONS", "buttons": buttons},
    ]


@pytest.mark.parametrize(
    ("components", "sentence"),
    [
        (
            at_meta(DECLARED.body.replace("{{person}}", "{{name}}")),
            "has other parameters at Meta: {{name}} instead of {{person}}",
        ),
        (at_meta(DECLARED.body + " {{more}}."), "has other parameters at Meta: {{more}} as well"),
        (
            at_meta(DECLARED.body.replace("{{person}}", "us")),
            "has other parameters at Meta: nothing instead of {{person}}",
        ),
        (
            at_meta(DECLARED.body, "Cancel", "Change"),
            "has other buttons at Meta: Cancel, Change instead of Change, Cancel",
        ),
        (at_meta(DECLARED.body)[:1], "has other buttons at Meta: nothing instead of Change, Cancel"),
        (
            at_meta(format="IMAGE"),
            "has a header with image at Meta, which we do not fill",
        ),
        (
            at_meta(format="TEXT", text="For {{name}}"),
            "has a header with variables at Meta, which we do not fill",
        ),
    ],
)
def test_one_that_was_edited_at_meta_so_that_messages_do_not_fit_is_not_sent(
    components: list[dict[str, Any]], sentence: str
) -> None:
    approve_all()
    stands(components=components)
    assert why() == f"inspection_booked (en) {sentence}"


def test_one_that_was_only_reworded_at_meta_is_sent() -> None:
    approve_all()
    room = found().room
    stands(components=at_meta("Hello!\n" + DECLARED.body, format="TEXT", text="Inspector"))
    assert found().room == room - len("Hello!\n")
    assert registry.difference(row()) == "has another wording at Meta"


def test_an_older_version_serves_until_the_newer_one_is_approved() -> None:
    approve_all()
    newer = second()
    assert (newer.version, newer.status, found().version) == (2, "draft", 1)
    for status in ("pending", "rejected"):
        stands(2, status=status)
        assert found().template == BOOKED
    stands(2, status="approved")
    assert found().template == "inspection_booked_v2"
    stands(2, status="paused")
    assert found().template == BOOKED


def test_metas_category_counts_once_it_is_known() -> None:
    approve_all()
    stands(category_at_meta="marketing")
    assert found().category == "marketing"


@pytest.mark.parametrize(
    ("given_values", "buttons", "sentence"),
    [
        (VALUES, 2, ""),
        ({**VALUES, "name": "x"}, 2, "the message for inspection_booked has {{name}}, which is not in it"),
        (
            {key: value for key, value in VALUES.items() if key != "when"},
            2,
            "the message for inspection_booked has no {{when}}",
        ),
        ({**VALUES, "when": " "}, 2, "the message for inspection_booked has nothing for {{when}}"),
        (
            {**VALUES, "when": "a\nb"},
            2,
            "{{when}} of inspection_booked has a line break, a tab or too many blanks",
        ),
        (VALUES, 3, "the message for inspection_booked has 3 buttons, not 2"),
    ],
)
def test_a_message_is_checked_by_names_and_count(
    given_values: dict[str, str], buttons: int, sentence: str
) -> None:
    approve_all()
    assert registry.check(found(), given_values, buttons) == sentence


def test_a_message_that_gets_too_long_is_found_out() -> None:
    approve_all()
    usable = found()
    rest = usable.room - sum(len(value) for key, value in VALUES.items() if key != "address")
    assert registry.check(usable, {**VALUES, "address": "x" * rest}, 2) == ""
    assert "more than" in registry.check(usable, {**VALUES, "address": "x" * (rest + 1)}, 2)


def test_a_kind_without_a_template_is_one_incident_until_there_is_one_again() -> None:
    registry.missing(BOOKED, why())
    registry.missing(BOOKED, why())
    incident = Incident.objects.get(kind="template_unusable")
    assert (incident.key, incident.times, incident.closed_at) == (BOOKED, 2, None)
    assert incident.sentence.endswith(": inspection_booked (en) has not been submitted.")
    registry.notice(BOOKED, language="en")
    assert Incident.objects.get().closed_at is None
    approve_all()
    registry.notice(BOOKED, language="en")
    assert Incident.objects.get().closed_at is not None


names = st.sampled_from(["person", "when", "ref", "name"])
bodies = st.lists(names | st.just("words")).map(
    lambda pieces: " ".join(piece if piece == "words" else f"{{{{{piece}}}}}" for piece in pieces)
)
shapes = st.builds(Shape, bodies, st.lists(st.sampled_from(["Yes", "No"]), max_size=3).map(tuple))
anything: Any = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "text"]), inner),
)
parts = st.fixed_dictionaries(
    {"type": st.sampled_from(["BODY", "BUTTONS", "HEADER", "FOOTER"])},
    optional={"text": anything, "buttons": anything, "format": anything},
)


@given(shapes, shapes)
def test_a_message_fits_exactly_where_names_and_titles_are_the_same(wanted: Shape, other: Shape) -> None:
    same = (wanted.parameters, wanted.buttons) == (other.parameters, other.buttons)
    assert (shape.unfit(wanted, other) == "") == same


@given(st.lists(anything | parts))
def test_whatever_meta_says_of_a_text_is_read(components: list[Any]) -> None:
    found = shape.theirs(components)
    assert isinstance(shape.unfit(Shape("x"), found), str)
