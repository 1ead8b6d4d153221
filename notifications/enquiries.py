"""What agents are asked, as the outbox knows it: the time for an answer runs from when they were told."""

from collections import defaultdict

from django.db.models import Q

from inspector_whatsapp import clock, enquiries
from inspector_whatsapp.models import Enquiry, OutboxMessage
from inspector_whatsapp.models.enquiries import EnquiryState
from notifications import told
from notifications.kinds.enquiries import EnquiryAsked


def tend() -> int:
    """Begin the time of what was told, give up what was not answered in it, or cannot be told; how many.

    Several may run at once.
    """
    open_ones = Enquiry.objects.filter(state=EnquiryState.ASKED)
    due = open_ones.filter(Q(answer_by=None) | Q(answer_by__lte=clock.now()))
    late = list(due.select_related("property").order_by("pk"))
    untold = [enquiry for enquiry in late if enquiry.answer_by is None]
    messages = _messages(untold)
    done = 0
    for enquiry in late:
        found = messages[enquiry.pk]
        if (at := told.at(found)) is not None:
            enquiries.told(enquiry, at=at)
            done += 1
        elif enquiry.answer_by is not None or told.in_vain(found):
            done += enquiries.give_up(enquiry, unreached=enquiry.answer_by is None)
    return done


def _messages(untold: list[Enquiry]) -> defaultdict[int, list[OutboxMessage]]:
    """By enquiry, what told its agent of it, or was to."""
    found: defaultdict[int, list[OutboxMessage]] = defaultdict(list)
    if not untold:
        return found
    rows = OutboxMessage.objects.filter(
        account__in={enquiry.property.agent_id for enquiry in untold},
        kind=EnquiryAsked.name,
        created_at__gte=untold[0].asked_at,
    )
    for message in rows.select_related("account", "contact").order_by("pk"):
        found[message.arguments["enquiry"]].append(message)
    return found
