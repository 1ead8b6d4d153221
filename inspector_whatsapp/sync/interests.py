"""Who keeps which property in view."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from inspector_whatsapp.changes import News
from inspector_whatsapp.models import Interest, Property, User
from inspector_whatsapp.sync.fields import make
from inspector_whatsapp.sync.items import Item
from inspector_whatsapp.sync.kind import Kind, Parents, Work


class Interests(Kind[Interest]):
    """Interests; one that was shown in the chat is adopted by its seeker and property."""

    name = "interests"
    model = Interest
    fields = {
        "seeker": make.parent(User),
        "property": make.parent(Property),
        "created_at": make.moment(),
    }
    whole = ("seeker", "property", "property__agent")

    def adopt(self, items: Sequence[Item], parents: Parents) -> dict[int, Interest]:
        wanted: dict[tuple[int, int], int] = {}
        for item in items:
            seeker = parents["seeker"].get(item.values.get("seeker", ""))
            property = parents["property"].get(item.values.get("property", ""))
            if seeker is not None and property is not None and not item.deleted:
                wanted.setdefault((seeker.pk, property.pk), item.index)
        ours = Q(platform_id=None, removed_at=None, seeker__in=[pair[0] for pair in wanted])
        held = self.rows().select_for_update(no_key=True, of=("self",)).filter(ours).order_by("pk")
        pairs = {(row.seeker_id, row.property_id): row for row in held}
        return {index: pairs[pair] for pair, index in wanted.items() if pair in pairs}

    def is_gone(self, row: Interest) -> bool:
        return row.removed_at is not None

    def blank(self, now: datetime) -> Interest:
        return Interest(created_at=now)

    def finish(self, work: Work[Interest], *, now: datetime) -> None:
        work.before["removed"] = None if work.new else work.row.removed_at is not None
        if not work.item.deleted:
            work.row.removed_at = None
        elif work.row.removed_at is None:
            work.row.removed_at = now
        work.after["removed"] = work.item.deleted

    def follows(self) -> Iterable[str]:
        return ("removed_at",)

    def news(self, work: Work[Interest], *, now: datetime) -> Iterable[News]:
        if work.before["removed"] == work.item.deleted:
            return
        kind = "interest_removed" if work.item.deleted else "interest_shown"
        yield News(kind=kind, subject=work.row, data={"property": work.row.property.ref})
