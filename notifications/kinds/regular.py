"""An inspector's day and an agent's week, as they stand when the message leaves."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp.inspections.free import still_free
from inspector_whatsapp.models import Inspection, Interest, OutboxMessage, Property, Role, ShareCount
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.sharing import Step
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Address, LazyText, Words, join, say
from notifications.kind import Kind, Mail, Said, Topic, reader_of
from notifications.kinds.about import and_more, buttons, first_names, page

SHOWN = 6  # that fit into a template, and on a small phone
WEEK = timedelta(days=7)


class InspectorDay(Kind):
    """The visits that an inspector has today. `arguments`: {"day": "2026-11-28"}, by their own clock."""

    name = "inspector_day"
    templates = ("inspector_day",)
    topic = Topic.REMINDERS
    recipients = (Role.INSPECTOR,)
    useful_for = timedelta(hours=8)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        visits = self.visits(message)
        lines = [_visit(each) for each in visits[:SHOWN]]
        rest = [and_more(len(visits) - SHOWN)] if len(visits) > SHOWN else []
        shown = [join(line, _link(each)) for line, each in zip(lines, visits, strict=False)]
        return Said(
            text=join(say("*{news}*", news=self.news(visits)), *shown, *rest, separator="\n\n"),
            headline=self.news(visits),
            buttons=buttons("", ("my_assignments", _("My inspections"))),
            template="inspector_day",
            parameters={"news": self.news(visits), "visits": join(*lines, *rest, separator="; ")},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        visits = self.visits(message)
        return Mail(
            subject=self.news(visits),
            paragraphs=(
                self.news(visits),
                *(
                    join(_visit(each), say("{property:address}", property=each[0].property), _link(each))
                    for each in visits
                ),
            ),
        )

    def news(self, visits: Sequence[Sequence[Inspection]]) -> Words:
        says = ngettext_lazy("{count} inspection today", "{count} inspections today", len(visits))
        return say(says, count=len(visits))

    def visits(self, message: OutboxMessage) -> list[list[Inspection]]:
        """In their order, each with everybody who comes to it."""
        day, zone = date.fromisoformat(message.arguments["day"]), reader_of(message, markup=True).tz
        start = datetime.combine(day, time.min, zone)
        theirs = Inspection.objects.filter(
            inspector=message.account_id,
            state=InspectionState.CONFIRMED,
            clash=False,
            starts_at__gte=start,
            starts_at__lt=datetime.combine(day + timedelta(days=1), time.min, zone),
        )
        found = theirs.select_related("property", "seeker").order_by("starts_at", "slot", "pk")
        visits = [list(visit) for _slot, visit in groupby(found, key=lambda each: each.slot_id or -each.pk)]
        if not visits:
            raise Withheld("nothing is on that day any more")
        return visits


def _visit(visit: Sequence[Inspection]) -> Words:
    """`2:00 pm, Lekki Phase 1: 3-bedroom flat (PR-1042), Ada`"""
    return say(
        "{inspection:time}, {property:area}: {property:kind} ({property:ref}), {seekers}",
        inspection=visit[0],
        property=visit[0].property,
        seekers=first_names(each.seeker for each in visit),
    )


def _link(visit: Sequence[Inspection]) -> Words:
    return say("{url}", url=Address(page(visit[0].property)))


class AgentWeek(Kind):
    """How an agent's week was, and what is to come. `arguments`: {"until": when it ended}."""

    name = "agent_week"
    templates = ("agent_week",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT,)
    useful_for = timedelta(days=1)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        past, coming, times = self.week(message)
        return Said(
            text=join(
                say(_("*Your week*")),
                join(say(LAST, past=past), say(NEXT, coming=coming)),
                times,
                separator="\n\n",
            ),
            headline=say(NEXT, coming=coming),
            buttons=buttons("", ("requests", _("Who is coming")), ("slots", _("Set times"))),
            template="agent_week",
            parameters={"past": past, "coming": coming, "times": times},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        past, coming, times = self.week(message)
        return Mail(
            subject=say(_("Your week with Inspector")),
            paragraphs=(say(LAST, past=past), say(NEXT, coming=coming), times),
        )

    def week(self, message: OutboxMessage) -> tuple[Words, Words, Words]:
        """What was, what comes, and which homes have no times; Withheld where there is nothing of it."""
        until, agent = datetime.fromisoformat(message.arguments["until"]), message.account_id
        since, then = until - WEEK, until + WEEK
        own = Inspection.objects.filter(property__agent=agent, clash=False)
        done = own.filter(starts_at__gte=since, starts_at__lt=until)
        opened = _people(agent, since, until, Step.OPENED)
        past = [
            (done.filter(state=InspectionState.COMPLETED).count(), TOOK_PLACE),
            (done.filter(state=InspectionState.NO_SHOW).count(), DID_NOT),
            (
                Interest.objects.filter(
                    property__agent=agent, created_at__gte=since, created_at__lt=until
                ).count(),
                INTERESTED,
            ),
            (opened, OPENED),
            (_people(agent, since, until, Step.ASKED), ASKED),
        ]
        ahead = own.filter(starts_at__gte=until, starts_at__lt=then)
        coming = [
            (ahead.filter(state=InspectionState.CONFIRMED).count(), CONFIRMED),
            (
                own.filter(
                    state=InspectionState.REQUESTED, asked_at__isnull=False, starts_at__gte=until
                ).count(),
                WAIT,
            ),
        ]
        free = still_free(until).filter(property=OuterRef("pk"), starts_at__lt=then)
        without = list(
            Property.objects.filter(~Exists(free), agent=agent, status=PropertyStatus.LIVE).order_by("ref")
        )
        if not without and not any(many for many, _says in (*past, *coming)):
            raise Withheld("nothing happened, and nothing is to come")
        return _counted(past), _counted(coming), _without(without)


LAST = _("Last 7 days: {past}.")
NEXT = _("Next 7 days: {coming}.")
Counted = tuple[LazyText, LazyText]  # of one, of several
TOOK_PLACE: Counted = (_("{count} inspection took place"), _("{count} inspections took place"))
DID_NOT: Counted = (_("{count} did not"), _("{count} did not"))
INTERESTED: Counted = (_("{count} new person interested"), _("{count} new people interested"))
OPENED: Counted = (_("{count} person opened your links"), _("{count} people opened your links"))
ASKED: Counted = (_("{count} asked in WhatsApp"), _("{count} asked in WhatsApp"))
CONFIRMED: Counted = (_("{count} inspection"), _("{count} inspections"))
WAIT: Counted = (_("{count} request waits for you"), _("{count} requests wait for you"))


def _counted(many: Sequence[tuple[int, Counted]]) -> Words:
    """What there is of it, on a line."""
    there = [say(says[count != 1], count=count) for count, says in many if count]
    return join(*there, separator=", ") if there else say(_("nothing"))


def _without(homes: Sequence[Property]) -> Words:
    if not homes:
        return say(_("All your homes have free times in the next 7 days."))
    shown = join(*(say("{property}", property=each) for each in homes[:SHOWN]), separator="; ")
    rest = [and_more(len(homes) - SHOWN)] if len(homes) > SHOWN else []
    return say(_("No free times in the next 7 days: {homes}."), homes=join(shown, *rest, separator="; "))


def _people(agent: int | None, since: datetime, until: datetime, step: Step) -> int:
    """Who came by links to the agent's homes, or by the agent's own; a day is counted as a whole."""
    zone = get_default_timezone()
    days = ShareCount.objects.filter(
        Q(property__agent=agent) | Q(source__agent=agent),
        step=step,
        day__gte=since.astimezone(zone).date(),
        day__lt=until.astimezone(zone).date(),
    )
    return int(days.aggregate(many=Sum("people"))["many"] or 0)
