"""Who keeps which property in view, and the agent's invitation to come and see it."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.free import free_slots
from inspector_whatsapp.listings.finding import of
from inspector_whatsapp.listings.refusals import InvitedLately, NoLongerInterested, NothingFree, NotLive
from inspector_whatsapp.models import Interest, Property, User
from inspector_whatsapp.models.listings import PropertyStatus

_LATELY = timedelta(days=7)


def show_interest(*, seeker: User, property: Property, origin: Origin) -> bool:
    """Keep a live property in the seeker's view. False when it was there already, or is not live."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO inspector_whatsapp_interest (seeker_id, property_id, created_at, version)
                SELECT %s, id, clock_now(), 0 FROM inspector_whatsapp_property
                WHERE id = %s AND status = 'live'
                ON CONFLICT (seeker_id, property_id) WHERE removed_at IS NULL DO NOTHING
                RETURNING id
                """,
                [seeker.pk, property.pk],
            )
            row = cursor.fetchone()
        if row is None:
            return False
        interest = Interest.objects.select_related("seeker", "property").get(pk=row[0])
        changes.record("interest_shown", interest, actor=seeker, origin=origin, property=property.ref)
    return True


def remove_interest(*, seeker: User, property: Property, origin: Origin) -> bool:
    """Take a property out of the seeker's view. False when it was not there."""
    with transaction.atomic():
        shown = Interest.objects.filter(seeker=seeker, property=property, removed_at=None)
        interest = shown.select_for_update(no_key=True).first()
        if interest is None:
            return False
        interest.removed_at = clock.now()
        interest.save(update_fields=["removed_at"])
        changes.record("interest_removed", interest, actor=seeker, origin=origin, property=property.ref)
    return True


def of_interest_to(seeker: User) -> QuerySet[Property]:
    """What the seeker keeps in view, last shown first; what is let or sold stays, so that they learn."""
    kept = Q(interests__seeker=seeker, interests__removed_at=None)
    hidden = [PropertyStatus.DRAFT, PropertyStatus.PENDING]
    found = Property.objects.filter(kept).exclude(status__in=hidden).select_related("agent")
    return found.order_by("-interests__created_at", "-pk")


def interested_in(property: Property) -> QuerySet[Interest]:
    """Who keeps it in view, the newest first."""
    shown = Interest.objects.filter(property=property, removed_at=None)
    return shown.select_related("seeker").order_by("-created_at", "-pk")


def interests_of(agent: User) -> QuerySet[Property]:
    """The agent's properties that somebody keeps in view; each with `interest_count`."""
    kept = Interest.objects.filter(property=OuterRef("pk"), removed_at=None)
    return of(agent).filter(Exists(kept))


def interest_count(property: Property) -> int:
    """How many keep it in view; no query for what came from `of` or `interests_of`."""
    counted: int | None = getattr(property, "interest_count", None)
    return interested_in(property).count() if counted is None else counted


def invite(*, interest: Interest, actor: User | None, origin: Origin) -> Interest:
    """The agent invites somebody who is interested to come and see the property.

    Returns the interest as it now is. Raises NoLongerInterested, NotLive, InvitedLately (within seven days)
    or NothingFree; then nothing has changed.
    """
    with transaction.atomic():
        locked = Interest.objects.select_for_update(no_key=True, of=("self",))
        interest = locked.select_related("seeker", "property", "property__agent").get(pk=interest.pk)
        property, now = interest.property, clock.now()
        if interest.removed_at is not None:
            raise NoLongerInterested(interest)
        if property.status != PropertyStatus.LIVE:
            raise NotLive(property)
        if interest.invited_at is not None and interest.invited_at > now - _LATELY:
            raise InvitedLately(interest)
        if not free_slots(property, now=now).exists():
            raise NothingFree(property)
        interest.invited_at = now
        interest.save(update_fields=["invited_at"])
        changes.record("seeker_invited", interest, actor=actor, origin=origin, property=property.ref)
    return interest
