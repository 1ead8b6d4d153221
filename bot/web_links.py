"""A message that the website wrote: the person presses *Connect WhatsApp* there, and sends it from here."""

from django.utils.translation import gettext_lazy as _

from bot.said import Said
from bot.scripts import Person
from inspector_whatsapp.models import Contact
from inspector_whatsapp.words import Words, say
from linking import intents


def token_in(said: Said) -> str | None:
    """The token that the message is; None for any other message."""
    return None if said.tap or not said.is_words else intents.token_in(said.text)


def hear(token: str, person: Person) -> Words:
    """Let this chat propose itself on the website; what the person reads of that."""
    claimed = intents.claim(contact=person.contact, token=token, now=person.now)
    match claimed.is_:
        case "waiting":
            return _almost(person.contact)
        case "already":
            return say(
                _("This chat is connected to {account:email} already: there is nothing to confirm."),
                account=claimed.account,
            )
        case "over":
            return say(
                _("That link has expired or was already used. Press *Connect WhatsApp* on the website again.")
            )


def _almost(contact: Contact) -> Words:
    """They may not be the one who pressed: somebody may have sent them the message."""
    if contact.phone:
        return say(
            _(
                "Almost done. Go back to the website page you came from and confirm the number ending "
                "{last}. If someone sent you this message text, do nothing – nobody is connected yet."
            ),
            last=contact.phone[-4:],
        )
    if contact.username:
        return say(
            _(
                "Almost done. Go back to the website page you came from and confirm the WhatsApp account "
                "@{username}. If someone sent you this message text, do nothing – nobody is connected yet."
            ),
            username=contact.username,
        )
    return say(
        _(
            "Almost done. Go back to the website page you came from and confirm that this was you. If "
            "someone sent you this message text, do nothing – nobody is connected yet."
        )
    )
