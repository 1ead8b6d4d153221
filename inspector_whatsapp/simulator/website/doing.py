"""What people do on the stand-in's pages: a wish becomes calls of the API, as theirs or as the backend's."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote

from inspector_whatsapp.simulator.clock import Clock
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.website import forms
from inspector_whatsapp.simulator.website.calling import Answer, Calls
from inspector_whatsapp.simulator.website.forms import No
from inspector_whatsapp.simulator.website.frame import ROOT, ZONE
from inspector_whatsapp.simulator.website.homes import OFFERS, address, year_of
from inspector_whatsapp.simulator.website.keys import Signer
from inspector_whatsapp.simulator.website.market import Market, Session

HOURS: Final = (10, 13, 16)
DAYS: Final = 5
WHATSAPP: Final = f"{ROOT}/whatsapp"


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Everything a logged-in person can wish for, by its name."""

    market: Market
    calls: Calls
    signer: Signer
    clock: Clock
    site: str
    """The website's address, as others reach it."""

    def wish(self, name: str, session: Session, said: Json) -> str:
        """Do it; the address of the page to show then. Raises No."""
        known: dict[str, Callable[[Session, Json], str]] = {
            "connect": self._connect,
            "confirm": self._confirm,
            "not-me": self._not_me,
            "disconnect": self._disconnect,
            "publish": self._publish,
            "price": self._price,
            "status": self._status,
            "interest": self._interest,
            "book": self._book,
            "move": self._move,
            "answer": self._answer,
            "cancel": self._cancel,
        }
        if name not in known:
            raise No("There is no such button.")
        return known[name](session, said)

    # --- calling ------------------------------------------------------------------------------------------

    def as_person(
        self,
        session: Session,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        match: str = "",
        old: str = "",
    ) -> Answer:
        """With a token that acts for them in this session. match: If-Match; old: If-None-Match."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        headers |= {"If-Match": match} if match else {}
        headers |= {"If-None-Match": old} if old else {}
        token = self.signer.person(session.id, session=session.sid)
        return self.calls.ask(method, path, token=token, who=session.name, body=body, headers=headers)

    def as_backend(self, method: str, path: str, body: Json | None = None) -> Answer:
        return self.calls.ask(method, path, token=self.signer.backend(), who="backend", body=body)

    def _push(self, kind: str, *items: Json) -> list[Json]:
        """Tell what changed here. Raises No when an item was refused."""
        answer = _fine(self.as_backend("PUT", f"sync/{kind}", {"items": list(items)}))
        for result in answer.results:
            if result.get("result") == "refused":
                wrong = [f"{one.get('field')}: {one.get('detail')}" for one in result.get("errors") or []]
                raise No(" ".join(wrong) or str(result.get("code")))
        return answer.results

    # --- WhatsApp -----------------------------------------------------------------------------------------

    def watch(self, session: Session) -> None:
        """Ask how far connecting has come, with the ETag of the last answer; and else what is connected."""
        if session.is_connecting:
            self._watch_intent(session)
        if not session.is_connecting:
            session.links = self.as_person(session, "GET", "links").results

    def _watch_intent(self, session: Session) -> None:
        intent = session.intent or {}
        answer = self.as_person(session, "GET", f"links/intents/{intent['id']}", old=session.etag)
        if answer.ok:
            session.etag = answer.headers.get("etag", "")
            session.intent = {**intent, **answer.body}
        elif answer.status == 404:
            session.intent = None

    def _connect(self, session: Session, said: Json) -> str:
        session.intent, session.etag = _fine(self.as_person(session, "POST", "links/intents", {})).body, ""
        return WHATSAPP

    def _confirm(self, session: Session, said: Json) -> str:
        intent = session.intent or {}
        answer = self.as_person(session, "POST", f"links/intents/{intent.get('id')}/confirm", {})
        session.intent = {**intent, **_fine(answer).body}
        return WHATSAPP

    def _not_me(self, session: Session, said: Json) -> str:
        intent, session.intent = session.intent or {}, None
        _fine(self.as_person(session, "DELETE", f"links/intents/{intent.get('id')}"))
        return WHATSAPP

    def _disconnect(self, session: Session, said: Json) -> str:
        session.intent = None
        _fine(self.as_person(session, "DELETE", f"links/{forms.part(said, 'link')}"))
        return WHATSAPP

    # --- properties ---------------------------------------------------------------------------------------

    def _publish(self, session: Session, said: Json) -> str:
        if session.role != "agent":
            raise No("Only agents publish properties.")
        offer = forms.one_of(said, "listing_type", tuple(OFFERS))
        version = self.market.version()
        home: Json = {
            "id": f"home-{version}",
            "version": version,
            "agent": session.id,
            "title": forms.text(said, "title"),
            "kind": forms.text(said, "kind"),
            "listing_type": offer,
            "bedrooms": forms.number(said, "bedrooms"),
            "price": forms.price(said),
            "period": year_of(offer),
            "area": forms.text(said, "area"),
            "city": forms.text(said, "city"),
            "state": forms.text(said, "state"),
            "description": str(said.get("description") or ""),
            "status": "live",
            "published_at": self.clock.now().isoformat(),
            "url": f"{self.site}/properties/home-{version}",
        }
        photo = forms.photo(said)
        result = self._push("properties", home)[0]
        home["ref"] = result.get("ref", "")
        with self.market.lock:
            self.market.properties[home["id"]] = {**home, "bathrooms": None, "photos": []}
            self.market.photos[home["id"]] = photo
        self._push(
            "photos",
            {
                "id": f"photo-{version}",
                "version": version,
                "property": home["id"],
                "position": 0,
                "content": base64.b64encode(photo).decode(),
            },
        )
        self._push("slots", *self._slots(home["id"], version))
        return address(home)

    def _slots(self, home: str, version: int) -> list[Json]:
        today = self.clock.now().astimezone(ZONE).date()
        starts = [
            datetime.combine(today + timedelta(days=day), time(hour), tzinfo=ZONE)
            for day in range(1, DAYS + 1)
            for hour in HOURS
        ]
        return [
            {
                "id": f"slot-{version}-{place}",
                "version": version,
                "property": home,
                "starts_at": start.isoformat(),
                "ends_at": (start + timedelta(minutes=45)).isoformat(),
                "capacity": 1,
            }
            for place, start in enumerate(starts)
        ]

    def _own(self, session: Session, said: Json) -> Json:
        home = self._home(said)
        if home["agent"] != session.id:
            raise No("It is another agent’s property.")
        return home

    def _home(self, said: Json) -> Json:
        home = self.market.property(forms.text(said, "property"))
        if home is None:
            raise No("There is no such property.")
        return home

    def _change(self, home: Json, **fields: Any) -> None:
        version = self.market.version()
        ref = {"ref": home["ref"]} if home.get("ref") else {}
        self._push("properties", {"id": home["id"], "version": version, **ref, **fields})
        with self.market.lock:
            home.update(fields, version=version)

    def _price(self, session: Session, said: Json) -> str:
        home = self._own(session, said)
        self._change(home, price=forms.price(said))
        return address(home)

    def _status(self, session: Session, said: Json) -> str:
        home = self._own(session, said)
        status = forms.one_of(said, "status", ("live", "unavailable", "let", "sold"))
        first = status == "live" and home["status"] in ("draft", "pending")
        self._change(home, status=status, **({"published_at": self.clock.now().isoformat()} if first else {}))
        return address(home)

    def _interest(self, session: Session, said: Json) -> str:
        home, on = self._home(said), bool(said.get("on"))
        item = {"id": f"{session.id}:{home['id']}"[:64], "version": self.market.version()}
        names = {"seeker": session.id, "property": home["id"]}
        self._push("interests", {**item, **names, **({} if on else {"deleted": True})})
        with self.market.lock:
            self.market.interests[session.id, str(home["id"])] = on
        return address(home)

    # --- inspections --------------------------------------------------------------------------------------

    def slots(self, session: Session, ref: str) -> list[Json]:
        return self.as_person(session, "GET", f"properties/{quote(ref)}/slots?limit=12").results

    def _book(self, session: Session, said: Json) -> str:
        home = self._home(said)
        wish = {"slot": forms.number(said, "slot"), "property": home["ref"]}
        answer = _fine(self.as_person(session, "POST", "inspections", wish))
        return f"{ROOT}/inspections/{answer.body['ref']}"

    def _move(self, session: Session, said: Json) -> str:
        return self._patch(session, said, {"slot": forms.number(said, "slot")})

    def _answer(self, session: Session, said: Json) -> str:
        return self._patch(session, said, {"answer": forms.one_of(said, "answer", ("confirm", "decline"))})

    def _patch(self, session: Session, said: Json, change: Json) -> str:
        ref = forms.part(said, "inspection")
        answer = self.as_person(
            session, "PATCH", f"inspections/{ref}", change, match=forms.text(said, "etag")
        )
        if answer.status == 412:
            raise No("It has changed meanwhile: look at it again.")
        _fine(answer)
        return f"{ROOT}/inspections/{ref}"

    def _cancel(self, session: Session, said: Json) -> str:
        _fine(self.as_person(session, "DELETE", f"inspections/{forms.part(said, 'inspection')}"))
        return f"{ROOT}/inspections"


def _fine(answer: Answer) -> Answer:
    if not answer.ok:
        raise No(answer.says)
    return answer
