"""Looking for signs anew: what is new is written down, what is not so any more is ended."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from inspector_whatsapp import clock
from inspector_whatsapp.fraud import photos
from inspector_whatsapp.fraud.signs import FINDERS, Found
from inspector_whatsapp.models.fraud import FraudSign, Judgement, SignKind


def look() -> dict[str, int]:
    """Look at new photos and for every kind of sign; how many of each there are. One at a time is enough."""
    found = {"photos": photos.look_at_new()}
    for kind in FINDERS:
        found[kind.value] = _look(kind, clock.now())
    return found


@transaction.atomic
def _look(kind: SignKind, now: datetime) -> int:
    found = {each.key: each for each in FINDERS[kind](now)}
    known = {sign.key: sign for sign in FraudSign.objects.select_for_update().filter(kind=kind)}
    for key, sign in known.items():
        if key in found:
            _seen_again(sign, found[key], now)
        elif sign.ended_at is None:
            sign.ended_at = now
            sign.save(update_fields=["ended_at"])
    fresh = [_new(kind, each, now) for key, each in found.items() if key not in known]
    FraudSign.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(found)


def _seen_again(sign: FraudSign, found: Found, now: datetime) -> None:
    """What was called harmless is open again once it is worse than what was looked at."""
    if sign.judged == Judgement.HARMLESS and _is_worse(sign, found):
        sign.judged, sign.judged_by, sign.judged_at = "", None, None
    if sign.judged != Judgement.HARMLESS:
        sign.figures = dict(found.figures)
    sign.rows = list(found.rows)
    sign.last_at, sign.ended_at = now, None
    sign.save()


def _is_worse(sign: FraudSign, found: Found) -> bool:
    """Whether there is more of it, or a price is lower still."""
    before, now = sign.figures.get("price"), found.figures.get("price")
    falls = before is not None and now is not None and Decimal(str(now)) < Decimal(str(before))
    return falls or not set(found.rows) <= set(sign.rows)


def _new(kind: SignKind, found: Found, now: datetime) -> FraudSign:
    return FraudSign(
        kind=kind,
        key=found.key,
        property_id=found.property,
        account_id=found.account,
        contact_id=found.contact,
        rows=list(found.rows),
        figures=dict(found.figures),
        first_at=now,
        last_at=now,
    )
