"""What is told of a link: how it was proved, what became of it, and what was there before and beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Link, User
from linking.rules import Why

MOST: Final = 20  # links beside it

_WHY: Final[Mapping[str, str | Promise]] = {
    Why.CHAT: _("by UNLINK in the chat"),
    Why.MAIL: _("by the link in the e-mail to the account"),
    Why.WEB: _("by its owner on the website"),
    Why.HOST: _("by Inspector's backend"),
    Why.ADMIN: _("by an admin"),
    Why.ACCOUNT_CHANGED: _("the account's address, number or rights changed"),
    Why.IDENTITY_CHANGED: _("another number or person is behind the WhatsApp"),
    Why.SILENT: _("the WhatsApp was silent for so long that it may be somebody else's"),
    Why.REPLACED: _("another WhatsApp, or a new proof, took its place"),
}


@dataclass(frozen=True)
class Step:
    """What happened to a link. by: who of the staff or which account did it, where that is known."""

    what: str | Promise
    at: datetime | None = None
    by: User | None = None
    more: str = ""
    request: tuple[str, int] | None = None  # the model and key of what proved it


def steps(link: Link) -> list[Step]:
    """From the proof to the end, in order; neither codes nor digests are among it."""
    proof: dict[str, Any] = link.proof if isinstance(link.proof, dict) else {}
    people = User.objects.in_bulk(
        [key for key in (proof.get("ended_by"), proof.get("suspended_by")) if isinstance(key, int)]
    )
    found = [_proved(proof, link.made_at)]
    consent = proof.get("consent")
    if isinstance(consent, dict) and consent.get("wording"):
        agreed = _("They agreed to this")
        found.append(Step(agreed, _moment(consent.get("at")), more=str(consent["wording"])))
    if link.state == "suspended" or proof.get("suspended_at"):
        # Why it was paused is kept until it ends, which has a reason of its own.
        why = why_in_words(link) if link.state == "suspended" else ""
        by = people.get(proof.get("suspended_by") or 0)
        found.append(Step(_("Paused until proved again"), _moment(proof.get("suspended_at")), by, str(why)))
    if link.ended_at is not None:
        found.append(
            Step(_("Ended"), link.ended_at, people.get(proof.get("ended_by") or 0), str(why_in_words(link)))
        )
    return found


def why_in_words(link: Link) -> str | Promise:
    """Why it was paused or ended; another app's word as it is."""
    return _WHY.get(link.ended_why, link.ended_why)


def beside(link: Link) -> QuerySet[Link, Link]:
    """The other links of its account and of its WhatsApp, the newest first."""
    others = Link.objects.filter(Q(account=link.account_id) | Q(contact=link.contact_id)).exclude(pk=link.pk)
    return others.select_related("account", "contact").order_by("-made_at", "-pk")[:MOST]


def _proved(proof: dict[str, Any], at: datetime) -> Step:
    match proof:
        case {"how": "code", "challenge": int(key)}:
            what = _("Proved by a code from the account's mailbox, typed in the chat")
            return Step(what, at, request=("linkchallenge", key))
        case {"how": "web", "intent": int(key)}:
            what = _("Confirmed on the website by its signed-in owner, after the chat had sent the token")
            return Step(what, at, request=("linkintent", key))
        case {"how": str(how)}:
            return Step(_("Made in another way"), at, more=how)
    return Step(_("Made; how is not known"), at)


def _moment(text: object) -> datetime | None:
    try:
        return parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
