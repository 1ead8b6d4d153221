"""To a mailbox: SMTP, or one of django-anymail's services."""

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from anymail.exceptions import AnymailAPIError, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.cloud_api.text import clip
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import (
    CannotSend,
    Channel,
    NotAllowed,
    Outgoing,
    Receipt,
    Refused,
    Sending,
    TryLater,
    Uncertain,
    Withheld,
)
from inspector_whatsapp.words import Address, Reader, Words, put, say
from notifications import facts, pages, policy
from notifications.kind import Mail, Topic, by_name, reader_of

SUBJECT = 120  # characters
PREVIEW = 100  # characters that a mailbox shows beside the subject
STOP_OFFERS = _("No more offers by e-mail")


class Email(Channel):
    """The channel: HTML and text, one Message-ID per message whatever the attempt."""

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        account = message.account
        if account is None or not account.email:
            raise Withheld("no mailbox to send it to")
        if not account.is_active:
            raise Withheld("the account is no longer active")
        kind = by_name(message.kind)
        decision = policy.in_mailbox(facts.about(kind, message, now=now), facts.in_mailbox(kind, message))
        if isinstance(decision.route, policy.Drop):
            raise Withheld(decision.route.why, steps=decision.steps, status=decision.route.status)
        mail = kind.mail(message, now=now)
        reader = reader_of(message, markup=False)
        foot = Foot(
            security=kind.topic == Topic.SECURITY,
            chats=account.links.filter(state=LinkState.ACTIVE).exists(),
            stop=pages.address(account) if kind.category == Category.MARKETING else "",
        )
        letter = written(mail, reader, to=account.email, message_id=message_id(message), foot=foot)
        kept = written(mail, reader, to=account.email, message_id="", foot=foot, kept=True)
        return Sending(
            send=partial(_send, letter),
            body={"subject": str(letter.subject), "text": str(kept.body)},
            text=f"{letter.subject}\n\n{kept.body}",
            steps=decision.steps,
        )

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        """Nothing is said in its place."""
        return ()

    def uploaded(self, files: dict[str, str]) -> None:
        """Nothing lies with the provider."""


def message_id(message: OutboxMessage) -> str:
    """The same for every attempt, so that a mailbox shows a message once that was sent twice."""
    return f"<outbox-{message.repeats_id or message.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>"


@dataclass(frozen=True, kw_only=True)
class Foot:
    """What stands at the end: why they get it, and for an offer where no more of them can be had.

    chats: whether a WhatsApp is connected, where they can choose.
    """

    security: bool = False
    chats: bool = True
    stop: str = ""

    @property
    def why(self) -> Words:
        if self.security:
            return say(_("This is about the safety of your Inspector account, and always sent."))
        if not self.chats:
            words = _("You get this because you have an account on Inspector: {site}")
            return say(words, site=Address(settings.INSPECTOR_URL))
        return say(
            _("Choose what you are told, and how, in your WhatsApp chat with Inspector, under Settings.")
        )


def written(
    mail: Mail,
    reader: Reader,
    *,
    to: str,
    message_id: str,
    foot: Foot = Foot(),
    kept: bool = False,
) -> EmailMultiAlternatives:
    """The letter as it is sent; or as it is `kept`, without what acts for its reader: code and links."""
    subject = clip(mail.subject.put(reader), SUBJECT)
    paragraphs = [words.put(reader) for words in mail.paragraphs]
    shown = "[code]" if kept and mail.code else mail.code
    link_text, link_url = (mail.link[0].put(reader), mail.link[1]) if mail.link else ("", "")
    link_url = "[link]" if kept and link_url else link_url
    why, stop_text = foot.why.put(reader), put(STOP_OFFERS, reader)
    stop_url = "[link]" if kept and foot.stop else foot.stop
    text = [*paragraphs, *([shown] if shown else []), *([f"{link_text}: {link_url}"] if link_url else [])]
    text += ["--", why, *([f"{stop_text}: {stop_url}"] if stop_url else [])]
    html = render_to_string(
        "notifications/mail.html",
        {
            "language": reader.language,
            "subject": subject,
            "paragraphs": paragraphs,
            "code": shown,
            "link_text": link_text,
            "link_url": link_url,
            "preview": clip(" ".join(paragraphs[0].split()), PREVIEW),
            "why": why,
            "stop_text": stop_text,
            "stop_url": stop_url,
        },
    )
    letter = EmailMultiAlternatives(
        subject,
        "\n\n".join(text) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers={"Message-ID": message_id} | _one_click(foot),
    )
    letter.attach_alternative(html, "text/html")
    for attachment in mail.attachments:
        letter.attach(attachment.filename, attachment.content, attachment.mime)
    return letter


def _one_click(foot: Foot) -> dict[str, str]:
    """With these a mail program has a button of its own for it (RFC 8058)."""
    if not foot.stop:
        return {}
    return {
        "List-Unsubscribe": f"<{foot.stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _send(letter: EmailMultiAlternatives) -> Receipt:
    """Hand the letter over, once; errors by what is known of its fate (RFC 5321: 4xx later, 5xx never)."""
    letter.connection = get_connection()
    try:
        _open(letter.connection)
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _answered(code, said) from error
    except smtplib.SMTPSenderRefused as error:  # it is us whom the server does not take, not this letter
        answered = _answered(error.smtp_code, error.smtp_error)
        if isinstance(answered, TryLater):
            raise answered from error
        raise NotAllowed(answered.details, answered.code) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Uncertain(f"the mail server went away: {error}") from error
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code, error.smtp_error) from error
    except AnymailRequestsAPIError as error:
        if error.status_code is None or error.status_code >= 500:
            raise Uncertain("the mail service did not say what became of it") from error
        if error.status_code == 429:
            raise TryLater("the mail service asks for patience", 429, _patience(error)) from error
        if error.status_code in (401, 403):
            raise NotAllowed(
                f"the mail service does not let us in ({error.status_code})", error.status_code
            ) from error
        raise Refused(f"the mail service refused it ({error.status_code})", error.status_code) from error
    except AnymailAPIError as error:
        raise Refused(f"the mail service refused it: {type(error).__name__}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(f"the mail server cannot take it: {error}") from error
    except OSError as error:  # stopped answering, cut the line
        raise Uncertain(f"the mail server went away: {type(error).__name__}") from error
    finally:
        with suppress(OSError):  # what became of the letter is known by now
            letter.connection.close()
    crash_point("mail_sent")
    return Receipt(provider_id=_id(letter))


def _id(letter: EmailMultiAlternatives) -> str:
    """Under which the mail service will speak of it; SMTP has no other than our own."""
    status = getattr(letter, "anymail_status", None)
    theirs = status.message_id if status is not None else None
    return theirs if isinstance(theirs, str) and theirs else str(letter.extra_headers["Message-ID"])


def _patience(error: AnymailRequestsAPIError) -> float | None:
    """Seconds that a mail service asks for."""
    asked = str(error.response.headers.get("Retry-After", "")) if error.response is not None else ""
    return float(asked) if asked.isascii() and asked.isdigit() else None


def _open(connection: BaseEmailBackend) -> None:
    """Connect and log in: until that is done nothing has been handed over."""
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise NotAllowed(
            f"the mail server does not let us in ({error.smtp_code})", error.smtp_code
        ) from error
    except OSError as error:  # refused, unknown host, too slow, no TLS
        raise TryLater(f"the mail server cannot be reached: {type(error).__name__}") from error


def _answered(code: int, said: bytes | str) -> TryLater | Refused:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if 400 <= code < 500:  # 421: it serves nobody now; the others are about this mailbox or letter
        return TryLater(
            f"the mail server said {code} {words}"[:300], code, scope="channel" if code == 421 else "message"
        )
    return Refused(f"the mail server said {code} {words}"[:300], code)
