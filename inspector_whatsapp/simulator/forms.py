"""Forms (Flows) at Meta: made as drafts, published, blocked; and what a message needs to open one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.graph import Refused

FIRST: Final = 1_000_000_000_000_001
STATUSES: Final = ("DRAFT", "PUBLISHED", "DEPRECATED", "BLOCKED", "THROTTLED")
CATEGORIES: Final = frozenset(["SIGN_UP", "SIGN_IN", "APPOINTMENT_BOOKING", "LEAD_GENERATION", "CONTACT_US"])


class Impossible(ValueError):
    """The form can't be filled in so; the message tells why."""


@dataclass(kw_only=True)
class Form:
    id: str
    name: str
    categories: list[str]
    document: Json
    wrong: list[Json]
    status: str = "DRAFT"

    def json(self) -> Json:
        facts: Json = {"id": self.id, "name": self.name, "status": self.status, "categories": self.categories}
        return facts | {"validation_errors": self.wrong}

    def screen(self, name: str) -> Json:
        return next(each for each in self.document["screens"] if each["id"] == name)


@dataclass
class Forms:
    """Those of the account, by id."""

    all: dict[str, Form] = field(default_factory=dict)

    def make(self, given: Json) -> Json:
        """A draft. What is wrong with its JSON is told, and it is made all the same."""
        name, categories = given.get("name"), given.get("categories")
        if not isinstance(name, str) or not name or any(form.name == name for form in self.all.values()):
            raise Refused(100, "Param name must be given, and no other Flow may have it.")
        if not isinstance(categories, list) or not categories or set(categories) - CATEGORIES:
            raise Refused(100, "Param categories must name at least one category.")
        document, wrong = _read(given.get("flow_json"))
        id = str(FIRST + len(self.all))
        self.all[id] = Form(id=id, name=name, categories=categories, document=document, wrong=wrong)
        return {"id": id, "success": True, "validation_errors": wrong}

    def publish(self, form: Form) -> None:
        if form.status != "DRAFT":
            raise Refused(139001, "Flow can't be updated: it is published.")
        if form.wrong:
            raise Refused(139002, "Publishing failed: the Flow has validation errors.")
        form.status = "PUBLISHED"

    def opened(self, payload: Json) -> Form | None:
        """The form that a message opens, if it opens one; raises `Refused` where that can't be."""
        if payload.get("type") != "interactive" or payload["interactive"].get("type") != "flow":
            return None
        parameters = payload["interactive"]["action"]["parameters"]
        id, name = parameters.get("flow_id"), parameters.get("flow_name")
        named = (form for form in self.all.values() if form.id == id or form.name == name)
        form = next(named, None)
        if form is None:
            raise Refused(131009, "Flow is not valid: there is none of that id or name.")
        if form.status == "BLOCKED":
            raise Refused(132068, "The Flow is blocked.")
        if (form.status == "DRAFT") != (parameters.get("mode") == "draft") or form.status == "DEPRECATED":
            raise Refused(131009, f"A Flow that is {form.status} can't be sent in that mode.")
        opened = parameters.get("flow_action_payload") or {}
        try:
            limits.check_flow_data(form.document, opened.get("screen", ""), opened.get("data") or {})
        except limits.Broken as broken:
            raise Refused(broken.code, broken.details) from None
        return form


def _read(text: object) -> tuple[Json, list[Json]]:
    try:
        document = json.loads(text) if isinstance(text, str) else None
        if not isinstance(document, dict):
            raise limits.Broken(limits.INVALID, "The Flow JSON is no JSON object.")
        limits.check_flow(document)
    except ValueError as error:
        return {}, [{"error": "INVALID_JSON", "error_type": "JSON_SCHEMA_ERROR", "message": str(error)}]
    except limits.Broken as broken:
        wrong = {"error": "INVALID_PROPERTY", "error_type": "FLOW_JSON_ERROR", "message": broken.details}
        return {}, [wrong]
    return document, []


def shown(form: Form, parameters: Json) -> Json:
    """A screen as the page draws it: its components with the message's data in them."""
    opened = parameters["flow_action_payload"]
    screen = form.screen(opened["screen"])
    children = [_filled(child, opened["data"]) for child in screen["layout"]["children"]]
    return {"title": screen["title"], "children": children}


def _filled(component: Json, data: Mapping[str, Any]) -> Json:
    """`visible` becomes the field and the value on which it hangs."""
    found: Json = {}
    for key, value in component.items():
        if key == "visible" and isinstance(value, str):
            on, _is, to = value.strip("`").partition(" == ")
            found[key] = [on.removeprefix("${form.")[:-1], data[to.removeprefix("${data.")[:-1]]]
        elif isinstance(value, str) and value.startswith("${data."):
            found[key] = data[value[len("${data.") : -1]]
        else:
            found[key] = value
    return found


def answered(view: Json, parameters: Json, values: Mapping[str, Any]) -> Json:
    """The interactive object of an answer, filled in as the phone lets somebody; raises `Impossible`."""
    for component in view["children"]:
        name = component.get("name")
        given = values.get(name) if name else None
        if component.get("required") and not given:
            raise Impossible(f"the form needs {name}")
        if given and given not in set(_choices(component)):
            raise Impossible(f"{given!r} can't be chosen as {name}")
    payload = view["children"][-1]["on-click-action"]["payload"]
    fields = {key: reference.removeprefix("${form.")[:-1] for key, reference in payload.items()}
    response = {key: values[name] for key, name in fields.items() if values.get(name)}
    response["flow_token"] = parameters.get("flow_token", "unused")
    reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(response)}
    return {"type": "nfm_reply", "nfm_reply": reply}


def _choices(component: Json) -> Iterator[str]:
    for option in component.get("data-source") or ():
        yield option["id"]
    if component["type"] == "CalendarPicker":
        day, last = (date.fromisoformat(component[key]) for key in ("min-date", "max-date"))
        while day <= last:
            if day.isoformat() not in component["unavailable-dates"]:
                yield day.isoformat()
            day += timedelta(days=1)
