"""Linking this chat to an Inspector account, ending that, and choosing among several."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot.questions import Option, choice, confirm, email, prove
from bot.scripts import Person, Script, Suggestion, ask, flow, last, once
from inspector_whatsapp.models import Link, Role
from inspector_whatsapp.words import Address, Reader, say
from linking import challenges, rules

CONNECT = Suggestion(say(_("Connect")), "connect")
BOOK = Suggestion(say(_("Book an inspection")), "book_inspection")
CONSENT = _(
    "Code correct. Connect this WhatsApp to the account {account:email}? You will get inspection messages "
    "here and can manage bookings."
)


@flow("connect", needs_account=False)
def connect(person: Person) -> Script:
    """Somebody connects this chat to their account, by a code from an e-mail."""
    address = yield from ask(
        "email",
        email(
            say(
                _(
                    "Please type the email address of your Inspector account. I will never ask for your "
                    "password, PIN or card.\n\nNo account yet? Create one at {site}, then come back."
                ),
                site=Address(settings.INSPECTOR_URL + "/signup"),
            )
        ),
    )
    started = yield from once("challenge", lambda: _begin(person, address), undo=lambda _kept: _stop(person))
    if "too_many" in started:
        return last(
            say(
                _(
                    "You have asked for too many codes for now. Please try again tomorrow, or connect "
                    "from the website: {site}"
                ),
                site=Address(settings.INSPECTOR_URL),
            )
        )
    verdict = yield from ask(
        "code",
        prove(
            say(
                _(
                    "If an Inspector account has that e-mail, we have just sent it a 6-digit code. Type it "
                    "here within 10 minutes. No mail? Check spam, or type RESEND after a minute. "
                    "No account yet? Create one at {site}, then come back."
                ),
                site=Address(settings.INSPECTOR_URL + "/signup"),
            ),
            contact_id=person.contact.pk,
            challenge_id=started["id"],
        ),
    )
    if verdict.is_ == "dead":
        return last(
            say(
                _(
                    "Too many wrong codes, so I've cancelled this request. You can start again later or "
                    "connect from the website."
                )
            )
        )
    account = challenges.proved_account(contact=person.contact, challenge_id=started["id"])
    if verdict.is_ != "right" or account is None:
        return last(
            say(_("That code has expired or was already used. Tap *Connect* to start again.")), CONNECT
        )
    question = confirm(say(CONSENT, account=account), yes=say(_("Yes, connect")))
    if not (yield from ask("sure", question)):
        _stop(person)
        return last(say(_("Nothing was connected.")), CONNECT)
    try:
        rules.connect(
            contact=person.contact,
            challenge_id=started["id"],
            consent={
                "wording": question.words.put(Reader(language=person.reader.language)),
                "at": person.now.isoformat(),
                "wamid": person.wamid,
            },
            now=person.now,
        )
    except rules.AlreadyLinkedElsewhere:
        return last(
            say(
                _(
                    "That account already has another WhatsApp. To connect this one instead, sign in at "
                    "{site}."
                ),
                site=Address(settings.INSPECTOR_URL),
            )
        )
    return last(
        say(
            _(
                "Connected. This chat can now see and change bookings of {account:email}. "
                "Not you? Type UNLINK."
            ),
            account=account,
        ),
        *([BOOK] if account.role_here == Role.SEEKER else []),
        then=person.wish.get("flow", ""),
        argument=person.wish.get("argument", ""),
        answers=person.wish.get("answers"),
        account=account,
    )


def _begin(person: Person, address: str) -> dict[str, object]:
    try:
        challenge = challenges.begin(contact=person.contact, email=address, now=person.now)
    except challenges.TooMany:
        return {"too_many": True}
    return {"id": challenge.pk}


def _stop(person: Person) -> None:
    challenges.cancel(contact=person.contact)


@flow("unlink", needs_account=False)
def unlink(person: Person) -> Script:
    """Somebody disconnects this chat from their account."""
    link = rules.current(person.contact)
    if link is None:
        return last(say(_("This chat is not connected to any account.")), CONNECT)
    sure = yield from ask(
        "sure",
        confirm(
            say(
                _("Disconnect this chat from {account:email}? You will stop getting messages here."),
                account=link.account,
            ),
            yes=say(_("Disconnect")),
            no=say(_("Keep")),
        ),
    )
    if not sure:
        return last(say(_("Kept: this chat stays connected.")))
    rules.unlink(link=link, why="chat", actor=link.account, now=person.now)
    return last(
        say(_("Disconnected. Waiting WhatsApp messages were cancelled; important ones go by email.")), CONNECT
    )


@flow("switch", needs_account=False)
def switch(person: Person) -> Script:
    """Somebody with several accounts chooses the one to speak for."""
    links = list(rules.links(person.contact))
    if not links:
        return last(say(_("This chat is not connected to any account.")), CONNECT)
    if len(links) == 1:
        return last(
            say(_("This chat is connected to one account: {account:email}."), account=links[0].account),
            Suggestion(say(_("Connect another")), "connect"),
        )
    link: Link = yield from ask(
        "account",
        choice(
            say(_("Who is talking?")),
            links,
            option=lambda link: Option(
                str(link.account_id),
                say("{account}", account=link.account),
                say("{account:email} · {role}", account=link.account, role=link.account.role_here.label),
            ),
        ),
    )
    rules.switch(contact=person.contact, account=link.account)
    return last(say(_("You are now here as {account}."), account=link.account), account=link.account)
