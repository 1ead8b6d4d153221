"""The pages about properties."""

from decimal import Decimal, InvalidOperation
from typing import Final

from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.website.frame import ROOT, button, when
from inspector_whatsapp.simulator.website.html import Child, Markup, join, tag
from inspector_whatsapp.simulator.website.market import Session

A_PAGE: Final = 12
KINDS: Final = {
    "apartment": "Flat",
    "mini_flat": "Mini flat",
    "self_contain": "Self-contain",
    "studio": "Studio",
    "bungalow": "Bungalow",
    "terraced_duplex": "Terraced duplex",
    "detached_duplex": "Detached duplex",
    "shop": "Shop",
    "office": "Office",
    "land": "Land",
}
OFFERS: Final = {"rent": "For rent, a year", "sale": "For sale", "shortlet": "Shortlet, a night"}
STATUSES: Final = {
    "draft": "Draft",
    "pending": "Waits to be published",
    "live": "On offer",
    "unavailable": "Not available",
    "let": "Let",
    "sold": "Sold",
}


def address(home: Json) -> str:
    return f"{ROOT}/properties/{home.get('ref') or home['id']}"


def naira(home: Json) -> str:
    """₦4,500,000 a year."""
    try:
        amount = f"₦{Decimal(str(home.get('price'))):,.0f}"
    except InvalidOperation:
        return "Price on request"
    return f"{amount} a {home['period']}" if home.get("period") else amount


def many(homes: list[Json], *, at: int) -> Markup:
    """A page of what is on offer."""
    shown, last = homes[at : at + A_PAGE], at + A_PAGE >= len(homes)
    return join(
        tag("h1", "Homes in Lagos, Abuja and beyond"),
        cards(shown),
        tag(
            "p",
            tag("a", "Back", href=f"{ROOT}/?from={max(0, at - A_PAGE)}", class_="pill") if at else None,
            " ",
            None if last else tag("a", "More", href=f"{ROOT}/?from={at + A_PAGE}", class_="pill"),
        ),
    )


def cards(homes: list[Json]) -> Markup:
    return tag("ul", [tag("li", _card(home)) for home in homes], class_="cards")


def _card(home: Json) -> Markup:
    return tag(
        "a",
        _picture(home),
        tag("b", naira(home)),
        tag("span", home["title"]),
        tag(
            "small",
            f"{home.get('ref') or 'no ref yet'} · {home['area']}, {home['city']}",
            "" if home["status"] == "live" else f" · {STATUSES.get(home['status'], home['status'])}",
        ),
        href=address(home),
        class_="card",
    )


def _picture(home: Json) -> Markup:
    source = f"{ROOT}/photos/{home['id']}"
    return tag("img", src=source, alt="", loading="lazy", width=640, height=480, class_="photo")


def one(
    home: Json,
    *,
    session: Session | None,
    agent: str,
    kept: bool,
    slots: list[Json] | None,
    ask: str,
    share: str,
) -> Markup:
    """A property. slots: free times to book, None when nobody may. ask: opens the chat. share: for groups."""
    facts = [
        KINDS.get(home["kind"], str(home["kind"]).replace("_", " ").capitalize()),
        f"{home['bedrooms']} bedrooms" if home.get("bedrooms") else "",
        f"{home['bathrooms']} bathrooms" if home.get("bathrooms") else "",
        f"{home['area']}, {home['city']}",
    ]
    mine = session is not None and home["agent"] == session.id
    return join(
        _picture(home),
        tag("h1", home["title"]),
        tag("p", naira(home), class_="price"),
        tag("p", " · ".join(fact for fact in facts if fact)),
        tag("p", f"{home.get('ref') or 'no ref yet'} · {agent}", class_="muted"),
        None
        if home["status"] == "live"
        else tag(
            "p", STATUSES.get(home["status"], home["status"]), class_="notice", data_status=home["status"]
        ),
        tag("p", home.get("description") or "", class_="words"),
        tag(
            "p",
            tag("a", "Ask on WhatsApp", href=ask, class_="primary", target="whatsapp"),
            " ",
            tag("a", "Link for a WhatsApp group", href=share, class_="pill"),
            class_="row-of",
        )
        if home.get("ref")
        else None,
        _of_agent(home) if mine else None,
        _of_seeker(home, kept, slots) if session is not None and session.role == "seeker" else None,
        tag("p", tag("a", "Log in", href=f"{ROOT}/login"), " to book an inspection.")
        if session is None
        else None,
    )


def _of_seeker(home: Json, kept: bool, slots: list[Json] | None) -> Child:
    words = "Not interested any more" if kept else "I’m interested"
    interest = button(words, do="interest", class_="pill", property=home["id"], on="" if kept else "1")
    if slots is None:
        return interest
    free: Child = tag("p", "No free times at the moment.", class_="muted")
    if slots:
        free = tag(
            "div",
            [
                button(
                    when(slot["starts_at"]), do="book", class_="pill", slot=slot["id"], property=home["id"]
                )
                for slot in slots
            ],
            class_="times",
        )
    return tag("section", tag("h2", "Inspect it"), free, interest, class_="box")


def _of_agent(home: Json) -> Markup:
    statuses = [status for status in ("live", "unavailable", "let", "sold") if status != home["status"]]
    words = {"live": "Publish" if home["status"] in ("draft", "pending") else "Put on offer again"}
    return tag(
        "section",
        tag("h2", "Your property"),
        tag(
            "form",
            tag("input", type="hidden", name="property", value=home["id"]),
            tag(
                "label", "Price in naira", tag("input", name="price", value=whole(home), inputmode="numeric")
            ),
            tag("button", "Change the price", class_="pill"),
            data_do="price",
            class_="fields",
        ),
        tag(
            "div",
            [
                button(
                    words.get(status, STATUSES[status]),
                    do="status",
                    class_="pill",
                    property=home["id"],
                    status=status,
                )
                for status in statuses
            ],
            class_="times",
        ),
        class_="box",
    )


def whole(home: Json) -> str:
    return str(home.get("price", "")).removesuffix(".00")


def mine(homes: list[Json]) -> Markup:
    """An agent's own, and the form for a new one."""
    return join(
        tag("h1", "My homes"),
        tag("section", tag("h2", "Publish a property"), _form(), class_="box"),
        cards(homes),
    )


def _form() -> Markup:
    def text(label: str, name: str, value: str, **more: str) -> Markup:
        return tag("label", label, tag("input", name=name, value=value, required=True, **more))

    def pick(label: str, name: str, options: dict[str, str]) -> Markup:
        choices = [tag("option", words, value=value) for value, words in options.items()]
        return tag("label", label, tag("select", choices, name=name))

    return tag(
        "form",
        text("Title", "title", "Bright 2-bedroom flat"),
        tag("div", pick("Kind", "kind", KINDS), pick("Offer", "listing_type", OFFERS), class_="two"),
        tag(
            "div",
            text("Price in naira", "price", "4500000", inputmode="numeric"),
            text("Bedrooms", "bedrooms", "2", inputmode="numeric"),
            class_="two",
        ),
        tag("div", text("Area", "area", "Lekki Phase 1"), text("City", "city", "Lagos"), class_="two"),
        text("State", "state", "Lagos"),
        tag(
            "label",
            "Description",
            tag("textarea", "Quiet street, running water.", name="description", rows=3),
        ),
        tag(
            "label",
            "Photo (a sample when you choose none)",
            tag("input", type="file", name="photo", accept="image/jpeg,image/png"),
        ),
        tag("button", "Publish with inspections from tomorrow", class_="primary"),
        data_do="publish",
        class_="fields",
    )


def year_of(offer: str) -> str:
    """What a price of such an offer is for."""
    return {"rent": "year", "shortlet": "night"}.get(offer, "")
