"""What must hold after every fault: asked of PostgreSQL and of the ledger, I1 to I14.

Each function gives what breaks it, a line each; nothing is as it should be.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.ledger import Accepted, Ledger

Row = tuple[Any, ...]
ON_ITS_WAY = 30.0  # seconds for which a message may be on its way
LONGEST = 1.0  # seconds of a transaction


@dataclass
class Evidence:
    """All that is asked."""

    ask: Callable[..., Sequence[Row]]
    ledger: Ledger
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)  # who said which message, how many-th
    offsets: Sequence[tuple[float, float]] = ((0.0, 0.0),)
    secrets: Sequence[str] = ()
    files: Sequence[Path] = ()  # in which no secret may stand
    longest: float = 0.0
    query: str = ""
    crowded: float = 0.0  # processes ready to run for each processor: on a busy machine all takes longer

    def began(self, one: Accepted) -> float:
        """The least that the clock can have shown when a message set out: it may be moved while that goes."""
        began = one.at - ON_ITS_WAY
        ends = [since for since, _ahead in self.offsets[1:]] + [float("inf")]
        return began + min(
            ahead
            for (since, ahead), end in zip(self.offsets, ends, strict=True)
            if since <= one.at and end > began
        )


def _some(what: str, found: Iterable[object]) -> list[str]:
    """The first few, and how many."""
    rows = list(found)
    return [f"{what}: {len(rows)}, such as {rows[:3]}"] if rows else []


def i1_what_was_answered_with_200_is_stored(e: Evidence) -> list[str]:
    kept = {wamid for (wamid,) in e.ask("SELECT provider_id FROM bot_inboundevent WHERE kind = 'message'")}
    statuses = set(
        e.ask("SELECT provider_id, content->>'status' FROM bot_inboundevent WHERE kind = 'status'")
    )
    return [
        *_some("messages lost", e.ledger.messages - kept),
        *_some("statuses lost", e.ledger.statuses - statuses),
        *_some(
            "bodies set aside",
            e.ask("SELECT id FROM bot_webhookbody WHERE state NOT IN ('new', 'parsed')"),
        ),
    ]


def i2_one_row_per_key(e: Evidence) -> list[str]:
    twice = "SELECT provider_id FROM bot_inboundevent WHERE kind = 'message' GROUP BY 1 HAVING count(*) > 1"
    replies = """
        SELECT split_part(key, ':again:', 1) FROM inspector_whatsapp_outboxmessage
        WHERE key LIKE 'reply:%%' AND repeats_id IS NULL AND attempts = 0 GROUP BY 1 HAVING count(*) > 1
    """
    return _some("messages twice", e.ask(twice)) + _some("replies twice", e.ask(replies))


def i3_everything_has_come_to_its_end(e: Evidence) -> list[str]:
    return [
        *_some("bodies untouched", e.ask("SELECT id FROM bot_webhookbody WHERE state = 'new'")),
        *_some(
            "messages not answered",
            e.ask("SELECT id, state FROM bot_inboundevent WHERE state IN ('pending', 'quarantined')"),
        ),
        *_some(
            "conversations wait", e.ask("SELECT id FROM bot_conversation WHERE pending_since IS NOT NULL")
        ),
        *_some(
            "messages not sent",
            e.ask("""
                SELECT id, status FROM inspector_whatsapp_outboxmessage
                WHERE status = 'sending' OR status IN ('pending', 'waiting', 'held')
                   AND not_before < clock_now() - interval '5 seconds'
            """),
        ),
    ]


def i4_one_effect_per_event(e: Evidence) -> list[str]:
    turns = """
        SELECT talk.id, talk.turns, count(event.id)
        FROM bot_conversation talk
        LEFT JOIN bot_inboundevent event ON event.conversation_id = talk.id AND event.state = 'done'
        GROUP BY talk.id HAVING talk.turns <> count(event.id)
    """
    unanswered = """
        SELECT event.id, event.text FROM bot_inboundevent event
        JOIN bot_conversation talk ON talk.id = event.conversation_id
        WHERE event.state = 'done' AND talk.human_since IS NULL AND NOT EXISTS (
            SELECT FROM inspector_whatsapp_outboxmessage
            WHERE key IN ('reply:' || event.id, 'reply:' || (event.prepared->'understood'->>'joined')))
    """  # what was understood as part of a later message is answered with that one
    return _some("turns that are no messages", e.ask(turns)) + _some("without answer", e.ask(unanswered))


def i5_each_chat_is_answered_in_order(e: Evidence) -> list[str]:
    rows = e.ask("""
        SELECT event.provider_id, event.received_at, reply.id FROM bot_inboundevent event
        JOIN inspector_whatsapp_outboxmessage reply ON reply.key = 'reply:' || event.id
        WHERE event.state = 'done' AND event.kind = 'message'
    """)
    found = sorted((*e.places[wamid], at, reply) for wamid, at, reply in rows if wamid in e.places)
    wrong = [
        (before, after)
        for before, after in itertools.pairwise(found)
        if before[0] == after[0] and before[2] <= after[2] and before[3] > after[3]
    ]
    return _some("answered out of order", wrong) + _some("arrived out of order", _out_of_lane(e))


def _out_of_lane(e: Evidence) -> list[Row]:
    """Replies that nothing delayed reached the phone in the order of their rows."""
    plain = {
        id
        for (id,) in e.ask(
            """
            SELECT id FROM inspector_whatsapp_outboxmessage
            WHERE kind = 'reply' AND attempts = 1 AND uncertain_at IS NULL AND repeats_id IS NULL
              AND put_off = 0 AND story NOT LIKE '%%circuit%%'
        """.replace("story NOT", "story::text NOT")
        )
    }
    last: dict[str, int] = {}
    wrong: list[Row] = []
    for one in sorted(e.ledger.accepted, key=lambda one: one.place):
        if one.outbox not in plain:
            continue
        if last.get(one.to, 0) > one.outbox:
            wrong.append((one.to, last[one.to], one.outbox))
        last[one.to] = one.outbox
    return wrong


def i6_sent_once_or_marked_uncertain(e: Evidence) -> list[str]:
    rows = {
        id: (channel, status, left, doubtful)
        for id, channel, status, left, doubtful in e.ask("""
            SELECT id, channel, status,
                   accepted_at IS NOT NULL OR status IN ('accepted', 'sent', 'delivered', 'read'),
                   uncertain_at IS NOT NULL
            FROM inspector_whatsapp_outboxmessage WHERE channel IN ('whatsapp', 'email')
        """)
    }
    taken = Counter(one.outbox for one in [*e.ledger.accepted, *e.ledger.mailed])
    # A letter that is said again has the Message-ID of the first.
    first: dict[int, int] = dict(
        e.ask("SELECT id, repeats_id FROM inspector_whatsapp_outboxmessage WHERE channel = 'email'")
    )
    return [
        *_some("sent without a row", [id for id in taken if id not in rows]),
        *_some(
            "sent twice without a mark",
            [id for id, times in taken.items() if times > 1 and id in rows and not rows[id][3]],
        ),
        *_some(
            "accepted, and nobody has it",
            [id for id, row in rows.items() if row[2] and not taken[first.get(id) or id]],
        ),
    ]


def i7_nothing_is_sent_too_late(e: Evidence) -> list[str]:
    ends: dict[int, float] = dict(
        e.ask("""
            SELECT id, extract(epoch FROM expires_at)::float FROM inspector_whatsapp_outboxmessage
            WHERE expires_at IS NOT NULL
        """)
    )
    late = [
        one
        for one in [*e.ledger.accepted, *e.ledger.mailed]
        if one.outbox in ends and e.began(one) > ends[one.outbox]
    ]
    return _some("sent after it was of use", late)


def i8_no_reminder_of_what_has_changed(e: Evidence) -> list[str]:
    rows = e.ask("""
        SELECT message.id, extract(epoch FROM change.at)::float
        FROM inspector_whatsapp_outboxmessage message
        JOIN inspector_whatsapp_inspection inspection
          ON inspection.id = (message.arguments->>'inspection')::bigint
        JOIN inspector_whatsapp_change change ON change.subject = inspection.ref
        WHERE message.kind = 'reminder' AND change.at > message.created_at
          AND change.kind IN ('inspection_moved', 'inspection_cancelled', 'inspection_declined',
                              'inspection_released')
    """)
    changed: dict[int, float] = {}
    for id, at in rows:
        changed[id] = min(at, changed.get(id, at))
    stale: list[Accepted] = [
        one
        for one in [*e.ledger.accepted, *e.ledger.mailed]
        if one.outbox in changed and e.began(one) > changed[one.outbox]
    ]
    twice = e.ask("""
        SELECT inspection_id, recipient_id, rule_id, scheduled_for FROM notifications_reminder
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
    """)
    return _some("reminders of what has changed", stale) + _some("reminders twice", twice)


def i9_no_bookings_overlap(e: Evidence) -> list[str]:
    live = "state IN ('requested', 'confirmed') AND NOT clash"
    return [
        *_some(
            "more people than places",
            e.ask(f"""
                SELECT slot.id, slot.capacity, slot.taken, count(one.id), offers.held
                FROM inspector_whatsapp_slot slot
                LEFT JOIN inspector_whatsapp_inspection one
                  ON one.slot_id = slot.id AND one.{live.replace("NOT clash", "NOT one.clash")}
                CROSS JOIN LATERAL (SELECT count(*) AS held FROM inspector_whatsapp_wait offer
                  WHERE offer.offered_id = slot.id AND offer.state = 'offered') offers
                GROUP BY slot.id, offers.held HAVING count(one.id) + offers.held > slot.capacity
                  OR slot.ends_at > clock_now() AND count(one.id) + offers.held <> slot.taken
            """),
        ),
        *_some(
            "one seeker at two places",
            e.ask(f"""
                SELECT a.id, b.id FROM (SELECT * FROM inspector_whatsapp_inspection WHERE {live}) a
                JOIN (SELECT * FROM inspector_whatsapp_inspection WHERE {live}) b
                  ON a.seeker_id = b.seeker_id AND a.id < b.id
                 AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
            """),
        ),
    ]


def i10_every_link_is_proved(e: Evidence) -> list[str]:
    unproved = """
        SELECT link.id FROM inspector_whatsapp_link link
        LEFT JOIN linking_linkchallenge proof ON proof.id = (link.proof->>'challenge')::bigint
             AND proof.contact_id = link.contact_id AND proof.account_id = link.account_id
             AND proof.state = 'used'
        WHERE link.state = 'active' AND link.proof->>'how' IS DISTINCT FROM 'web' AND proof.id IS NULL
    """
    twice = "SELECT proof->>'challenge' FROM inspector_whatsapp_link GROUP BY 1 HAVING count(*) > 1"
    twice = twice.replace(" GROUP", " WHERE proof ? 'challenge' GROUP")
    return _some("links without proof", e.ask(unproved)) + _some("proofs used twice", e.ask(twice))


# Where people's words, and what is made of them, are kept.
WORDS = {
    "bot_inboundevent": "concat_ws(' ', text, content::text, prepared::text)",
    "bot_webhookbody": "encode(body, 'escape')",
    "bot_conversation": "concat_ws(' ', answers, shown, wish, aside, understood)",
    "bot_interpretation": "concat_ws(' ', text, context::text, command::text)",
    "inspector_whatsapp_outboxmessage": "concat_ws(' ', text, body, arguments, story)",
    "inspector_whatsapp_change": "data::text",
    "inspector_whatsapp_incident": "sentence",
}


def i11_no_secret_stands_anywhere(e: Evidence) -> list[str]:
    codes = [form for code in sorted(e.ledger.every_code) for form in (code, f"{code[:3]} {code[3:]}")]
    if not codes and not e.secrets:
        return []
    word = rf"(^|[\s\"'>:]|\\n)({'|'.join(codes)})([\s\"'<.,]|\\n|$)"
    pattern = "|".join([*([word] if codes else []), *map(re.escape, e.secrets)])
    found: list[str] = []
    for table, words in WORDS.items():
        near = f"substring({words} FROM %s)"
        rows = e.ask(f"SELECT id, {near} FROM {table} WHERE {words} ~ %s", f"(.{{0,60}}({pattern}))", pattern)
        found += _some(f"secrets in {table}", rows)
    for file in e.files:
        text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
        if match := re.search(pattern, text):
            found.append(f"a secret in {file}: …{text[max(match.start() - 60, 0) : match.start() + 20]!r}")
    return found


def i12_every_change_is_recorded(e: Evidence) -> list[str]:
    inspections = """
        SELECT ref FROM inspector_whatsapp_inspection one
        WHERE NOT EXISTS (SELECT FROM inspector_whatsapp_change WHERE subject = one.ref)
           OR state = 'cancelled' AND NOT EXISTS (
              SELECT FROM inspector_whatsapp_change WHERE subject = one.ref AND kind LIKE 'inspection_%%')
    """
    links = """
        SELECT id FROM inspector_whatsapp_link link WHERE NOT EXISTS (
            SELECT FROM inspector_whatsapp_change
            WHERE kind LIKE 'link\\_%%' AND subject = link.id::text)
    """
    return _some("inspections", e.ask(inspections)) + _some("links", e.ask(links))


def i13_no_lease_is_forgotten(e: Evidence) -> list[str]:
    talks = "SELECT id FROM bot_conversation WHERE lease_until < now() - interval '20 seconds'"
    messages = """
        SELECT id FROM inspector_whatsapp_outboxmessage
        WHERE status = 'sending' AND lease_until < now() - interval '30 seconds'
    """
    return _some("of conversations", e.ask(talks)) + _some("of messages", e.ask(messages))


def i14_no_transaction_is_long(e: Evidence) -> list[str]:
    allowed = LONGEST * max(1.0, e.crowded)
    return [f"{e.longest:.1f} s: {e.query[:300]}"] if e.longest > allowed else []


ALL = {
    "I1": i1_what_was_answered_with_200_is_stored,
    "I2": i2_one_row_per_key,
    "I3": i3_everything_has_come_to_its_end,
    "I4": i4_one_effect_per_event,
    "I5": i5_each_chat_is_answered_in_order,
    "I6": i6_sent_once_or_marked_uncertain,
    "I7": i7_nothing_is_sent_too_late,
    "I8": i8_no_reminder_of_what_has_changed,
    "I9": i9_no_bookings_overlap,
    "I10": i10_every_link_is_proved,
    "I11": i11_no_secret_stands_anywhere,
    "I12": i12_every_change_is_recorded,
    "I13": i13_no_lease_is_forgotten,
    "I14": i14_no_transaction_is_long,
}


def broken(evidence: Evidence, *, besides: Iterable[str] = ()) -> list[str]:
    """Everything that does not hold."""
    checked = {name: check for name, check in ALL.items() if name not in set(besides)}
    return [f"{name} {line}" for name, check in checked.items() for line in check(evidence)]
