"""What the bot tells Prometheus: what waits for it, and how long its stages take."""

from collections.abc import Iterator
from typing import Final

from django.db import connection
from prometheus_client.core import GaugeMetricFamily, Metric

from inspector_whatsapp.figures import Kept
from inspector_whatsapp.metrics import AGE, depths, today

MOST: Final = 2_000  # rows of a queue that are counted
NEWEST: Final = 2_000  # events that came in last, among which messages are looked for

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

# By inbound_by_day, from its end; an answer by its key. Of the last quarter of an hour alone.
_STAGES: Final = """
WITH newest AS MATERIALIZED (
    SELECT id, kind, state, received_at, done_at FROM bot_inboundevent
    WHERE received_at > clock_now() - interval '15 minutes' AND received_at <= clock_now()
    ORDER BY received_at DESC LIMIT %(newest)s),
taken AS MATERIALIZED (
    SELECT event.received_at, event.done_at, answer.created_at, answer.accepted_at, answer.delivered_at
    FROM newest event LEFT JOIN inspector_whatsapp_outboxmessage answer ON answer.key = 'reply:' || event.id
    WHERE event.kind = 'message' AND event.state = 'done')
SELECT stage, count(*), percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY seconds)
FROM taken CROSS JOIN LATERAL (VALUES
    ('turn', extract(epoch FROM done_at - received_at)::float8),
    ('send', extract(epoch FROM accepted_at - created_at)::float8),
    ('reply', extract(epoch FROM accepted_at - received_at)::float8),
    ('delivery', extract(epoch FROM delivered_at - accepted_at)::float8)) AS times (stage, seconds)
WHERE seconds IS NOT NULL
GROUP BY 1
"""
_QUANTILES: Final = ("0.5", "0.95", "0.99")


def metrics(kept: Kept) -> Iterator[Metric]:
    """Of the bot."""
    yield from _waiting()
    yield from _stages()
    yield today(
        kept,
        "inspector_received_today",
        "Messages of today, by what became of them.",
        ["state"],
        "received",
    )
    yield today(
        kept,
        "inspector_understood_today",
        "Free texts of today, by who understood them.",
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
        cursor.execute(_STAGES, {"newest": NEWEST})
        for stage, count, times in cursor.fetchall():
            many.add_metric([stage], count)
            for quantile, value in zip(_QUANTILES, times, strict=True):
                seconds.add_metric([stage, quantile], value)
    yield seconds
    yield many
