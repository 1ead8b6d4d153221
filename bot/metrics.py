"""What the bot tells Prometheus: what waits for it, and how long its stages take."""

from collections.abc import Iterator
from typing import Final

from django.db import connection
from prometheus_client.core import GaugeMetricFamily, Metric

from inspector_whatsapp.metrics import AGE, MOST, Counts, depths, grown

EACH: Final = 20  # events of every half minute, among which messages are looked for

# By body_new; by conversation_with_work, both from where the oldest are.
_WAITING: Final = f"""
SELECT 'webhooks', count(*), max({AGE.format("received_at")}) FROM (
    SELECT received_at FROM bot_webhookbody WHERE state = 'new' ORDER BY id LIMIT %(most)s) bodies
UNION ALL
SELECT CASE WHEN slow THEN 'slow' ELSE 'turns' END, count(*), max({AGE.format("pending_since")}) FROM (
    SELECT slow, pending_since FROM bot_conversation
    WHERE pending_since IS NOT NULL ORDER BY pending_since LIMIT %(most)s) talks
GROUP BY 1
"""  # noqa: S608 - constants of ours

# By inbound_by_day, some of each half minute of the last quarter of an hour: the newest alone would be those
# that were answered quickly. An answer by its key. (What extract gives is numeric, which takes its time.)
_STAGES: Final = """
WITH sample AS MATERIALIZED (
    SELECT event.*
    FROM generate_series(clock_now() - interval '15 minutes', clock_now() - interval '30 seconds',
        interval '30 seconds') AS since,
    LATERAL (
        SELECT id, kind, state, received_at, done_at FROM bot_inboundevent
        WHERE received_at > since AND received_at <= since + interval '30 seconds'
        ORDER BY received_at LIMIT %(each)s) event),
taken AS MATERIALIZED (
    SELECT event.received_at, event.done_at, answer.created_at, answer.accepted_at, answer.delivered_at
    FROM sample event LEFT JOIN inspector_whatsapp_outboxmessage answer ON answer.key = 'reply:' || event.id
    WHERE event.kind = 'message' AND event.state = 'done')
SELECT stage, count(*), percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY seconds)
FROM taken CROSS JOIN LATERAL (VALUES
    ('turn', date_part('epoch', done_at - received_at)),
    ('send', date_part('epoch', accepted_at - created_at)),
    ('reply', date_part('epoch', accepted_at - received_at)),
    ('delivery', date_part('epoch', delivered_at - accepted_at))) AS times (stage, seconds)
WHERE seconds IS NOT NULL
GROUP BY 1
"""
_QUANTILES: Final = ("0.5", "0.95", "0.99")


def metrics(counts: Counts) -> Iterator[Metric]:
    """Of the bot."""
    yield from _waiting()
    yield from _stages()
    yield grown(
        counts,
        "inspector_received",
        "People's messages, by what became of them.",
        ["state"],
        "received",
    )
    yield grown(
        counts,
        "inspector_understood",
        "Free texts, by who understood them.",
        ["source"],
        "understood",
    )


def _waiting() -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "inspector_inbox_waiting", f"Webhooks and conversations with work, up to {MOST}.", labels=["queue"]
    )
    age = GaugeMetricFamily(
        "inspector_inbox_oldest_seconds", "For how long the first of them has waited.", labels=["queue"]
    )
    found = {row.labels[0]: row for row in depths(_WAITING, {"most": MOST}, labels=1)}
    for queue in ("webhooks", "turns", "slow"):
        row = found.get(queue)
        depth.add_metric([queue], row.many if row else 0)
        age.add_metric([queue], (row.oldest if row else None) or 0)
    yield depth
    yield age


def _stages() -> Iterator[Metric]:
    seconds = GaugeMetricFamily(
        "inspector_stage_seconds",
        "How long the stages of a message took, of those that came in the last 15 minutes.",
        labels=["stage", "quantile"],
    )
    many = GaugeMetricFamily(
        "inspector_stage_messages", "Of how many messages these times are.", labels=["stage"]
    )
    with connection.cursor() as cursor:
        cursor.execute(_STAGES, {"each": EACH})
        for stage, count, times in cursor.fetchall():
            many.add_metric([stage], count)
            for quantile, value in zip(_QUANTILES, times, strict=True):
                seconds.add_metric([stage, quantile], value)
    yield seconds
    yield many
