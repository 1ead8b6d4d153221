"""Show less like this: what a saved search tells of is narrowed by what was shown, and widened again."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.labels import money
from inspector_whatsapp.models import Property, SavedSearch, SearchLess, User
from inspector_whatsapp.words import Words, say

NEAR = Decimal("0.2")  # of its price, below and above: what reads as about the same


def show_less(
    *, searches: Iterable[SavedSearch], property: Property, actor: User, origin: Origin
) -> list[SearchLess]:
    """These searches tell no more of homes like the property: in its area, for about its price.

    What they leave out by now; said again it changes nothing.
    """
    found = []
    with transaction.atomic():
        for search in searches:
            less, made = SearchLess.objects.get_or_create(
                search=search,
                area=property.area,
                listing_type=property.listing_type,
                currency=property.currency,
                price_from=_rounded(property.price * (1 - NEAR), ROUND_FLOOR),
                price_to=_rounded(property.price * (1 + NEAR), ROUND_CEILING),
                defaults={"created_at": clock.now()},
            )
            found.append(less)
            if made:
                changes.record("search_less", search, actor=actor, origin=origin, less=less.pk)
    return found


def show_again(*, less: SearchLess, actor: User, origin: Origin) -> None:
    """The search tells of such homes again; one that does already goes on."""
    with transaction.atomic():
        gone, _rows = SearchLess.objects.filter(pk=less.pk).delete()
        if gone:
            changes.record("search_again", less.search, actor=actor, origin=origin, less=less.pk)


def leaving_out(seeker: User, property: Property) -> QuerySet[SearchLess]:
    """Why the seeker's searches do not tell of such a property, the newest first."""
    like = SearchLess.objects.filter(
        search__seeker=seeker,
        area=property.area,
        listing_type=property.listing_type,
        currency=property.currency,
        price_from__lte=property.price,
        price_to__gte=property.price,
    )
    return like.select_related("search").order_by("-pk")


def in_words(less: SearchLess) -> Words:
    """`Lekki Phase 1, ₦8,000,000 to ₦12,000,000`"""
    return say("{area}, {band}", area=less.area, band=band(less))


def band(less: SearchLess) -> Words:
    """`₦8,000,000 to ₦12,000,000`"""
    low, high = (money(price, less.currency) for price in (less.price_from, less.price_to))
    return say(_("{low} to {high}"), low=low, high=high)


def _rounded(amount: Decimal, how: str) -> Decimal:
    """To two digits, so that it can be read out."""
    step = Decimal(10) ** max(amount.adjusted() - 1, 0)
    return (amount / step).to_integral_value(rounding=how) * step
