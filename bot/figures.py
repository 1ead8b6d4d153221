"""What the bot counts of a day: messages that came in, and how long their senders waited for the answer."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count

from bot.models import Interpretation
from inspector_whatsapp.figures import Figure, buckets
from inspector_whatsapp.figures.days import Day

_RECEIVED = """
SELECT state, count(*) FROM bot_inboundevent
WHERE kind = 'message' AND received_at >= %s AND received_at < %s
GROUP BY 1
"""

# An answer is known by the key that its turn gave it. It is written after what it answers, and within a day.
_ANSWERED = """
SELECT {bucket}, count(*)
FROM bot_inboundevent event
JOIN inspector_whatsapp_outboxmessage answer ON answer.key = 'reply:' || event.id
WHERE event.kind = 'message' AND event.received_at >= %s AND event.received_at < %s
    AND answer.created_at >= %s AND answer.created_at < %s + interval '1 day'
    AND answer.accepted_at IS NOT NULL
GROUP BY 1
""".format(bucket=buckets.OF_SECONDS.format("extract(epoch FROM answer.accepted_at - event.received_at)"))


def count(day: Day) -> Iterable[Figure]:
    """`received` by what became of them, `understood` by who did, `reply_time` by buckets.

    The last is from our receipt to Meta's acceptance.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVED, [day.start, day.end])
        for state, many in cursor.fetchall():
            yield Figure("received", state, many)
        span = [day.start, day.end]
        cursor.execute(_ANSWERED, [buckets.LEAST, buckets.GROWTH, *span, *span])
        for bucket, many in cursor.fetchall():
            yield Figure("reply_time", str(bucket), many)
    understood = Interpretation.objects.filter(at__gte=day.start, at__lt=day.end).order_by("source")
    for source, many in understood.values_list("source").annotate(many=Count("pk")):
        yield Figure("understood", source, many)
