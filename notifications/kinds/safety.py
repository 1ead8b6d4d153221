"""What whoever has not left a visit in time is asked."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, OutboxMessage, Role, Stay
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications.kind import Kind, Mail, Said, Topic, Urgency
from notifications.kinds.about import ANSWER_IN_THE_CHAT, Action, buttons, is_seeker, sentences

OUT_OR_NOT: tuple[Action, ...] = (
    ("leave_visit", _("I'm out")),
    ("stay_longer", _("I need more time")),
    ("feel_unsafe", _("I feel unsafe")),
)
ARE_YOU_OUT = _("The time of this inspection is over. Are you out, and well?")
OR_ELSE = _("If I don't hear from you by {until:time}, our people will look for you.")


class VisitOverdue(Kind):
    """Whoever shows a property has not left in time. `arguments`: {"stay": pk, "asked_at": …}."""

    name = "visit_overdue"
    templates = ("visit_overdue",)
    topic = Topic.INSPECTIONS
    recipients = (Role.INSPECTOR, Role.AGENT)
    urgency = Urgency.NOW
    alone = True

    def essential(self, message: OutboxMessage, *, now: datetime) -> bool:
        return True

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        stay = self.stay(message)
        until = say(OR_ELSE, until=stay.due_at)
        return Said(
            text=join(
                say(ARE_YOU_OUT),
                say("*{property:short}*\n{inspection:when}", **_about(stay)),
                until,
                separator="\n\n",
            ),
            buttons=buttons(stay.inspection.ref, *OUT_OR_NOT),
            template="visit_overdue",
            parameters={
                "property": say("{property}", **_about(stay)),
                "when": say("{inspection:when}", **_about(stay)),
                "until": say("{until:time}", until=stay.due_at),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        stay = self.stay(message)
        return Mail(
            subject=say(_("Are you out? {property:short}, {inspection:when}"), **_about(stay)),
            paragraphs=(
                say(ARE_YOU_OUT),
                say("{property}\n{inspection:when}", **_about(stay)),
                sentences(say(OR_ELSE, until=stay.due_at), ANSWER_IN_THE_CHAT),
            ),
        )

    def stay(self, message: OutboxMessage) -> Stay:
        rows = Stay.objects.select_related("inspection__property")
        stay = rows.filter(pk=message.arguments["stay"]).first()
        asked_at = datetime.fromisoformat(message.arguments["asked_at"])
        if stay is None or stay.asked_at != asked_at or stay.due_at is None:
            raise Withheld("they have answered, or the admins look for them already")
        return stay


def _about(stay: Stay) -> dict[str, object]:
    return {"inspection": stay.inspection, "property": stay.inspection.property}


# --- the code for the door --------------------------------------------------------------------------------
def code(inspection: Inspection, message: OutboxMessage, now: datetime) -> str:
    """The code of the visit as its reader may know it: `🔑 4711`, or nothing."""
    return inspections.code_for(inspection, message.account_id, now=now)


def at_the_door(inspection: Inspection, message: OutboxMessage, now: datetime) -> tuple[Words, ...]:
    """The code, and how it proves who they are; none where it is not for the reader, or not yet."""
    drawn = code(inspection, message, now)
    if not drawn:
        return ()
    if is_seeker(message):
        says = _("Door code: {code}. Ask whoever meets you for it: they know the same one.")
        return (say(says, code=drawn),)
    says = _("Door code: {code}. {seeker:first} will ask you for it.")
    return (say(says, code=drawn, seeker=inspection.seeker),)
