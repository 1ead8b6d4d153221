"""`/control/…`: what tests and the page make the simulator do, and what they ask it."""

from collections.abc import Mapping
from dataclasses import asdict

import phonenumbers

from inspector_whatsapp.simulator import forms, judging, phone, receipts
from inspector_whatsapp.simulator.business import handshake
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.faults import NotARule
from inspector_whatsapp.simulator.graph import Reply
from inspector_whatsapp.simulator.people import Person
from inspector_whatsapp.simulator.world import World

TRAITS = ("name", "username", "hides_phone", "on_whatsapp", "online", "opted_out", "user_id")


class Wrong(ValueError):
    """The wish can't be met; the message tells why (400)."""


class Control:
    """Every wish is a path below `/control/`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, *, method: str, path: str, query: Mapping[str, str], body: Json | list[Json]) -> Reply:
        """The reply to one wish; what is wrong with it comes as `{"error": …}`."""
        name = path.removeprefix("/control/").strip("/")
        try:
            if method == "GET":
                return self._tell(name, query)
            if method == "DELETE" and name.partition("/")[0] == "faults":
                number = name.partition("/")[2]
                self._world.faults.clear(int(number) if number.isdigit() else None)
                return self._faults()
            if name == "faults":
                for rule in body if isinstance(body, list) else [body]:
                    self._world.faults.add(rule)
                return self._faults()
            if not isinstance(body, dict):
                raise Wrong("one JSON object, please")
            return self._do(name, body)
        except (Wrong, NotARule, judging.NotAChange, phone.Impossible) as wrong:
            return Reply(status=400, body={"error": str(wrong)})
        except (KeyError, TypeError, AttributeError) as wrong:
            return Reply(status=400, body={"error": f"{type(wrong).__name__}: {wrong}"})

    def _tell(self, name: str, query: Mapping[str, str]) -> Reply:
        world = self._world
        match name:
            case "ledger":
                return Reply(body={"entries": world.ledger.since(int(query.get("since") or 0))})
            case "chat":
                person = self._person(query.get("person"))
                with world.lock:
                    entries = [entry.json() for entry in person.chat]
                return Reply(body={"person": person.json(), "messages": entries})
            case "idle":
                waiting = world.webhooks.waiting()
                idle = waiting == 0 and world.answering == 0
                facts = {"waiting": waiting, "answering": world.answering, "pages": world.live.pages}
                return Reply(body={"idle": idle, **facts})
            case "people":
                return Reply(body={"people": [person.json() for person in list(world.people.values())]})
            case "clock":
                return Reply(body=world.clock.state())
            case "faults":
                return self._faults()
            case "switches":
                return Reply(body=asdict(world.switches))
            case "business":
                return Reply(body=world.business.json())
            case "forms":
                return Reply(body={"forms": [form.json() for form in world.forms.all.values()]})
            case "templates":
                return Reply(body={"templates": [one.json() for one in world.templates.all.values()]})
        return Reply(status=404, body={"error": f"there is no /control/{name}"})

    def _do(self, name: str, body: Json) -> Reply:
        world = self._world
        match name:
            case "say":
                entry = phone.act(world, self._person(body.get("person")), body)
                return Reply(body={"message": entry.json() if entry else None})
            case "people":
                return Reply(body=self._people(body).json())
            case "read":
                receipts.read(world, self._person(body.get("person")))
                return Reply(body={"ok": True})
            case "clock":
                return self._clock(body)
            case "switches":
                if wrong := world.switches.set(body):
                    raise Wrong(wrong)
                return Reply(body=asdict(world.switches))
            case "reset":
                world.reset()
                if body.get("templates"):
                    world.templates.all.clear()
                    world.forms.all.clear()
                return Reply(body={"ok": True})
            case "retry":
                world.webhooks.hurry()
                return Reply(body={"ok": True})
            case "webhook":
                world.announce(str(body["field"]), body["value"])
                return Reply(body={"ok": True})
            case "templates":
                return self._template(body)
            case "forms":
                return self._form(body)
            case "handshake":
                return self._handshake(body)
            case "business":
                if wrong := world.business.set(body):
                    raise Wrong(wrong)
                return Reply(body=world.business.json())
        return Reply(status=404, body={"error": f"there is no /control/{name}"})

    def _form(self, body: Json) -> Reply:
        """Block a form, or let it be: `id` and `status`."""
        form, status = self._world.forms.all.get(str(body.get("id"))), body.get("status")
        if form is None or status not in forms.STATUSES:
            raise Wrong(f"a form's id and one of {', '.join(forms.STATUSES)}")
        form.status = str(status)
        return Reply(body=form.json())

    def _faults(self) -> Reply:
        return Reply(body={"rules": self._world.faults.json()})

    def _person(self, number: object) -> Person:
        """By number or user id; a new number is a new person."""
        if not isinstance(number, str):
            raise Wrong("person must be a number in the form +234…")
        known = self._world.people.get(number) or self._world.by_user_id(number)
        return known or self._world.person(_number(number))

    def _people(self, body: Json) -> Person:
        """Make a person, or change one."""
        if unknown := set(body) - {"phone", *TRAITS}:
            raise Wrong(f"a person has no {', '.join(sorted(unknown))}")
        world = self._world
        with world.lock:
            person = self._person(body["phone"])
            was_online, was_out = person.online, person.opted_out
            for trait in TRAITS:
                if trait in body:
                    setattr(person, trait, body[trait])
        if person.online and not was_online:
            receipts.come_online(world, person)
        if person.opted_out != was_out:
            world.announce("user_preferences", self._preference(person))
        world.live.tell("person", person.json())
        return person

    def _preference(self, person: Person) -> Json:
        contact = self._world.contact(person)
        identity: Json = {key: contact[key] for key in ("wa_id", "user_id") if key in contact}
        wish = "stop" if person.opted_out else "resume"
        preference: Json = {
            **identity,
            "detail": f"User requested to {wish} marketing messages",
            "category": "marketing_messages",
            "value": wish,
            "timestamp": int(self._world.clock.now().timestamp()),
        }
        return self._world.value(contacts=[contact], user_preferences=[preference])

    def _clock(self, body: Json) -> Reply:
        clock = self._world.clock
        if "offset_seconds" in body:
            clock.set(float(body["offset_seconds"]))
        elif not ({"advance_seconds", "to"} & set(body)):
            raise Wrong("offset_seconds, advance_seconds or to, please")
        elif not clock.advance(body):
            return Reply(
                status=409, body={"error": "the web process can't be reached, or it refused", **clock.state()}
            )
        return Reply(body=clock.state())

    def _template(self, body: Json) -> Reply:
        """Meta judges a template, or somebody changes it there."""
        chosen = [
            template
            for template in self._world.templates.all.values()
            if template.name == body["name"] and body.get("language", template.language) == template.language
        ]
        for template in chosen:
            judging.change(self._world, template, body)
        return Reply(body={"changed": len(chosen)})

    def _handshake(self, body: Json) -> Reply:
        """Meta's GET with `hub.challenge`, as when the webhook's address is set in the dashboard."""
        config = self._world.config
        return Reply(body=handshake(config.webhook, str(body.get("verify_token", config.verify_token))))


def _number(given: str) -> str:
    try:
        number = phonenumbers.parse(given if given.startswith("+") else f"+{given}")
    except phonenumbers.NumberParseException as error:
        raise Wrong(f"{given} is not a number in the form +234…") from error
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
