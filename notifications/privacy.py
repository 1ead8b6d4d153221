"""What notifications keep of people: what they want to hear, what they agreed to, reminders and alerts."""

from django.db import connection

from inspector_whatsapp.privacy import graves
from inspector_whatsapp.privacy.inventory import Fate, Holding, Kept
from inspector_whatsapp.privacy.people import Person

_MARK = "erased:"  # before the digest of what showed a consent
_ACCOUNT = "as long as the account is there"


def kept() -> Kept:
    return Kept(holdings=_HOLDINGS)


def _erase_consent(person: Person) -> int:
    """That somebody agreed, to what, when and how stays; who it was goes.

    What shows it (a message's id, in which a number can be read) becomes a digest: whoever shows the message
    again can still be answered.
    """
    done = 0
    for entry in _CONSENT.of(person):
        shows = entry.evidence
        if shows and not shows.startswith(_MARK):
            shows = f"{_MARK}{graves.digest(shows).hex()}"
        with connection.cursor() as cursor:
            # In one statement: the trigger lets the evidence go with the person only.
            cursor.execute(
                "UPDATE notifications_consententry SET account_id = NULL, contact_id = NULL, evidence = %s"
                " WHERE id = %s",
                [shows, entry.pk],
            )
        done += 1
    return done


_CONSENT = Holding(
    model="notifications.ConsentEntry",
    what="What they agreed to and what they stopped: the text, when, where, how",
    why="to be able to show it",
    kept="as long as the service runs",
    fate=Fate.CUT_OFF,
    account=("account",),
    contact=("contact",),
    columns=("evidence",),
    record=("wording", "channel", "how"),
    at="at",
    stays="The proof that nothing was sent without a yes; it no longer says whose yes it was.",
    erase=_erase_consent,
)

_HOLDINGS = (
    Holding(
        model="notifications.Reminder",
        what="When they are reminded of what",
        why="to remind them once",
        kept="RETENTION_MESSAGES_DAYS after the inspection",
        fate=Fate.DELETED,
        account=("recipient",),
        at="due_at",
    ),
    Holding(
        model="notifications.Alert",
        what="Which homes they were told of",
        why="to tell them once",
        kept=_ACCOUNT,
        fate=Fate.DELETED,
        account=("seeker",),
        columns=("reason",),
        at="found_at",
    ),
    Holding(
        model="notifications.BroadcastRecipient",
        what="Which broadcasts were meant for them",
        why="to say each once, and not too many",
        kept="RETENTION_MESSAGES_DAYS",
        fate=Fate.DELETED,
        account=("account",),
        at="at",
    ),
    Holding(
        model="notifications.Preference",
        what="What they want to hear, and where",
        why="to heed it",
        kept=_ACCOUNT,
        fate=Fate.DELETED,
        account=("account",),
    ),
    Holding(
        model="notifications.Reachability",
        what="When they want to be left in peace",
        why="to heed it",
        kept=_ACCOUNT,
        fate=Fate.DELETED,
        account=("account",),
    ),
    _CONSENT,
)
