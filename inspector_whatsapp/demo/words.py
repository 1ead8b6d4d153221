"""What the demo's agents write about their properties."""

from random import Random

from inspector_whatsapp.models.listings import Kind, ListingType

_WORDS = {
    Kind.APARTMENT: "flat",
    Kind.SELF_CONTAIN: "Self-contained room",
    Kind.MINI_FLAT: "Mini flat",
    Kind.STUDIO: "Studio",
    Kind.SINGLE_ROOM: "Single room",
    Kind.DUPLEX: "duplex",
    Kind.TERRACED_DUPLEX: "terraced duplex",
    Kind.SEMI_DETACHED_DUPLEX: "semi-detached duplex",
    Kind.DETACHED_DUPLEX: "detached duplex",
    Kind.BUNGALOW: "bungalow",
    Kind.PENTHOUSE: "penthouse",
    Kind.MAISONETTE: "maisonette",
    Kind.BQ: "Boys' quarters",
    Kind.BLOCK_OF_FLATS: "Block of six flats",
    Kind.LAND: "Plot of land",
    Kind.SHOP: "Shop",
    Kind.OFFICE: "Office floor",
    Kind.WAREHOUSE: "Warehouse",
}
_ONE_ROOM = (Kind.SELF_CONTAIN, Kind.MINI_FLAT, Kind.STUDIO, Kind.SINGLE_ROOM, Kind.BQ)
_TRADE = (Kind.SHOP, Kind.OFFICE, Kind.WAREHOUSE)

_EVERYWHERE = ("water", "prepaid_meter", "tarred_road", "parking", "no_flood", "security")
_BETTER = (
    "gated_estate",
    "balcony",
    "ensuite",
    "wardrobe",
    "fitted_kitchen",
    "newly_built",
    "cctv",
    "generator",
)
_BEST = (
    "swimming_pool",
    "gym",
    "power_24h",
    "solar_inverter",
    "air_conditioning",
    "elevator",
    "bq",
    "serviced",
)
_NOT_IN_SMALL_ONES = ("swimming_pool", "gym", "bq", "elevator", "ensuite", "own_compound")
_OUTSIDE = ("garden", "playground", "own_compound", "pets_allowed")

_SAID = {
    "gated_estate": "It lies in a gated estate.",
    "power_24h": "Light is constant, day and night.",
    "solar_inverter": "A solar inverter carries it through outages.",
    "generator": "There is a standby generator.",
    "water": "The borehole water is treated.",
    "swimming_pool": "Residents share a pool.",
    "gym": "There is a gym in the building.",
    "prepaid_meter": "It has its own prepaid meter.",
    "tarred_road": "The road is tarred to the gate.",
    "no_flood": "The street does not flood.",
    "newly_built": "It was finished this year.",
    "fitted_kitchen": "The kitchen is fitted.",
    "ensuite": "All rooms are en suite.",
    "own_compound": "It stands in its own compound.",
    "c_of_o": "The title is a Certificate of Occupancy.",
    "waterfront": "It looks out on the water.",
    "furnished": "It comes fully furnished.",
    "wifi": "Fast Wi-Fi is included.",
    "elevator": "There is a lift.",
    "parking": "There is parking inside the gate.",
    "security": "Guards are at the gate day and night.",
    "bq": "A room for staff is included.",
    "ground_floor": "It is on the ground floor.",
    "upstairs": "It is upstairs, with a good breeze.",
    "garden": "There is a small garden.",
    "pets_allowed": "Pets are welcome.",
}
_OPENINGS = (
    "Bright and well kept, off {street} in {area}.",
    "A quiet place to live, close to everything in {area}.",
    "Spacious rooms and good finishing, minutes from {street}.",
    "Clean, airy and ready to move in, in the heart of {area}.",
)
_BARE_OPENINGS = {
    Kind.LAND: "A dry, fenced plot off {street} in {area}, ready to build on.",
    Kind.SHOP: "A shop with a wide front on {street}, where {area} does its shopping.",
    Kind.OFFICE: "An open floor off {street} in {area}, easy to divide.",
    Kind.WAREHOUSE: "High roof, wide gate, and room for trailers, off {street} in {area}.",
    Kind.BLOCK_OF_FLATS: "Six flats, all let, off {street} in {area}: a sound investment.",
}
_CLOSINGS = {
    ListingType.RENT: (
        "Agency and legal fees are 10% each.",
        "One year upfront; service charge apart.",
        "The landlord prefers a yearly tenancy.",
    ),
    ListingType.SALE: ("The documents can be seen at the inspection.", "The price is slightly negotiable."),
    ListingType.SHORTLET: (
        "A caution deposit is returned on leaving.",
        "Check-in from 2 pm, check-out by noon.",
    ),
}


def amenities(*, kind: Kind, listing_type: ListingType, level: float, die: Random) -> tuple[str, ...]:
    """What such a property has; the dearer the area, the more."""
    if kind == Kind.LAND:
        return tuple(
            name for name in ("c_of_o", "tarred_road", "no_flood", "gated_estate") if die.random() < 0.6
        )
    better, best = min(0.75, 0.15 + level / 12), min(0.6, level / 22)
    chances = dict.fromkeys(_EVERYWHERE, 0.6)
    if kind not in _TRADE:
        chances |= dict.fromkeys(_BETTER, better) | dict.fromkeys(_BEST, best) | dict.fromkeys(_OUTSIDE, 0.12)
    if kind in _ONE_ROOM or level < 2:
        chances = {name: chance for name, chance in chances.items() if name not in _NOT_IN_SMALL_ONES}
    has = [name for name, chance in chances.items() if die.random() < chance]
    if kind in (Kind.APARTMENT, Kind.MINI_FLAT, Kind.SELF_CONTAIN):
        has.append(die.choice(["upstairs", "upstairs", "ground_floor"]))
    if listing_type == ListingType.SHORTLET:
        has += ["furnished", "wifi", *({"air_conditioning", "serviced"} - set(has))]
    elif listing_type == ListingType.RENT and kind not in _TRADE:
        has += ["furnished"] if die.random() < best / 2 else ["unfurnished"] if die.random() < 0.3 else []
    elif listing_type == ListingType.SALE and die.random() < 0.6:
        has.append("c_of_o")
    if level > 6 and die.random() < 0.15:
        has.append("waterfront")
    return tuple(sorted(set(has)))


def title(*, kind: Kind, bedrooms: int | None, area: str, amenities: tuple[str, ...], die: Random) -> str:
    """As agents write them: "Newly built 4-bedroom terraced duplex in Ikate"."""
    what = _WORDS[kind]
    if bedrooms is not None and kind not in _ONE_ROOM:
        what = f"{bedrooms}-bedroom {what}"
    first = {"newly_built": "Newly built", "serviced": "Serviced", "furnished": "Furnished"}
    praise = next((words for name, words in first.items() if name in amenities), "")
    if praise and die.random() < 0.7:
        what = f"{praise} {what[0].lower()}{what[1:]}"
    return f"{what} in {area}"


def describe(
    *,
    kind: Kind,
    area: str,
    street: str,
    listing_type: ListingType,
    amenities: tuple[str, ...],
    die: Random,
) -> str:
    """Three to five sentences, none of which the amenities contradict."""
    opening = _BARE_OPENINGS.get(kind) or die.choice(_OPENINGS)
    said = [_SAID[name] for name in amenities if name in _SAID]
    chosen = die.sample(said, min(len(said), die.randint(2, 3)))
    sentences = [opening.format(street=street, area=area), *chosen, die.choice(_CLOSINGS[listing_type])]
    return " ".join(sentences)
