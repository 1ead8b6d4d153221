"""What has become of a broadcast's messages."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from inspector_whatsapp.models.jobs import OPEN_STATES
from inspector_whatsapp.models.outbox import Status
from notifications.models import Broadcast

_TROUBLE = (Status.WITHHELD, Status.FAILED, Status.EXPIRED, Status.UNCERTAIN)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many people are how far. Who has read it got it, and who got it was sent it.

    queued: not written, or not left yet. left_out: not written at all. reasons: why it did not
    come to somebody.
    """

    people: int = 0
    queued: int = 0
    sent: int = 0
    delivered: int = 0
    read: int = 0
    failed: int = 0
    withheld: int = 0
    uncertain: int = 0
    left_out: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def over(self) -> int:
        """Those of whom no more is awaited than that they read it."""
        return self.people - self.queued


def progress(of: Broadcast) -> Progress:
    """As it is now."""
    rows = of.recipients.order_by().values("message__status", "message__reason").annotate(many=Count("pk"))
    stands: Counter[str] = Counter()
    why: Counter[str] = Counter()
    for row in rows:
        status = row["message__status"] or ""
        stands[status] += row["many"]
        if status in _TROUBLE:
            why[row["message__reason"]] += row["many"]
    going_on = of.job is not None and of.job.state in OPEN_STATES
    if of.job is not None:
        left = of.job.left_out.order_by().values("why").annotate(many=Count("pk"))
        why.update({row["why"]: row["many"] for row in left})
    not_written = stands[""]
    read, delivered = stands[Status.READ], stands[Status.DELIVERED]
    sent = stands[Status.ACCEPTED] + stands[Status.SENT]
    waiting = (Status.PENDING, Status.WAITING, Status.HELD, Status.SENDING)
    return Progress(
        people=stands.total(),
        queued=sum(stands[status] for status in waiting) + (not_written if going_on else 0),
        sent=sent + delivered + read,
        delivered=delivered + read,
        read=read,
        failed=stands[Status.FAILED] + stands[Status.EXPIRED],
        withheld=stands[Status.WITHHELD],
        uncertain=stands[Status.UNCERTAIN],
        left_out=0 if going_on else not_written,
        reasons=why.most_common(20),
    )
