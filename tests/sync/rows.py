"""Rows of Inspector's with believable fields; a test states only what it is about."""

from datetime import timedelta
from typing import Any

from inspector_whatsapp.models import Inspection, Property, Slot, User
from tests.factories import at
from tests.sync.ways import Row, Way, id_of


def user(name: str, role: str = "seeker", /, **more: Any) -> Row:
    return {
        "id": id_of(name),
        "version": 1,
        "email": f"{name}@inspector.example",
        "name": name.capitalize(),
        "role": role,
        **more,
    }


def property(name: str = "home", /, **more: Any) -> Row:
    return {
        "id": id_of(name),
        "version": 1,
        "agent": id_of("bola"),
        "title": "3-bedroom flat in Yaba",
        "kind": "apartment",
        "listing_type": "rent",
        "bedrooms": 3,
        "price": 4_500_000,
        "period": "year",
        "area": "Yaba",
        "city": "Lagos",
        "state": "Lagos",
        "status": "live",
        **more,
    }


def slot(name: str = "ten", /, *, hour: int = 10, **more: Any) -> Row:
    start = at(hour, days=2)
    return {
        "id": id_of(name),
        "version": 1,
        "property": id_of("home"),
        "inspector": id_of("chidi"),
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "capacity": 1,
        **more,
    }


def inspection(name: str = "visit", /, *, hour: int = 10, **more: Any) -> Row:
    start = at(hour, days=2)
    return {
        "id": id_of(name),
        "version": 1,
        "property": id_of("home"),
        "seeker": id_of("ada"),
        "slot": id_of("ten"),
        "inspector": id_of("chidi"),
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "state": "confirmed",
        **more,
    }


def interest(**more: Any) -> Row:
    return {"id": id_of("interest"), "version": 1, "seeker": id_of("ada"), "property": id_of("home"), **more}


def everybody(way: Way) -> None:
    """A seeker, another, an agent with a property, an inspector with a slot at ten."""
    people = [user("ada"), user("ife"), user("bola", "agent"), user("chidi", "inspector")]
    way.send("users", *people)
    way.send("properties", property())
    way.send("slots", slot())


def account(name: str) -> User:
    return User.objects.get(platform_id=id_of(name))


def home() -> Property:
    return Property.objects.get(platform_id=id_of("home"))


def ten() -> Slot:
    return Slot.objects.get(platform_id=id_of("ten"))


def visit(name: str = "visit") -> Inspection:
    return Inspection.objects.select_related("slot").get(platform_id=id_of(name))
