"""What is said when a place went to the waiting list, as its seeker did not say that they come."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Inspection, OutboxMessage, Role
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import say
from notifications import coming
from notifications.kind import Mail, Topic
from notifications.kinds.about import is_seeker
from notifications.kinds.inspections import InspectionChange, Part
from notifications.kinds.reminders import ANSWER, COMING
from notifications.recipients import ROLES


class PlaceGivenAway(InspectionChange):
    """A place is not kept any more for who was asked twice and did not answer: somebody waits for it."""

    name = "place_given_away"
    templates = ("inspection_news", "place_given_away")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    alone = True
    heading = _("Place given away")
    parts = {
        Role.SEEKER: Part(
            news=_("You did not say that you are coming, so your place goes to somebody who waits for it."),
            template="place_given_away",
            question=_("Are you coming after all? If nobody takes the place, it is yours again."),
            answer=_("Answer on the page behind this link."),
            actions=(COMING,),
        ),
        Role.AGENT: Part(
            news=_("{seeker} did not say that they are coming: the place goes to who waits for it.")
        ),
        Role.INSPECTOR: Part(
            news=_("{seeker} did not say that they are coming: the place goes to who waits for it.")
        ),
    }

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        """To the others it is said whatever has become of it."""
        again = Inspection.objects.filter(
            seeker=inspection.seeker_id, slot=inspection.slot_id, state__in=LIVE_STATES
        )
        if is_seeker(message) and inspection.slot_id is not None and again.exists():
            raise Withheld("they have a place there again")

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        mail = super().mail(message, now=now)
        if not is_seeker(message):
            return mail
        inspection = self.inspection(message)
        return Mail(
            subject=mail.subject,
            paragraphs=mail.paragraphs,
            link=(say(ANSWER), coming.address(inspection)),
            attachments=mail.attachments,
        )
