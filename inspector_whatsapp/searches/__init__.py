"""Saved searches: what a seeker wants to hear of."""

from inspector_whatsapp.searches.fitting import looked_for, matching, places_of, plainly_found
from inspector_whatsapp.searches.less import band, in_words, leaving_out, show_again, show_less
from inspector_whatsapp.searches.refusals import NamesNoPlace
from inspector_whatsapp.searches.saving import delete, names_a_place, of, pause, resume, save, set_frequency
from inspector_whatsapp.searches.wishes import from_json, to_json
from inspector_whatsapp.searches.wording import besides, describe, either, kinds, named

__all__ = [
    "NamesNoPlace",
    "band",
    "besides",
    "delete",
    "describe",
    "either",
    "from_json",
    "in_words",
    "kinds",
    "leaving_out",
    "looked_for",
    "matching",
    "named",
    "names_a_place",
    "of",
    "pause",
    "places_of",
    "plainly_found",
    "resume",
    "save",
    "set_frequency",
    "show_again",
    "show_less",
    "to_json",
]
