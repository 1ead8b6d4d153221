"""What an intent and a flow are called when it is asked which of them is meant."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from bot.assistant.commands import Command, Intent
from bot.models import Conversation
from inspector_whatsapp.words import LazyText, Words, say

# As a button: no longer than 20 characters.
SHORT: Final[Mapping[Intent, LazyText]] = {
    Intent.SEARCH_PROPERTIES: _("Look for a property"),
    Intent.MORE_RESULTS: _("More results"),
    Intent.PROPERTY_DETAILS: _("About a property"),
    Intent.CHECK_AVAILABILITY: _("Is it on offer?"),
    Intent.LIST_SLOTS: _("See free times"),
    Intent.BOOK_INSPECTION: _("Book an inspection"),
    Intent.RESCHEDULE_INSPECTION: _("Change the time"),
    Intent.CANCEL_INSPECTION: _("Cancel an inspection"),
    Intent.MY_INSPECTIONS: _("My inspections"),
    Intent.INSPECTION_REPORT: _("Read a report"),
    Intent.SUBMIT_REPORT: _("Report on a visit"),
    Intent.CONTACT_AGENT: _("Reach the agent"),
    Intent.CREATE_ALERT: _("Tell me of new ones"),
    Intent.MY_LISTINGS: _("My properties"),
    Intent.ADD_LISTING: _("Add a property"),
    Intent.UPDATE_LISTING: _("Change a property"),
    Intent.MY_ACCOUNT: _("My account"),
    Intent.PAYMENT_QUERY: _("Payments"),
    Intent.REPORT_PROBLEM: _("Report a problem"),
    Intent.HUMAN_HANDOFF: _("Talk to a person"),
    Intent.HELP: _("Help"),
}

# In the middle of something else.
_INSTEAD: Final[Mapping[Intent, LazyText]] = {
    Intent.SEARCH_PROPERTIES: _("Shall I look for properties instead?"),
    Intent.PROPERTY_DETAILS: _("Shall I show you that property instead?"),
    Intent.CHECK_AVAILABILITY: _("Shall I see whether that property is still on offer instead?"),
    Intent.LIST_SLOTS: _("Shall I show you the free times of that property instead?"),
    Intent.BOOK_INSPECTION: _("Shall I book an inspection instead?"),
    Intent.RESCHEDULE_INSPECTION: _("Shall I change the time of an inspection instead?"),
    Intent.CANCEL_INSPECTION: _("Shall I cancel an inspection instead?"),
    Intent.MY_INSPECTIONS: _("Shall I look at your schedule instead?"),
    Intent.INSPECTION_REPORT: _("Shall I look for the report instead?"),
    Intent.SUBMIT_REPORT: _("Shall I take your report on a visit instead?"),
    Intent.CONTACT_AGENT: _("Shall I help you reach the agent instead?"),
    Intent.CREATE_ALERT: _("Shall I tell you of new properties instead?"),
    Intent.MY_LISTINGS: _("Shall I look at your properties instead?"),
    Intent.ADD_LISTING: _("Shall I add a property instead?"),
    Intent.UPDATE_LISTING: _("Shall I change your property instead?"),
    Intent.MY_ACCOUNT: _("Shall I open your account and settings instead?"),
    Intent.PAYMENT_QUERY: _("Shall I see to your question about payments instead?"),
    Intent.REPORT_PROBLEM: _("Shall I take your report of a problem instead?"),
    Intent.HUMAN_HANDOFF: _("Shall I call one of our people instead?"),
    Intent.HELP: _("Shall I tell you how it works instead?"),
}

# What somebody was at: with a ref that tells which, and without.
_WERE: Final[Mapping[str, tuple[LazyText, LazyText]]] = {
    "book_inspection": (_("You were booking {ref}."), _("You were booking an inspection.")),
    "reschedule": (_("You were changing the time of {ref}."), _("You were changing the time.")),
    "cancel": (_("You were cancelling {ref}."), _("You were cancelling an inspection.")),
    "describe_property": (_("You were describing a property."), _("You were describing a property.")),
    "open_slots": (_("You were opening times for {ref}."), _("You were opening times.")),
    "time_off": (_("You were taking time off."), _("You were taking time off.")),
    "report_problem": (_("You were reporting a problem."), _("You were reporting a problem.")),
    "complete_visit": (_("You were reporting on {ref}."), _("You were reporting on a visit.")),
    "confirm_completion": (_("You were reporting on a visit."), _("You were reporting on a visit.")),
    "save_alert": (_("You were keeping an alert."), _("You were keeping an alert.")),
    "feedback": (_("You were telling me how {ref} was."), _("You were telling me how it was.")),
}
_SOMETHING = _("You were in the middle of something.")


def short(command: Command) -> Words:
    """A command as a button."""
    return say(SHORT[command.intent])


def can_be_offered(command: Command) -> bool:
    """Whether it is something to do at all."""
    return command.intent in _INSTEAD


def instead(command: Command) -> Words:
    """The question whether to do it instead."""
    return say(_INSTEAD[command.intent])


def were(talk: Conversation, *, ref: str) -> Words:
    """What somebody is in the middle of."""
    with_ref, without = _WERE.get(talk.flow, (_SOMETHING, _SOMETHING))
    return say(with_ref, ref=ref) if ref else say(without)
