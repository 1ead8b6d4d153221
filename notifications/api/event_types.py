"""Which events there are: what each says, and the ordinary verb that it comes to.

Inspector knows what it tells: nothing of it is told back (Origin.SYNC).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from rest_framework import serializers

from inspector_whatsapp import accounts, gateway, inspections, listings
from inspector_whatsapp.api.bodies import Body, Price
from inspector_whatsapp.api.people import LONGEST_ID, known, unknown
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_inspection, lock_property
from inspector_whatsapp.models import Inspection, Property, User
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from notifications import messages

M = TypeVar("M", Property, Inspection)
Work = Callable[[], object]
_BY: Final[dict[str, Any]] = {"actor": None, "origin": Origin.SYNC}


def _id(what: str) -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_ID, help_text=f"Inspector's id of the {what}, or its ref here."
    )


class OfUser(Body):
    """Of an account."""

    user = serializers.CharField(max_length=LONGEST_ID, help_text="Inspector's id of the account.")


class NewEmail(OfUser):
    """Its e-mail address now."""

    email = serializers.EmailField(max_length=254)


class NewPhone(OfUser):
    """Its number now, in E.164; empty where there is none."""

    phone = serializers.RegexField(r"^(\+[1-9][0-9]{6,14})?$", max_length=16, allow_blank=True)


class Told(OfUser):
    """Words for somebody."""

    text = serializers.CharField(max_length=messages.LONGEST)


class OfProperty(Body):
    """Of a property."""

    property = _id("property")


class Rejected(OfProperty):
    """Why it is not shown, for its agent."""

    why = serializers.CharField(max_length=300)


class Available(OfProperty):
    """Whether it is on offer now."""

    status = serializers.ChoiceField(choices=[(status, status.label) for status in listings.SETTABLE])


class NewPrice(OfProperty):
    """What it costs now, in its currency, per its period."""

    price = Price()


class OfInterest(OfProperty):
    """Of a seeker in a property."""

    seeker = serializers.CharField(max_length=LONGEST_ID, help_text="Inspector's id of the seeker.")


class OfInspection(Body):
    """Of an inspection."""

    inspection = _id("inspection")


class Ended(OfInspection):
    """Why, for the people concerned."""

    why = serializers.CharField(max_length=300, required=False, allow_blank=True)


# --- the work ---------------------------------------------------------------------------------------------
# Each finds what the event is about, and gives back a name for that with what is to be done. Of the events
# about the same name the newest counts; where it is empty, each does.
def _account(group: str, verb: Callable[..., object], data: dict[str, Any]) -> tuple[str, Work]:
    account = known(data.pop("user"))
    return f"{group} of account {account.pk}", partial(verb, account=account, **data, **_BY)


def _property(group: str, verb: Callable[..., object], data: dict[str, Any]) -> tuple[str, Work]:
    property = _found(Property, "property", data.pop("property"))
    return f"{group} of {property.ref}", partial(verb, property=property, **data, **_BY)


def _status(verb: Callable[..., object], to: str, data: dict[str, Any]) -> tuple[str, Work]:
    """Whether it is on offer: Inspector's word settles what was pending about it."""
    property, status = _found(Property, "property", data.pop("property")), data.pop("status", to)

    def work() -> None:
        held = lock_property(property.pk)
        if to == PropertyStatus.DRAFT and held.status not in (PropertyStatus.PENDING, PropertyStatus.DRAFT):
            raise Problem(409, "not_waiting", "It does not wait to be published.")
        # That it is published or handed back is an answer to what was handed in here, and undoes nothing.
        gateway.row_came(held, agrees=bool(to) or held.status == status)
        verb(property=held, **data, **({"status": PropertyStatus(status)} if not to else {}), **_BY)

    return f"status of {property.ref}", work


def _interest(verb: Callable[..., object], data: dict[str, Any]) -> tuple[str, Work]:
    seeker, property = known(data["seeker"]), _found(Property, "property", data["property"])
    work = partial(verb, seeker=seeker, property=property, origin=Origin.SYNC)
    return f"interest of account {seeker.pk} in {property.ref}", work


def _show_interest(*, seeker: User, property: Property, origin: Origin) -> None:
    shown = listings.show_interest(seeker=seeker, property=property, origin=origin)
    if not shown and property.status != PropertyStatus.LIVE:
        raise listings.NotLive(property)


def _inspection(
    verb: Callable[..., object], state: InspectionState, data: dict[str, Any]
) -> tuple[str, Work]:
    inspection = _found(Inspection, "inspection", data.pop("inspection"))

    def work() -> None:
        held = lock_inspection(inspection)
        gateway.row_came(held, agrees=held.state == state)
        try:
            verb(inspection=held, **data, **_BY)
        except inspections.AlreadyAnswered as refusal:
            if refusal.inspection.state != state:
                raise

    return f"state of {inspection.ref}", work


def _tell(event: str, data: dict[str, Any]) -> tuple[str, Work]:
    account, text = known(data["user"]), data["text"]
    name = hashlib.sha256(event.encode()).hexdigest()[:32]  # an id may be longer than a key has room for
    return "", partial(messages.tell, account=account, text=text, name=name)


def _found(model: type[M], what: str, name: str) -> M:
    """By Inspector's id; by the ref, where Inspector knows no id of it yet."""
    rows: Any = model._default_manager
    found: M | None = rows.filter(platform_id=name).first() or rows.filter(ref=name).first()
    if found is None:
        raise unknown(what)
    return found


@dataclass(frozen=True)
class Type:
    """A type of event: what it says, for example what, and what is done about it (given its id and data)."""

    data: type[Body]
    example: dict[str, Any]
    prepare: Callable[[str, dict[str, Any]], tuple[str, Work]]


def _type(data: type[Body], work: Callable[[dict[str, Any]], tuple[str, Work]], **example: Any) -> Type:
    return Type(data, example, lambda _event, said: work(dict(said)))


_HOME: Final = {"property": "PR-1042"}
_VISIT: Final = {"inspection": "IN-3107"}
_ADA: Final = {"user": "user-2041"}
_WHY: Final = "The agent is away that day."

TYPES: Final[dict[str, Type]] = {
    "account.disabled": _type(OfUser, partial(_account, "use", accounts.switch_off), **_ADA),
    "account.enabled": _type(OfUser, partial(_account, "use", accounts.switch_on), **_ADA),
    "account.email_changed": _type(
        NewEmail, partial(_account, "email", accounts.set_email), **_ADA, email="ada.obi@inspector.example"
    ),
    "account.phone_changed": _type(
        NewPhone, partial(_account, "phone", accounts.set_phone), **_ADA, phone="+2348030000009"
    ),
    "property.published": _type(OfProperty, partial(_status, listings.publish, PropertyStatus.LIVE), **_HOME),
    "property.rejected": _type(
        Rejected,
        partial(_status, listings.reject, PropertyStatus.DRAFT),
        property="PR-1043",
        why="The photos are of another flat.",
    ),
    "availability.changed": _type(
        Available, partial(_status, listings.set_availability, ""), **_HOME, status="let"
    ),
    "price.changed": _type(
        NewPrice, partial(_property, "price", listings.set_price), **_HOME, price="8500000.00"
    ),
    "interest.shown": _type(OfInterest, partial(_interest, _show_interest), seeker="user-2041", **_HOME),
    "interest.removed": _type(
        OfInterest, partial(_interest, listings.remove_interest), seeker="user-2041", **_HOME
    ),
    "inspection.confirmed": _type(
        OfInspection, partial(_inspection, inspections.confirm, InspectionState.CONFIRMED), **_VISIT
    ),
    "inspection.declined": _type(
        Ended, partial(_inspection, inspections.decline, InspectionState.DECLINED), **_VISIT, why=_WHY
    ),
    "inspection.cancelled": _type(
        Ended, partial(_inspection, inspections.cancel, InspectionState.CANCELLED), **_VISIT, why=_WHY
    ),
    "message": Type(Told, {**_ADA, "text": "Your papers are ready."}, _tell),
}
