"""What a property costs."""

from decimal import Decimal
from typing import Final

from django.db import transaction

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings.refusals import NoPrice
from inspector_whatsapp.models import Property, User

_PENNY: Final = Decimal("0.01")
_MOST: Final = Decimal("999999999999.99")  # what the column holds


def set_price(*, property: Property, price: Decimal, actor: User | None, origin: Origin) -> Property:
    """Say what a property costs, in its currency and per its period; what it costs already changes nothing.

    Returns it as it now is. Raises NoPrice.
    """
    if not price.is_finite() or not 0 <= price <= _MOST:
        raise NoPrice(price)
    price = price.quantize(_PENNY)
    with transaction.atomic():
        locked = Property.objects.select_for_update(no_key=True, of=("self",))
        property = locked.select_related("agent").get(pk=property.pk)
        before = property.price
        if before == price:
            return property
        property.price = price
        property.save(update_fields=["price"])
        changes.record(
            "property_changed",
            property,
            actor=actor,
            origin=origin,
            fields=["price"],
            before={"price": str(before)},
            after={"price": str(price)},
        )
    return property
