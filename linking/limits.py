"""How often may be asked and guessed. A day is the last 24 hours.

A contact hears of its own limits. Those of an account are kept silently, and count askers other than the
number on the account apart: nobody locks its owner out by asking or guessing.
"""

from datetime import datetime, timedelta

from django.db.models import Count, QuerySet, Sum

from inspector_whatsapp import incidents
from inspector_whatsapp.models import Contact, User
from linking.models import AccountGuard, LinkChallenge

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

CHALLENGES = 5  # a day, per contact; and per account by others than its own number
ADDRESSES = 3  # different ones a day, per contact
WRONG = 25  # a day, per account
WRONG_IN_A_ROW = 50  # on an account: then it is linked from the website only
CODES_AN_HOUR = 100  # of the whole service; more alarms a person

CLOSED = "linking_closed"
FLOOD = "link_codes_flood"


class TooMany(Exception):
    """The contact has asked too often; `until` says when it may ask again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("This contact has asked for too many codes.")
        self.until = until


def ask(contact: Contact, address_digest: str, now: datetime) -> None:
    """Raise TooMany if this contact may not ask for a code of that address now.

    Five a day per contact are no more than five a day per contact and account.
    """
    asked = list(
        LinkChallenge.objects.filter(contact=contact, created_at__gt=now - DAY)
        .order_by("created_at")
        .values_list("address_digest", "created_at")
    )
    if len(asked) >= CHALLENGES:
        raise TooMany(asked[-CHALLENGES][1] + DAY)
    last_asked = dict(asked)  # of each address
    if address_digest not in last_asked and len(last_asked) >= ADDRESSES:
        raise TooMany(sorted(last_asked.values())[-ADDRESSES] + DAY)


def guard_of(account: User) -> AccountGuard:
    """The account's guard, locked: one code is made or tried for an account at a time."""
    AccountGuard.objects.bulk_create([AccountGuard(account=account)], ignore_conflicts=True)
    return AccountGuard.objects.select_for_update().get(account=account)


def codes_left(challenge: LinkChallenge, account: User, now: datetime) -> bool:
    """Whether a code of this challenge may be sent to the account; only under its guard."""
    if owns_number(challenge.contact, account):
        return True
    return _by_others(account, now).filter(sent__gt=0).exclude(pk=challenge.pk).count() < CHALLENGES


def tries_left(challenge: LinkChallenge, account: User, now: datetime) -> bool:
    """Whether a code may be tried on the account; only under its guard.

    The number on the account has tries of its own, as few: five challenges of five.
    """
    if owns_number(challenge.contact, account):
        return True
    total = _by_others(account, now).aggregate(tried=Sum("attempts"), right=Count("proved_at"))
    wrong: int = (total["tried"] or 0) - total["right"]
    return wrong < WRONG


def guessed(guard: AccountGuard, *, right: bool, now: datetime) -> None:
    """Count a guess on the account; too many wrong ones in a row close it to chats."""
    if right:
        guard.wrong_in_a_row = 0
    else:
        guard.wrong_in_a_row += 1
        if guard.wrong_in_a_row >= WRONG_IN_A_ROW and guard.closed_at is None:
            guard.closed_at = now
            incidents.report(
                CLOSED,
                key=str(guard.account_id),
                sentence=f"Account {guard.account_id}: {WRONG_IN_A_ROW} wrong linking codes in a row; "
                "it can be linked from the website only.",
            )
    guard.save(update_fields=["wrong_in_a_row", "closed_at"])


def warned_today(account: User, now: datetime) -> bool:
    """Whether the account was told today that somebody tried to connect."""
    return LinkChallenge.objects.filter(account=account, warned_at__gt=now - DAY).exists()


def watch(now: datetime) -> None:
    """Alarm a person when the service sends far more codes than people link their accounts."""
    sent = LinkChallenge.objects.filter(sent_at__gt=now - HOUR).aggregate(codes=Sum("sent"))["codes"] or 0
    if sent > CODES_AN_HOUR:
        incidents.report(
            FLOOD, key="hour", sentence=f"More than {CODES_AN_HOUR} linking codes within an hour."
        )


def owns_number(contact: Contact, account: User) -> bool:
    """Whether the contact shows the number that the account has."""
    return bool(account.phone) and contact.phone == account.phone


def _by_others(account: User, now: datetime) -> QuerySet[LinkChallenge, LinkChallenge]:
    """Today's challenges for the account by askers other than the number on it."""
    asked = LinkChallenge.objects.filter(account=account, created_at__gt=now - DAY)
    return asked.exclude(contact__phone=account.phone) if account.phone else asked
