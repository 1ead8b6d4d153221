"""Message templates: made, approved at once, filled in and checked as Meta does."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.graph import Refused

VARIABLE = limits.VARIABLE
NAME = re.compile(r"[a-z0-9_]{1,512}")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
MOST = 250


@dataclass(kw_only=True)
class Template:
    """One language of a template."""

    id: str
    name: str
    language: str
    category: str
    parameter_format: str
    components: list[Json]
    status: str = "PENDING"
    quality: str = "UNKNOWN"
    reason: str = "NONE"

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "quality_score": {"score": self.quality},
            "rejected_reason": self.reason,
        }

    def component(self, kind: str) -> Json:
        return next((part for part in self.components if str(part.get("type", "")).upper() == kind), {})

    @property
    def buttons(self) -> list[Json]:
        found: list[Json] = self.component("BUTTONS").get("buttons", [])
        return found


@dataclass
class Templates:
    """All templates of the account by name and language."""

    all: dict[tuple[str, str], Template] = field(default_factory=dict)

    def create(self, given: Json) -> Template:
        """A new template, PENDING; raises `Refused` as Meta would."""
        name, language = str(given.get("name", "")), str(given.get("language", ""))
        if NAME.fullmatch(name) is None or not language:
            raise Refused(
                100, "Param name and language are required; name has lower-case letters, digits and _."
            )
        if str(given.get("category", "")).upper() not in CATEGORIES:
            raise Refused(100, f"Param category must be one of {{{', '.join(CATEGORIES)}}}")
        if (name, language) in self.all:
            raise Refused(
                100, f"There is already {language} content for this template.", subcode=2388024, status=400
            )
        if len({template.name for template in self.all.values()} | {name}) > MOST:
            raise Refused(100, "Too many templates.", subcode=2388019)
        template = Template(
            id=str(10**15 + secrets.randbelow(9 * 10**15)),
            name=name,
            language=language,
            category=str(given["category"]).upper(),
            parameter_format=str(given.get("parameter_format", "POSITIONAL")).upper(),
            components=given.get("components") or [],
        )
        check_definition(template)
        self.all[name, language] = template
        return template

    def by_id(self, number: str) -> Template | None:
        return next((template for template in self.all.values() if template.id == number), None)

    def delete(self, *, name: str, number: str = "") -> list[Template]:
        gone = [one for one in self.all.values() if one.name == name and number in ("", one.id)]
        for template in gone:
            del self.all[template.name, template.language]
        return gone

    def page(self, query: Mapping[str, str]) -> Json:
        """The list as Meta pages it: `paging.next` only when there is more."""
        chosen = [
            template.json()
            for template in self.all.values()
            if query.get("name", "") in template.name
            and query.get("status", template.status).upper() == template.status
            and query.get("language", template.language) == template.language
        ]
        start, size = int(query.get("after") or 0), int(query.get("limit") or 25)
        fields = [name for name in query.get("fields", "").split(",") if name]
        shown = chosen[start : start + size]
        data = (
            [{key: one[key] for key in ("id", *fields) if key in one} for one in shown] if fields else shown
        )
        paging: Json = {"cursors": {"before": str(start), "after": str(start + len(shown))}}
        if start + size < len(chosen):
            paging["next"] = f"?after={start + size}&limit={size}"
        return {"data": data, "paging": paging} if shown else {"data": []}

    def fill(self, message: Json) -> tuple[Template, Json]:
        """The template a message names and how it reads: header, body, footer, buttons."""
        name, language = message["name"], message["language"]["code"]
        template = self.all.get((name, language))
        if template is None or template.status not in ("APPROVED", "PAUSED", "DISABLED"):
            raise Refused(132001, f"template name ({name}) does not exist in {language}")
        if template.status != "APPROVED":
            raise Refused(
                132015 if template.status == "PAUSED" else 132016, f"template is {template.status.lower()}"
            )
        parts: list[Json] = message.get("components") or []
        by_kind = {str(part.get("type", "")).lower(): part.get("parameters") or [] for part in parts}
        view: Json = {"kind": "template", "body": _fill(template, "BODY", by_kind.get("body", []))}
        if len(view["body"]) > limits.TEMPLATE_BODY:
            raise Refused(132005, "body: translated text too long")
        if header := _header(template, by_kind.get("header", [])):
            view["header"] = header
        if footer := template.component("FOOTER").get("text"):
            view["footer"] = footer
        view["buttons"] = _buttons(
            template, [part for part in parts if part.get("type", "").lower() == "button"]
        )
        return template, view


def check_definition(template: Template) -> None:
    """Raise `Refused` when Meta would not take the definition."""
    try:
        limits.check_template(template.json())
    except limits.BrokenTemplate as broken:
        raise Refused(broken.code, broken.details, subcode=broken.subcode) from broken


def _fill(template: Template, kind: str, parameters: list[Json]) -> str:
    text = str(template.component(kind).get("text") or "")
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if len(parameters) != len(names):
        raise Refused(
            132000,
            f"{kind.lower()}: number of localizable_params ({len(parameters)}) does not match the expected "
            f"number of params ({len(names)})",
        )
    if template.parameter_format == "NAMED":
        given = {str(parameter.get("parameter_name")): parameter for parameter in parameters}
        if missing := [name for name in names if name not in given]:
            raise Refused(132012, f"{kind.lower()}: Parameter name is missing or unknown: {missing[0]}")
    else:
        given = dict(zip(sorted(names, key=int), parameters, strict=True))
    return VARIABLE.sub(lambda found: _text(given[found.group(1)]), text)


def _text(parameter: Json) -> str:
    kind = parameter.get("type", "text")
    return str(parameter.get("text") if kind == "text" else parameter.get(kind, {}).get("fallback_value", ""))


def _header(template: Template, parameters: list[Json]) -> Json | None:
    header = template.component("HEADER")
    if not header:
        if parameters:
            raise Refused(132000, "header: template has no header")
        return None
    shape = str(header.get("format", "TEXT")).lower()
    if shape == "text":
        return {"text": _fill(template, "HEADER", parameters)}
    if len(parameters) != 1 or parameters[0].get("type") != shape:
        got = parameters[0].get("type", "unknown") if parameters else "unknown"
        raise Refused(
            132012, f"header: Format mismatch, expected {shape.upper()}, received {str(got).upper()}"
        )
    return {"kind": shape, **parameters[0][shape]}


def _buttons(template: Template, components: list[Json]) -> list[Json]:
    by_index = {str(part.get("index")): part for part in components}
    shown = []
    for place, button in enumerate(template.buttons):
        part = by_index.pop(str(place), {})
        given = (part.get("parameters") or [{}])[0]
        kind, text = str(button.get("type", "")).upper(), str(button.get("text", ""))
        if part and str(part.get("sub_type", "")).upper() != kind:
            raise Refused(132012, f"buttons: Button at index {place} is of type {kind}")
        match kind:
            case "QUICK_REPLY":
                shown.append({"kind": "quick_reply", "id": given.get("payload") or text, "title": text})
            case "URL":
                url, suffix = str(button.get("url", "")), str(given.get("text") or "")
                if VARIABLE.search(url) and not suffix:
                    details = f"buttons: Button at index {place} of type Url requires a parameter"
                    raise Refused(131008, details)
                shown.append({"kind": "url", "title": text, "url": suffix.join(VARIABLE.split(url)[::2])})
            case "PHONE_NUMBER":
                shown.append({"kind": "call", "title": text, "url": f"tel:{button.get('phone_number', '')}"})
            case _:
                shown.append({"kind": "other", "title": text or kind.replace("_", " ").capitalize()})
    if by_index:
        raise Refused(132000, f"buttons: template has no button at index {min(by_index)}")
    return shown
