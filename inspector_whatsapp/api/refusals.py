"""What the API says when the platform's rules say no: one table, so that every door says it alike."""

from dataclasses import dataclass, field
from typing import Any

from inspector_whatsapp import accounts, enquiries, feedback, inspections, listings, outbox
from inspector_whatsapp.api.shown import slots
from inspector_whatsapp.models import Inspection


@dataclass(frozen=True)
class Refusal:
    """An HTTP status, a word for programs, a sentence, and members besides."""

    status: int
    code: str
    sentence: str
    more: dict[str, Any] = field(default_factory=dict)


def of(error: Exception) -> Refusal | None:
    """What is said of a refusal by the platform; None for any other error."""
    more: dict[str, Any]
    match error:
        case inspections.SlotTaken():
            more = {"next_free": slots(error.next_free)}
            return Refusal(409, "slot_taken", "The last place went to somebody else.", more)
        case inspections.SlotGone():
            more = {"next_free": slots(error.next_free)}
            return Refusal(409, "slot_gone", "That time is no longer on offer.", more)
        case inspections.AlreadyBooked():
            more = {"inspection": error.inspection.ref}
            return Refusal(409, "already_booked", "The seeker has this time already.", more)
        case inspections.Overlapping():
            other = error.other
            more = {"inspection": other.ref} if isinstance(other, Inspection) else {}
            return Refusal(409, "overlapping", "Somebody would be at two places at once.", more)
        case inspections.TooLate():
            return Refusal(409, "too_late", "It has begun, is over, or was called off.")
        case inspections.TooEarly():
            return Refusal(409, "too_early", "Its time has not come yet.")
        case inspections.NotLive():
            return Refusal(409, "not_live", "The property is not on offer now.")
        case inspections.AlreadyAnswered():
            more = {"state": str(error.inspection.state)}
            return Refusal(409, "already_answered", "Nobody waits for the agent's answer any more.", more)
        case inspections.NotAssigned():
            return Refusal(403, "not_assigned", "Somebody else carries it out.")
        case inspections.TimeOffThen() | inspections.AlreadyOff():
            return Refusal(409, "time_off", "The inspector is off at that time.")
        case inspections.StillFree():
            more = {"next_free": slots(error.next_free)}
            return Refusal(409, "still_free", "Nobody has to wait: a place is free.", more)
        case inspections.OfferOver():
            return Refusal(409, "offer_over", "No place is kept for them now.")
        case inspections.Changed():
            return Refusal(409, "changed", "Somebody has changed it since it was looked at.")
        case inspections.CannotInspect():
            return Refusal(409, "cannot_inspect", "The rules of inspections do not allow it.")
        case enquiries.YourOwn():
            return Refusal(409, "your_own", "Its agent asks nobody whether it is still there.")
        case enquiries.AskedEnough():
            return Refusal(409, "asked_enough", "That has been asked often enough today.")
        case enquiries.Answered():
            return Refusal(409, "already_answered", "Nobody waits for an answer to it any more.")
        case listings.NotPublished():
            return Refusal(409, "not_published", "The property has not been published yet.")
        case listings.NothingFree():
            return Refusal(409, "nothing_free", "The property has no free times.")
        case listings.InvitedLately():
            return Refusal(409, "invited_lately", "The seeker was invited less than seven days ago.")
        case listings.NoLongerInterested():
            return Refusal(409, "no_longer_interested", "The seeker is no longer interested.")
        case listings.CannotInvite():
            return Refusal(409, "cannot_invite", "The seeker cannot be invited now.")
        case listings.NoPrice():
            return Refusal(400, "no_price", "No property can cost that.")
        case accounts.HasRights():
            return Refusal(409, "has_rights", "The account has rights here: it is changed in the console.")
        case accounts.EmailTaken():
            return Refusal(409, "email_taken", "Another account has this e-mail address.")
        case accounts.CannotChange():
            return Refusal(409, "cannot_change", "The account stays as it is.")
        case outbox.CannotRetry():
            return Refusal(409, "not_again", "It is under way, has arrived, or is of no use any more.")
        case outbox.HasLeft():
            return Refusal(409, "has_left", "It has left, or came to its end otherwise.")
        case feedback.NotInspected():
            return Refusal(409, "not_inspected", "The inspection has not taken place.")
    return None
