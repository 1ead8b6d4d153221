"""A form's JSON and what a message puts into it, against what Meta's documentation says of them."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api.limits import Broken

Document = dict[str, Any]
OPTIONS = [{"id": "1", "title": "10:00"}]
DATA = {"last": "2026-12-01", "closed": ["2026-11-29"], "day_1": "2026-11-28", "options": OPTIONS}
FORM: Document = {
    "version": "7.3",
    "screens": [
        {
            "id": "BOOK",
            "title": "Book",
            "terminal": True,
            "data": {
                name: {"type": "array" if isinstance(value, list) else "string", "__example__": value}
                for name, value in DATA.items()
            },
            "layout": {
                "type": "SingleColumnLayout",
                "children": [
                    {
                        "type": "CalendarPicker",
                        "name": "day",
                        "label": "Day",
                        "min-date": "2026-11-28",
                        "max-date": "${data.last}",
                        "unavailable-dates": "${data.closed}",
                    },
                    {
                        "type": "RadioButtonsGroup",
                        "name": "slot",
                        "label": "Time",
                        "data-source": "${data.options}",
                        "visible": "`${form.day} == ${data.day_1}`",
                    },
                    {
                        "type": "Footer",
                        "label": "Send",
                        "on-click-action": {"name": "complete", "payload": {"day": "${form.day}"}},
                    },
                ],
            },
        }
    ],
}


def screen(document: Document) -> Document:
    return document["screens"][0]  # type: ignore[no-any-return]


def child(document: Document, place: int) -> Document:
    return screen(document)["layout"]["children"][place]  # type: ignore[no-any-return]


BROKEN: dict[str, tuple[Callable[[Document], object], str]] = {
    "version": (lambda form: form.update(version="5.0"), "can't be published"),
    "no screen": (lambda form: form.update(screens=[]), "Min: 1"),
    "screen's id": (lambda form: screen(form).update(id="BOOK 1"), "can't be called"),
    "reserved id": (lambda form: screen(form).update(id="SUCCESS"), "can't be called"),
    "not terminal": (lambda form: screen(form).update(terminal=False), "terminal"),
    "no example": (lambda form: screen(form)["data"]["last"].pop("__example__"), "__example__"),
    "not declared": (lambda form: screen(form)["data"].pop("last"), "data.last is not declared"),
    "no such field": (lambda form: child(form, 0).update(name="date"), "form.day is not declared"),
    "one name twice": (lambda form: child(form, 1).update(name="day"), "one name"),
    "51 components": (
        lambda form: screen(form)["layout"]["children"].extend([{"type": "TextBody", "text": "x"}] * 48),
        "Max: 50",
    ),
    "no footer": (lambda form: screen(form)["layout"]["children"].pop(), "one Footer"),
    "an endpoint": (
        lambda form: child(form, 2)["on-click-action"].update(name="data_exchange"),
        "Without an endpoint",
    ),
    "unknown component": (lambda form: child(form, 0).update(type="Hologram"), "not known"),
    "unknown key": (lambda form: child(form, 0).update(colour="red"), "Unexpected key colour"),
    "long label": (lambda form: child(form, 0).update(label="x" * 41), "Max length: 40"),
    "long footer": (lambda form: child(form, 2).update(label="x" * 36), "Max length: 35"),
    "long group": (lambda form: child(form, 1).update(label="x" * 31), "Max length: 30"),
    "expression": (
        lambda form: child(form, 1).update(visible="`${form.day} =~ ${data.last}`"),
        "no expression",
    ),
}


def test_a_form_of_a_calendar_and_times_is_taken() -> None:
    limits.check_flow(FORM)
    limits.check_flow_data(FORM, "BOOK", DATA)


@pytest.mark.parametrize("name", BROKEN)
def test_what_meta_would_not_publish_is_refused(name: str) -> None:
    breaks, says = BROKEN[name]
    form = deepcopy(FORM)
    breaks(form)
    with pytest.raises(Broken, match=says):
        limits.check_flow(form)


@pytest.mark.parametrize(
    ("screen", "changed", "says"),
    [
        ("OTHER", {}, "no screen OTHER"),
        ("BOOK", {"more": "x"}, "more"),
        ("BOOK", {"closed": "2026-11-29"}, "of type array"),
        ("BOOK", {"closed": ["2026-12-24"]}, "outside of"),
        ("BOOK", {"last": "2026-11-01"}, "after max-date"),
        ("BOOK", {"last": "1 December"}, "YYYY-MM-DD"),
        ("BOOK", {"options": []}, "Min: 1"),
        ("BOOK", {"options": [{"id": f"{n}", "title": "x"} for n in range(21)]}, "Max: 20"),
        ("BOOK", {"options": OPTIONS * 2}, "one id"),
        ("BOOK", {"options": [{"id": "1", "title": "x" * 31}]}, "Max length: 30"),
    ],
)
def test_data_that_a_form_cannot_show_is_refused(screen: str, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(Broken, match=says):
        limits.check_flow_data(FORM, screen, DATA | changed)
