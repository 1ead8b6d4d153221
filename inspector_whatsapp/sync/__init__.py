"""Inspector's data, pushed or pulled: users, properties, photos, slots, inspections and interests.

apply()         rows of Inspector's, whichever way they come
pull()          what has changed in Inspector's views since the last time
check()         what is wrong with those views, in words
compare()       which rows differ, or are on one side only
fetch_photos()  those that came by an address
"""

from inspector_whatsapp.sync.applying import KINDS, Applied, apply
from inspector_whatsapp.sync.checking import Difference, check, compare, compare_and_report, described
from inspector_whatsapp.sync.fetching import fetch_photos
from inspector_whatsapp.sync.items import MOST, Problem, Result, counts
from inspector_whatsapp.sync.pulling import pull

__all__ = [
    "KINDS",
    "MOST",
    "Applied",
    "Difference",
    "Problem",
    "Result",
    "apply",
    "check",
    "compare",
    "compare_and_report",
    "counts",
    "described",
    "fetch_photos",
    "pull",
]
