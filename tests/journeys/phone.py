"""Somebody's phone and mailbox: all that a person in a journey has."""

import base64
import io
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import icalendar
from PIL import Image

from tests.journeys.service import Json, Service


@dataclass(frozen=True)
class Heard:
    """A message of Inspector's as the phone shows it."""

    entry: Json

    @property
    def text(self) -> str:
        return str(self.entry["view"].get("body", ""))

    @property
    def kind(self) -> str:
        """Meta's: text, interactive, template …"""
        return str(self.entry["type"])

    @cached_property
    def options(self) -> dict[str, str]:
        """What can be tapped: the id by the title, in order."""
        view = self.entry["view"]
        rows = [row for section in view.get("list", {}).get("sections", []) for row in section["rows"]]
        return {one["title"]: one["id"] for one in [*view.get("buttons", []), *rows] if "id" in one}


@dataclass(frozen=True)
class Phone:
    """A person with a phone, an Inspector account, and its mailbox."""

    service: Service
    number: str
    email: str

    @property
    def chat(self) -> list[Json]:
        found: list[Json] = self.service.tell("control/chat", person=self.number)["messages"]
        return found

    @property
    def heard(self) -> list[Heard]:
        """What Inspector has said so far."""
        return [Heard(entry) for entry in self.chat if entry["from"] == "business"]

    # --- acting -------------------------------------------------------------------------------------------

    def say(self, text: str) -> str:
        """Write, and wait for nothing; the message's id."""
        return str(self._do(text=text)["id"])

    def says(self, text: str) -> Heard:
        """Write, and wait for the answer."""
        return self._answer(self._do(text=text))

    def taps(self, title: str) -> Heard:
        """Tap a button or row where it was last shown, and wait for the answer."""
        offering = next((one for one in reversed(self.heard) if title in one.options), None)
        said = self.heard[-1].text if self.heard else "nothing"
        assert offering is not None, f"nothing in the chat offers {title!r}; last was {said!r}"
        return self._answer(self._do(tap=offering.options[title], on=offering.entry["id"]))

    def chooses(self, words: str) -> Heard:
        """Type the number of the line with these words in the newest message, and wait for the answer."""
        line = next(line for line in self.heard[-1].text.splitlines() if words in line)
        return self.says(line.partition(".")[0])

    def sends_photos(self, *colours: str) -> Heard:
        """Send an album, a photo of each colour, and wait for the answer to all of them."""
        sent = [self._do(image={"base64": base64.b64encode(picture(colour)).decode()}) for colour in colours]
        return self._answer(sent[-1])

    def sends_place(self, *, latitude: float, longitude: float) -> Heard:
        return self._answer(self._do(location={"latitude": latitude, "longitude": longitude}))

    def sends_voice_note(self) -> Heard:
        return self._answer(self._do(audio=True))

    def hears(self, words: str) -> Heard:
        """The newest message with these words, once there is one."""
        return self.service.until(
            lambda: next((one for one in reversed(self.heard) if words in one.text), None),
            what=f"message with {words!r} to {self.number}",
        )

    def _do(self, **what: object) -> Json:
        entry: Json = self.service.wish("say", {"person": self.number, **what})["message"]
        return entry

    def _answer(self, to: Json) -> Heard:
        return self.service.until(
            lambda: next((one for one in self.heard if one.entry["seq"] > to["seq"]), None),
            what=f"answer to {to['view'].get('body')!r} of {self.number}",
        )

    # --- small journeys -----------------------------------------------------------------------------------

    def connect(self) -> Heard:
        """Connect the chat to the account, by the code in the mail."""
        self.says("hi")
        self.taps("Connect")
        self.says(self.email)
        self.says(self.code())
        return self.taps("Yes, connect")

    def code(self) -> str:
        code: str = self.service.mail(self.email, "Your code")["codes"][0]
        return code

    def books(self, ref: str = "PR-1042", *, day: int = 1) -> str:
        """Book the first free time on a day, the nth that is offered; the inspection's ref."""
        self.says(ref)
        self.taps("Book")
        self._pick(day)
        self._pick(0)
        said = self.taps("Yes, book it").text
        found = re.search(r"\bIN-\d+", said)
        assert found is not None, said
        return found[0]

    def _pick(self, place: int) -> None:
        self.taps(list(self.heard[-1].options)[place])

    def moves(self, *, day: int) -> str:
        """Move the one inspection to the first free time on another day; what was answered."""
        self._sees_theirs()
        self.taps("Change the time")
        self._pick(day)
        self._pick(0)
        return self.taps("Yes, move it").text

    def cancels(self) -> str:
        """Call the one inspection off; what was answered."""
        self._sees_theirs()
        self.taps("Cancel it")
        return self.taps("Yes, cancel it").text

    def _sees_theirs(self) -> None:
        self.says("menu")
        self.taps("My inspections")
        self._pick(0)


def picture(colour: str) -> bytes:
    """A photo of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(data, "JPEG")
    return data.getvalue()


def calendar_of(mail: Json) -> tuple[str, Any]:
    """The method of a mail's calendar file, and its one event."""
    file = next(one for one in mail["attachments"] if one["name"].endswith(".ics"))
    calendar = icalendar.Calendar.from_ical(base64.b64decode(file["base64"]))
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event
