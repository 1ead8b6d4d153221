"""What becomes of an accepted message: sent, delivered, read, or failed; each is a status webhook."""

import threading

from inspector_whatsapp.simulator import bubbles, graph
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.people import Entry, Person
from inspector_whatsapp.simulator.webhooks import Event
from inspector_whatsapp.simulator.world import World

RANK = ("accepted", "sent", "delivered", "read", "failed")


def begin(world: World, person: Person, entry: Entry, *, fails: Json | None = None) -> threading.Event:
    """Let an accepted message go its way; the event is set once the first status was taken."""
    error = fails or _trouble(world, person, entry)
    if error is not None:
        return fail(world, person, entry, error)
    taken = _report(world, person, entry, "sent")
    if entry.message.get("type") != "reaction" and person.online:
        deliver(world, person, entry)
    return taken


def deliver(world: World, person: Person, entry: Entry) -> None:
    """It is on the phone; and read, if somebody looks at that chat or nobody looks at any."""
    _report(world, person, entry, "delivered")
    open_now = world.live.reads(person.phone)
    if open_now or (open_now is None and world.switches.auto_read):
        _report(world, person, entry, "read")


def read(world: World, person: Person) -> None:
    """The person looks at the chat: everything delivered is read."""
    with world.lock:
        entries = [entry for entry in person.chat if not entry.by_person and entry.status == "delivered"]
        person.unread = 0
    for entry in entries:
        _report(world, person, entry, "read")
    world.live.tell("person", person.json())


def come_online(world: World, person: Person) -> None:
    """What was kept while the phone was off is delivered now."""
    for entry in [entry for entry in person.chat if not entry.by_person and entry.status == "sent"]:
        deliver(world, person, entry)


def fail(world: World, person: Person, entry: Entry, error: Json) -> threading.Event:
    """Could not be sent; Meta leaves out `contacts`, and the user id when it was sent to a number."""
    entry.error = error
    return _report(world, person, entry, "failed")


def _trouble(world: World, person: Person, entry: Entry) -> Json | None:
    """Why it fails after all: no WhatsApp, opted out of marketing, a link Meta can't fetch."""
    if not person.on_whatsapp:
        return graph.failure(131026)
    if person.opted_out and entry.category == "marketing":
        return graph.failure(131050)
    shown = bubbles.media_of(entry.view)
    for kind, node in bubbles.media_nodes(entry.message):
        if not node.get("link"):
            continue
        found = world.media.fetch(node["link"], kind=kind, now=world.clock.now())
        if isinstance(found, str):
            return graph.failure(131053, found)
        if shown is not None:
            shown |= {"url": f"/page/media/{found.id}", "mime": found.mime}
            world.show(person, entry)
    return None


def _report(world: World, person: Person, entry: Entry, status: str) -> threading.Event:
    taken = threading.Event()
    with world.lock:
        if RANK.index(status) <= RANK.index(entry.status):
            taken.set()
            return taken
        entry.status = status
        value = world.value(statuses=[_status(world, person, entry, status)])
        if status != "failed":
            value["contacts"] = [world.contact(person)]
        world.webhooks.push(
            Event(
                lane=person.phone,
                kind="messages",
                value=value,
                of=("status", status),
                recipients=(person.phone, person.user_id),
                taken=taken.set,
            )
        )
    if entry in person.chat:
        world.show(person, entry)
    return taken


def _status(world: World, person: Person, entry: Entry, status: str) -> Json:
    shown: Json = {"id": entry.id, "status": status, "timestamp": world.clock.stamp()}
    if not person.hides_phone:
        shown["recipient_id"] = person.wa_id
    if status != "failed" or entry.to_user_id:
        shown["recipient_user_id"] = person.user_id
    if entry.callback is not None:
        shown["biz_opaque_callback_data"] = entry.callback
    if status == "failed":
        return {**shown, "errors": [entry.error]}
    if status in ("sent", "delivered"):
        free = entry.category == "service" and (world.free() if status == "delivered" else True)
        shown["pricing"] = {
            "billable": not free,
            "pricing_model": "PMP",
            "type": "free_customer_service" if free else "regular",
            "category": entry.category,
        }
        if world.switches.payload_version < 24:
            shown["conversation"] = {"id": person.user_id[-16:], "origin": {"type": entry.category}}
    return shown
