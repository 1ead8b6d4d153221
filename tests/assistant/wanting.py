"""A phone whose wish has been understood already: its search begins, as the assistant begins it."""

from typing import Any

from django.db import transaction

from bot import course, replies, speakers
from bot.assistant import memory
from bot.models import Conversation
from bot.screens import Reply
from bot.scripts import Person
from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import Contact
from tests.bot.phone import Phone


def wants(phone: Phone, slots: dict[str, Any], **more: Any) -> str:
    """What the bot answers to somebody who looks for this."""
    contact, _made = Contact.objects.get_or_create(phone=phone.phone, defaults={"created_at": clock.now()})
    with transaction.atomic():
        talk, _made = Conversation.objects.get_or_create(contact=contact)
        now, speaker = clock.now(), speakers.of([talk]).get(contact.pk, speakers.NOBODY)
        person = Person(contact, speaker.account, now, shared=speaker.shared, wish=talk.wish)
        talk.account_id = speaker.account.pk if speaker.account else None
        reply = course.begin(talk, person, "find", answers={"wanted": slots, **more})
        assert isinstance(reply, Reply)
        outbox.add_all(replies.written(contact, reply.messages), now=now)
        talk.turned_at = now
        memory.look(talk)
        talk.save()
    return phone.answers()
