"""What each kind of incident is called, whether somebody is told of it at once, and what to do about it.

docs/operating.md has the same kinds; a test compares both with what the code reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    """Whether it can wait until somebody looks at the list."""

    NOW = "now", _("at once")  # the admins get an e-mail at once, of this alone
    ACT = "act", _("act now")  # the admins get an e-mail
    LOOK = "look", _("worth a look")


@dataclass(frozen=True)
class Kind:
    """title: what is wrong, in a few words. todo: what to do. Neither names anybody."""

    title: str | Promise
    severity: Severity
    todo: str | Promise


_NOW, _ACT, _LOOK = Severity.NOW, Severity.ACT, Severity.LOOK

KINDS: Final[Mapping[str, Kind]] = {
    # --- Meta and the other providers -----------------------------------------------------------------------
    "token_refused": Kind(
        _("A provider does not let us in"),
        _ACT,
        _("Renew the token or the password that its sentence names. Messages wait and leave by themselves."),
    ),
    "channel_shut": Kind(
        _("A provider takes nothing"),
        _ACT,
        _("Nothing, if it is Meta's trouble: messages wait. Channel states say why and until when."),
    ),
    "language_model_fails": Kind(
        _("The language model does not answer"),
        _LOOK,
        _("Look at ASSISTANT_MODEL, its key and its provider. The built-in interpreter answers meanwhile."),
    ),
    "transcription_fails": Kind(
        _("Voice notes cannot be listened to"),
        _LOOK,
        _("Look at TRANSCRIPTION_URL, its key and its model. People are asked to type meanwhile."),
    ),
    "webhook_silent": Kind(
        _("Meta tells us nothing any more"),
        _ACT,
        _("Check the webhook's address and subscription in Meta's app, and that we can be reached."),
    ),
    "signatures_refused": Kind(
        _("Webhooks with wrong signatures arrive"),
        _ACT,
        _("Compare WHATSAPP_APP_SECRET with Meta's app. If it is right, others send them: block those."),
    ),
    "webhook_unparseable": Kind(
        _("A webhook could not be read"), _LOOK, _("It is kept. Report it to the developers with its id.")
    ),
    "webhook_item_unknown": Kind(
        _("Meta sent something new"), _LOOK, _("It is kept. Report it to the developers with its id.")
    ),
    "webhook_foreign": Kind(
        _("Messages for another number arrive"),
        _LOOK,
        _("Check which numbers the webhook in Meta's app is subscribed for."),
    ),
    "webhook_replayed": Kind(
        _("An old webhook was sent again"),
        _LOOK,
        _("Somebody may have captured it. Look at where it came from."),
    ),
    "meta_account_update": Kind(
        _("Meta says something of our account"),
        _ACT,
        _("Read the webhook that it names, and look into Meta's manager: it may be a restriction."),
    ),
    "meta_account_alerts": Kind(
        _("Meta warns of our account"),
        _ACT,
        _("Read the webhook that it names, and look into Meta's manager."),
    ),
    "meta_phone_number_quality_update": Kind(
        _("Our number's quality or limit changed"),
        _LOOK,
        _("Look at it in Meta's manager; send fewer offers if people block or report us."),
    ),
    "meta_errors": Kind(_("Meta reports errors"), _LOOK, _("Read the webhook that it names.")),
    "monthly_budget": Kind(
        _("The month's budget is nearly or wholly used up"),
        _ACT,
        _("Look at what WhatsApp costs by category. Broadcasts pause by themselves, nothing else stops."),
    ),
    "broadcast_paused": Kind(
        _("A broadcast paused itself: the month's budget is used up"),
        _ACT,
        _("Resume it with a larger budget or in the next month, or stop it."),
    ),
    # --- messages -------------------------------------------------------------------------------------------
    "message_quarantined": Kind(
        _("A person's message could not be answered"),
        _LOOK,
        _("They were told so, and the chat has gone on. Look at its error; answer them if it matters."),
    ),
    "message_uncertain": Kind(
        _("Nobody knows whether a message arrived"), _LOOK, _("Ask the person, send it again, or leave it.")
    ),
    "message_not_prepared": Kind(
        _("A message could not be put into words"),
        _LOOK,
        _("A mistake of ours: report it to the developers."),
    ),
    "human_wanted": Kind(
        _("Somebody asks for a person"), _ACT, _("Open the conversation, take over and answer.")
    ),
    "reminders_missed": Kind(
        _("Reminders were not sent in time"),
        _LOOK,
        _("See what stood still then, and tell the people if it matters."),
    ),
    # --- templates ------------------------------------------------------------------------------------------
    "template_unusable": Kind(
        _("A template cannot be sent"),
        _ACT,
        _("Submit it, or see what its page says. Until then such messages go by e-mail or not at all."),
    ),
    "template_lost": Kind(
        _("Meta took a template away"),
        _ACT,
        _("Wait out a pause, or reword it under Message templates and submit the new version."),
    ),
    "template_edited": Kind(
        _("A template was edited at Meta"), _LOOK, _("Undo the edit there, or submit a new version here.")
    ),
    "template_category_changed": Kind(
        _("Meta counts a template as something else"),
        _LOOK,
        _("Take what advertises out of its wording, or accept the other price and close this."),
    ),
    "template_category_will_change": Kind(
        _("Meta will count a template as something else"),
        _LOOK,
        _("Take what advertises out of its wording within a day, or accept the other price and close this."),
    ),
    "template_sync_failed": Kind(
        _("Meta's list of templates cannot be read"),
        _LOOK,
        _("Mend the token or its permission whatsapp_business_management."),
    ),
    # --- the service itself ---------------------------------------------------------------------------------
    "beat_silent": Kind(
        _("The schedules stand still"), _ACT, _("Start the beat. What was due follows by itself.")
    ),
    "schedule_failing": Kind(
        _("A schedule fails again and again"),
        _ACT,
        _("Look for its error in the worker's log; its next success closes this."),
    ),
    "clock_skew": Kind(
        _("A machine's clock is wrong"), _ACT, _("Mend its time service: crontabs go by that clock.")
    ),
    # --- inspections ----------------------------------------------------------------------------------------
    "inspector_wanted": Kind(
        _("An inspection has no inspector"), _ACT, _("Open the inspection and assign somebody.")
    ),
    "clash": Kind(
        _("Two inspections want the same place"),
        _ACT,
        _("Decide with the people which of the two it is, and cancel the other at Inspector."),
    ),
    "problem_reported": Kind(
        _("Somebody reports a problem"), _ACT, _("Read the report, act, and close it there.")
    ),
    # --- safe visits ----------------------------------------------------------------------------------------
    "unsafe": Kind(
        _("Somebody feels unsafe at a visit"),
        _NOW,
        _("Call them, write to them in their chat, send help. Close it when you know that they are safe."),
    ),
    "unsafe_taken_back": Kind(
        _("Somebody who felt unsafe says that they are fine"),
        _NOW,
        _("Call them all the same: somebody may have made them say so. Then close both."),
    ),
    "visit_overdue": Kind(
        _("Somebody has not left a visit and does not answer"),
        _NOW,
        _("Call them, and whoever else was to be there. It closes when they say that they are out."),
    ),
    # --- linking --------------------------------------------------------------------------------------------
    "linking_closed": Kind(
        _("Somebody guessed codes for an account"),
        _LOOK,
        _("Ask its owner. Under Guards of accounts the chat can be allowed to link it again."),
    ),
    "link_codes_flood": Kind(
        _("Very many linking codes are asked for"),
        _ACT,
        _("See under Link challenges who asks; block them if nobody of them links anything."),
    ),
    # --- Inspector ------------------------------------------------------------------------------------------
    "sync_failing": Kind(
        _("Inspector's data cannot be read"), _ACT, _("manage.py check_inspector says what is missing.")
    ),
    "sync_refused": Kind(
        _("Rows of Inspector's do not fit"), _LOOK, _("Mend the rows that it names, or the view.")
    ),
    "sync_differs": Kind(
        _("Inspector's rows and ours differ"),
        _LOOK,
        _("manage.py check_inspector --compare lists them; a row that is touched there is sent again."),
    ),
    "photo_not_fetched": Kind(
        _("A photo of Inspector's did not come"), _LOOK, _("Mend its address there, with a new version.")
    ),
    "webhook_dead": Kind(
        _("Inspector's backend takes no events"),
        _ACT,
        _("Mend it, then choose the failed ones under Messages and replay them."),
    ),
    "command_refused": Kind(
        _("Inspector's backend refused something"),
        _LOOK,
        _("See why, there. What can be undone here has been."),
    ),
    "command_unanswered": Kind(
        _("Inspector's backend did not answer in time"),
        _LOOK,
        _("What was booked is declined or put back. Tell the people if it matters."),
    ),
    "command_conflict": Kind(_("A row exists twice at Inspector"), _LOOK, _("Merge the two there.")),
    "answer_not_taken_in": Kind(
        _("An answer of Inspector's could not be used"),
        _LOOK,
        _("A mistake of ours: report it to the developers."),
    ),
}

# Whatever else Meta reports is `meta_` and its name for it.
_META = Kind(_("Meta reports something"), _LOOK, _("Read the webhook that it names."))
_UNKNOWN = Kind(_("Something is wrong"), _LOOK, _("See its sentence."))


def kind_of(name: str) -> Kind:
    """The kind of that name; one that an older release reported is something unknown."""
    return KINDS.get(name) or (_META if name.startswith("meta_") else _UNKNOWN)


def worth_a_mail() -> list[str]:
    """The names of the kinds that the admins are told of."""
    return [name for name, kind in KINDS.items() if kind.severity != Severity.LOOK]


def at_once() -> list[str]:
    """The names of those that they are told of at once."""
    return [name for name, kind in KINDS.items() if kind.severity == Severity.NOW]
