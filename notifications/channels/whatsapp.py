"""To WhatsApp, through Meta's Cloud API."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, assert_never

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import clock, files, outbox
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.cloud_api.errors import explain
from inspector_whatsapp.contacts import SILENT
from inspector_whatsapp.models import Contact, Link, OutboxMessage, PropertyPhoto, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import LEFT_STATES, Category, IfUncertain, Priority
from inspector_whatsapp.outbox import (
    CannotSend,
    Channel,
    Held,
    NotAllowed,
    OptedOut,
    Outgoing,
    Receipt,
    Refused,
    Sending,
    Step,
    TryLater,
    Unreachable,
    Withheld,
    pace,
)
from inspector_whatsapp.outbox.channel import MOST_PLACES
from inspector_whatsapp.outbox.statuses import callback
from inspector_whatsapp.words import Reader, say
from notifications import consent, facts, letters, mornings, policy, registry
from notifications.facts import window_open
from notifications.kind import Kind, Said, by_name, reader_of
from notifications.meta import client
from notifications.policy import Decision, Drop, Hold, SayByMail, SayByTemplate, SayFreely
from notifications.recipients import EMAIL, WHATSAPP
from notifications.registry import Usable

UPDATE_WAITING = "update_waiting"  # the template that says nothing
FEWEST = 16  # places, however few leave in a second
SHORTEST = 40  # characters that every value of a template keeps
UPLOADS_LAST = timedelta(days=29)  # Meta keeps them for 30 days
# Meta's errors that say something of the person, not of this message: no WhatsApp, their country, blocked.
LASTING = (131026, 130497, 130403)
# Those that say something of the template, not of this message: other values, gone, paused, disabled.
OF_THE_TEMPLATE = (132000, 132001, 132008, 132012, 132015, 132016)


class WhatsApp(Channel):
    """The channel: free text while the window is open, else the kind's template."""

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        contact = message.contact
        if contact is None:
            raise Withheld("nobody on WhatsApp to send it to")
        steps: Sequence[Step] = ()
        if message.kind == "reply":
            body = self._reply(message, now)
        else:
            body, steps = self._notification(message, now)
        addressed = partial(
            cloud.addressed,
            phone=contact.phone,
            user_id=contact.user_id,
            callback=callback(message),
            reply_to=message.arguments.get("quotes"),
        )
        files = cloud.files(body)
        known = self._known(files, now)
        turn = pace.turn(
            message,
            name=settings.WHATSAPP_PHONE_NUMBER_ID,
            per_second=settings.WHATSAPP_MESSAGES_PER_SECOND,
        )
        return Sending(
            send=partial(_send, body=body, known=known, addressed=addressed, turn=turn),
            body=body,
            text=cloud.plain(body),
            steps=steps,
            # What has to be uploaded first asks for its turn afterwards.
            turn=turn if known.keys() >= set(files) else None,
        )

    def places(self) -> int:
        """As many as leave in a second: Meta may take as long as that to answer each."""
        per_second: int = settings.WHATSAPP_MESSAGES_PER_SECOND
        return min(max(per_second, FEWEST), MOST_PLACES)

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        contact, now = message.contact, clock.now()
        match error:
            case OptedOut() if contact is not None:
                consent.stop_offers(
                    contact=contact, account=message.account, how="131050", evidence=str(message.pk), at=now
                )
            case Unreachable() if contact is not None and error.code in LASTING:
                Contact.objects.filter(pk=contact.pk).update(blocked_reason=explain(error.code)[:200])
            case Refused() if error.code in OF_THE_TEMPLATE:
                message.refresh_from_db(fields=["body"])  # it was put into words after it was claimed
                template = (message.body or {}).get("template", {})
                registry.refused(str(template.get("name", "")), str(error))
            case Refused() if _is_form(message):
                return [_list_instead(message)]
        return letter_instead(message, f"WhatsApp: {error}")

    def uploaded(self, files: dict[str, str]) -> None:
        for name, media_id in files.items():
            PropertyPhoto.objects.filter(image=name).update(media_id=media_id, uploaded_at=clock.Now())

    def by_mail(self, message: OutboxMessage) -> Outgoing:
        return letters.of(message)

    def _reply(self, message: OutboxMessage, now: datetime) -> dict[str, Any]:
        assert message.contact is not None
        if message.body is None or not window_open(message.contact, now):
            raise Withheld("the 24-hour window had closed before the answer left")
        body: dict[str, Any] = message.body
        return body

    def _notification(self, message: OutboxMessage, now: datetime) -> tuple[dict[str, Any], Sequence[Step]]:
        contact, kind = message.contact, by_name(message.kind)
        assert contact is not None
        link = Link.objects.filter(
            contact=contact, account_id=message.account_id, state=LinkState.ACTIVE
        ).first()
        if kind.needs_link and link is None:
            raise Withheld("this WhatsApp no longer speaks for the account")
        said = self._said(kind, message, link, now)
        about = facts.about(kind, message, now=now)
        decision = policy.on_whatsapp(about, facts.on_whatsapp(kind, message, contact, said, now=now))
        body = self._follow(decision, message, said)
        mornings.join(message, now=now, steps=decision.steps)
        return body, decision.steps

    def _said(self, kind: Kind, message: OutboxMessage, link: Link | None, now: datetime) -> Said:
        """The words, as far as whoever has this WhatsApp may read them."""
        assert message.contact is not None
        said = kind.whatsapp(message, now=now)
        if silent(message.contact, link, now):
            letter = letter_instead(message, "WhatsApp: the number has long been silent")
            if _asked_to_reply(message.contact):
                raise Withheld("they were asked to reply, and have been silent since", instead=letter)
            outbox.add_all(letter, now=now)
            return for_silent()
        if kind.needs_link and link is not None and not link.current:
            assert message.account is not None
            return for_another(message.account)
        return said

    def _follow(self, decision: Decision, message: OutboxMessage, said: Said) -> dict[str, Any]:
        reader = reader_of(message, markup=True)
        match decision.route:
            case SayFreely():
                return cloud.payload(free_text(said, reader))
            case SayByTemplate(usable):
                template = by_template(said, reader, usable)
                if wrong := registry.check(usable, template.body, len(template.buttons)):
                    raise _by_mail(message, said, wrong, decision)
                return cloud.payload(template)
            case Hold(until):
                raise Held("quiet hours", until=until, steps=decision.steps)
            case SayByMail(why):
                raise _by_mail(message, said, why, decision)
            case Drop(why, status):
                raise Withheld(why, steps=decision.steps, status=status)
            case _:
                assert_never(decision.route)

    def _known(self, files: list[str], now: datetime) -> dict[str, str]:
        if not files:
            return {}
        photos = PropertyPhoto.objects.filter(image__in=files, uploaded_at__gt=now - UPLOADS_LAST)
        return dict(photos.exclude(media_id="").values_list("image", "media_id"))


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
    most = limits.LIST_BODY if said.rows else limits.INTERACTIVE_BODY
    text = cloud.clip(said.text.put(reader), most)
    if said.rows:
        rows = tuple(
            cloud.Row(
                row.id,
                cloud.clip(row.title.put(reader), limits.ROW_TITLE),
                cloud.clip(row.description.put(reader), limits.ROW_DESCRIPTION),
            )
            for row in said.rows
        )
        return cloud.List(text, cloud.clip(say(_("Choose")).put(reader), limits.LIST_BUTTON), rows)
    if not said.buttons:
        return cloud.Text(text)
    titles = [(id, cloud.clip(title.put(reader), 20)) for id, title in said.buttons]
    return cloud.Buttons(text, tuple(cloud.Button(id, title) for id, title in titles))


def _by_mail(message: OutboxMessage, said: Said, why: str, decision: Decision) -> Withheld:
    """It does not go here. Where its template is at fault, somebody should know."""
    lacks_template = decision.steps[-1].name == "template" and said.template
    return Withheld(
        why,
        steps=decision.steps,
        instead=letter_instead(message, f"WhatsApp: {why}"),
        then=partial(registry.missing, said.template, why) if lacks_template else None,
    )


def _is_form(message: OutboxMessage) -> bool:
    body: dict[str, Any] = message.body or {}
    return message.kind == "reply" and body.get("interactive", {}).get("type") == "flow"


def _list_instead(message: OutboxMessage) -> Outgoing:
    """Where Meta does not show a form, such as one that it has blocked: its list is a word away."""
    words = say(_("The form can't be shown right now. Type *list*, or a day like *Saturday*."))
    text = words.put(reader_of(message, markup=True))
    return Outgoing(
        kind="reply",
        channel=WHATSAPP,
        contact=message.contact,
        body=cloud.payload(cloud.Text(text)),
        text=text,
        key=f"{message.key}:list",
        cause=message.cause,
    )


def letter_instead(message: OutboxMessage, why: str) -> Sequence[Outgoing]:
    """The letters that take the place of a notification; those that have been written already stay alone."""
    if message.kind == mornings.KIND:
        return [letter for held in mornings.told_in(message) for letter in letter_instead(held, why)]
    try:
        kind = by_name(message.kind)
    except KeyError:  # an answer in the chat, or a kind that this release has no more
        return ()
    account = message.account
    if account is None or message.key is None or not kind.otherwise_by_mail:
        return ()
    if not message.arguments.get("otherwise", True):
        return ()
    return [
        Outgoing(
            kind=message.kind,
            channel=EMAIL,
            account=account,
            arguments=message.arguments,
            key=f"{message.key.partition(f':{WHATSAPP}')[0]}:{EMAIL}",
            expires_at=message.expires_at,
            if_uncertain=IfUncertain(message.if_uncertain),
            category=Category(message.category),
            priority=Priority(message.priority),
            cause=message.cause,
            steps=(Step("instead", why),),
        )
    ]


def by_template(said: Said, reader: Reader, usable: Usable) -> cloud.Template:
    """The words as the template's values, in its language."""
    reader = replace(reader, language=usable.language)
    return cloud.Template(
        usable.template,
        usable.language,
        body=_fitted(
            {name: cloud.clean_parameter(words.put(reader)) for name, words in said.parameters.items()},
            room=usable.room,
        ),
        buttons=tuple(cloud.QuickReply(id) for id, _title in said.buttons),
    )


def _fitted(values: dict[str, str], *, room: int) -> dict[str, str]:
    """The values, the longest cut first, so that the template's text fits with all of them (132005)."""
    while (over := sum(map(len, values.values())) - room) > 0:
        name = max(values, key=lambda name: len(values[name]))
        most = max(SHORTEST, len(values[name]) - over)
        if most >= len(values[name]):
            break
        values = values | {name: cloud.clip(values[name], most)}
    return values


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
            data, mime = _photo(name)
            fresh[name] = client().upload(data, mime, name.rsplit("/", 1)[-1])
    pace.wait(turn)
    try:
        accepted = client().send(addressed(cloud.with_media(body, known | fresh)))
    except (Refused, NotAllowed):
        if not known:
            raise
        # Meta may have forgotten a photo before its time, and says so with codes that mean other things as
        # well. It has not taken the message, so it is said once more with the photos uploaded anew.
        return _send(body=body, known={}, addressed=addressed, turn=turn)
    return Receipt(provider_id=accepted.wamid, uploaded=fresh)


def _photo(name: str) -> tuple[bytes, str]:
    """A file to send. Whatever is wrong with it, the message has not left."""
    try:
        return files.read(name)
    except FileNotFoundError:
        raise Refused("the photo is not kept any more") from None
    except OSError as error:
        raise TryLater(f"the photo cannot be read: {type(error).__name__}", scope="message") from error
