"""What is said of inspections: to the seeker, the property's agent, and the inspector."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Inspection, OutboxMessage, Property, Role, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications import calendar
from notifications.kind import Kind, Mail, Said
from notifications.models import Reminder as ReminderRow
from notifications.models import ReminderState
from notifications.timeleft import TimeLeft

COMING, CHANGE, CANCEL = _("I'm coming"), _("Change"), _("Cancel")


class _OfInspection(Kind):
    """What the kinds here share. `arguments`: {"inspection": pk, "revision": n, "role": …}."""

    def inspection(self, message: OutboxMessage) -> Inspection:
        """The inspection as it now is; Withheld when it is no longer what the message was written for."""
        rows = Inspection.objects.select_related("property__agent", "seeker", "inspector")
        inspection = rows.filter(pk=message.arguments["inspection"]).first()
        if inspection is None:
            raise Withheld("the inspection is gone")
        self.check(inspection, message)
        return inspection

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.state not in LIVE_STATES:
            raise Withheld(f"the inspection has been {inspection.state} meanwhile")
        if inspection.revision != message.arguments["revision"]:
            raise Withheld("the inspection has been moved meanwhile")


class _Change(_OfInspection):
    """Something became of an inspection. The words differ by kind and by whether the reader is the seeker."""

    template: ClassVar[str] = "inspection_news"
    actions: ClassVar[tuple[tuple[str, LazyText], ...]] = (("reschedule", CHANGE), ("cancel", CANCEL))
    # What happened: as a heading, to the seeker, and of the seeker.
    heading: ClassVar[LazyText]
    to_seeker: ClassVar[LazyText]
    of_seeker: ClassVar[LazyText]

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        inspection = self.inspection(message)
        values = _values(inspection)
        news = self.news(inspection, message)
        if not self.actions or not _is_seeker(message):
            return _plainly(inspection, news)
        return Said(
            text=join(news, say(WHAT_WHERE_WHEN, **values), who(inspection), say(REF, **values)),
            buttons=_buttons(inspection, self.actions),
            template=self.template,
            parameters=_parameters(inspection, person=say("{person}", person=_guide(inspection))),
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        inspection = self.inspection(message)
        values = _values(inspection)
        assert message.account is not None
        link = page(inspection.property)
        return Mail(
            subject=say("{heading}: {property:short}, {inspection:when}", heading=self.heading, **values),
            paragraphs=tuple(
                paragraph
                for paragraph in (
                    self.news(inspection, message),
                    say(WHAT_WHERE_WHEN, **values),
                    who(inspection) if _is_seeker(message) and self.actions else None,
                    say(REF, **values),
                )
                if paragraph is not None
            ),
            link=(say(_("See the property")), link),
            attachments=(calendar.invitation(inspection, attendee=message.account, now=now, link=link),),
        )

    def news(self, inspection: Inspection, message: OutboxMessage) -> Words:
        """What happened, in one sentence."""
        sentence = self.to_seeker if _is_seeker(message) else self.of_seeker
        return say(sentence, **_values(inspection))


class InspectionBooked(_Change):
    """An inspection was booked."""

    name = "inspection_booked"
    template = "inspection_booked"
    heading = _("Inspection booked")
    to_seeker = _("Your inspection is booked.")
    of_seeker = _("{seeker} booked an inspection.")


class InspectionMoved(_Change):
    """An inspection is at another time."""

    name = "inspection_moved"
    template = "inspection_changed"
    heading = _("Inspection moved")
    to_seeker = _("Your inspection has been moved.")
    of_seeker = _("The inspection with {seeker} has been moved.")

    def news(self, inspection: Inspection, message: OutboxMessage) -> Words:
        news = super().news(inspection, message)
        before = parse_datetime(str(message.arguments.get("from", "")))
        if before is None or before == inspection.starts_at:
            return news
        return join(news, say(_("It was to be {before}."), before=before), separator=" ")


class InspectionCancelled(_Change):
    """An inspection will not take place. Said whatever has become of it since."""

    name = "inspection_cancelled"
    actions = ()
    heading = _("Inspection cancelled")
    to_seeker = _("Your inspection has been cancelled.")
    of_seeker = _("The inspection with {seeker} has been cancelled.")

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        """Always wanted."""


class Reminder(_OfInspection):
    """An inspection is near; says the time really left. `arguments` have the "reminder" as well."""

    name = "reminder"
    actions: ClassVar[tuple[tuple[str, LazyText], ...]] = (
        ("coming", COMING),
        ("reschedule", CHANGE),
        ("cancel", CANCEL),
    )

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.state not in LIVE_STATES:
            raise Withheld(f"the inspection has been {inspection.state} meanwhile")
        # By its own row: a change that left the time as it was has left the reminder standing.
        row = ReminderRow.objects.filter(pk=message.arguments["reminder"], state=ReminderState.QUEUED).first()
        if row is None or row.revision != inspection.revision:
            raise Withheld("the inspection has been moved meanwhile")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        inspection = self.inspection(message)
        values = _values(inspection)
        news = self.news(inspection, message, now)
        if not _is_seeker(message):
            return _plainly(inspection, news)
        return Said(
            text=join(news, say(WHAT_WHERE_WHEN, **values), who(inspection)),
            buttons=_buttons(inspection, self.actions),
            template="inspection_reminder",
            parameters=_parameters(
                inspection,
                left=say("{left}", left=_left(inspection, now)),
                person=say("{person}", person=_guide(inspection)),
            ),
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        inspection = self.inspection(message)
        values = _values(inspection)
        return Mail(
            subject=say(_("Inspection {left}: {property:short}"), left=_left(inspection, now), **values),
            paragraphs=(
                self.news(inspection, message, now),
                say(WHAT_WHERE_WHEN, **values),
                who(inspection) if _is_seeker(message) else say(_("Who comes: {seeker}"), **values),
                say(REF, **values),
            ),
            link=(say(_("See the property")), page(inspection.property)),
        )

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        values = _values(inspection) | {"left": _left(inspection, now)}
        if _is_seeker(message):
            return say(_("Your inspection is {left}."), **values)
        return say(_("{seeker} comes to inspect {left}."), **values)


# --- words that the kinds share ---------------------------------------------------------------------------
WHAT_AND_WHEN = _("{property}\n{property:address}\n{inspection:when}\nRef {inspection}")
WHAT_WHERE_WHEN = _("{property}\n{property:address}\n{inspection:when}")
REF = _("Ref {inspection}")


def page(property: Property) -> str:
    """The property on the website."""
    return property.url or f"{settings.PUBLIC_URL}/p/{property.ref}"


def who(inspection: Inspection) -> Words:
    """Whom the seeker meets."""
    return say(_("You will meet {person}."), person=_guide(inspection))


def _is_seeker(message: OutboxMessage) -> bool:
    return bool(message.arguments["role"] == Role.SEEKER)


def _guide(inspection: Inspection) -> User:
    return inspection.inspector or inspection.property.agent


def _left(inspection: Inspection, now: datetime) -> TimeLeft:
    return TimeLeft(now, inspection.starts_at)


def _values(inspection: Inspection) -> dict[str, object]:
    first_name = inspection.seeker.name.split()[:1]
    return {
        "inspection": inspection,
        "property": inspection.property,
        # Agents and inspectors get the first name, and no address of a person.
        "seeker": first_name[0] if first_name else _("Somebody"),
    }


def _plainly(inspection: Inspection, news: Words) -> Said:
    """For whom there is nothing to tap: what happened, of what, when."""
    return Said(
        text=join(news, say(WHAT_AND_WHEN, **_values(inspection))),
        template="inspection_news",
        parameters=_parameters(inspection, news=news),
    )


def _parameters(inspection: Inspection, **more: Words) -> Mapping[str, Words]:
    """Values that every template of inspections has, and `more`."""
    values = _values(inspection)
    return {
        "property": say("{property}", **values),
        "address": say("{property:address}", **values),
        "when": say("{inspection:when}", **values),
        "ref": say("{inspection}", **values),
    } | more


def _buttons(
    inspection: Inspection, actions: tuple[tuple[str, LazyText], ...]
) -> tuple[tuple[str, Words], ...]:
    """Buttons that begin a flow about this inspection; with its revision, so that an old one is known."""
    about = f"{inspection.ref}.{inspection.revision}"
    return tuple((f"v1|start|{flow}|{about}", say(title)) for flow, title in actions)
