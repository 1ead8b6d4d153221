"""First contact with Meta: everything that has to stand there before anybody can write to us, step by step.

What can be set from here is set; what only a person can do is said in words, with where it is done.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from bot import forms
from bot.webhook import DOOR
from inspector_whatsapp.cloud_api import business
from inspector_whatsapp.cloud_api.business import Automation, Number, PublishedForm, Token
from inspector_whatsapp.cloud_api.client import Client
from inspector_whatsapp.cloud_api.errors import CloudError
from notifications import registry
from notifications.meta import client as our_client
from notifications.models import TemplateStatus
from notifications.templates import TEMPLATES

# What a chat begins with. Each is a word that the bot takes as the whole message.
AUTOMATION: Final = Automation(
    prompts=("Look for a property", "Book an inspection", "My inspections", "Talk to a person"),
    commands=(
        ("menu", "What you can do here"),
        ("back", "One step back"),
        ("cancel", "Leave what you are doing"),
        ("help", "How this works"),
        ("human", "Talk to a person"),
        ("switch", "Use another of your accounts"),
        ("language", "Choose the language"),
        ("stop", "No more offers"),
        ("start", "Offers again"),
        ("unlink", "Disconnect this WhatsApp"),
    ),
)
GREETING: Final = "Hello"  # what the QR code's link writes for the person
SOON: Final = timedelta(days=14)
SCREENS: Final = {  # by their names at Meta; docs/going-live.md leads through them
    "token": "Meta Business Suite, Settings, Users, System users",
    "secret": "the app's dashboard, App settings, Basic",
    "webhook": "the app's dashboard, Use cases, Connect on WhatsApp, Configuration",
    "numbers": "WhatsApp Manager, Account tools, Phone numbers",
    "templates": "WhatsApp Manager, Message templates",
    "forms": "WhatsApp Manager, Account tools, Flows",
}
_PER_SECOND: Final = {"STANDARD": 80, "HIGH": 1000}


class Mark(StrEnum):
    """How a line stands."""

    RIGHT = "ok"
    DONE = "done"
    WOULD = "would"  # be done, but for --dry-run
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """A line of what was found."""

    mark: Mark
    says: str


Findings = Iterator[Finding]


@dataclass(frozen=True)
class Walk:
    """dry_run: change nothing. take_over: have the app's webhooks come here, wherever they go now."""

    dry_run: bool = False
    take_over: bool = False

    def all(self) -> Findings:
        """Every step. Nothing else can be asked without a token that is good."""
        yield from _address()
        client = our_client()
        try:
            token = business.token(client, account=settings.WHATSAPP_BUSINESS_ACCOUNT_ID)
        except CloudError as error:
            yield _wrong(f"Meta refuses WHATSAPP_ACCESS_TOKEN: {error}. Make one in {SCREENS['token']}.")
            return
        yield from _token(token)
        if not token.valid:
            return
        yield from _tried("The number", lambda: self._number(client))
        yield from _tried("The account's webhooks", lambda: self._subscribed(client, token))
        yield from _tried("The app's webhook", lambda: self._webhook(client, token))
        yield from _tried("The templates", self._templates)
        yield from _tried("What a chat begins with", lambda: self._automation(client))
        yield from self.form()
        yield from _tried("The QR code", lambda: self._link(client))

    def form(self) -> Findings:
        """The booking form alone."""
        yield from _tried("The booking form", lambda: self._form(our_client()))

    def _number(self, client: Client) -> Findings:
        if client.phone_number_id not in business.numbers_of(client, settings.WHATSAPP_BUSINESS_ACCOUNT_ID):
            yield _wrong(
                "WHATSAPP_PHONE_NUMBER_ID is no number of the account WHATSAPP_BUSINESS_ACCOUNT_ID."
                f" Compare both in {SCREENS['numbers']}."
            )
        yield from _may_send(business.number(client))

    def _subscribed(self, client: Client, token: Token) -> Findings:
        account = settings.WHATSAPP_BUSINESS_ACCOUNT_ID
        if business.is_subscribed(client, account, token.app_id):
            yield _right("The app gets the account's webhooks.")
        elif self.dry_run:
            yield Finding(Mark.WOULD, "The app would be subscribed to the account's webhooks.")
        else:
            business.subscribe(client, account)
            yield Finding(Mark.DONE, "The app is subscribed to the account's webhooks.")

    def _webhook(self, client: Client, token: Token) -> Findings:
        """Where the app's webhooks go, and which."""
        secret = settings.WHATSAPP_APP_SECRETS[0]  # the new one, while it is rotated
        try:
            found = business.subscription(client, app_id=token.app_id, secret=secret)
        except CloudError as error:
            yield _wrong(
                f"WHATSAPP_APP_SECRET is not the secret of the app {token.app} ({token.app_id}): {error}."
                f" It stands in {SCREENS['secret']}."
            )
            return
        wanted, there = frozenset(business.FIELDS), found.fields if found else frozenset()
        ours = settings.PUBLIC_URL + DOOR
        if found and found.address not in ("", ours) and not self.take_over:
            yield _wrong(
                f"The app's webhooks go to {found.address}, not to {ours}. With --take-over they come here."
            )
            return
        lacking = wanted - there
        if found and found.address == ours and not lacking:
            yield _right(f"The app's webhooks go to {ours}, with every field that is read.")
            return
        says = f"to {ours}" + (f", with {', '.join(sorted(lacking))}" if lacking else "")
        if self.dry_run:
            yield Finding(Mark.WOULD, f"The app's webhooks would go {says}.")
            return
        try:
            business.set_subscription(
                client,
                app_id=token.app_id,
                secret=secret,
                address=ours,
                verify_token=settings.WHATSAPP_VERIFY_TOKEN,
                fields=wanted | there,
            )
        except CloudError as error:
            yield _wrong(
                f"Meta could not set the webhook to {ours}: {error}. The service must be running, and reached"
                f" there by https with a certificate that browsers trust. By hand: {SCREENS['webhook']}."
            )
            return
        yield Finding(Mark.DONE, f"The app's webhooks go {says}.")

    def _templates(self) -> Findings:
        registry.compare()
        rows = [registry.version_of(template) for template in TEMPLATES]
        lacking = sum(row.status in registry.SUBMITTABLE for row in rows)
        if lacking and self.dry_run:
            yield Finding(Mark.WOULD, f"{lacking} message templates would be submitted.")
        elif lacking:
            taken = registry.submit_lacking()
            yield Finding(Mark.DONE, f"{taken} of {lacking} templates that Meta lacked are submitted.")
            rows = [registry.version_of(template) for template in TEMPLATES]
        many = Counter(row.status for row in rows)
        yield _right(
            f"{many[TemplateStatus.APPROVED]} of {len(rows)} templates are approved,"
            f" {many[TemplateStatus.PENDING]} in review."
        )
        for row in rows:
            would_be_submitted = row.status in registry.SUBMITTABLE and not row.reason
            if would_be_submitted or row.status in (TemplateStatus.APPROVED, TemplateStatus.PENDING):
                continue
            why = f": {row.reason}" if row.reason else ""
            yield _wrong(f"Template {row} is {row.get_status_display()}{why}. See {SCREENS['templates']}.")

    def _automation(self, client: Client) -> Findings:
        if business.number(client).automation == AUTOMATION:
            yield _right("Ice breakers and commands are set.")
        elif self.dry_run:
            yield Finding(Mark.WOULD, "Ice breakers and commands would be set.")
        else:
            business.automate(client, AUTOMATION)
            yield Finding(Mark.DONE, "Ice breakers and commands are set.")

    def _form(self, client: Client) -> Findings:
        """The form of this release, by a name of its own: what is published can't be changed."""
        account = settings.WHATSAPP_BUSINESS_ACCOUNT_ID
        try:
            there = business.forms(client, account)
            ours = next((form for form in there if form.name == forms.BOOKING_NAME), None)
            if ours is None or ours.status == "DRAFT":
                if self.dry_run:
                    yield Finding(Mark.WOULD, "The booking form would be made and published.")
                    return
                ours = ours or business.make_form(
                    client,
                    account,
                    name=forms.BOOKING_NAME,
                    category="APPOINTMENT_BOOKING",
                    document=forms.BOOKING,
                )
                if ours.wrong:
                    yield _wrong(f"Meta finds the booking form {ours.id} wrong: {'; '.join(ours.wrong)}.")
                    return
                business.publish_form(client, ours)
                ours = replace(ours, status="PUBLISHED")
                yield Finding(Mark.DONE, "The booking form is made and published.")
        except CloudError as error:
            if settings.WHATSAPP_BOOKING_FLOW_ID:
                raise
            yield Finding(Mark.NOTE, f"There is no booking form, and lists are shown: Meta says {error}.")
            return
        yield _used(ours, there)

    def _link(self, client: Client) -> Findings:
        if found := business.link(client, GREETING):
            yield _right(f"The QR code for posters leads to {found}.")
        elif self.dry_run:
            yield Finding(Mark.WOULD, "A QR code for posters would be made.")
        else:
            made = business.make_link(client, GREETING)
            yield Finding(Mark.DONE, f"A QR code for posters is made; it leads to {made}.")


def _address() -> Findings:
    place = urlsplit(settings.PUBLIC_URL)
    if place.scheme != "https" and place.hostname not in ("127.0.0.1", "localhost"):
        yield _wrong(f"PUBLIC_URL is {settings.PUBLIC_URL}: Meta posts to https alone.")
    elif place.scheme != "https" and "graph.facebook.com" in settings.WHATSAPP_API_URL:
        yield _wrong("PUBLIC_URL is this machine's own: Meta must reach it from the internet, by https.")
    else:
        yield _right(f"This service is reached at {settings.PUBLIC_URL}.")


def _token(token: Token) -> Findings:
    if not token.valid:
        yield _wrong(
            f"WHATSAPP_ACCESS_TOKEN is not valid: {token.why or 'Meta does not say why'}."
            f" Make one in {SCREENS['token']}."
        )
        return
    for right in token.lacking:
        yield _wrong(f"The token has not the right {right}. Make one that has it in {SCREENS['token']}.")
    for right in token.not_for:
        yield _wrong(
            f"The token's {right} is not for the account {settings.WHATSAPP_BUSINESS_ACCOUNT_ID}."
            f" Assign the account to the system user in {SCREENS['token']}."
        )
    if not (token.lacking or token.not_for):
        yield _right(f"The token is good for the app {token.app} ({token.app_id}).")
    if token.ends_at is None:
        yield _right("The token does not end.")
    else:
        soon = token.ends_at - timezone.now() < SOON
        says = f"The token ends on {token.ends_at:%d %B %Y}."
        yield Finding(
            Mark.WRONG if soon else Mark.NOTE,
            f"{says} One of a system user can be made to never end: {SCREENS['token']}.",
        )


def _may_send(found: Number) -> Findings:
    yield Finding(Mark.NOTE, f"The number is {found.phone}, shown as {found.name or 'nothing'}.")
    expected = (
        (
            found.phone == settings.WHATSAPP_PHONE_NUMBER,
            f"WHATSAPP_PHONE_NUMBER is {settings.WHATSAPP_PHONE_NUMBER}, but the number is {found.phone}.",
        ),
        (found.platform in ("", "CLOUD_API"), f"The number is on {found.platform}, not on the Cloud API."),
        (
            found.status in ("", "CONNECTED"),
            f"The number is {found.status}: register it, or see {SCREENS['numbers']}.",
        ),
        (
            found.name_status in ("", "APPROVED", "AVAILABLE_WITHOUT_REVIEW", "NONE"),
            f"The number's name is {found.name_status}: see {SCREENS['numbers']}.",
        ),
        (
            found.quality != "RED",
            "The number's quality is RED: people block or report it. Send fewer offers.",
        ),
        (
            found.can_send in ("", "AVAILABLE"),
            f"Sending is {found.can_send}: {'; '.join(found.problems) or 'Meta does not say why'}.",
        ),
        (
            found.overridden in ("", settings.PUBLIC_URL + DOOR),
            f"The number's own webhook goes to {found.overridden}, whatever the app's does: remove it.",
        ),
        (
            _PER_SECOND.get(found.throughput, 1000) > settings.WHATSAPP_MESSAGES_PER_SECOND,
            f"WHATSAPP_MESSAGES_PER_SECOND is {settings.WHATSAPP_MESSAGES_PER_SECOND}: Meta takes fewer of a"
            f" number with {found.throughput} throughput, what comes in counted.",
        ),
    )
    wrong = [says for right, says in expected if not right]
    for says in wrong:
        yield _wrong(says)
    if not wrong:
        yield _right("The number is connected and may send.")
    limit = found.limit.removeprefix("TIER_") or "an unknown number of"
    yield Finding(Mark.NOTE, f"It may begin chats with {limit} people in 24 hours; answers are not counted.")


def _used(ours: PublishedForm, there: Sequence[PublishedForm]) -> Finding:
    """Whether the setting names the form of this release."""
    wanted = settings.WHATSAPP_BOOKING_FLOW_ID
    if not wanted:
        says = f"The booking form is not used; WHATSAPP_BOOKING_FLOW_ID={ours.id} has it shown."
        return Finding(Mark.NOTE, says)
    if ours.id != wanted and any(form.id == wanted for form in there):
        return _wrong(f"WHATSAPP_BOOKING_FLOW_ID is {wanted}, the form of another release: set {ours.id}.")
    if ours.id != wanted:
        return _wrong(f"WHATSAPP_BOOKING_FLOW_ID is {wanted}, no form of the account's: set {ours.id}.")
    if ours.status != "PUBLISHED":
        return _wrong(
            f"The booking form is {ours.status}: see {SCREENS['forms']}. Empty WHATSAPP_BOOKING_FLOW_ID until"
            " it is well again; lists are shown then."
        )
    return _right(f"The booking form is {ours.id}, and used.")


def _tried(what: str, step: Callable[[], Findings]) -> Findings:
    """A step; that it failed keeps no other from being taken."""
    try:
        yield from step()
    except CloudError as error:
        yield _wrong(f"{what}: Meta says {error}.")


def _right(says: str) -> Finding:
    return Finding(Mark.RIGHT, says)


def _wrong(says: str) -> Finding:
    return Finding(Mark.WRONG, says)
