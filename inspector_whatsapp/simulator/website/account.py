"""The pages about somebody's own: their WhatsApp, their inspections, and what WhatsApp has told Inspector."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.website.backend import Heard
from inspector_whatsapp.simulator.website.frame import ROOT, body, button, hour, moment, when
from inspector_whatsapp.simulator.website.html import Child, Markup, join, tag
from inspector_whatsapp.simulator.website.market import Session

OVER = {
    "expired": "That took too long. Begin again.",
    "cancelled": "Nothing was connected.",
    "void": "This request ended, because the account has changed. Begin again.",
    "already": "That WhatsApp was connected already.",
}


def on_phone(text: str, phone: str) -> str:
    """The simulator's phone with this written, as a wa.me link opens WhatsApp."""
    return f"/?text={quote(text)}#{quote(phone, safe='+')}"


def text_of(deep_link: str) -> str:
    """What a wa.me link writes."""
    return (parse_qs(urlsplit(deep_link).query).get("text") or [""])[0]


def whatsapp(state: Markup) -> Markup:
    return join(
        tag("h1", "WhatsApp"),
        tag(
            "p",
            "Book, move and cancel inspections, and hear what is new, in a chat. Nothing to install.",
        ),
        tag("div", state, data_live="whatsapp", aria_live="polite"),
    )


def state(session: Session) -> Markup:
    """Where connecting stands: begun, somebody has sent the text, connected."""
    intent, links = session.intent or {}, session.links
    now = str(intent.get("state", ""))
    match now:
        case "open":
            return join(_connected(links), _begun(session, intent))
        case "claimed":
            return join(_connected(links), _claimed(intent))
    said: Child = None
    if now in OVER:
        said = tag("p", OVER[now], class_="notice", data_state=now)
    elif now == "confirmed":
        said = tag("p", "Connected. Say hi in the chat.", class_="done", data_state=now)
    connect = button(
        "Connect another WhatsApp" if links else "Connect WhatsApp",
        do="connect",
        class_="pill" if links else "primary",
    )
    return join(said, _connected(links), connect)


def _begun(session: Session, intent: Json) -> Markup:
    sent = text_of(str(intent.get("deep_link", "")))
    return tag(
        "section",
        tag("h2", "Send us this message"),
        tag(
            "p",
            "On this phone, tap the button: WhatsApp opens with the message written. From a computer, "
            "scan the code with your phone.",
        ),
        tag("img", src=str(intent.get("qr", {}).get("svg", "")), alt="QR code of the same link", class_="qr"),
        tag("p", tag("code", sent)),
        tag(
            "p",
            tag(
                "a",
                "Open WhatsApp",
                href=on_phone(sent, str(session.person["phone"])),
                class_="primary",
                target="whatsapp",
            ),
            class_="row-of",
        ),
        tag(
            "p",
            "The demo’s WhatsApp is the simulator’s phone; the code leads to the real one.",
            class_="muted",
        ),
        tag("p", f"Waiting for the message, until {_hour(intent.get('expires_at'))} …"),
        button("Cancel", do="not-me", class_="pill"),
        class_="box",
        data_state="open",
    )


def _claimed(intent: Json) -> Markup:
    return tag(
        "section",
        tag("h2", f"{_whose(intent)}, {_hour(intent.get('claimed_at'))}. Is this you?"),
        tag("p", "It is not the number of your account.", class_="notice")
        if intent.get("differs_from_account_phone")
        else None,
        tag("p", "The WhatsApp that is connected now would be disconnected.", class_="notice")
        if intent.get("replaces")
        else None,
        tag("p", "Its chat will see your inspections and can book, move and cancel them."),
        tag(
            "div",
            button("Yes, connect it", do="confirm"),
            button("No, that is not me", do="not-me", class_="pill"),
            class_="times",
        ),
        class_="box",
        data_state="claimed",
    )


def _connected(links: list[Json]) -> Markup:
    return join([_link(link) for link in links])


def _link(link: Json) -> Markup:
    state = str(link.get("state", "active"))
    return tag(
        "section",
        tag("h2", "Connected: " if state == "active" else "Paused: ", _whose(link)),
        tag("p", f"Since {when(link.get('since'))}.", class_="muted"),
        button(
            "Disconnect",
            do="disconnect",
            class_="pill",
            link=str(link["id"]),
            sure="Disconnect this WhatsApp?",
        ),
        class_="box",
        data_link=state,
    )


def _whose(shown: Json) -> str:
    """Which WhatsApp it is, as far as its owner is to know it again."""
    known = shown.get("whatsapp") or {}
    if known.get("number_ending"):
        return f"WhatsApp number ending {known['number_ending']}"
    if known.get("username"):
        return f"WhatsApp account @{known['username']}"
    return "WhatsApp account that hides its number"


def _hour(text: object) -> str:
    at = moment(text)
    return hour(at) if at is not None else "–"


STATES = {
    "requested": "Asked for",
    "confirmed": "Booked",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "completed": "Done",
    "no_show": "Nobody came",
}
GOING_ON = ("requested", "confirmed")


def inspections(found: list[Json], *, wrong: str) -> Markup:
    return join(
        tag("h1", "Inspections"),
        tag("p", wrong, class_="notice") if wrong else None,
        tag("p", "None yet.", class_="muted") if not found and not wrong else None,
        tag("ul", [tag("li", _row(one)) for one in found], class_="cards"),
    )


def _row(one: Json) -> Markup:
    return tag(
        "a",
        tag("b", _standing(one)),
        tag("span", one["property"]["title"]),
        tag("small", f"{one['ref']} · {one['property']['ref']}"),
        href=f"{ROOT}/inspections/{one['ref']}",
        class_="card",
        data_inspection=one["state"],
    )


def _standing(one: Json) -> str:
    state = str(one["state"])
    return f"{STATES.get(state, state.capitalize())}: {when(one['starts_at'])}"


def inspection(one: Json, slots: list[Json], *, etag: str, session: Session) -> Markup:
    """One inspection, and what can be done with it as long as nobody has changed it since."""
    home, ref = one["property"], one["ref"]

    def change(words: str, do: str, **more: Any) -> Markup:
        return button(words, do=do, class_="pill", inspection=ref, etag=etag, **more)

    asked = one["state"] == "requested" and session.role == "agent"
    others = [slot for slot in slots if slot["id"] != one.get("slot")]
    return join(
        tag("h1", _standing(one), data_inspection=one["state"], data_waits=one["state"] == "requested"),
        tag("p", tag("a", home["title"], href=f"{ROOT}/properties/{home['ref']}")),
        tag("p", f"{ref} · {one['seeker']['name']} · with {(one.get('inspector') or one['agent'])['name']}"),
        tag("p", one["why"], class_="muted") if one.get("why") else None,
        tag(
            "section",
            tag(
                "div",
                change("Confirm", "answer", answer="confirm") if asked else None,
                change("Decline", "answer", answer="decline") if asked else None,
                change("Cancel it", "cancel", sure=f"Cancel {ref}?"),
                class_="times",
            ),
            tag("h2", "Move it"),
            tag(
                "div",
                [change(when(slot["starts_at"]), "move", slot=slot["id"]) for slot in others],
                class_="times",
            )
            if others
            else tag("p", "No other times are free.", class_="muted"),
            class_="box",
        )
        if one["state"] in GOING_ON
        else None,
    )


def told(heard: list[Heard], *, deciding: bool) -> Markup:
    """What came from WhatsApp: signed webhooks, and commands where Inspector's backend decides."""
    return join(
        tag("h1", "What WhatsApp told us"),
        tag(
            "p",
            "Signed webhooks as they come",
            ", and what this backend is asked to decide." if deciding else ".",
            class_="muted",
        ),
        _break(),
        tag("p", "Nothing yet: book something in a chat.", class_="muted") if not heard else None,
        tag("ul", [tag("li", _heard(one)) for one in heard], class_="calls"),
    )


def _heard(one: Heard) -> Markup:
    return tag(
        "details",
        tag(
            "summary",
            tag("b", one.kind, class_="method"),
            tag("span", one.about, class_="path"),
            tag("span", one.became, class_=f"status {'good' if one.good else 'bad'}"),
            tag("small", hour(one.at), f", {one.times} times" if one.times > 1 else ""),
        ),
        body("received", one.said),
        body("answered", one.answered),
        data_key=one.number,
    )


def _break() -> Markup:
    """Faults of this backend, by the simulator's own switchboard."""
    faults: list[tuple[str, dict[str, Any]]] = [
        ("Refuse the next command (409)", {"action": "error", "status": 409, "path": "/inspector/api/"}),
        ("Fail three times (500)", {"action": "error", "status": 500, "times": 3}),
        ("Say “too many” once (429)", {"action": "error", "status": 429, "retry_after": 5}),
        ("Fall silent once", {"action": "hang"}),
    ]
    return tag(
        "details",
        tag("summary", "Let this backend fail"),
        tag(
            "div",
            [button(words, do="fault", class_="pill", **rule) for words, rule in faults],
            class_="times",
        ),
        class_="box",
    )
