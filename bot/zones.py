"""Time zones as people name them: a city, a country, or the IANA name."""

from functools import cache
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process

from bot.matching import folded

NEAR = 85  # rapidfuzz's score of 0 to 100
MOST = 5

# What people of here call places that no zone is named after.
_OTHERS = {
    "Africa/Lagos": "nigeria|naija|abuja|port harcourt|ibadan|kano|enugu|benin city|kaduna|west africa|wat",
    "Africa/Accra": "ghana",
    "Africa/Johannesburg": "south africa|cape town|pretoria|durban",
    "Africa/Nairobi": "kenya",
    "Africa/Cairo": "egypt",
    "Europe/London": "uk|united kingdom|england|manchester|birmingham|scotland|wales|gmt|bst",
    "Europe/Dublin": "ireland",
    "Europe/Berlin": "germany|munich|frankfurt|hamburg",
    "Europe/Paris": "france",
    "Europe/Rome": "italy",
    "Europe/Madrid": "spain",
    "Europe/Amsterdam": "netherlands|holland",
    "America/New_York": "new york|washington|atlanta|boston|miami|new jersey|philadelphia|est|eastern",
    "America/Chicago": "houston|dallas|texas|austin|central",
    "America/Denver": "colorado|mountain",
    "America/Los_Angeles": "california|san francisco|seattle|la|pacific",
    "America/Toronto": "canada|ottawa|montreal",
    "America/Edmonton": "calgary|alberta",
    "Asia/Dubai": "uae|emirates|abu dhabi",
    "Asia/Riyadh": "saudi|saudi arabia|jeddah",
    "Asia/Shanghai": "china|beijing|guangzhou",
    "Asia/Kolkata": "india|delhi|mumbai",
}


def city_of(zone: str) -> str:
    """`America/New_York` → `New York`"""
    return zone.rpartition("/")[2].replace("_", " ")


def zones_named(typed: str) -> list[str]:
    """The zones that `typed` may mean, likeliest first."""
    wanted = folded(typed).replace("_", " ")
    names = _names()
    if wanted in names:
        return [names[wanted]]
    if len(wanted) < 4:
        return []
    close = process.extract(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST)
    return list(dict.fromkeys(names[name] for name, _score, _place in close))


@cache
def _names() -> dict[str, str]:
    """Every name of a zone, folded → its IANA name."""
    known = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    # A city's name belongs to its own continent's zone: "US/Eastern" and the like come first, and give way.
    known.sort(key=lambda zone: zone.partition("/")[0] in _CONTINENTS)
    cities = {folded(city_of(zone)): zone for zone in known}
    full = {folded(zone).replace("_", " "): zone for zone in known}
    others = {name: zone for zone, names in _OTHERS.items() for name in names.split("|")}
    return full | cities | others


_CONTINENTS = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
