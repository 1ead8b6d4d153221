"""Links by which properties are shown to anybody, and what comes of them: clicks, chats, bookings."""

from inspector_whatsapp.sharing.clicks import count
from inspector_whatsapp.sharing.links import QR, asked_in, chat_link, link, qr, qr_name, target
from inspector_whatsapp.sharing.sources import (
    arrived,
    begin_campaign,
    groups_of,
    known,
    of_agent,
    of_group,
    on_change,
    on_changes,
    results_of,
    with_counts,
)
from inspector_whatsapp.sharing.visitors import Visitor, is_person

__all__ = [
    "QR",
    "Visitor",
    "arrived",
    "asked_in",
    "begin_campaign",
    "chat_link",
    "count",
    "groups_of",
    "is_person",
    "known",
    "link",
    "of_agent",
    "of_group",
    "on_change",
    "on_changes",
    "qr",
    "qr_name",
    "results_of",
    "target",
    "with_counts",
]
