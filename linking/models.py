"""Requests to link a WhatsApp identity to an account, and what proves them: codes, and the website."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import CooldownMixin, Device, DeviceManager, ThrottlingMixin

from inspector_whatsapp.models import Contact, Link
from linking import codes

TRIES = 5  # codes typed per challenge
MAILS = 3  # codes sent per challenge
COOLDOWN = 60  # seconds between two of them


class ChallengeState(models.TextChoices):
    """The life of a challenge."""

    OPEN = "open", _("waiting for its code")
    PROVED = "proved", _("proved, not yet linked")
    USED = "used", _("used for a link")
    DEAD = "dead", _("dead: too many wrong codes")
    EXPIRED = "expired", _("expired")
    REPLACED = "replaced", _("replaced by a newer one")
    CANCELLED = "cancelled", _("cancelled in the chat")
    VOID = "void", _("void: the account or its link changed")


ALIVE = (ChallengeState.OPEN, ChallengeState.PROVED)


class KnownBy(models.TextChoices):
    """By which of a contact's identities it asked; another value of it is another asker."""

    USER_ID = "user_id", "BSUID"
    PHONE = "phone", _("phone")


class LinkChallenge(models.Model):
    """Somebody in a chat named an e-mail address, and is to prove that its mailbox is theirs.

    There is one whether or not an account has that address, and it behaves alike in the chat.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="challenges")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="challenges"
    )
    address_digest = models.CharField(max_length=64, editable=False)
    known_by = models.CharField(max_length=8, choices=KnownBy)
    state = models.CharField(max_length=16, choices=ChallengeState, default=ChallengeState.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(help_text="When a code was last asked for.")
    mails = models.PositiveSmallIntegerField("e-mails asked for", default=1)
    sent = models.PositiveSmallIntegerField("codes made", default=0)
    sent_at = models.DateTimeField("last code made at", null=True, blank=True)
    warned_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the account was told of the attempt instead of being sent a code.",
    )
    attempts = models.PositiveSmallIntegerField("codes tried", default=0)
    proved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(state="open"), name="challenge_one_open_per_contact"
            ),
            models.CheckConstraint(condition=Q(attempts__lte=TRIES), name="challenge_tries_are_few"),
            models.CheckConstraint(condition=Q(mails__lte=MAILS), name="challenge_mails_are_few"),
            models.CheckConstraint(
                condition=~Q(state__in=["proved", "used"])
                | Q(account__isnull=False, proved_at__isnull=False),
                name="challenge_proof_has_an_account",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "created_at"], name="challenge_of_contact"),
            models.Index(fields=["account", "created_at"], name="challenge_of_account"),
            models.Index(fields=["sent_at"], name="challenge_sent"),
        ]

    def __str__(self) -> str:
        return f"challenge {self.pk} of contact {self.contact_id}"

    def asker(self, contact: Contact) -> codes.Asker:
        """`contact` as this challenge knows it."""
        return codes.Asker(self.pk, f"{self.known_by}:{getattr(contact, self.known_by) or ''}")


class LinkCodeDevice(CooldownMixin, ThrottlingMixin, Device):  # type: ignore[misc]
    """The code of one challenge: a django-otp device that is no second factor.

    It is never confirmed, which hides it from whoever goes through somebody's devices; and a code is right
    only while its own chat asks (`codes.asked_by`), because a log-in form may name a device by its id.
    Codes are made by the job that sends the mail, for known and unknown addresses alike, and not by
    `generate_challenge`: a log-in form calls that too.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    challenge = models.OneToOneField(LinkChallenge, on_delete=models.CASCADE, related_name="device")
    confirmed = models.BooleanField(default=False, editable=False)
    digest = models.CharField(max_length=80, blank=True, editable=False)
    code_expires_at = models.DateTimeField()
    throttling_failure_count: int

    objects: ClassVar["models.Manager[LinkCodeDevice]"] = DeviceManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(confirmed=False), name="link_code_is_no_second_factor")
        ]

    def __str__(self) -> str:
        return f"code of challenge {self.challenge_id}"

    def get_cooldown_duration(self) -> int:
        return COOLDOWN

    def get_throttle_factor(self) -> int:
        # The cap on tries is stricter than the stock back-off of 1, 2, 4, 8 s, which would refuse a right
        # code that is typed just after a wrong one.
        return 0

    def keep(self, code: str, *, asker: codes.Asker, expires_at: datetime, now: datetime) -> None:
        """Let this code be the right one, and no earlier one any more."""
        self.digest = codes.digest(asker, code)
        self.code_expires_at = expires_at
        self.last_generated_timestamp = now
        self.save()

    def verify_token(self, token: str) -> bool:
        """Whether this is the code, typed in the chat that asked for it. It is right once."""
        asker = codes.asker()
        if asker is None or asker.challenge_id != self.challenge_id:
            return False
        if not codes.matches(self.digest, asker, token):
            self.throttling_failure_count += 1
            self.save(update_fields=["throttling_failure_count"])
            return False
        self.digest = ""
        self.throttling_failure_count = 0
        self.save(update_fields=["digest", "throttling_failure_count"])
        return True


class AccountGuard(models.Model):
    """Watches over guesses at one account's codes, whoever makes them; its row is their lock."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="linking_guard"
    )
    wrong_in_a_row = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then it can be linked from the website only."
    )

    class Meta:
        verbose_name = "guard of an account"
        verbose_name_plural = "guards of accounts"

    def __str__(self) -> str:
        return f"guard of account {self.account_id}"


class IntentState(models.TextChoices):
    """The life of an intent. That its time is over is told by `expires_at`, and kept nowhere."""

    OPEN = "open", _("waiting for the chat")
    CLAIMED = "claimed", _("sent from a chat, not yet confirmed")
    CONFIRMED = "confirmed", _("confirmed: linked")
    ALREADY = "already", _("sent from the chat that is linked already")
    CANCELLED = "cancelled", _("cancelled on the website")
    VOID = "void", _("void: the account or who is behind the WhatsApp changed")


GOING_ON = (IntentState.OPEN, IntentState.CLAIMED)


class LinkIntent(models.Model):
    """Somebody who is signed in on the website wants to connect a WhatsApp: whichever sends its token.

    The token only proposes. The session that made the intent sees who sent it, and says yes or no.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="link_intents"
    )
    session_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the website's session; empty: any of theirs."
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=16, choices=IntentState, default=IntentState.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="To be sent until then; once it is sent, to be confirmed.")
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="link_intents",
        help_text="Who sent it.",
    )
    claimed_at = models.DateTimeField("sent at", null=True, blank=True)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "confirmed", "already"])
                | Q(contact__isnull=False, claimed_at__isnull=False),
                name="intent_claim_has_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", link__isnull=False) | ~Q(state="confirmed") & Q(link=None),
                name="intent_makes_a_link_when_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["account", "created_at"], name="intent_of_account")]

    def __str__(self) -> str:
        return f"intent {self.pk} of account {self.account_id}"


class WrongToken(models.Model):
    """A contact sent a token that is none, or none any more."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="wrong_tokens")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact", "at"], name="wrong_token_of_contact")]

    def __str__(self) -> str:
        return f"wrong token of contact {self.contact_id}"
