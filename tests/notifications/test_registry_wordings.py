"""Another wording of a template: a version of its own, which keeps what belongs to the code and to Meta."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from notifications import registry
from notifications.models import MessageTemplate, TemplateStatus
from tests.notifications.test_registry import BOOKED, DECLARED, WORDING, row, second, stands

pytestmark = pytest.mark.django_db


def test_a_wording_of_an_admins_is_a_draft_of_its_own_and_is_written_on_there() -> None:
    newer = second()
    assert (newer.version, newer.body, newer.buttons) == (2, WORDING, ["Move it", "Cancel"])
    assert row().body == DECLARED.body
    again = registry.edit(newer, body=WORDING + " Bye.", buttons=newer.buttons)
    assert (again.pk, again.body) == (newer.pk, WORDING + " Bye.")


def test_a_wording_that_meta_has_is_never_written_over() -> None:
    newer = second()
    stands(2, status=TemplateStatus.REJECTED)
    third = registry.edit(newer, body=WORDING + " Bye.", buttons=newer.buttons)
    assert (third.version, row(version=2).body) == (3, WORDING)


def test_the_same_wording_is_no_version() -> None:
    assert registry.edit(row(), body=DECLARED.body + "\r\n", buttons=DECLARED.buttons) == row()
    assert MessageTemplate.objects.filter(name=BOOKED).count() == 1


def test_a_wording_of_an_admins_is_not_undone_by_the_next_migration() -> None:
    second()
    assert registry.declare() == 0


@pytest.mark.parametrize(
    ("body", "buttons", "sentence"),
    [
        (WORDING.replace("{{when}}", ""), ["Change", "Cancel"], "exactly these variables: {{address}}, "),
        (WORDING.replace("{{when}}", "{{day}}"), ["Change", "Cancel"], "exactly these variables"),
        (WORDING + " {{extra}}.", ["Change", "Cancel"], "exactly these variables"),
        (WORDING, ["Change"], "2 buttons"),
        (WORDING, ["Change", "x" * 26], "longer than 25 characters"),
        (WORDING, ["Change", "Change"], "a text of its own"),
        (WORDING + "x" * 1024, ["Change", "Cancel"], "longer than 1024 characters"),
        (WORDING.removeprefix("Booked, "), ["Change", "Cancel"], "first or the last"),
        (WORDING + " {{when}}", ["Change", "Cancel"], "first or the last"),
        (WORDING.replace("\n{{when}}", " {{when}}"), ["Change", "Cancel"], "next to one another"),
        (WORDING + " {{ Name }} it is.", ["Change", "Cancel"], "small letters"),
    ],
)
def test_a_wording_that_cannot_be_is_refused_in_words(body: str, buttons: list[str], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        registry.edit(row(), body=body, buttons=buttons)
    assert sentence in refused.value.messages[0]
    assert MessageTemplate.objects.filter(name=BOOKED).count() == 1


def test_what_this_release_does_not_use_is_not_reworded() -> None:
    stands(name="gone_since")
    with pytest.raises(ValidationError, match="does not use"):
        registry.edit(row(name="gone_since"), body=WORDING, buttons=[])


def test_the_database_holds_each_version_and_each_name_at_meta_once() -> None:
    for fields in ({"name_at_meta": "other"}, {"version": 2}):
        twin = row()
        twin.pk, twin._state.adding = None, True
        for name, value in fields.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()
