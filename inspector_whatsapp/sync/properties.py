"""Properties."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inspector_whatsapp.changes import News
from inspector_whatsapp.listings import SETTABLE
from inspector_whatsapp.models import Property, User
from inspector_whatsapp.models.listings import (
    AMENITIES,
    BookingRule,
    ListingType,
    Period,
    PropertyStatus,
)
from inspector_whatsapp.models.listings import Kind as PropertyKind
from inspector_whatsapp.sync.fields import make
from inspector_whatsapp.sync.kind import Kind, Work

_FINISHED = (PropertyStatus.LIVE, PropertyStatus.UNAVAILABLE, PropertyStatus.LET, PropertyStatus.SOLD)


class Properties(Kind[Property]):
    """Properties; one that was handed in by chat is named by its ref."""

    name = "properties"
    model = Property
    fields = {
        "agent": make.parent(User),
        "title": make.text(200, least=1, optional=False),
        "kind": make.word(PropertyKind, optional=False),
        "listing_type": make.word(ListingType, optional=False),
        "bedrooms": make.whole(0, 1_000, null=True),
        "bathrooms": make.whole(0, 1_000, null=True),
        "price": make.money(),
        "currency": make.text(3, least=3),
        "period": make.word(Period, blank=True),
        "area": make.text(80, least=1, optional=False),
        "city": make.text(80, least=1, optional=False),
        "state": make.text(80, least=1, optional=False),
        "address": make.text(200),
        "latitude": make.degrees(90),
        "longitude": make.degrees(180),
        "amenities": make.words_of(AMENITIES),
        "description": make.text(),
        "status": make.word(PropertyStatus, optional=False),
        "published_at": make.moment(null=True),
        "url": make.url(200),
        "booking_rule": make.word(BookingRule),
        "access_notes": make.text(),
    }
    deleted = {"status": PropertyStatus.UNAVAILABLE}
    whole = ("agent",)
    unsaid = frozenset({"published_at"})  # found out here, where Inspector does not keep it
    called = "ref"

    def is_gone(self, row: Property) -> bool:
        return row.status in (PropertyStatus.UNAVAILABLE, PropertyStatus.DRAFT)

    def check(self, work: Work[Property], values: dict[str, Any]) -> None:
        if work.item.deleted and work.row.published_at is None:
            values["status"] = PropertyStatus.DRAFT  # nobody ever saw it

    def finish(self, work: Work[Property], *, now: datetime) -> None:
        # A property that people can see has been published, whether or not Inspector says when.
        if work.row.status in _FINISHED and work.row.published_at is None:
            work.before.setdefault("published_at", None)
            work.row.published_at = work.after["published_at"] = now

    def follows(self) -> Iterable[str]:
        return ("published_at",)

    def news(self, work: Work[Property], *, now: datetime) -> Iterable[News]:
        row, changed = work.row, sorted(work.changed)
        if work.new:
            fields = ["published_at", "status"] if row.status == PropertyStatus.LIVE else ["status"]
            yield News(kind="property_added", subject=row, data={"fields": fields})
            return
        if work.before.get("published_at") is not None and "published_at" in changed:
            changed.remove("published_at")  # another date of the same publication
        if not changed:
            return
        if changed == ["status"] and {row.status, work.before["status"]} <= {str(one) for one in SETTABLE}:
            data = {"before": work.before["status"], "after": str(row.status)}
            yield News(kind="availability_changed", subject=row, data=data)
            return
        shown = [name for name in changed if name in ("price", "status")]
        yield News(
            kind="property_changed",
            subject=row,
            data={
                "fields": changed,
                "before": {name: str(work.before[name]) for name in shown},
                "after": {name: str(work.after[name]) for name in shown},
            },
        )
