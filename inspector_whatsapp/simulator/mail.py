"""The mailbox: an SMTP server that keeps every mail, and its faults."""

import asyncio
import base64
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from inspector_whatsapp.simulator.clock import Clock
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.faults import Faults
from inspector_whatsapp.simulator.ledger import Ledger
from inspector_whatsapp.simulator.live import Live

CODE = re.compile(
    r"(?<![\w.+-])\d{6}(?![\w+-]|\.\d)"
    r"|^\d{3} \d{3}$"  # written for people, on a line of its own
    r"|(?<![\w-])[A-Z0-9]{2,4}(?:-[A-Z0-9]{4}){1,3}(?![\w-])",
    re.MULTILINE,
)
HANG_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail as it came."""

    id: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""

    @property
    def codes(self) -> list[str]:
        """What looks like a code to type in, from subject and text."""
        lines = f"{self.message['subject']}\n{self.text}".replace("\r", "")
        return list(dict.fromkeys(found.replace(" ", "") for found in CODE.findall(lines)))

    def attachment(self, number: int) -> tuple[str, str, bytes] | None:
        """File name, type and bytes."""
        parts = list(self.message.iter_attachments())
        if not 0 <= number < len(parts):
            return None
        part: Any = parts[number]
        data = part.get_payload(decode=True)
        return part.get_filename() or f"attachment-{number}", part.get_content_type(), data or b""

    def json(self) -> Json:
        attachments = []
        for number in range(len(list(self.message.iter_attachments()))):
            name, mime, data = self.attachment(number) or ("", "", b"")
            url = f"/mail/{self.id}/attachments/{number}"
            encoded = base64.b64encode(data).decode()
            attachments.append({"name": name, "type": mime, "size": len(data), "url": url, "base64": encoded})
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "from": str(self.message["from"] or self.sender),
            "to": list(self.recipients),
            "subject": str(self.message["subject"] or ""),
            "text": self.text,
            "html": self.html,
            "codes": self.codes,
            "headers": {name: str(value) for name, value in self.message.items()},
            "attachments": attachments,
        }


class Mailbox:
    """All mails, newest last, and the server that takes them."""

    def __init__(self, clock: Clock, *, ledger: Ledger, faults: Faults, live: Live) -> None:
        self._clock = clock
        self._ledger = ledger
        self._faults = faults
        self._live = live
        self._lock = threading.Lock()
        self._mails: list[Mail] = []
        self._count = 0

    def all(self, to: str = "") -> list[Mail]:
        """Newest first; of one addressee when `to` is given."""
        with self._lock:
            return [
                mail
                for mail in reversed(self._mails)
                if not to or to.lower() in map(str.lower, mail.recipients)
            ]

    def get(self, number: int) -> Mail | None:
        return next((mail for mail in self.all() if mail.id == number), None)

    def clear(self) -> None:
        with self._lock:
            self._mails.clear()

    def serve(self, host: str, port: int) -> Controller:
        """Listen; raises OSError when the port is taken."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: a line per connection
        door = _Door(self._faults)
        controller = _Server(_Sink(self._keep, self._faults), door, hostname=host, port=port)
        controller.start()
        return controller

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self._count += 1
            mail = Mail(
                id=self._count,
                at=self._clock.now(),
                sender=str(envelope.mail_from),
                recipients=tuple(envelope.rcpt_tos),
                message=message,
            )
            self._mails.append(mail)
        shown = mail.json()
        headers = {key: shown[key] for key in ("id", "from", "to", "subject", "text", "headers")}
        self._ledger.write("mail", **headers)
        self._live.tell("mail", shown)


class _Door:
    """Asks on each connection whether it is turned away."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def shut(self) -> bool:
        return self._faults.strike(on="mail", only=("refuse",)) is not None


class _Protocol(SMTP):
    def __init__(self, handler: object, door: _Door, **options: Any) -> None:
        super().__init__(handler, **options)
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._door.shut():
            assert isinstance(transport, asyncio.WriteTransport)
            transport.abort()
            return
        super().connection_made(transport)


class _Server(Controller):
    def __init__(self, handler: object, door: _Door, **options: Any) -> None:
        super().__init__(handler, **options)
        self._door = door

    def factory(self) -> SMTP:
        return _Protocol(self.handler, self._door, enable_SMTPUTF8=True, data_size_limit=30_000_000)


class _Sink:
    """aiosmtpd's hooks: takes everything, unless a fault says otherwise."""

    def __init__(self, keep: Callable[[Envelope], None], faults: Faults) -> None:
        self._keep = keep
        self._faults = faults

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        rule = self._faults.strike(on="mail", recipients=(address,), only=("reject",))
        if rule is not None:
            return f"{rule.status or 550} {rule.details or 'Not taken'}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self._keep(envelope)
        rule = self._faults.strike(on="mail", recipients=tuple(envelope.rcpt_tos), only=("hang",))
        if rule is not None:
            await asyncio.sleep(rule.seconds or HANG_SECONDS)
        return "250 OK: kept"
