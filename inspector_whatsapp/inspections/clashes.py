"""Inspections that stand in each other's way: one is Inspector's, and its place was taken here."""

from django.db.models import Q, QuerySet

from inspector_whatsapp.models import Inspection
from inspector_whatsapp.models.inspections import LIVE_STATES


def against(inspection: Inspection) -> QuerySet[Inspection]:
    """The other side of a clash: what has the place that a clashing one wants, or wants this one's.

    Its seeker's others at that time, and those in its slot.
    """
    then = Q(starts_at__lt=inspection.ends_at, ends_at__gt=inspection.starts_at)
    same = Q(seeker=inspection.seeker_id) & then
    if inspection.slot_id is not None:
        same |= Q(slot=inspection.slot_id)
    others = Inspection.objects.filter(same, state__in=LIVE_STATES).exclude(pk=inspection.pk)
    if not inspection.clash:
        others = others.filter(clash=True)
    return others.select_related("property", "seeker").order_by("starts_at", "pk")
