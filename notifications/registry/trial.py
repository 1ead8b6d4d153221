"""A template sent to the admin's own phone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import Contact, User
from inspector_whatsapp.outbox import Outgoing
from notifications.models import MessageTemplate
from notifications.registry.finding import Unusable, find

KIND: Final = "template_test"
CHANNEL: Final = "whatsapp"
_USEFUL: Final = timedelta(hours=1)


class CannotSendTest(Exception):
    """The words say why."""


class NoNumber(CannotSendTest):
    """The admin's account has no phone number to send it to."""


def send_test(row: MessageTemplate, *, to: User, values: Mapping[str, str] | None = None) -> None:
    """Write a message by this template to an admin's number on WhatsApp; without `values`, with its examples.

    Raises CannotSendTest when they have no number, or when it is not what people get now.
    """
    if not to.phone:
        raise NoNumber(_("Your account has no phone number: add it to your account first."))
    found = find(row.name, language=row.language)
    if isinstance(found, Unusable):
        raise CannotSendTest(_("It cannot be sent: %(why)s.") % {"why": found.why})
    if (found.template, found.language) != (row.name_at_meta, row.language):
        raise CannotSendTest(
            _("People get %(template)s now: send the test from its page.") % {"template": found.template}
        )
    now = clock.now()
    contact, _made = Contact.objects.get_or_create(phone=to.phone, defaults={"created_at": now})
    outbox.add(
        Outgoing(
            kind=KIND,
            channel=CHANNEL,
            contact=contact,
            account=to,
            # By template, whatever the window.
            arguments={"template": row.pk, "window_closed": True}
            | ({"values": dict(values)} if values else {}),
            expires_at=now + _USEFUL,
        )
    )
