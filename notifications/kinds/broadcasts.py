"""What an admin says to many people at once."""

from datetime import datetime, timedelta

from inspector_whatsapp.models import OutboxMessage, Role
from inspector_whatsapp.models.outbox import Category, IfUncertain
from inspector_whatsapp.outbox import Held, Withheld
from inspector_whatsapp.words import say
from notifications import broadcasts
from notifications.kind import Kind, Said, Topic, Urgency, reader_of
from notifications.kinds.templates import plain
from notifications.models import BroadcastRecipient
from notifications.recipients import ROLES

LOOK_AGAIN = timedelta(hours=1)


class OfBroadcast(Kind):
    """What both share. `arguments`: {"broadcast": pk}. It is said by its template alone, and once."""

    topic = Topic.MESSAGES
    recipients = (*ROLES, Role.ADMIN)
    urgency = Urgency.LATER
    useful_for = timedelta(days=2)
    if_uncertain = IfUncertain.HOLD
    otherwise_by_mail = False
    alone = True

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        rows = BroadcastRecipient.objects.select_related("broadcast__job", "account").defer(
            "broadcast__job__rows"
        )
        # Not by the message: one that is said again is another.
        recipient = rows.filter(broadcast=message.arguments["broadcast"], account=message.account).first()
        if recipient is None:
            raise Withheld("the broadcast is gone")
        broadcast, account = recipient.broadcast, recipient.account
        if broadcast.is_stopped:
            raise Withheld("the broadcast was stopped")
        if why := broadcasts.reason(broadcast, account, now=now):
            raise Withheld(f"left out of the broadcast: {broadcasts.Why(why).label}")
        if broadcast.paused_at is not None:
            raise Held("the broadcast is paused", until=now + LOOK_AGAIN)
        words = plain(broadcast.words(reader_of(message, markup=True).language))
        return Said(
            text=words,
            template=self.name,
            parameters={"user": say("{user}", user=account), "text": words},
        )


class BroadcastNews(OfBroadcast):
    """About the service that they use."""

    name = "broadcast_news"
    templates = ("broadcast_news",)


class BroadcastOffer(OfBroadcast):
    """An offer, to who agreed to offers."""

    name = "broadcast_offer"
    templates = ("broadcast_offer",)
    category = Category.MARKETING
