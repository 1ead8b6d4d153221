"""The page in the browser: its files, its state, its stream of events, the mailbox."""

import mimetypes
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from inspector_whatsapp.simulator import receipts
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.graph import Reply
from inspector_whatsapp.simulator.mail import Mail
from inspector_whatsapp.simulator.world import World

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; media-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none';  "
    "form-action 'none'; frame-ancestors 'none'"
)
# Links may open in a new tab; nothing else of a mail runs or is fetched.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'"
)
FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
MAILS_SHOWN = 200


class Pages:
    """Everything a browser fetches but `/live`."""

    def __init__(self, world: World) -> None:
        self._world = world
        names = [path for path in STATIC.rglob("*") if path.is_file()]
        self._files = {f"/static/{path.relative_to(STATIC).as_posix()}": path for path in names}

    def answer(self, *, method: str, path: str, query: Mapping[str, str], body: Json) -> Reply:
        """A file, a page's state, a mail; 404 for all else."""
        world = self._world
        match method, path.strip("/").split("/"):
            case "GET", [""] | ["simulator"]:
                return self._file("/static/index.html")
            case "GET", ["static", *_]:
                return self._file(path)
            case "GET", ["livez"]:
                return Reply(body={"ok": True})
            case "GET", ["page", "state"]:
                return Reply(body=self.state())
            case "POST", ["page", "open"]:
                return self._open(body)
            case "GET", ["page", "media", number]:
                return self._media(number)
            case "GET", ["mailbox.json"]:
                return Reply(body={"mails": [mail.json() for mail in world.mailbox.all(query.get("to", ""))]})
            case "GET", ["mail", number, *rest] if number.isdigit():
                mail = world.mailbox.get(int(number))
                return _missing() if mail is None else _mail(mail, rest)
        return _missing()

    def state(self) -> Json:
        """What the page shows first."""
        world = self._world
        return {
            "business": {"name": "Inspector", "phone": f"+{world.config.digits}"},
            "people": [person.json() for person in list(world.people.values())],
            "mails": [mail.json() for mail in world.mailbox.all()[:MAILS_SHOWN]],
            "clock": world.clock.state(),
            "rules": world.faults.json(),
            "switches": asdict(world.switches),
        }

    def _open(self, body: Json) -> Reply:
        world = self._world
        person = world.people.get(str(body.get("person")))
        world.live.show(int(body.get("page") or 0), person.phone if person else None)
        if person:
            receipts.read(world, person)
        return Reply(body={"ok": True})

    def _file(self, path: str) -> Reply:
        found = self._files.get(path)
        if found is None:
            return _missing()
        mime = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-cache",
            "Referrer-Policy": "no-referrer",
        }
        text = mime.startswith("text/") or mime.endswith("javascript")
        return Reply(
            body=found.read_bytes(), mime=f"{mime}; charset=utf-8" if text else mime, headers=headers
        )

    def _media(self, number: str) -> Reply:
        file = self._world.media.any(number)
        if file is None:
            return _missing()
        headers = {"Content-Security-Policy": FILE_POLICY, "Cache-Control": "max-age=86400, private"}
        if not file.mime.startswith(("image/", "audio/", "video/")):
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name or file.id)}"
        return Reply(body=file.data, mime=file.mime, headers=headers)


def _mail(mail: Mail, rest: list[str]) -> Reply:
    match rest:
        case ["html"]:
            html = '<!doctype html><meta charset="utf-8"><base target="_blank">' + mail.html
            headers = {"Content-Security-Policy": MAIL_POLICY}
            return Reply(body=html.encode(), mime="text/html; charset=utf-8", headers=headers)
        case ["attachments", number] if number.isdigit():
            found = mail.attachment(int(number))
            if found is None:
                return _missing()
            name, mime, data = found
            headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
            return Reply(body=data, mime=mime, headers=headers | {"Content-Security-Policy": FILE_POLICY})
        case []:
            return Reply(body=mail.json())
    return _missing()


def _missing() -> Reply:
    return Reply(status=404, body={"error": "not found"})
