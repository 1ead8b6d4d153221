"""What stands at Meta besides messages: the token's rights, the number, webhooks, what a chat begins with."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from . import limits
from .client import Client
from .events.parsing import ACCOUNT_FIELDS

MANAGING: Final = "whatsapp_business_management"
MESSAGING: Final = "whatsapp_business_messaging"
# Whatever of a webhook is read here; what else comes is kept and reported as unknown.
FIELDS: Final = ("messages", "user_preferences", "user_id_update", *sorted(ACCOUNT_FIELDS))
_OBJECT: Final = "whatsapp_business_account"
_NUMBER: Final = (
    "display_phone_number,verified_name,quality_rating,status,name_status,code_verification_status,"
    "platform_type,throughput,whatsapp_business_manager_messaging_limit,health_status,"
    "webhook_configuration,conversational_automation"
)


@dataclass(frozen=True)
class Token:
    """What Meta says of our token. lacking: rights without which nothing works, for this account."""

    valid: bool
    why: str
    app_id: str
    app: str
    ends_at: datetime | None
    lacking: tuple[str, ...]
    not_for: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """The business number. limit: how many people may be written to in a day, as Meta calls it.

    overridden: another address that its webhooks go to.
    """

    phone: str
    name: str
    quality: str
    status: str
    name_status: str
    platform: str
    throughput: str
    limit: str
    can_send: str
    problems: tuple[str, ...]
    overridden: str
    automation: "Automation"


@dataclass(frozen=True)
class Automation:
    """What a chat begins with: lines to tap, and what is shown after a slash, by name."""

    prompts: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PublishedForm:
    """A form (Flow) of the account, or the draft of one; wrong: what Meta finds wrong with it."""

    id: str
    name: str
    status: str
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Subscription:
    """Where the app's webhooks go, and which."""

    address: str
    fields: frozenset[str]


def token(client: Client, *, account: str) -> Token:
    """Of the client's own token. Raises CloudError."""
    said = _object(client.read("debug_token", {"input_token": client.access_token}).get("data"))
    scopes = {str(scope) for scope in _list(said.get("scopes"))}
    wanted = (MANAGING, MESSAGING)
    targets = {
        str(_object(each).get("scope")): {str(one) for one in _list(_object(each).get("target_ids"))}
        for each in _list(said.get("granular_scopes"))
    }
    ends = said.get("expires_at")
    return Token(
        valid=said.get("is_valid") is True,
        why=_text(_object(said.get("error")), "message"),
        app_id=_text(said, "app_id"),
        app=_text(said, "application"),
        ends_at=datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and ends > 0 else None,
        lacking=tuple(scope for scope in wanted if scope not in scopes),
        # Without targets a right holds for whatever its owner may see.
        not_for=tuple(scope for scope in wanted if targets.get(scope) and account not in targets[scope]),
    )


def numbers_of(client: Client, account: str) -> set[str]:
    """The ids of the account's numbers. Raises CloudError."""
    return set(_ids(client.read(f"{account}/phone_numbers", {"fields": "id", "limit": "100"})))


def number(client: Client) -> Number:
    """Our number. Raises CloudError."""
    said = client.read(client.phone_number_id, {"fields": _NUMBER})
    health = _object(said.get("health_status"))
    errors = (
        _object(error)
        for entity in _list(health.get("entities"))
        for error in _list(_object(entity).get("errors"))
    )
    hooks = _object(said.get("webhook_configuration"))
    return Number(
        phone="+" + "".join(letter for letter in _text(said, "display_phone_number") if letter.isdigit()),
        name=_text(said, "verified_name"),
        quality=_text(said, "quality_rating"),
        status=_text(said, "status"),
        name_status=_text(said, "name_status"),
        platform=_text(said, "platform_type"),
        throughput=_text(_object(said.get("throughput")), "level"),
        limit=_text(said, "whatsapp_business_manager_messaging_limit"),
        can_send=_text(health, "can_send_message"),
        problems=tuple(_text(error, "error_description") for error in errors),
        overridden=_text(hooks, "phone_number") or _text(hooks, "whatsapp_business_account"),
        automation=_automation(_object(said.get("conversational_automation"))),
    )


def forms(client: Client, account: str) -> list[PublishedForm]:
    """The account's forms. Raises CloudError."""
    fields = {"fields": "id,name,status,validation_errors", "limit": "100"}
    rows = map(_object, _list(client.read(f"{account}/flows", fields).get("data")))
    return [_form(row) for row in rows]


def make_form(
    client: Client, account: str, *, name: str, category: str, document: Mapping[str, Any]
) -> PublishedForm:
    """Make a form, not yet published. Raises CloudError, or limits.Broken before it is sent."""
    limits.check_flow(document)
    body = {"name": name, "categories": [category], "flow_json": json.dumps(document)}
    return replace(_form(client.write(f"{account}/flows", body)), name=name, status="DRAFT")


def publish_form(client: Client, form: PublishedForm) -> None:
    """Publish it; it can't be changed any more then. Raises CloudError."""
    client.write(f"{form.id}/publish", {})


def is_subscribed(client: Client, account: str, app_id: str) -> bool:
    """Whether the app gets this account's webhooks at all. Raises CloudError."""
    apps = _list(client.read(f"{account}/subscribed_apps", {}).get("data"))
    return app_id in {_text(_object(_object(app).get("whatsapp_business_api_data")), "id") for app in apps}


def subscribe(client: Client, account: str) -> None:
    """Have the app that the token is of get this account's webhooks. Raises CloudError."""
    client.write(f"{account}/subscribed_apps", {})


def subscription(client: Client, *, app_id: str, secret: str) -> Subscription | None:
    """The app's webhook for WhatsApp; only the app itself may ask, by its secret. Raises CloudError."""
    rows = _list(_as_app(client, app_id, secret).read(f"{app_id}/subscriptions", {}).get("data"))
    for row in map(_object, rows):
        if row.get("object") == _OBJECT:
            fields = frozenset(_text(_object(field), "name") for field in _list(row.get("fields")))
            return Subscription(_text(row, "callback_url"), fields)
    return None


def set_subscription(
    client: Client, *, app_id: str, secret: str, address: str, verify_token: str, fields: Iterable[str]
) -> None:
    """Have the app's webhooks go there; Meta asks the address for the challenge first. Raises CloudError."""
    wanted = {"object": _OBJECT, "callback_url": address, "fields": ",".join(sorted(fields))}
    _as_app(client, app_id, secret).write(f"{app_id}/subscriptions", wanted | {"verify_token": verify_token})


def automate(client: Client, wanted: Automation) -> None:
    """Set what a chat begins with. Raises CloudError, or limits.Broken before it is sent."""
    commands = [{"command_name": name, "command_description": says} for name, says in wanted.commands]
    limits.check_automation(wanted.prompts, commands)
    path = f"{client.phone_number_id}/conversational_automation"
    client.write(path, {"prompts": list(wanted.prompts), "commands": commands})


def link(client: Client, words: str) -> str | None:
    """The address of the QR code that writes these words for whoever scans it. Raises CloudError."""
    rows = _list(client.read(f"{client.phone_number_id}/message_qrdls", {}).get("data"))
    found = (row for row in map(_object, rows) if row.get("prefilled_message") == words)
    return next((_text(row, "deep_link_url") for row in found), None)


def make_link(client: Client, words: str) -> str:
    """Make it; its address. Raises CloudError."""
    body = {"prefilled_message": words[: limits.PREFILLED], "generate_qr_image": "SVG"}
    return _text(client.write(f"{client.phone_number_id}/message_qrdls", body), "deep_link_url")


def _as_app(client: Client, app_id: str, secret: str) -> Client:
    return replace(client, access_token=f"{app_id}|{secret}")


def _automation(said: Mapping[str, Any]) -> Automation:
    commands = map(_object, _list(said.get("commands")))
    return Automation(
        tuple(str(prompt) for prompt in _list(said.get("prompts"))),
        tuple((_text(one, "command_name"), _text(one, "command_description")) for one in commands),
    )


def _form(said: Mapping[str, Any]) -> PublishedForm:
    wrong = tuple(_text(_object(error), "message") for error in _list(said.get("validation_errors")))
    return PublishedForm(_text(said, "id"), _text(said, "name"), _text(said, "status"), wrong)


def _ids(page: Mapping[str, Any]) -> Iterable[str]:
    return (_text(_object(row), "id") for row in _list(page.get("data")))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
