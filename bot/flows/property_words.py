"""Other words that agents have for what a property is and has."""

from bot.flows.wanted import KIND_WORDS
from inspector_whatsapp.models.listings import Kind, ListingType


def kind_words(kind: Kind) -> tuple[str, ...]:
    """Other words for a kind of property."""
    return (*KIND_WORDS.get(kind, ()), *MORE_KIND_WORDS.get(kind, ()))


MORE_KIND_WORDS = {
    Kind.TERRACED_DUPLEX: ("terrace", "terraced", "terrace duplex"),
    Kind.SEMI_DETACHED_DUPLEX: ("semi detached", "semi-detached", "semi detached duplex"),
    Kind.DETACHED_DUPLEX: ("detached", "fully detached", "fully detached duplex", "mansion"),
    Kind.BLOCK_OF_FLATS: ("block", "storey building", "whole building"),
    Kind.SHOP: ("store", "plaza"),
    Kind.SINGLE_ROOM: ("room", "face me i face you"),
    Kind.LAND: ("plots", "plot of land"),
}

OFFER_WORDS = {
    ListingType.RENT: ("rent", "to let", "let", "lease", "to rent"),
    ListingType.SALE: ("sale", "sell", "to sell", "selling", "outright"),
    ListingType.SHORTLET: ("short let", "short-let", "short stay", "airbnb", "apartment hotel"),
}

AMENITY_WORDS_ALSO = {
    "parking": ("car park", "parking space", "garage"),
    "security": ("guard", "gateman", "security man", "24hr security"),
    "gated_estate": ("estate", "gated", "in an estate", "secured estate"),
    "power_24h": ("light", "24 hours light", "24hr light", "24/7 light", "constant light", "24hr power"),
    "generator": ("gen",),
    "solar_inverter": ("solar", "inverter"),
    "water": ("water", "borehole", "tap water"),
    "swimming_pool": ("pool",),
    "unfurnished": ("not furnished",),
    "pets_allowed": ("pets",),
    "bq": ("bq", "boys quarters", "boy's quarters"),
    "elevator": ("elevator",),
    "wifi": ("wifi", "internet"),
    "air_conditioning": ("ac", "a.c", "a/c", "air conditioner", "acs"),
    "ensuite": ("ensuite", "en suite", "all ensuite", "all rooms ensuite"),
    "prepaid_meter": ("meter", "prepaid"),
    "newly_built": ("new", "brand new", "newly build"),
    "fitted_kitchen": ("kitchen",),
    "upstairs": ("up stairs",),
    "wardrobe": ("wardrobe",),
    "own_compound": ("compound", "own gate"),
    "c_of_o": ("cofo", "c-of-o", "certificate of occupancy"),
    "tarred_road": ("tarred", "good road"),
    "no_flood": ("no flood", "flood free", "does not flood", "no dey flood"),
}
