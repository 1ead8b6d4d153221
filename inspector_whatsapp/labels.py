"""How the platform's things read in a sentence."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspector_whatsapp.models import Inspection, Property, Slot, TimeOff, User
from inspector_whatsapp.models.listings import AMENITY_WORDS, Kind, ListingType, Period
from inspector_whatsapp.words import Reader, harmless, label

CURRENCY = {"NGN": "₦", "USD": "$", "EUR": "€", "GBP": "£"}


def masked_email(email: str) -> str:
    """`c•••@g•••.com`: enough for its owner to know it, not for anybody else."""
    name, _at, domain = email.partition("@")
    host, dot, rest = domain.partition(".")
    return f"{name[:1]}•••@{host[:1]}•••{dot}{rest}"


def masked_phone(phone: str) -> str:
    """`•••0001`"""
    return f"•••{phone[-4:]}"


def money(amount: Decimal, currency: str) -> str:
    """`₦2,500,000`"""
    shown = f"{amount:,.2f}".removesuffix(".00")
    return f"{CURRENCY.get(currency, currency + ' ')}{shown}"


def price(property: Property) -> str:
    """`₦2,500,000 a year`"""
    amount = money(property.price, property.currency)
    match property.period:
        case Period.YEAR:
            return _("%(amount)s a year") % {"amount": amount}
        case Period.MONTH:
            return _("%(amount)s a month") % {"amount": amount}
        case Period.NIGHT:
            return _("%(amount)s a night") % {"amount": amount}
    return amount


def kind(property: Property) -> str:
    """`3-bedroom flat`"""
    name = str(Kind(property.kind).label)
    if not property.bedrooms:
        return name
    return ngettext("%(number)d-bedroom %(kind)s", "%(number)d-bedroom %(kind)s", property.bedrooms) % {
        "number": property.bedrooms,
        "kind": name,
    }


@label.register(User)
def _user(value: User, spec: str, reader: Reader) -> str:
    if spec == "email":
        return masked_email(value.email)
    if spec == "phone":
        return value.phone
    if spec == "first":
        return harmless(value.name, markup=reader.markup).partition(" ")[0] or masked_email(value.email)
    return harmless(value.name, markup=reader.markup) or masked_email(value.email)


@label.register(Property)
def _property(value: Property, spec: str, reader: Reader) -> str:
    match spec:
        case "ref":
            return value.ref
        case "price":
            return price(value)
        case "title":
            return harmless(value.title, markup=reader.markup)
        case "address":
            return harmless(value.address or f"{value.area}, {value.city}", markup=reader.markup)
        case "area":
            return harmless(value.area, markup=reader.markup)
        case "offer":
            return str(ListingType(value.listing_type).label)
        case "kind":
            return kind(value)
        case "amenities":
            return ", ".join(str(AMENITY_WORDS.get(each, each)) for each in value.amenities)
        case "short":
            return _("%(kind)s, %(area)s") % {
                "kind": kind(value),
                "area": harmless(value.area, markup=reader.markup),
            }
    return _("%(kind)s, %(area)s (%(ref)s)") % {
        "kind": kind(value),
        "area": harmless(value.area, markup=reader.markup),
        "ref": value.ref,
    }


@label.register(Slot)
def _slot(value: Slot, spec: str, reader: Reader) -> str:
    return label(value.starts_at, spec or "when", reader)


@label.register(Inspection)
def _inspection(value: Inspection, spec: str, reader: Reader) -> str:
    if spec in ("when", "day", "time"):
        return label(value.starts_at, spec, reader)
    if spec == "state":
        return str(value.get_state_display())
    return value.ref


@label.register(TimeOff)
def _time_off(value: TimeOff, spec: str, reader: Reader) -> str:
    """`Fri 27 Nov`, `Fri 27 Nov to Sun 29 Nov`, `Fri 27 Nov, 2:00 pm to 5:00 pm`"""
    start, end = value.starts_at.astimezone(reader.tz), value.ends_at.astimezone(reader.tz)
    from_midnight, to_midnight = start.time() == time.min, end.time() == time.min
    first, last = start.date(), end.date() - timedelta(days=1 if to_midnight else 0)
    if from_midnight and to_midnight:
        return _from_to(first, last, reader) if first != last else label(first, "", reader)
    if first == last and to_midnight:
        return _("%(day)s from %(time)s") % {
            "day": label(first, "", reader),
            "time": label(start, "time", reader),
        }
    if first == last and from_midnight:
        return _("%(day)s until %(time)s") % {
            "day": label(first, "", reader),
            "time": label(end, "time", reader),
        }
    return _from_to(start, end, reader, spec="time" if first == last else "")


def _from_to(first: date, last: date, reader: Reader, *, spec: str = "") -> str:
    return _("%(first)s to %(last)s") % {
        "first": label(first, "", reader),
        "last": label(last, spec, reader),
    }
