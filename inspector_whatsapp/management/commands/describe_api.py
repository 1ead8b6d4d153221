"""Write docs/openapi.yaml and docs/api.md anew: every endpoint, for programs and for people."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

HEAD = """# Every endpoint

Written by `manage.py describe_api` from the code; a test compares. [Integrating](integrating.md) says how to
use them, and what a token may do; [openapi.yaml](openapi.yaml) has every field of every answer, and a running
service shows it at `/api/docs/`. What goes wrong is answered by 4xx and 5xx, with
[problem+json](integrating.md#what-holds-for-every-endpoint).
"""
METHODS = ("get", "post", "put", "patch", "delete")
FIELDS = "\n| {} | in | what it takes |   |\n|---|---|---|---|\n"

Json = dict[str, Any]


def described(schema: Json) -> str:
    """The page for people, of an OpenAPI schema."""
    calls = [
        (call["tags"][0], f"{method.upper()} {path}", call)
        for path, calls in schema["paths"].items()
        for method, call in sorted(calls.items(), key=lambda item: METHODS.index(item[0]))
    ]
    tags = sorted({tag[:1].upper() + tag[1:] for tag, _, _ in calls})
    named = schema["components"]["schemas"]
    return HEAD + "".join(
        f"\n## {tag}\n"
        + "".join(_call(name, call, named) for of, name, call in calls if of.lower() == tag.lower())
        for tag in tags
    )


def _call(name: str, call: Json, named: Json) -> str:
    said = f"\n### {name}\n\n{call['description'].strip()}\n"
    fields = [
        _field(each["name"], each["in"], each["schema"], each.get("description"), each.get("required"))
        for each in call.get("parameters", ())
    ]
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shape = named[body["$ref"].rpartition("/")[2]] if "$ref" in body else body
    for field, what in shape.get("properties", {}).items():
        fields.append(
            _field(field, "body", what, what.get("description"), field in shape.get("required", ()))
        )
    if fields:
        said += FIELDS.format("field") + "".join(fields)
    answers = ", ".join(code for code in call["responses"] if code < "400")
    return f"{said}\nAnswers {answers}.\n"


def _field(name: str, place: str, what: Json, description: str | None, needed: bool | None) -> str:
    says = (
        re.split(r"(?:^|\n)\* ", description or "")[0].replace("\n", " ").strip()
    )  # what it takes stands beside it
    return f"| `{name}`{', needed' if needed else ''} | {place} | {_type(what)} | {says} |\n"


def _type(what: Json) -> str:
    if "enum" in what:
        return ", ".join(f"`{each}`" for each in what["enum"])
    if "$ref" in what:
        return "an object"
    for one in ("allOf", "oneOf"):
        if one in what:
            return " or ".join(dict.fromkeys(_type(each) for each in what[one]))
    kind: str = what.get("type", "anything")
    return {"string": "text", "array": "list", "integer": "whole number"}.get(kind, kind)


class Command(BaseCommand):
    help = "Write docs/openapi.yaml and docs/api.md: every endpoint, for programs and for people."

    def handle(self, *args: Any, **options: Any) -> None:
        said = StringIO()
        call_command("spectacular", stdout=said, fail_on_warn=True)
        docs = Path(settings.BASE_DIR, "docs")
        (docs / "openapi.yaml").write_text(said.getvalue())
        (docs / "api.md").write_text(described(yaml.safe_load(said.getvalue())))
