"""The same bot as a DRF view and a Celery task per message: what `bench_held` is held against.

As it is commonly built, and built well: connections are kept, the view writes the message and its sender and
hands the message's id to Celery once that is committed; the task locks the conversation, plays the very same
turn, and writes the answer. It has no order of its own but that of the queue.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# ruff: noqa: E402 - what follows reads the settings

import django

django.setup()

from typing import Any

from celery import Celery
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.urls import path, set_urlconf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bot import conversation, inbox, replies, speakers, turn
from bot.models import Conversation, InboundEvent, InboundState
from inspector_whatsapp import clock, contacts, outbox
from inspector_whatsapp.cloud_api import events, signature

settings.ROOT_URLCONF = __name__
# Not all of ours: one of them would take a webhook before this view does.
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
set_urlconf(__name__)
app = Celery("naive", broker=settings.REDIS_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=4,
    task_default_queue="naive",
    task_routes={"inspector_whatsapp.*": {"queue": "unread"}, "bot.*": {"queue": "unread"}},
)
app.conf["CELERY_DB_REUSE_MAX"] = 100_000


class Webhook(APIView):
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def post(self, request: Request) -> Response:
        body = request._request.body
        if not signature.verify(
            body, request.headers.get("X-Hub-Signature-256"), settings.WHATSAPP_APP_SECRETS
        ):
            return Response(status=401)
        for event in events.parse(body):
            if isinstance(event, events.MessageReceived):
                with transaction.atomic():
                    self.keep(event)
        return Response()

    def keep(self, event: events.MessageReceived) -> None:
        contact = contacts.identify(event.sender)
        talk, _made = Conversation.objects.get_or_create(contact=contact)
        now = clock.now()
        row, fresh = InboundEvent.objects.get_or_create(
            key=event.key,
            defaults={
                "kind": "message",
                "contact": contact,
                "conversation": talk,
                "content": events.to_json(event),
                "text": inbox.words_of(event.content),
                "provider_id": event.wamid,
                "said_at": event.sent_at or now,
                "received_at": now,
                "state": InboundState.PENDING,
            },
        )
        contact.last_inbound_at = now
        contact.save(update_fields=["last_inbound_at"])
        if fresh:
            transaction.on_commit(lambda: answer.delay(row.pk))


@app.task
def answer(pk: int) -> None:
    while not _answered(pk):
        pass


def _answered(pk: int) -> bool:
    """Whether its turn is done; something had to be found out before it otherwise."""
    with transaction.atomic():
        event = InboundEvent.objects.select_related("contact").get(pk=pk)
        talk = (
            Conversation.objects.select_for_update(of=("self",)).select_related("contact").get(inbound=event)
        )
        now = clock.now()
        speaker = speakers.of([talk]).get(talk.contact_id, speakers.NOBODY)
        reply = conversation._turn(talk, event, speaker, now)
        if not isinstance(reply, turn.Before):
            outbox.add_all(replies.rows(talk, event, reply, now), now=now)
            talk.save()
            event.state, event.done_at = InboundState.DONE, now
            event.save(update_fields=["state", "done_at"])
            return True
        transaction.set_rollback(True)
    reply.find_out.run(lambda result: _keep(event, reply.find_out.under, result))
    return False


def _keep(event: InboundEvent, under: str, result: Any) -> None:
    InboundEvent.objects.filter(pk=event.pk).update(prepared=event.prepared | {under: result})


urlpatterns = [path("webhooks/whatsapp", Webhook.as_view())]
application = WSGIHandler()
