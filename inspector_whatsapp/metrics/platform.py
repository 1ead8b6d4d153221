"""What the platform tells: the outbox, its channels, the processes, incidents, and what was counted."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Count
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from inspector_whatsapp import watching
from inspector_whatsapp.metrics.asking import AGE, MOST, NOW, Counts, depths, grown
from inspector_whatsapp.metrics.tally import Tally
from inspector_whatsapp.models import Incident
from inspector_whatsapp.models.outbox import Priority, Status
from inspector_whatsapp.outbox import circuit

# By outbox_next, from its beginning for each channel and priority: those that are due first, the longest
# waiting of them first. Then by outbox_leases and outbox_uncertain.
_WAITING: Final = f"""
SELECT channel, priority, status, count(*),
    max({AGE.format("not_before")}) FILTER (WHERE not_before <= {NOW})
FROM unnest(%(channels)s::text[]) WITH ORDINALITY AS known (name),
    generate_series(0, %(priorities)s) AS which (priority_of),
    LATERAL (
        SELECT channel, priority, status, not_before FROM inspector_whatsapp_outboxmessage
        WHERE channel = known.name AND priority = which.priority_of
            AND status IN ('pending', 'waiting', 'held')
        ORDER BY not_before, id LIMIT %(most)s) next
GROUP BY 1, 2, 3
UNION ALL
SELECT channel, priority, 'sending', count(*), NULL FROM (
    SELECT channel, priority FROM inspector_whatsapp_outboxmessage
    WHERE status = 'sending' ORDER BY lease_until LIMIT %(most)s) going
GROUP BY 1, 2
UNION ALL
SELECT channel, priority, 'uncertain', count(*), max({AGE.format("uncertain_at")}) FROM (
    SELECT channel, priority, uncertain_at FROM inspector_whatsapp_outboxmessage
    WHERE status = 'uncertain' ORDER BY uncertain_at LIMIT %(most)s) unknown
GROUP BY 1, 2
"""  # noqa: S608 - constants of ours
_PRIORITIES: Final = {str(int(priority)): priority.name.lower() for priority in Priority}


# The newest day that was counted: at midnight that is yesterday for a while.
_FIGURES: Final = f"""
SELECT {AGE.format("counted_at")} FROM inspector_whatsapp_figureday ORDER BY day DESC LIMIT 1
"""  # noqa: S608
_SILENCE: Final = """
SELECT name, date_part('epoch', clock_timestamp() - at) FROM inspector_whatsapp_heartbeat
WHERE name IN ('worker', 'beat')
"""


def metrics(counts: Counts) -> Iterator[Metric]:
    """Of the platform."""
    yield from _outbox()
    yield _shut()
    yield from _processes()
    yield _incidents()
    yield grown(
        counts,
        "inspector_messages_written",
        "Messages.",
        ["channel"],
        "written",
        known=settings.CHANNELS,
    )
    yield grown(
        counts,
        "inspector_messages",
        "Messages that came to stand so.",
        ["channel", "status"],
        "messages",
        known=[f"{channel}:{status}" for channel in settings.CHANNELS for status in Status],
    )
    yield grown(
        counts,
        "inspector_not_arrived",
        "Messages that came to a bad end, by why.",
        ["status", "channel", "reason"],
        "failed",
        "withheld",
        "expired",
    )
    yield grown(
        counts,
        "inspector_said_again",
        "Messages that say another again whose fate was unknown.",
        ["channel"],
        "said_again",
        known=settings.CHANNELS,
    )
    yield grown(
        counts,
        "inspector_waiting_lists",
        "Who began to wait for a place, and what became of those whose waiting ended.",
        ["step"],
        "waiting",
    )
    yield grown(
        counts,
        "inspector_not_there",
        "How often somebody was said not to have come to an inspection.",
        ["part"],
        "not_there",
    )
    yield grown(
        counts,
        "inspector_enquiries",
        "Questions to agents whether a property is still there, and what became of those that ended.",
        ["step"],
        "enquiries",
    )
    yield grown(
        counts,
        "inspector_safety",
        "Who came to a visit, did not leave it and did not answer, felt unsafe, and took that back.",
        ["step"],
        "safety",
    )
    yield grown(counts, "inspector_late", "Inspectors who said that they are late.", ["by"], "late")
    yield grown(
        counts,
        "inspector_asked_to_take_over",
        "What came of asking inspectors to take a visit over.",
        ["state"],
        "asked",
    )
    yield from _counted(counts)


def _outbox() -> Iterator[Metric]:
    labels = ["channel", "priority", "state"]
    depth = GaugeMetricFamily(
        "inspector_outbox_messages", f"Messages that have not left, up to {MOST} of each.", labels=labels
    )
    age = GaugeMetricFamily(
        "inspector_outbox_oldest_seconds", "For how long the first of them has been due.", labels=labels
    )
    values = {"channels": list(settings.CHANNELS), "priorities": max(Priority), "most": MOST}
    for found in depths(_WAITING, values, labels=3):
        channel, priority, state = found.labels
        own = [channel, _PRIORITIES[priority], state]
        depth.add_metric(own, found.many)
        if found.oldest is not None:
            age.add_metric(own, found.oldest)
    yield depth
    yield age


def _shut() -> Metric:
    gauge = GaugeMetricFamily(
        "inspector_channel_shut", "1 for a channel that its provider does not take.", labels=["channel"]
    )
    shut = {channel for channel, category in circuit.shut() if not category}
    for channel in settings.CHANNELS:
        gauge.add_metric([channel], channel in shut)
    return gauge


def _processes() -> Iterator[Metric]:
    silence = GaugeMetricFamily(
        "inspector_heartbeat_age_seconds",
        "Since a worker and the beat were heard.",
        labels=["process"],
    )
    figures = GaugeMetricFamily(
        "inspector_figures_age_seconds", "Since the figures of the days were counted, which counters grow by."
    )
    with connection.cursor() as cursor:
        cursor.execute(_SILENCE)
        for name, seconds in cursor.fetchall():
            silence.add_metric([name], seconds)
        cursor.execute(_FIGURES)
        for (seconds,) in cursor.fetchall():
            figures.add_metric([], seconds)
    yield silence
    yield figures
    skew = GaugeMetricFamily(
        "inspector_clock_skew_seconds", "How far this machine's clock is ahead of PostgreSQL's."
    )
    skew.add_metric([], watching.skew().total_seconds())
    yield skew


def _incidents() -> Metric:
    gauge = GaugeMetricFamily("inspector_incidents_open", "Open incidents.", labels=["kind"])
    some = Incident.objects.filter(closed_at=None).order_by("kind", "key")[:MOST]  # by incident_open_once
    counted = Incident.objects.filter(pk__in=some.values("pk")).order_by().values_list("kind")
    for kind, many in counted.annotate(many=Count("pk")):
        gauge.add_metric([kind], many)
    return gauge


def _counted(counts: Counts) -> Iterator[Metric]:
    webhooks = CounterMetricFamily(
        "inspector_webhooks", "Meta's posts, by what became of them.", labels=["outcome"]
    )
    events = CounterMetricFamily(
        "inspector_events_repeated", "Events that had come before, in another webhook."
    )
    if counts is not None:
        for what in (Tally.STORED, Tally.REPEATED, Tally.FORGED, Tally.NOT_STORED):
            webhooks.add_metric([what], counts.get(what, 0))
        events.add_metric([], counts.get(Tally.EVENT_REPEATED, 0))
    redis_up = GaugeMetricFamily("inspector_redis_up", "1 where Redis answers; the counters are there.")
    redis_up.add_metric([], counts is not None)
    yield webhooks
    yield events
    yield redis_up
