"""Who is interested in what of the demo, and what Ada wants to hear of."""

from collections.abc import Iterable
from datetime import timedelta

from inspector_whatsapp import clock, searches
from inspector_whatsapp.demo.homes import BOLAS_FLAT
from inspector_whatsapp.demo.people import ADA, SEEKERS
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Interest, Property, SavedSearch, User
from inspector_whatsapp.models.listings import Frequency

_TOBI, _CHIOMA, _SANI, _EFE = SEEKERS[1:5]
# Homes of Bola's, by ref: who keeps them in view, and for how many hours.
_INTERESTED = {
    BOLAS_FLAT: ((_TOBI, 5), (_CHIOMA, 30), (_EFE, 200)),
    "PR-1009": ((_SANI, 20),),
    "PR-1047": ((_CHIOMA, 3), (_TOBI, 75)),
}
_ADA_LOOKS_FOR = Criteria(
    areas=("Lekki",),
    kinds=("apartment",),
    listing_type="rent",
    bedrooms_min=2,
    bedrooms_max=3,
    price_max=9_000_000,
)


def make_interests(made: Iterable[Property], people: dict[str, User]) -> None:
    """For properties that have just been made: what people did about the others since stays as it is."""
    now = clock.now()
    rows = {property.ref: property for property in made}
    Interest.objects.bulk_create(
        Interest(seeker=people[seeker.email], property=rows[ref], created_at=now - timedelta(hours=hours))
        for ref, interested in _INTERESTED.items()
        if ref in rows
        for seeker, hours in interested
    )
    if BOLAS_FLAT in rows:
        SavedSearch.objects.create(
            seeker=people[ADA.email],
            criteria=searches.to_json(_ADA_LOOKS_FOR),
            frequency=Frequency.INSTANT,
            created_at=now,
        )
