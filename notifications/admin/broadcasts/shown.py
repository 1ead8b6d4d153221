"""What the page of a broadcast shows besides its fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspector_whatsapp import clock
from inspector_whatsapp.marks import short, visible
from inspector_whatsapp.models import User
from inspector_whatsapp.models.outbox import Status
from notifications import broadcasts, registry
from notifications.broadcasts import Cost, Why
from notifications.broadcasts.audience import NOT_ARRIVED
from notifications.broadcasts.costs import money
from notifications.models import Broadcast, MessageTemplate
from notifications.models.broadcasts import Standing
from notifications.registry import Unusable, shape

COUNTS = ("queued", "sent", "delivered", "read", "failed", "withheld", "uncertain", "left_out")
FEW = 5  # people that are shown for each reason


@dataclass(frozen=True)
class Some:
    """Those that stand for one reason, and the first of them."""

    says: str
    many: int
    people: list[tuple[str, SafeString]]


def said(row: Broadcast, reader: User) -> list[dict[str, Any]]:
    """As people read it, in each language that it has words in, with the reader's own name."""
    found = []
    for language in ("en", "pcm") if row.text_pcm else ("en",):
        usable = registry.find(row.kind, language=language)
        versions = MessageTemplate.objects.filter(name=row.kind).order_by("-version")
        if isinstance(usable, Unusable):
            version, why = versions.first(), visible(usable.why)
        else:
            version, why = versions.get(name_at_meta=usable.template, language=usable.language), None
        given = broadcasts.values(row, reader, language)
        body = shape.filled(version.body if version else "{{text}}", given)
        found.append({"body": visible(body), "why": why})
    return found


def some(row: Broadcast, counts: Mapping[str, int], *, named: bool) -> list[Some]:
    """Who gets it, and who does not by reason, each with the first few."""
    order = [("", _("get it"))] + [(why.value, str(why.label)) for why in Why]
    return [
        Some(str(says), counts[why], list(_first(row, why)) if named else [])
        for why, says in order
        if counts.get(why)
    ]


def _first(row: Broadcast, why: str) -> Iterable[tuple[str, SafeString]]:
    found = broadcasts.people(row, now=clock.now()).filter(why=why).order_by("pk")
    for person in found[:FEW]:
        yield reverse("admin:inspector_whatsapp_user_change", args=[person.pk]), short(str(person))


def not_arrived(row: Broadcast) -> list[dict[str, Any]]:
    """The first whom it did not reach, each with the way to the message."""
    found = row.recipients.select_related("message", "account").filter(
        message__status__in=(*NOT_ARRIVED, Status.UNCERTAIN)
    )
    return [
        {
            "page": reverse("admin:inspector_whatsapp_outboxmessage_change", args=[each.message.pk]),
            "name": short(str(each.account)),
            "what": each.message.get_status_display(),
            "why": short(each.message.reason),
        }
        for each in found.order_by("pk")[:20]
        if each.message is not None
    ]


def far(row: Broadcast) -> dict[str, Any]:
    """Plain numbers and one sentence."""
    found, standing = broadcasts.progress(row), row.standing(clock.now())
    counts = {"over": f"{found.over:,}", "people": f"{found.people:,}"}
    sentence = {
        Standing.PLANNED: _("It has not begun: %(people)s people."),
        Standing.PAUSED: _("Paused after %(over)s of %(people)s people."),
        Standing.STOPPED: _("Stopped after %(over)s of %(people)s people."),
        Standing.FAILED: _("Given up after %(over)s of %(people)s people."),
    }.get(standing, _("%(over)s of %(people)s people."))
    return {
        "says": sentence % counts,
        "open": standing in (Standing.PLANNED, Standing.GOING),
        "place": found.over,
        "total": found.people,
        **{name: getattr(found, name) for name in COUNTS},
    }


def in_words(cost: Cost) -> dict[str, str]:
    """What a page says of it."""
    if cost.price is None or cost.total is None:
        total = _("No price of %(category)s is kept under Prices: nobody can say.") % {
            "category": cost.category
        }
    else:
        total = _("At most %(total)s: %(people)s × %(price)s (%(category)s).") % {
            "total": money(cost.total, cost.currency),
            "people": f"{cost.people:,}",
            "price": f"{cost.price.normalize():f}",
            "category": cost.category,
        }
    budget = ""
    if cost.budget:
        budget = _(
            "%(spent)s of this month's %(budget)s is spent; %(bound)s is bound by broadcasts on their way."
        )
        budget %= {
            "spent": money(cost.spent, ""),
            "budget": f"{cost.budget:,}",
            "bound": money(cost.bound, cost.currency),
        }
    return {"total": total, "budget": budget}
