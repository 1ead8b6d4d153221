"""To Inspector's own backend: what happened here, by webhooks and a feed; what is asked of it, by commands.

Both leave by the outbox, each a channel of its own, so that order, retries and the circuit exist once.

    on_change()   listens to `changes.record`: writes the webhook, and the command that asks Inspector
    decides()     whether Inspector's backend has the last word on what is done here
    pending()     whether it has not answered yet about something
    on_rows()     listens to the synchronisation: a row of Inspector's own settles what was pending about it
    replay()      what it did not take, once more
"""

from inspector_whatsapp.gateway.commands import decides, pending
from inspector_whatsapp.gateway.listening import on_change
from inspector_whatsapp.gateway.replaying import replay
from inspector_whatsapp.gateway.rows import on_rows, row_came

__all__ = ["decides", "on_change", "on_rows", "pending", "replay", "row_came"]
