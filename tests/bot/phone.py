"""A phone for tests: what it says goes in as signed webhooks, what it reads are the outbox's rows."""

import itertools
import json
import re
from typing import Any

from django.conf import settings
from django.core import mail

from bot import conversation, inbox, webhook
from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.models import Contact, OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES, Status

_numbers = itertools.count(1)


class Phone:
    """One person's phone. `says` and `taps` return what the bot answered."""

    def __init__(self, phone: str, name: str = "Ann") -> None:
        self.phone = phone
        self.name = name
        self.read: list[OutboxMessage] = []

    def says(self, text: str) -> str:
        return self.sends({"type": "text", "text": {"body": text}})

    def taps(self, title: str) -> str:
        """Tap a button or a row; the newest one of that title, so that older ones can be tapped too."""
        return self.taps_id(self.button(title), title)

    def taps_id(self, id: str, title: str = "") -> str:
        reply = {"type": "button_reply", "button_reply": {"id": id, "title": title or "Button"}}
        return self.sends({"type": "interactive", "interactive": reply})

    def fills(self, day: str, time: str = "") -> str:
        """Fill in the newest form: a day, and one of its times by its title."""
        parameters = self.form()
        data = parameters["flow_action_payload"]["data"]
        answer = {"flow_token": parameters["flow_token"], "day": day}
        for name, options in data.items():
            if name.startswith("options_") and data[name.replace("options", "day")] == day:
                answer |= {
                    name.replace("options", "slot"): each["id"] for each in options if each["title"] == time
                }
        return self.answers_form(answer)

    def answers_form(self, response: object) -> str:
        """Send a form's answer, whatever is in it."""
        reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(response)}
        return self.sends({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}})

    def form(self) -> dict[str, Any]:
        """What the newest form is opened with."""
        bodies = [message.body or {} for message in self.read]
        found = [body["interactive"] for body in bodies if body.get("type") == "interactive"]
        forms = [each["action"]["parameters"] for each in found if each["type"] == "flow"]
        assert forms, f"no form was shown to {self.phone}"
        return forms[-1]  # type: ignore[no-any-return]

    def sends(self, message: dict[str, Any], **more: Any) -> str:
        self.posts(self.webhook(message, **more))
        return self.answers()

    def webhook(self, *messages: dict[str, Any], at: int | None = None) -> bytes:
        """The body that Meta would post for these messages."""
        sent = str(at or int(clock.now().timestamp()))
        digits = self.phone.removeprefix("+")
        value = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": settings.WHATSAPP_PHONE_NUMBER.removeprefix("+"),
                "phone_number_id": settings.WHATSAPP_PHONE_NUMBER_ID,
            },
            "contacts": [{"wa_id": digits, "profile": {"name": self.name}}],
            "messages": [
                {"from": digits, "id": f"wamid.test-{digits}-{next(_numbers)}", "timestamp": sent} | message
                for message in messages
            ],
        }
        entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def posts(self, body: bytes) -> None:
        assert webhook.receive(body, signature.sign(body, settings.WHATSAPP_APP_SECRETS[0])) == 200

    def answers(self) -> str:
        """Let the bot work, and read what it wrote to this phone since."""
        inbox.drain()
        conversation.drain()
        while conversation.drain_slow():
            conversation.drain()
        rows = OutboxMessage.objects.filter(contact__phone=self.phone, kind="reply", status=Status.PENDING)
        fresh = list(rows.order_by("pk"))
        rows.update(status=Status.ACCEPTED)
        self.read += fresh
        return "\n---\n".join(row.text for row in fresh)

    def button(self, title: str) -> str:
        """The id behind a title, in the newest message that has it."""
        for message in reversed(self.read):
            for id, shown in _buttons(message.body or {}):
                if shown == title:
                    return id
        raise AssertionError(f"no button {title!r} was shown to {self.phone}")

    @property
    def contact(self) -> Contact:
        return Contact.objects.get(phone=self.phone)


def _buttons(body: dict[str, Any]) -> list[tuple[str, str]]:
    action = body.get("interactive", {}).get("action", {})
    replies = [button["reply"] for button in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [(each["id"], each["title"]) for each in (*replies, *rows)]


def deliver_mail() -> list[Any]:
    """Let the e-mails leave (into Django's test mailbox), side by side; those that are new, as they were
    written."""
    before = len(mail.outbox)
    OutboxMessage.objects.filter(channel="whatsapp", status=Status.PENDING).update(status=Status.ACCEPTED)
    if OutboxMessage.objects.filter(status__in=WAITING_STATES).exists():
        outbox.drain()
    return sorted(mail.outbox[before:], key=lambda letter: _number(letter.extra_headers["Message-ID"]))


def _number(message_id: str) -> int:
    return int(message_id.partition("-")[2].partition("@")[0])


def newest_code() -> str:
    """The code in the newest e-mail."""
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", str(mail.outbox[-1].body))
    assert found is not None, "the newest e-mail has no code"
    return found[1] + found[2]
