"""What agents are asked, as the outbox knows it: the time for an answer runs from when they were told."""

from django.db.models import Q

from inspector_whatsapp import clock, enquiries
from inspector_whatsapp.models import Enquiry
from inspector_whatsapp.models.enquiries import EnquiryState
from notifications.answering import Heard, messages_of
from notifications.kinds.enquiries import EnquiryAsked


def tend() -> int:
    """Begin the time of what was told, give up what was not answered in it, or cannot be told; how many.

    Several may run at once.
    """
    open_ones = Enquiry.objects.filter(state=EnquiryState.ASKED)
    due = open_ones.filter(Q(answer_by=None) | Q(answer_by__lte=clock.now()))
    late = list(due.select_related("property").order_by("pk"))
    untold = [enquiry for enquiry in late if enquiry.answer_by is None]
    messages = messages_of(
        EnquiryAsked.name, "enquiry", [(each.property.agent_id, each.asked_at) for each in untold]
    )
    done = 0
    for enquiry in late:
        heard = Heard.of(messages.get(enquiry.pk, ()))
        if enquiry.answer_by is not None:
            done += enquiries.give_up(enquiry, unreached=False)
        elif heard.told_at is not None:
            enquiries.told(enquiry, at=heard.told_at)
            done += 1
        elif heard.in_vain:
            done += enquiries.give_up(enquiry, unreached=True)
    return done
