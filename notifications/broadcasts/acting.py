"""What staff do with a broadcast: try it, confirm it, pause, resume and stop it. Each is audited."""

from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from inspector_whatsapp import audit, clock, doorbell, incidents, jobs, outbox
from inspector_whatsapp.alone import BROADCAST
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.words import Reader, say
from notifications import registry
from notifications.broadcasts.audience import people
from notifications.broadcasts.costs import Cost, cost_of, money
from notifications.broadcasts.writing import PAUSED, WRITE
from notifications.models import Broadcast, BroadcastRecipient, MessageTemplate
from notifications.registry import Unusable
from notifications.templates import FALLBACK


class CannotSend(Exception):
    """Nothing was begun; the words say why."""


def confirm(of: Broadcast, *, number: int, revision: int, actor: User) -> Broadcast:
    """Choose its people and begin, if there are as many as whoever confirms has typed. Raises CannotSend.

    One at a time: of two who confirm the same, one does; of two broadcasts, the second spares whom the first
    has chosen.
    """
    with transaction.atomic():
        _one_at_a_time()
        broadcast = Broadcast.objects.select_for_update().get(pk=of.pk)
        now = clock.now()
        if broadcast.confirmed_at is not None:
            raise CannotSend(_("It has been confirmed already."))
        if broadcast.revision != revision:
            raise CannotSend(_("Somebody changed it meanwhile: look at it again."))
        if isinstance(usable := registry.find(broadcast.kind, language=FALLBACK), Unusable):
            raise CannotSend(_("It cannot be sent: %(why)s.") % {"why": usable.why})
        chosen = list(people(broadcast, now=now).filter(why="").order_by("pk").values_list("pk", flat=True))
        if not chosen:
            raise CannotSend(_("Nobody would get it."))
        if number != len(chosen):
            raise CannotSend(_("It goes to %(people)d people: type that number.") % {"people": len(chosen)})
        if len(chosen) > jobs.MOST:
            raise CannotSend(_("It may go to %(most)d people at most.") % {"most": jobs.MOST})
        cost = cost_of(broadcast, len(chosen), now=now)
        if why := refusal(cost):
            raise CannotSend(why)
        rows = BroadcastRecipient.objects.bulk_create(
            [BroadcastRecipient(broadcast=broadcast, account_id=account, at=now) for account in chosen],
            batch_size=5_000,
        )
        broadcast.job = jobs.begin(
            work=WRITE,
            rows=[row.pk for row in rows],
            actor=actor,
            token=broadcast.token,
            chosen=f"broadcast {broadcast.pk}",
        )
        broadcast.confirmed_by, broadcast.confirmed_at = actor, now
        broadcast.people_count, broadcast.price, broadcast.currency = len(chosen), cost.price, cost.currency
        broadcast.save()
        _noted(broadcast, actor, "confirmed a broadcast", people=len(chosen))
    return broadcast


def refusal(cost: Cost) -> str:
    """Why it may not be sent, for its cost; empty when it may."""
    if cost.unknown:
        return _("There is a budget, and no price of %(category)s: enter it under Prices first.") % {
            "category": cost.category
        }
    if cost.too_much and cost.total is not None:
        return _(
            "It would cost up to %(total)s, and %(left)s is left of the month's budget of %(budget)s."
        ) % {
            "total": money(cost.total, cost.currency),
            "left": money(max(cost.left, Decimal(0)), cost.currency),
            "budget": money(Decimal(cost.budget), cost.currency),
        }
    return ""


def pause(of: Broadcast, *, actor: User) -> bool:
    """Nothing more of it leaves until it is resumed; False where there is nothing to pause."""
    with transaction.atomic():
        broadcast = _held(of)
        if broadcast.confirmed_at is None or broadcast.is_stopped or broadcast.paused_at is not None:
            return False
        broadcast.paused_at, broadcast.paused_by, broadcast.paused_why = clock.now(), actor, ""
        broadcast.save(update_fields=["paused_at", "paused_by", "paused_why"])
        _noted(broadcast, actor, "paused a broadcast")
    return True


def resume(of: Broadcast, *, actor: User) -> bool:
    """It goes on; False where it was not paused."""
    with transaction.atomic():
        broadcast = _held(of)
        if broadcast.paused_at is None or broadcast.is_stopped:
            return False
        broadcast.paused_at, broadcast.paused_by, broadcast.paused_why = None, None, ""
        broadcast.save(update_fields=["paused_at", "paused_by", "paused_why"])
        # What was held meanwhile looks again; in somebody's quiet hours it is held anew.
        now = clock.now()
        held = OutboxMessage.objects.filter(broadcast_recipient__broadcast=broadcast, status=Status.HELD)
        held.filter(not_before__gt=now).update(not_before=now)
        incidents.close(PAUSED, key=str(broadcast.pk), by=actor)
        _noted(broadcast, actor, "resumed a broadcast")
        doorbell.ring_on_commit(doorbell.JOBS)
        doorbell.ring_on_commit(doorbell.OUTBOX)
    return True


def stop(of: Broadcast, *, actor: User) -> int | None:
    """For good: what has not left is withdrawn, and how many messages that were; None where it was over."""
    with transaction.atomic():
        broadcast = _held(of)
        if broadcast.confirmed_at is None or broadcast.stopped_at is not None:
            return None
        broadcast.stopped_at, broadcast.stopped_by = clock.now(), actor
        broadcast.save(update_fields=["stopped_at", "stopped_by"])
        if broadcast.job is not None:
            jobs.cancel(broadcast.job, actor=actor)
        # What is on its way just now is asked about once more: see the kind.
        withdrawn = outbox.withhold(
            Q(broadcast_recipient__broadcast=broadcast), why=f"admin {actor.pk} stopped the broadcast"
        )
        incidents.close(PAUSED, key=str(broadcast.pk), by=actor)
        _noted(broadcast, actor, "stopped a broadcast", withdrawn=withdrawn)
    return withdrawn


def send_test(of: Broadcast, *, to: User) -> None:
    """Send it to oneself in each language it has words in. Raises registry.CannotSendTest."""
    for language in ("en", "pcm") if of.text_pcm else ("en",):
        found = registry.find(of.kind, language=language)
        if isinstance(found, Unusable):
            raise registry.CannotSendTest(_("It cannot be sent: %(why)s.") % {"why": found.why})
        row = MessageTemplate.objects.get(name_at_meta=found.template, language=found.language)
        registry.send_test(row, to=to, values=values(of, to, language))


def values(of: Broadcast, person: User, language: str) -> dict[str, str]:
    """What stands in the template's places for somebody."""
    return {"user": say("{user}", user=person).put(Reader(language=language)), "text": of.words(language)}


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [BROADCAST])


def _held(of: Broadcast) -> Broadcast:
    return Broadcast.objects.with_job().select_for_update(of=("self",)).get(pk=of.pk)


def _noted(broadcast: Broadcast, actor: User, says: str, **details: Any) -> None:
    audit.record(Act.CHANGED, actor=actor, subject=broadcast, says=says, **details)
