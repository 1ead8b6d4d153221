"""What can be done with properties: find them, keep them in view, offer them."""

from inspector_whatsapp.listings.areas import (
    Place,
    areas_with_counts,
    place_named,
    place_near,
    places,
)
from inspector_whatsapp.listings.availability import (
    SETTABLE,
    publish,
    reject,
    set_availability,
    set_booking_rule,
    set_give_away,
)
from inspector_whatsapp.listings.criteria import Criteria, Sort, spots
from inspector_whatsapp.listings.finding import by_ref, face, live, of, over, ref_in, search
from inspector_whatsapp.listings.gazetteer import place_of, taking_in, widened
from inspector_whatsapp.listings.interests import (
    interest_count,
    interested_in,
    interests_of,
    invite,
    of_interest_to,
    remove_interest,
    show_interest,
)
from inspector_whatsapp.listings.paging import COUNTED, TIMES, Found, Page, Relaxed, first_keys, page, relax
from inspector_whatsapp.listings.pricing import set_price
from inspector_whatsapp.listings.refusals import (
    CannotInvite,
    InvitedLately,
    NoLongerInterested,
    NoPrice,
    NothingFree,
    NotLive,
    NotPublished,
)
from inspector_whatsapp.listings.similar import similar, similar_to_see
from inspector_whatsapp.listings.submitting import Submission, submit

__all__ = [
    "COUNTED",
    "SETTABLE",
    "TIMES",
    "CannotInvite",
    "Criteria",
    "Found",
    "InvitedLately",
    "NoLongerInterested",
    "NoPrice",
    "NotLive",
    "NotPublished",
    "NothingFree",
    "Page",
    "Place",
    "Relaxed",
    "Sort",
    "Submission",
    "areas_with_counts",
    "by_ref",
    "face",
    "first_keys",
    "interest_count",
    "interested_in",
    "interests_of",
    "invite",
    "live",
    "of",
    "of_interest_to",
    "over",
    "page",
    "place_named",
    "place_near",
    "place_of",
    "places",
    "publish",
    "ref_in",
    "reject",
    "relax",
    "remove_interest",
    "search",
    "set_availability",
    "set_booking_rule",
    "set_give_away",
    "set_price",
    "show_interest",
    "similar",
    "similar_to_see",
    "spots",
    "submit",
    "taking_in",
    "widened",
]
