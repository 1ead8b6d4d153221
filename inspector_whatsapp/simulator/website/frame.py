"""What every page of the stand-in has: the bar, whose session it is, and the calls beside it."""

import json
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.website.calling import Call
from inspector_whatsapp.simulator.website.html import Child, Markup, join, tag
from inspector_whatsapp.simulator.website.market import FIXED, Session

ROOT: Final = "/inspector"
ZONE: Final = ZoneInfo("Africa/Lagos")
ROLES: Final = {"seeker": "looks for a home", "agent": "an agent", "inspector": "an inspector"}


def page(title: str, *content: Child, session: Session | None, here: str, beside: Markup) -> bytes:
    """A whole document. `beside`: the calls, which are kept up to date."""
    return (
        "<!doctype html>"
        + tag(
            "html",
            tag(
                "head",
                tag("meta", charset="utf-8"),
                tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                tag("meta", name="color-scheme", content="light dark"),
                tag("title", f"{title} · Inspector (stand-in)"),
                tag("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
                tag("link", rel="stylesheet", href="/static/css/base.css"),
                tag("link", rel="stylesheet", href="/static/css/dialogs.css"),
                tag("link", rel="stylesheet", href="/static/css/website.css"),
                tag("script", src="/static/js/website.js", type="module"),
            ),
            tag(
                "body",
                _bar(session, here),
                tag("p", id="wrong", class_="notice", role="alert", hidden=True),
                tag(
                    "div",
                    tag("main", *content, id="main"),
                    tag(
                        "aside",
                        tag("h2", "What the website just called"),
                        tag("div", beside, data_live="calls"),
                        class_="beside",
                        aria_label="Calls",
                    ),
                    class_="site",
                ),
                tag(
                    "footer",
                    "A stand-in for Inspector’s website, to see both sides work together. ",
                    tag("a", "The phones", href="/"),
                    class_="foot",
                ),
                class_="website",
            ),
            lang="en",
        )
    ).encode()


def _bar(session: Session | None, here: str) -> Markup:
    places = [("Homes", ROOT + "/")]
    if session is not None:
        places += [("Inspections", f"{ROOT}/inspections"), ("WhatsApp", f"{ROOT}/whatsapp")]
        if session.role == "agent":
            places += [("My homes", f"{ROOT}/mine")]
    places += [("Told by WhatsApp", f"{ROOT}/told")]
    who: Child
    if session is None:
        who = tag("a", "Log in", href=f"{ROOT}/login", class_="pill")
    else:
        who = [
            tag("span", session.name, class_="who"),
            tag("form", tag("button", "Log out", class_="pill"), data_do="logout"),
        ]
    return tag(
        "header",
        tag(
            "a",
            tag("img", src="/static/icon.svg", alt="", width=30, height=30),
            tag("b", "Inspector"),
            href=ROOT + "/",
            class_="brand",
        ),
        tag("div", who, class_="session"),
        tag(
            "nav",
            [
                tag("a", words, href=place, aria_current="page" if place == here else None)
                for words, place in places
            ],
            aria_label="Pages",
        ),
        class_="top",
    )


def login(people: list[Json]) -> Markup:
    """A button for each of the demo's people."""
    known = [one for number in FIXED for one in people if one["id"] == number]
    return join(
        tag("h1", "Who are you?"),
        tag("p", "The demo’s people have no password.", class_="muted"),
        tag(
            "div",
            [
                button(
                    tag("b", one["name"]),
                    tag("small", ROLES.get(one["role"], one["role"])),
                    do="login",
                    class_="choice",
                    person=one["id"],
                )
                for one in known
            ],
            class_="choices",
        ),
    )


def button(*words: Child, do: str, class_: str = "primary", sure: str = "", **fields: str | int) -> Markup:
    """A wish of one tap, with what goes along with it; `sure` is asked before."""
    hidden = [tag("input", type="hidden", name=name, value=value) for name, value in fields.items()]
    return tag("form", hidden, tag("button", *words, class_=class_), data_do=do, data_sure=sure or None)


def calls(found: list[Call]) -> Markup:
    """The list beside every page, the newest first."""
    if not found:
        return tag("p", "Nothing yet. Log in and do something.", class_="muted")
    return tag("ul", [tag("li", _call(call)) for call in found], class_="calls")


def _call(call: Call) -> Markup:
    kind = "good" if 200 <= call.status < 400 else "bad"
    return tag(
        "details",
        tag(
            "summary",
            tag("b", call.method, class_="method"),
            tag("span", call.path.removeprefix("/api/v1"), class_="path"),
            tag("span", str(call.status or "no answer"), class_=f"status {kind}"),
            tag(
                "small",
                f"{hour(call.at)} as {call.who}, {call.milliseconds} ms"
                + (f", {call.times} times" if call.times > 1 else ""),
            ),
        ),
        body("sent", call.asked),
        body("answered", call.answered),
        data_key=call.number,
    )


def body(words: str, found: Any) -> Markup:
    """JSON for people."""
    if found is None:
        return Markup()
    return join(tag("h3", words), tag("pre", json.dumps(found, indent=1, ensure_ascii=False), tabindex=0))


def hour(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def moment(text: object) -> datetime | None:
    """A time of the API's; None for what is none."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def when(text: object) -> str:
    """Sat 28 Nov, 10:00."""
    at = moment(text)
    return f"{at.astimezone(ZONE):%a %-d %b, %H:%M}" if at is not None else "–"
