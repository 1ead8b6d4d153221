"""What is said about linking: the code, and that a WhatsApp was connected, paused or disconnected."""

import math
from dataclasses import replace
from datetime import datetime

import phonenumbers
from babel import Locale
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Contact, Link, OutboxMessage
from inspector_whatsapp.models.outbox import Category, IfUncertain
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, say
from linking import codes, issuing, pages
from linking.models import LinkChallenge
from notifications.kind import Kind, Mail, Said, Topic, Urgency, reader_of
from notifications.recipients import ROLES


class LinkCode(Kind):
    """The code, to the account's mailbox. It is made here, at the last moment, and stands nowhere else."""

    name = "link_code"
    topic = Topic.SECURITY
    recipients = ROLES
    category = Category.AUTHENTICATION
    urgency = Urgency.NOW
    if_uncertain = IfUncertain.HOLD  # another try is another code: the person asks for it

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        challenge = (
            LinkChallenge.objects.select_for_update(of=("self",))
            .select_related("contact", "account")
            .filter(pk=message.arguments["challenge"])
            .first()
        )
        if challenge is None:
            raise Withheld("the request is gone")
        code = issuing.issue(challenge, mail=message.arguments["mail"], now=now)
        return self._warning(challenge) if code is None else self._code(code, challenge, message, now)

    def _code(self, code: str, challenge: LinkChallenge, message: OutboxMessage, now: datetime) -> Mail:
        minutes = math.ceil((challenge.expires_at - now).total_seconds() / 60)
        return Mail(
            subject=say(_("Your code to connect WhatsApp")),
            paragraphs=(
                say(
                    _(
                        "Someone using {whatsapp} asked on {when} ({zone}) to connect it to your Inspector "
                        "account."
                    ),
                    whatsapp=whatsapp(challenge.contact),
                    when=challenge.asked_at,
                    zone=zone(message),
                ),
                say(
                    _(
                        "If this was not you, do not share the code. Our staff will never ask for it, by "
                        "phone, chat or e-mail. It works only in that WhatsApp chat. Ignore this mail and "
                        "nothing happens, or report it: {site}/security"
                    ),
                    site=settings.INSPECTOR_URL,
                ),
                say(_("Your code, valid for {minutes} min and once:"), minutes=minutes),
            ),
            code=codes.spaced(code),
        )

    def _warning(self, challenge: LinkChallenge) -> Mail:
        return Mail(
            subject=say(_("A WhatsApp number tried to connect")),
            paragraphs=(
                say(
                    _(
                        "Someone using {whatsapp}, which is not on your account, tried to connect. No code "
                        "was sent and nothing changed."
                    ),
                    whatsapp=whatsapp(challenge.contact),
                ),
                say(
                    _(
                        "If it was you, sign in, update your phone or press Connect WhatsApp: {site}. If "
                        "not, no action is needed."
                    ),
                    site=settings.INSPECTOR_URL,
                ),
            ),
        )


class LinkMade(Kind):
    """A WhatsApp was connected: the chat hears it, and the account's owner can undo it from the mail."""

    name = "link_made"
    templates = ("link_made",)
    topic = Topic.SECURITY
    recipients = ROLES
    urgency = Urgency.NOW

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        link = _link(message)
        return Said(
            text=say(
                _(
                    "Connected. This chat can now see and change bookings of {account:email}. Not you? "
                    "Type UNLINK."
                ),
                account=link.account,
            ),
            template="link_made",
            parameters={"account": say("{account:email}", account=link.account)},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        link = _link(message)
        return Mail(
            subject=say(_("WhatsApp connected to your account")),
            paragraphs=(
                say(
                    _("On {when} ({zone}) {whatsapp} was connected. It can view and change your bookings."),
                    when=link.made_at,
                    zone=zone(message),
                    whatsapp=whatsapp(link.contact),
                ),
                say(
                    _("Not you? Disconnect it: {site}/whatsapp (sign in), or within 7 days on this page:"),
                    site=settings.INSPECTOR_URL,
                ),
            ),
            link=(say(_("Disconnect this WhatsApp")), pages.address(link)),
        )


class LinkSuspended(Kind):
    """A link is paused: nothing about the account is said there until the person proves themselves again."""

    name = "link_suspended"
    templates = ("link_suspended",)
    topic = Topic.SECURITY
    recipients = ROLES
    urgency = Urgency.NOW
    needs_link = False

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        return Said(
            text=say(
                _(
                    "I've paused this chat's connection to an Inspector account to keep it safe. Please "
                    "reconnect from {site}/connect, or type LINK."
                ),
                site=say(settings.INSPECTOR_URL),
            ),
            template="link_suspended",
            parameters={"site": say("{site}/connect", site=say(settings.INSPECTOR_URL))},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        return Mail(
            subject=say(_("WhatsApp connection paused")),
            paragraphs=(
                say(
                    _(
                        "To keep your account safe, its connection with {whatsapp} is paused. Nothing about "
                        "your account is sent there."
                    ),
                    whatsapp=whatsapp(_link(message).contact),
                ),
                say(
                    _("To go on, connect again: {site}/connect, or type LINK in the chat."),
                    site=settings.INSPECTOR_URL,
                ),
            ),
        )


class NumberChanged(LinkSuspended):
    """Another number, or another person, is behind a WhatsApp: its links are paused, both sides hear it."""

    name = "number_changed"
    templates = ("link_suspended",)

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        return Mail(
            subject=say(_("The WhatsApp number of your account has changed")),
            paragraphs=(
                say(
                    _(
                        "The number behind {whatsapp}, which is connected to your account, has changed. To "
                        "keep your account safe the connection is paused, and nothing about it is sent there."
                    ),
                    whatsapp=whatsapp(_link(message).contact),
                ),
                say(
                    _(
                        "If it is your new number, connect again: {site}/connect, or type LINK in the chat. "
                        "If not, no action is needed."
                    ),
                    site=settings.INSPECTOR_URL,
                ),
            ),
        )


class LinkEnded(Kind):
    """A link is over: both sides are told."""

    name = "link_ended"
    templates = ("link_ended",)
    topic = Topic.SECURITY
    recipients = ROLES
    urgency = Urgency.NOW
    needs_link = False

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        link, site = _link(message), say(settings.INSPECTOR_URL)
        text = say(
            _(
                "This chat is no longer connected to the Inspector account {account:email}. "
                "Not you? {site}/security"
            ),
            account=link.account,
            site=site,
        )
        return Said(
            text=text,
            template="link_ended",
            parameters={"site": say("{site}/security", site=site)},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        link = _link(message)
        return Mail(
            subject=say(_("WhatsApp disconnected from your account")),
            paragraphs=(
                say(
                    _(
                        "On {when} ({zone}) {whatsapp} was disconnected. Messages that were waiting for it "
                        "were cancelled; important ones go by e-mail."
                    ),
                    when=link.ended_at,
                    zone=zone(message),
                    whatsapp=whatsapp(link.contact),
                ),
                say(_("Not you? {site}/security"), site=settings.INSPECTOR_URL),
            ),
        )


class LinkMoved(LinkEnded):
    """Another WhatsApp took an account over: the one that had it is told."""

    name = "link_moved"
    templates = ("link_ended",)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        link, site = _link(message), say(settings.INSPECTOR_URL)
        return replace(
            super().whatsapp(message, now=now),
            text=say(
                _(
                    "This chat is no longer connected to the Inspector account {account:email}; another "
                    "WhatsApp was connected on {when}. Not you? {site}/security"
                ),
                account=link.account,
                when=link.ended_at,
                site=site,
            ),
        )


def whatsapp(contact: Contact) -> Words:
    """A WhatsApp identity as an account's owner may recognise it. The profile name is never shown."""
    if contact.phone:
        country = _country(contact.phone)
        if country:
            return say(
                _("the WhatsApp number ending {last} ({country})"), last=contact.phone[-4:], country=country
            )
    return briefly(contact)


def briefly(contact: Contact) -> Words:
    """The same without the country."""
    if contact.phone:
        return say(_("the WhatsApp number ending {last}"), last=contact.phone[-4:])
    if contact.username:
        return say(_("the WhatsApp account @{username}"), username=contact.username)
    return say(_("a WhatsApp account that hides its number"))


def _country(phone: str) -> str:
    """`Nigeria`; empty where a number is of several countries or none (+1 800 …)."""
    # Not by phonenumbers.geocoder: its tables take a quarter of a second and 100 MB, under a locked row.
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    countries = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    if len(countries) > 1:
        countries = tuple(one for one in countries if phonenumbers.is_valid_number_for_region(number, one))
    if len(countries) != 1 or countries[0] == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        return ""
    return str(Locale("en").territories.get(countries[0], ""))


def zone(message: OutboxMessage) -> str:
    """The time zone that a message's times are in, by name."""
    return reader_of(message, markup=False).tz.key


def _link(message: OutboxMessage) -> Link:
    link = Link.objects.select_related("contact", "account").filter(pk=message.arguments["link"]).first()
    if link is None:
        raise Withheld("the link is gone")
    return link
