"""The demo's people and properties as Inspector has them: what its stand-in starts from."""

from typing import Any

from inspector_whatsapp.demo import photos
from inspector_whatsapp.demo.homes import Home, homes
from inspector_whatsapp.demo.people import EVERYBODY, Person
from inspector_whatsapp.models import Role

Json = dict[str, Any]


def market() -> Json:
    """`people` and `properties` with Inspector's ids, fields as in `/sync`; no database is asked."""
    return {
        "people": [_person(person) for person in EVERYBODY if person.role != Role.ADMIN],
        "properties": [_property(home) for home in homes()],
    }


def _person(person: Person) -> Json:
    return {
        "id": person.platform_id,
        "email": person.email,
        "name": person.name,
        "role": str(person.role),
        "phone": person.phone,
    }


def _property(home: Home) -> Json:
    return {
        "id": home.platform_id,
        "ref": home.ref,
        "agent": home.agent.platform_id,
        "title": home.title,
        "kind": str(home.kind),
        "listing_type": str(home.listing_type),
        "bedrooms": home.bedrooms,
        "bathrooms": home.bathrooms,
        "price": str(home.price),
        "period": str(home.period or ""),
        "area": home.area.name,
        "city": home.area.city,
        "state": home.area.state,
        "address": home.address,
        "amenities": list(home.amenities),
        "description": home.description,
        "status": str(home.status),
        "booking_rule": str(home.booking_rule),
        "photos": photos.names_of(home),
    }
