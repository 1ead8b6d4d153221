"""Whether a property is on offer, and whether its agent has a say in who comes."""

from django.db import transaction

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings.refusals import NotPublished
from inspector_whatsapp.models import Property, User
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus

# What an agent sets; whether a property is shown at all is Inspector's to say.
SETTABLE = (PropertyStatus.LIVE, PropertyStatus.UNAVAILABLE, PropertyStatus.LET, PropertyStatus.SOLD)


def set_availability(
    *, property: Property, status: PropertyStatus, actor: User | None, origin: Origin
) -> Property:
    """Say whether a published property is on offer; to what it is already, nothing happens.

    Its inspections stay as they are. Returns it as it now is. Raises NotPublished.
    """
    if status not in SETTABLE:
        raise ValueError(f"{status} is not for an agent to set.")
    with transaction.atomic():
        property = _lock(property)
        if property.published_at is None or property.status not in SETTABLE:
            raise NotPublished(property)
        before = property.status
        if before == status:
            return property
        property.status = status
        property.save(update_fields=["status"])
        changes.record(
            "availability_changed", property, actor=actor, origin=origin, before=before, after=str(status)
        )
    return property


def publish(*, property: Property, actor: User | None, origin: Origin) -> Property:
    """Inspector shows a draft or pending property to everybody; one that is published stays as it is.

    Returns it as it now is.
    """
    with transaction.atomic():
        property = _lock(property)
        if property.status in SETTABLE:
            return property
        fields = ["status"]
        property.status = PropertyStatus.LIVE
        if property.published_at is None:
            property.published_at = clock.now()
            fields = ["published_at", "status"]
        property.save(update_fields=fields)
        changes.record("property_changed", property, actor=actor, origin=origin, fields=fields)
    return property


def reject(*, property: Property, why: str, actor: User | None, origin: Origin) -> Property:
    """Hand a property that waits to be published back to its agent, with the reason in somebody's words.

    Returns it as it now is; one that does not wait stays as it is. Raises ValueError without a reason.
    """
    if not why.strip():
        raise ValueError("A property is rejected with a reason.")
    with transaction.atomic():
        property = _lock(property)
        if property.status != PropertyStatus.PENDING:
            return property
        property.status = PropertyStatus.DRAFT
        property.save(update_fields=["status"])
        changes.record("property_rejected", property, actor=actor, origin=origin, why=why.strip())
    return property


def set_booking_rule(
    *, property: Property, rule: BookingRule, actor: User | None, origin: Origin
) -> Property:
    """Say whether bookings count by themselves or once the agent has said yes; those made already stay.

    Returns it as it now is.
    """
    with transaction.atomic():
        property = _lock(property)
        before = property.booking_rule
        if before == rule:
            return property
        property.booking_rule = rule
        property.save(update_fields=["booking_rule"])
        changes.record(
            "booking_rule_changed", property, actor=actor, origin=origin, before=before, after=str(rule)
        )
    return property


def set_give_away(*, property: Property, hours: int | None, actor: User | None, origin: Origin) -> Property:
    """Say how many hours before an inspection the place of who does not answer is given away; None: never.

    Returns it as it now is.
    """
    with transaction.atomic():
        property = _lock(property)
        before = property.give_away_hours
        if before == hours:
            return property
        property.give_away_hours = hours
        property.save(update_fields=["give_away_hours"])
        changes.record(
            "give_away_rule_changed", property, actor=actor, origin=origin, before=before, after=hours
        )
    return property


def _lock(property: Property) -> Property:
    locked = Property.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("agent").get(pk=property.pk)
