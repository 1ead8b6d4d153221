"""The addresses below `/inspector/`."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import unquote

from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.faults import NotARule
from inspector_whatsapp.simulator.graph import Reply
from inspector_whatsapp.simulator.pages import POLICY
from inspector_whatsapp.simulator.website import account, frame, homes
from inspector_whatsapp.simulator.website.backend import Backend
from inspector_whatsapp.simulator.website.calling import Calls
from inspector_whatsapp.simulator.website.doing import Doing
from inspector_whatsapp.simulator.website.forms import SAMPLE, No
from inspector_whatsapp.simulator.website.frame import ROOT
from inspector_whatsapp.simulator.website.html import Markup, tag
from inspector_whatsapp.simulator.website.keys import Signer
from inspector_whatsapp.simulator.website.market import Market, Session
from inspector_whatsapp.simulator.world import World

HOME: Final = ROOT
PAGES_TO_CATCH_UP: Final = 50


class Website:
    """Routes, sessions, and what both halves of Inspector share."""

    def __init__(self, world: World) -> None:
        config = world.config
        self._world = world
        self._market = Market(config.market)
        self._signer = Signer(config)
        self._calls = Calls(config, clock=world.clock, ledger=world.ledger)
        self.backend = Backend(config, self._market, clock=world.clock)
        self._doing = Doing(
            market=self._market,
            calls=self._calls,
            signer=self._signer,
            clock=world.clock,
            site=config.address + ROOT,
        )
        self._cookie = f"inspector_{config.port}"
        self._caught_up = False

    def reset(self) -> None:
        """Everybody logged out, everything as it was given."""
        self._market.reset()
        self._calls.clear()
        self.backend.clear()
        self._caught_up = False

    def answer(
        self, *, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], said: Any
    ) -> Reply:
        """A page, a wish of one, or what a page asks while it is open. said: the body of a POST."""
        cookie = self._cookie_of(headers)
        session = self._market.sessions.get(cookie)
        match method, path.removeprefix(ROOT).strip("/").split("/"):
            case "GET", [".well-known", "jwks.json"]:
                return Reply(body=self._signer.jwks())
            case "GET", ["photos", number]:
                return self._photo(unquote(number))
            case "GET", ["live"]:
                return self._live(session, query)
            case "GET", parts:
                self._catch_up()
                return self._page(parts, session, query)
            case "POST", ["do", name] if isinstance(said, dict):
                return self._do(name, cookie, session, said)
        return Reply(status=404, body={"error": "not found"})

    def _cookie_of(self, headers: Mapping[str, str]) -> str:
        try:
            found = SimpleCookie(headers.get("Cookie", "")).get(self._cookie)
        except CookieError:
            return ""
        return found.value if found is not None else ""

    # --- pages --------------------------------------------------------------------------------------------

    def _page(self, parts: list[str], session: Session | None, query: Mapping[str, str]) -> Reply:
        match parts:
            case [""]:
                at = int(query["from"]) if query.get("from", "").isdecimal() else 0
                return self._show("Homes", homes.many(self._market.listed(), at=at), session, "/")
            case ["login"]:
                return self._show("Log in", frame.login(list(self._market.people.values())), session)
            case ["properties", name]:
                return self._property(unquote(name), session)
            case ["told"]:
                told = account.told(self.backend.heard(), deciding=self.backend.decides)
                return self._show("Told by WhatsApp", told, session, "/told")
            case ["signup" | "contact" | "security" as name]:
                # Mails and chats lead there; a real website has more to say.
                words = tag("p", "On Inspector’s website this page would help; here it only stands in.")
                return self._show(name.capitalize(), tag("h1", name.capitalize()), session, more=words)
            case ["inspections" | "whatsapp" | "connect" | "mine", *_] if session is None:
                return Reply(status=302, headers={"Location": f"{ROOT}/login", "Cache-Control": "no-store"})
            case ["whatsapp" | "connect"] if session is not None:
                return self._show("WhatsApp", account.whatsapp(self._state(session)), session, "/whatsapp")
            case ["mine"] if session is not None:
                return self._show("My homes", homes.mine(self._market.of(session.id)), session, "/mine")
            case ["inspections"] if session is not None:
                answer = self._doing.as_person(session, "GET", "inspections")
                found = account.inspections(answer.results, wrong="" if answer.ok else answer.says)
                return self._show("Inspections", found, session, "/inspections")
            case ["inspections", ref] if session is not None:
                return self._inspection(ref, session)
        return self._nothing(session, "There is no such page.")

    def _property(self, name: str, session: Session | None) -> Reply:
        home = self._market.property(name)
        if home is None:
            return self._nothing(session, "There is no such property.")
        may_book = session is not None and session.role == "seeker" and home["status"] == "live"
        slots = None
        if session is not None and may_book and home.get("ref"):
            slots = self._doing.slots(session, str(home["ref"]))
        agent = self._market.people.get(str(home["agent"]), {}).get("name", "an agent")
        kept = session is not None and self._market.interests.get((session.id, str(home["id"])), False)
        ref = str(home.get("ref") or "")
        phone = str(session.person["phone"]) if session is not None else ""
        shown = homes.one(
            home,
            session=session,
            agent=agent,
            kept=kept,
            slots=slots,
            ask=account.on_phone(ref, phone),
            share=f"{self._world.config.web}/p/{ref}",
        )
        return self._show(str(home["title"]), shown, session)

    def _inspection(self, ref: str, session: Session) -> Reply:
        answer = self._doing.as_person(session, "GET", f"inspections/{ref}")
        if not answer.ok:
            return self._nothing(session, answer.says)
        going_on = answer.body["state"] in account.GOING_ON
        slots = self._doing.slots(session, str(answer.body["property"]["ref"])) if going_on else []
        etag = answer.headers.get("etag", "")
        return self._show(ref, account.inspection(answer.body, slots, etag=etag, session=session), session)

    def _nothing(self, session: Session | None, why: str) -> Reply:
        reply = self._show("Nothing here", tag("h1", "Nothing here"), session, more=tag("p", why))
        reply.status = 404
        return reply

    def _show(
        self,
        title: str,
        content: Markup,
        session: Session | None,
        here: str = "",
        *,
        more: Markup | None = None,
    ) -> Reply:
        beside = frame.calls(self._calls.recent())
        raw = frame.page(title, content, more, session=session, here=ROOT + here, beside=beside)
        return Reply(body=raw, mime="text/html; charset=utf-8", headers=_headers())

    def _state(self, session: Session) -> Markup:
        self._doing.watch(session)
        return account.state(session)

    def _photo(self, number: str) -> Reply:
        home = self._market.property(number)
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": "sandbox; default-src 'none'"}
        if home is None:
            return Reply(status=404, body={"error": "not found"})
        uploaded, folder = self._market.photos.get(str(home["id"])), self._world.config.photos
        named = [folder / name for name in home.get("photos") or []] if folder is not None else []
        file = next((path for path in named if path.is_file()), SAMPLE)
        raw = uploaded if uploaded is not None else file.read_bytes()
        mime = "image/png" if raw.startswith(b"\x89PNG") else "image/jpeg"
        return Reply(body=raw, mime=mime, headers=headers)

    # --- while a page is open -----------------------------------------------------------------------------

    def _live(self, session: Session | None, query: Mapping[str, str]) -> Reply:
        """What has changed: parts of the page by their name, and how much WhatsApp has told so far."""
        parts: Json = {}
        if "whatsapp" in query.get("parts", "").split(",") and session is not None:
            parts["whatsapp"] = self._state(session)
        parts["calls"] = frame.calls(self._calls.recent())
        return Reply(body={"parts": parts, "told": self.backend.told}, headers={"Cache-Control": "no-store"})

    def _do(self, name: str, cookie: str, session: Session | None, said: Json) -> Reply:
        match name:
            case "login":
                return self._log_in(said)
            case "logout":
                self._market.sessions.pop(cookie, None)
                return self._go(f"{ROOT}/", cookie="")
            case "fault":
                return self._fault(said)
        if session is None:
            return self._go(f"{ROOT}/login")
        try:
            return self._go(self._doing.wish(name, session, said))
        except No as why:
            return Reply(status=409, body={"error": str(why)})

    def _log_in(self, said: Json) -> Reply:
        try:
            return self._go(f"{ROOT}/", cookie=self._market.log_in(str(said.get("person"))))
        except KeyError:
            return Reply(status=409, body={"error": "Nobody is called that."})

    def _go(self, place: str, *, cookie: str | None = None) -> Reply:
        headers = {}
        if cookie is not None:
            life = "" if cookie else "; Max-Age=0"
            headers["Set-Cookie"] = f"{self._cookie}={cookie}; Path={ROOT}; HttpOnly; SameSite=Strict{life}"
        return Reply(body={"go": place}, headers=headers)

    def _fault(self, said: Json) -> Reply:
        try:
            numbers: Json = {
                name: int(said[name]) for name in ("status", "times", "retry_after") if name in said
            }
            rule = {"on": "inspector", "action": str(said.get("action")), "path": str(said.get("path", ""))}
            self._world.faults.add({**rule, **numbers})
        except (NotARule, TypeError, ValueError) as wrong:
            return Reply(status=409, body={"error": str(wrong)})
        return self._go(f"{ROOT}/told")

    def _catch_up(self) -> None:
        """Read what happened while this stand-in was away, as a backend does after an outage."""
        if self._caught_up or not self._world.config.web:
            return
        self._caught_up = True  # a second page need not wait for it
        cursor = ""
        for _ in range(PAGES_TO_CATCH_UP):
            answer = self._doing.as_backend("GET", f"changes?limit=100&after={cursor}")
            if not answer.ok:
                self._caught_up = answer.status != 0
                return
            for event in answer.results:
                self.backend.learn(event.get("data") or {})
            cursor = str(answer.body.get("cursor", ""))
            if not answer.body.get("next"):
                return


def _headers() -> dict[str, str]:
    return {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
