"""What a person does on the phone: write, tap, send a photo or a place, react. Each is a message webhook."""

import base64
import binascii
from pathlib import Path

from inspector_whatsapp.simulator import bubbles, forms, media, people, receipts
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.people import Entry, Person
from inspector_whatsapp.simulator.webhooks import Event
from inspector_whatsapp.simulator.world import World

SAMPLE = Path(__file__).parent / "static" / "sample.jpg"
VOICE = SAMPLE.with_name("voice.ogg")
FILES = ("image", "video", "audio", "document", "sticker")


class Impossible(ValueError):
    """The phone can't do that; the message tells why."""


def act(world: World, person: Person, wish: Json) -> Entry | None:
    """Do what was asked of the phone; returns the message that went out, None for a reaction.

    `wish` has one of: text; tap (an id, with `title` for one nobody offered, `on` for the message it stands
    in); form (values by field, with `on`); image, video, audio, document, sticker (`true` for the sample, or
    `base64`, `mime`, `caption`, `filename`); location (latitude, longitude, name, address); reaction
    (`emoji`, with `on`); share_number; raw (a message object of the webhook, sent as it is). `reply_to`
    quotes a message. Raises `Impossible`.
    """
    message = _message(world, person, wish)
    if wish.get("reply_to"):
        message["context"] = {"from": world.config.digits, "id": wish["reply_to"]}
    wamid = str(message.get("id") or people.wamid(person.wa_id, by_person=True))
    common: Json = {"from_user_id": person.user_id, "id": wamid, "timestamp": world.clock.stamp()}
    if not person.hides_phone:
        common["from"] = person.wa_id
    message = {**common, **message}
    entry = Entry(
        id=wamid, by_person=True, at=world.clock.now(), message=message, view=bubbles.of_person(message)
    )
    with world.lock:
        person.heard = world.clock.now()
        world.pace.count()
        receipts.read(world, person)
        reacts = message.get("type") == "reaction"
        target = person.entry(message["reaction"].get("message_id", "")) if reacts else None
        if target is not None:
            target.reactions["person"] = message["reaction"].get("emoji", "")
            world.show(person, target)
        if not reacts:
            world.add(person, entry)
        world.webhooks.push(
            Event(
                lane=person.phone,
                kind="messages",
                value=world.value(contacts=[world.contact(person)], messages=[message]),
                of=("message", str(message.get("type"))),
                recipients=(person.phone, person.user_id),
                taken=lambda: _taken(world, person, entry),
            )
        )
    return None if reacts else entry


def _taken(world: World, person: Person, entry: Entry) -> None:
    """Two ticks: the business has it."""
    with world.lock:
        if entry.status == "sent":
            entry.status = "delivered"
    if entry in person.chat:
        world.show(person, entry)


def _message(world: World, person: Person, wish: Json) -> Json:
    match wish:
        case {"text": str(body)} if body.strip():
            return {"type": "text", "text": {"body": body}}
        case {"tap": str(identifier)}:
            return _tap(world, person, identifier, title=wish.get("title"), on=wish.get("on"))
        case {"form": dict(values), "on": str(on)}:
            return _filled_in(world, person, values, on)
        case {"location": {"latitude": _, "longitude": _} as place}:
            return {"type": "location", "location": place}
        case {"reaction": str(emoji), "on": str(on)}:
            return {"type": "reaction", "reaction": {"message_id": on} | ({"emoji": emoji} if emoji else {})}
        case {"share_number": True}:
            phone = {"phone": person.phone, "wa_id": person.wa_id, "type": "CELL"}
            name = {"formatted_name": person.name, "first_name": person.name}
            card = {"name": name, "phones": [phone], "origin": "contact_request"}
            return {"type": "contacts", "contacts": [card]}
        case {"raw": {"type": str()} as raw}:
            return dict(raw)
    kind = next((kind for kind in FILES if kind in wish), None)
    if kind is None:
        raise Impossible("nothing to say: text, tap, image, location, reaction, share_number or raw")
    return _file(world, kind, wish[kind])


def _file(world: World, kind: str, given: Json | bool) -> Json:
    what = given if isinstance(given, dict) else {}
    sample = VOICE if kind == "audio" else SAMPLE
    try:
        data = base64.b64decode(what["base64"], validate=True) if "base64" in what else sample.read_bytes()
    except (binascii.Error, TypeError) as error:
        raise Impossible("base64 is not base64") from error
    mime = str(what.get("mime") or media.sniffed(data) or "application/octet-stream")
    name = str(what.get("filename") or "")
    file = world.media.keep(data, mime=mime, name=name, now=world.clock.now(), uploaded=False)
    node: Json = {
        "mime_type": mime,
        "sha256": file.sha256,
        "id": file.id,
        "url": world.media.url(file, world.clock.now()),
    }
    if what.get("caption"):
        node["caption"] = what["caption"]
    if kind == "document":
        node["filename"] = name or "document"
    if kind == "audio":
        node["voice"] = bool(what.get("voice", True))
    return {"type": kind, kind: node}


def _tap(world: World, person: Person, identifier: str, *, title: str | None, on: str | None) -> Json:
    """A tap on a button or row: the newest message that offers it, unless `on` names one."""
    for entry in reversed(person.chat):
        if entry.by_person or (on is not None and entry.id != on):
            continue
        context = {"from": world.config.digits, "id": entry.id}
        for button in entry.view.get("buttons") or []:
            if button.get("id") != identifier or (title is not None and button["title"] != title):
                continue
            if button["kind"] == "quick_reply":
                answer = {"payload": identifier, "text": button["title"]}
                return {"type": "button", "context": context, "button": answer}
            return _reply(context, "button_reply", {"id": identifier, "title": button["title"]})
        for section in (entry.view.get("list") or {}).get("sections") or []:
            for row in section["rows"]:
                if row["id"] == identifier:
                    kept = {key: row[key] for key in ("id", "title", "description") if row.get(key)}
                    return _reply(context, "list_reply", kept)
    if title is None:
        raise Impossible(f"nothing in the chat offers {identifier!r}; give a title to tap it all the same")
    wamid = on or people.wamid(person.wa_id, by_person=False)
    return _reply(
        {"from": world.config.digits, "id": wamid}, "button_reply", {"id": identifier, "title": title}
    )


def _filled_in(world: World, person: Person, values: Json, on: str) -> Json:
    """A form as it is sent from the phone: what nobody could choose in it is not sent."""
    entry = person.entry(on)
    if entry is None or "form" not in entry.view:
        raise Impossible(f"{on!r} is no message with a form")
    parameters = entry.message["interactive"]["action"]["parameters"]
    try:
        answer = forms.answered(entry.view["form"], parameters, values)
    except forms.Impossible as error:
        raise Impossible(str(error)) from error
    context = {"from": world.config.digits, "id": entry.id}
    return {"type": "interactive", "context": context, "interactive": answer}


def _reply(context: Json, kind: str, answer: Json) -> Json:
    return {"type": "interactive", "context": context, "interactive": {"type": kind, kind: answer}}
