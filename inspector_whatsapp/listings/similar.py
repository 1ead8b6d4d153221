"""What else somebody may like who wanted a property that is no longer on offer."""

from decimal import Decimal

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Abs

from inspector_whatsapp import clock
from inspector_whatsapp.inspections.free import still_free
from inspector_whatsapp.listings.criteria import Criteria
from inspector_whatsapp.listings.finding import search
from inspector_whatsapp.listings.paging import Found, card_of, with_times
from inspector_whatsapp.models import Property

CHEAPEST, DEAREST = Decimal("0.6"), Decimal("1.5")  # times the price


def similar(property: Property) -> QuerySet[Property]:
    """Live ones on the same terms in the same city, about as large and as dear; its own area's first."""
    near = Criteria(
        cities=(property.city,),
        listing_type=property.listing_type,
        period=property.period,
        currency=property.currency,
        price_min=property.price * CHEAPEST,
        price_max=property.price * DEAREST,
    )
    found = search(near).exclude(pk=property.pk)
    if property.bedrooms is None:
        found = found.filter(kind=property.kind)
    else:
        found = found.filter(bedrooms__range=(max(property.bedrooms - 1, 0), property.bedrooms + 1))
    return found.order_by(
        _last_unless(Q(area=property.area)),
        _last_unless(Q(kind=property.kind)),
        Abs(F("price") - Value(property.price)),
        "-pk",
    )


def similar_to_see(property: Property, *, most: int = 3) -> list[Found]:
    """The first of them that can be inspected, each with its next free times. Three queries."""
    free = still_free(clock.Now()).filter(property=OuterRef("pk"))
    return [card_of(each) for each in with_times(similar(property).filter(Exists(free)))[:most]]


def _last_unless(so: Q) -> Case:
    return Case(When(so, then=0), default=1, output_field=IntegerField())
