"""Hold a person's phone in a terminal: what you type they write, what is printed they read."""

import json
import time
import urllib.request
import uuid
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from bot import conversation, inbox, webhook
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.models import Contact, OutboxMessage, User
from inspector_whatsapp.models.outbox import Status

PATIENCE = 8  # seconds until an answer of the running demo is given up


class Command(BaseCommand):
    help = (
        "Talk to the bot in a terminal, as one of the demo people: manage.py chat --as ada@inspector.example"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="who", required=True, help="An account's e-mail, or a phone as +234…"
        )

    def handle(self, *args: Any, who: str, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("chat speaks for other people; it runs only with DEBUG on.")
        phone = who if who.startswith("+") else _phone_of(who)
        if not settings.SIMULATOR:
            self.stdout.write("The demo is not running: turns are played here, and no e-mail leaves.")
        self.stdout.write(f"You are holding {phone}. Ctrl-D hangs up.")
        seen = _newest(phone)
        while True:
            try:
                typed = input("> ")
            except (EOFError, KeyboardInterrupt):
                self.stdout.write("")
                return
            if typed.strip():
                _say(phone, typed)
                seen = self._print_answers(phone, seen)

    def _print_answers(self, phone: str, seen: int) -> int:
        """Print what came since `seen`; the newest that was printed."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answers = list(_messages(phone).filter(pk__gt=seen).order_by("pk"))
            for answer in answers:
                self.stdout.write(answer.text + "\n")
            if answers:
                return answers[-1].pk
            time.sleep(0.1)
        self.stdout.write("(no answer)")
        return seen


def _phone_of(email: str) -> str:
    phone = User.objects.filter(email=email.casefold()).values_list("phone", flat=True).first()
    if not phone:
        raise CommandError(f"No account {email} with a phone is here; try manage.py seed_demo.")
    return phone


def _messages(phone: str) -> QuerySet[OutboxMessage, OutboxMessage]:
    return OutboxMessage.objects.filter(contact__phone=phone, channel="whatsapp").exclude(text="")


def _newest(phone: str) -> int:
    newest = _messages(phone).order_by("-pk").first()
    return newest.pk if newest else 0


def _say(phone: str, text: str) -> None:
    """Through the simulator's phone when the demo runs, to be seen there too; else by our own door."""
    if settings.SIMULATOR:
        wish = json.dumps({"person": phone, "text": text}).encode()
        request = urllib.request.Request(  # noqa: S310 - the demo's own address
            f"{settings.SIMULATOR}/control/say", data=wish, headers={"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
        return
    body = json.dumps(_webhook(phone, text)).encode()
    webhook.receive(body, signature.sign(body, settings.WHATSAPP_APP_SECRETS[0]))
    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass
    for contact in Contact.objects.filter(phone=phone):
        waiting = OutboxMessage.objects.filter(contact=contact, kind="reply", status=Status.PENDING)
        waiting.update(status=Status.ACCEPTED, reason="read in a terminal")


def _webhook(phone: str, text: str) -> dict[str, Any]:
    message = {
        "from": phone.removeprefix("+"),
        "id": f"wamid.chat-{uuid.uuid4().hex}",
        "timestamp": str(int(clock.now().timestamp())),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": settings.WHATSAPP_PHONE_NUMBER.removeprefix("+"),
            "phone_number_id": settings.WHATSAPP_PHONE_NUMBER_ID,
        },
        "contacts": [{"wa_id": phone.removeprefix("+"), "profile": {"name": "Terminal"}}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": settings.WHATSAPP_BUSINESS_ACCOUNT_ID, "changes": [change]}],
    }
