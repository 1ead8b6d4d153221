"""Listens to the changes of the platform, for Inspector."""

from inspector_whatsapp import outbox
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.gateway import commands, webhooks


def on_change(happened: Happened) -> None:
    """Write what Inspector is to hear of it, in the transaction of the change."""
    outbox.add_all([*commands.of(happened), *webhooks.of(happened)], now=happened.row.at)
