"""To Inspector's own backend: what happened here, by webhooks and a feed; what is asked of it, by commands.

Both leave by the outbox, each a channel of its own, so that order, retries and the circuit exist once.

    on_change()   listens to `changes.record`: writes the webhook, and the command that asks Inspector
    decides()     whether Inspector's backend has the last word on what is done here
    pending()     whether it has not answered yet about something
    row_came()    a row of Inspector's own has come meanwhile
    replay()      what it did not take, once more
"""

from inspector_whatsapp.gateway.commands import decides, pending
from inspector_whatsapp.gateway.listening import on_change
from inspector_whatsapp.gateway.replaying import replay
from inspector_whatsapp.gateway.rows import row_came

__all__ = ["decides", "on_change", "pending", "replay", "row_came"]
