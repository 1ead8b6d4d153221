"""To WhatsApp, through Meta's Cloud API."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import clock, files
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.cloud_api.client import Client
from inspector_whatsapp.contacts import SILENT
from inspector_whatsapp.models import Contact, Link, OutboxMessage, PropertyPhoto, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import LEFT_STATES
from inspector_whatsapp.outbox import (
    CannotSend,
    NotAllowed,
    Outgoing,
    Receipt,
    Refused,
    Sending,
    Withheld,
    pace,
)
from inspector_whatsapp.outbox.statuses import callback
from inspector_whatsapp.words import Reader, say
from notifications.kind import Said, by_name, reader_of
from notifications.templates import language_for

WINDOW = timedelta(hours=24)  # after somebody's last message; then only templates (Meta's error 131047)
UPDATE_WAITING = "update_waiting"  # the template that says nothing
PARAMETER = 250  # characters of one value: a template's body may have 1,024 with all of them
UPLOADS_LAST = timedelta(days=29)  # Meta keeps them for 30 days


class WhatsApp:
    """The channel: free text while the window is open, else the kind's template."""

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        contact = message.contact
        if contact is None:
            raise Withheld("nobody on WhatsApp to send it to")
        body = self._reply(message, now) if message.kind == "reply" else self._notification(message, now)
        addressed = partial(
            cloud.addressed,
            phone=contact.phone,
            user_id=contact.user_id,
            callback=callback(message),
            reply_to=message.arguments.get("quotes"),
        )
        known = self._known(cloud.files(body), now)
        return Sending(
            send=partial(_send, body=body, known=known, addressed=addressed, turn=pace.turn(message)),
            body=body,
            text=cloud.plain(body),
        )

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        """Nothing is said in its place."""
        return ()

    def uploaded(self, files: dict[str, str]) -> None:
        for name, media_id in files.items():
            PropertyPhoto.objects.filter(image=name).update(media_id=media_id, uploaded_at=clock.Now())

    def _reply(self, message: OutboxMessage, now: datetime) -> dict[str, Any]:
        assert message.contact is not None
        if message.body is None or not window_open(message.contact, now):
            raise Withheld("the 24-hour window had closed before the answer left")
        body: dict[str, Any] = message.body
        return body

    def _notification(self, message: OutboxMessage, now: datetime) -> dict[str, Any]:
        assert message.contact is not None
        if message.contact.stopped_at is not None:
            raise Withheld("they asked us to stop writing on WhatsApp")
        kind = by_name(message.kind)
        link = Link.objects.filter(
            contact=message.contact, account_id=message.account_id, state=LinkState.ACTIVE
        ).first()
        if kind.needs_link and link is None:
            raise Withheld("this WhatsApp no longer speaks for the account")
        said = kind.whatsapp(message, now=now)
        if silent(message.contact, link, now):
            if _asked_to_reply(message.contact):
                raise Withheld("they were asked to reply, and have been silent since")
            said = for_silent()
        elif kind.needs_link and link is not None and not link.current:
            assert message.account is not None
            said = for_another(message.account)
        reader = reader_of(message, markup=True)
        if window_open(message.contact, now) and not message.arguments.get("window_closed"):
            return cloud.payload(free_text(said, reader))
        if not said.template:
            raise Withheld("the 24-hour window is closed, and this kind has no template")
        return cloud.payload(by_template(said, reader))

    def _known(self, files: list[str], now: datetime) -> dict[str, str]:
        if not files:
            return {}
        photos = PropertyPhoto.objects.filter(image__in=files, uploaded_at__gt=now - UPLOADS_LAST)
        return dict(photos.exclude(media_id="").values_list("image", "media_id"))


def window_open(contact: Contact, now: datetime) -> bool:
    """Whether anything may be said: 24 hours from their last message, by Meta's time of it."""
    return contact.last_inbound_at is not None and now - contact.last_inbound_at < WINDOW


def silent(contact: Contact, link: Link | None, now: datetime) -> bool:
    """Whether nobody has written or proved themselves there for so long that the number may be another's."""
    heard = [moment for moment in (contact.last_inbound_at, link.made_at if link else None) if moment]
    return bool(heard) and now - max(heard) > SILENT


def _asked_to_reply(contact: Contact) -> bool:
    """Whether it was said since they last wrote: once is enough for somebody who may be a stranger."""
    asked = OutboxMessage.objects.filter(
        contact=contact, status__in=LEFT_STATES, body__template__name=UPDATE_WAITING
    )
    return asked.filter(created_at__gt=contact.last_inbound_at or contact.created_at).exists()


def for_silent() -> Said:
    """What a WhatsApp is told that has long been silent: nothing at all. The details go by e-mail."""
    return Said(
        text=say(_("Hello, you have an update in Inspector. Reply to see it.")), template=UPDATE_WAITING
    )


def for_another(account: User) -> Said:
    """What a WhatsApp is told of an account that is not its current one: whom it is for, and no details."""
    return Said(
        text=say(_("For {user}: there is news on Inspector. Write *switch* to see it."), user=account),
        template="account_news",
        parameters={"user": say("{user}", user=account)},
    )


def free_text(said: Said, reader: Reader) -> cloud.Message:
    text = cloud.clip(said.text.put(reader), 1024)
    if not said.buttons:
        return cloud.Text(text)
    titles = [(id, cloud.clip(title.put(reader), 20)) for id, title in said.buttons]
    return cloud.Buttons(text, tuple(cloud.Button(id, title) for id, title in titles))


def by_template(said: Said, reader: Reader) -> cloud.Template:
    reader = replace(reader, language=language_for(reader))
    return cloud.Template(
        said.template,
        reader.language,
        body={
            name: cloud.clip(cloud.clean_parameter(words.put(reader)), PARAMETER)
            for name, words in said.parameters.items()
        },
        buttons=tuple(cloud.QuickReply(id) for id, _title in said.buttons),
    )


def client() -> Client:
    """The client for the number that the settings name."""
    return _client(
        settings.WHATSAPP_API_URL,
        settings.WHATSAPP_API_VERSION,
        settings.WHATSAPP_PHONE_NUMBER_ID,
        settings.WHATSAPP_ACCESS_TOKEN,
    )


@cache
def _client(api_url: str, version: str, phone_number_id: str, token: str) -> Client:
    return Client(api_url=api_url, version=version, phone_number_id=phone_number_id, access_token=token)


def _send(
    *,
    body: dict[str, Any],
    known: dict[str, str],
    addressed: "partial[dict[str, object]]",
    turn: pace.Turn,
) -> Receipt:
    """Upload what Meta has not, and post the message. No database from here on."""
    fresh = {}
    for name in cloud.files(body):
        if name not in known:
            data, mime = files.read(name)
            fresh[name] = client().upload(data, mime, name.rsplit("/", 1)[-1])
    pace.wait(settings.WHATSAPP_PHONE_NUMBER_ID, turn, per_second=settings.WHATSAPP_MESSAGES_PER_SECOND)
    try:
        accepted = client().send(addressed(cloud.with_media(body, known | fresh)))
    except (Refused, NotAllowed):
        if not known:
            raise
        # Meta may have forgotten a photo before its time, and says so with codes that mean other things as
        # well. It has not taken the message, so it is said once more with the photos uploaded anew.
        return _send(body=body, known={}, addressed=addressed, turn=turn)
    return Receipt(provider_id=accepted.wamid, uploaded=fresh)
