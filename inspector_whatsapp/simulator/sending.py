"""`POST /{phone number id}/messages`: what Meta takes, and what it refuses."""

from datetime import timedelta
from functools import partial

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator import bubbles, graph, people, receipts
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.faults import Rule
from inspector_whatsapp.simulator.graph import Refused, Reply
from inspector_whatsapp.simulator.people import Entry, Person
from inspector_whatsapp.simulator.world import World

PUNCTUATION = str.maketrans("", "", "+-() ")
STATUS_FIRST_SECONDS = 5.0


def send(world: World, payload: Json, *, rule: Rule | None) -> Reply:
    """Take a message, or a read mark; raises `Refused`. A rule may make it fail later or report too early."""
    try:
        limits.check_envelope(payload)
        limits.check(payload)
    except limits.Broken as broken:
        raise Refused(broken.code, broken.details) from broken
    if "status" in payload:
        return _mark_read(world, payload)
    with world.lock:
        person = _addressee(world, payload)
        template, shown = None, None
        form = world.forms.opened(payload)
        if payload.get("type") == "template":
            template, shown = world.templates.fill(payload["template"])
            if template.category == "AUTHENTICATION" and not payload.get("to"):
                raise Refused(131062)
        for kind, node in bubbles.media_nodes(payload):
            _check_upload(world, kind, node)
        _check_pace(world, person)
        closed = template is None and not _window_open(world, person)
        if closed and world.switches.window == "sync":
            raise Refused(131047)
        entry = Entry(
            id=people.wamid(person.wa_id, by_person=False),
            by_person=False,
            at=world.clock.now(),
            message=payload,
            view=bubbles.of_business(payload, shown, form),
            status="accepted",
            callback=payload.get("biz_opaque_callback_data"),
            category=template.category.lower() if template else "service",
            to_user_id=not payload.get("to"),
        )
        _place(world, person, entry)
    fails = graph.failure(131047) if closed else None
    if rule is not None and rule.action == "fail":
        fails = graph.failure(rule.code or 131000, rule.details)
    reply = Reply(body=_accepted(payload, person, entry, template=template is not None), accepted=entry.id)
    if rule is not None and rule.action == "status_first":
        receipts.begin(world, person, entry, fails=fails).wait(STATUS_FIRST_SECONDS)
    else:
        reply.then = partial(receipts.begin, world, person, entry, fails=fails)
    return reply


def _accepted(payload: Json, person: Person, entry: Entry, *, template: bool) -> Json:
    if payload.get("to"):
        contact = {"input": payload["to"], "wa_id": person.wa_id}
    else:
        contact = {"input": payload["recipient"], "user_id": person.user_id}
    message = {"id": entry.id} | ({"message_status": "accepted"} if template else {})
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}


def _addressee(world: World, payload: Json) -> Person:
    """Whom it is for. Without plus, the business number's country code goes in front, as at Meta."""
    if payload.get("recipient_type") == "group":
        raise graph.unknown_object(str(payload.get("to")), method="post")
    if not payload.get("to"):
        user_id = payload["recipient"]
        return world.by_user_id(user_id) or Person(phone="", name="", user_id=user_id, on_whatsapp=False)
    given = str(payload["to"]).strip()
    digits = given.translate(PUNCTUATION)
    if not digits.isascii() or not digits.isdigit():
        raise Refused(100, "Param to must be a valid phone number.")
    if not given.startswith("+") and not digits.startswith(world.config.country_code):
        digits = world.config.country_code + digits
    if digits == world.config.digits:
        raise Refused(131021)
    phone = f"+{digits}"
    if phone not in world.people and not world.switches.strangers:
        return Person(phone=phone, name=phone, user_id=people.user_id(phone), on_whatsapp=False)
    return world.person(phone)


def _check_upload(world: World, kind: str, node: Json) -> None:
    if not node.get("id"):
        return
    file = world.media.get(node["id"], world.clock.now())
    if file is None:
        raise graph.unknown_object(node["id"], method="post")
    if file.mime not in limits.MEDIA_TYPES.get(kind, {}):
        raise Refused(131053, f"Media {node['id']} is {file.mime}, which is no {kind}")


def _check_pace(world: World, person: Person) -> None:
    if not world.pace.count() and world.switches.throughput_limit:
        raise Refused(130429, subcode=2494055)
    if world.switches.pair_limit and not world.pace.pair(person.phone or person.user_id):
        raise Refused(131056)


def _window_open(world: World, person: Person) -> bool:
    window = timedelta(hours=limits.WINDOW_HOURS)
    return person.heard is not None and world.clock.now() - person.heard < window


def _place(world: World, person: Person, entry: Entry) -> None:
    """Into the chat; a reaction goes onto the message it is for."""
    if entry.message.get("type") != "reaction":
        world.live.tell("typing", {"person": person.phone, "seconds": 0})
        world.add(person, entry)
        return
    reaction = entry.message["reaction"]
    target = person.entry(reaction["message_id"])
    if target is None:
        raise Refused(131009, "The message to react to does not exist")
    target.reactions["business"] = reaction.get("emoji") or ""
    world.show(person, target)


def _mark_read(world: World, payload: Json) -> Reply:
    """Blue ticks for that message and all before it, and perhaps the typing bubble."""
    wamid = payload["message_id"]
    with world.lock:
        person = world.wamids.get(wamid)
        entry = person.entry(wamid) if person else None
        if person is None or entry is None or not entry.by_person:
            raise Refused(131009, "The message_id is unknown or not a message of the person")
        for earlier in person.chat:
            if earlier.by_person and earlier.seq <= entry.seq and earlier.status != "read":
                earlier.status = "read"
                world.show(person, earlier)
    if payload.get("typing_indicator"):
        world.live.tell("typing", {"person": person.phone, "seconds": limits.TYPING_SECONDS})
    return Reply(body={"success": True})
