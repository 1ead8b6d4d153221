"""What the bot promises of reminders: what the person has chosen."""

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import User
from inspector_whatsapp.words import Words, say
from notifications import preferences
from notifications.kind import Topic
from notifications.recipients import EMAIL, WHATSAPP


def promise(user: User) -> Words:
    """By which ways they will be reminded of an inspection; nothing where they want none."""
    wishes = preferences.of(user)
    match wishes.wants(Topic.REMINDERS, WHATSAPP), wishes.wants(Topic.REMINDERS, EMAIL):
        case True, True:
            return say(_("I'll remind you here and by e-mail."))
        case True, False:
            return say(_("I'll remind you here."))
        case False, True:
            return say(_("I'll remind you by e-mail."))
    return say("")
