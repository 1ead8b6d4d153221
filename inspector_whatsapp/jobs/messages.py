"""What may be done to many messages: said again, stopped, said by e-mail, replayed to Inspector."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspector_whatsapp import gateway, outbox
from inspector_whatsapp.jobs.works import NotDone, Work
from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.outbox import TO_INSPECTOR

PERMISSION = "inspector_whatsapp.change_outboxmessage"


class MayHaveArrived(NotDone):
    """Whoever says it again must know that they may get it twice."""

    def __init__(self) -> None:
        super().__init__(_("It may have arrived: it is said again on its own page alone, where it asks."))


def retry(message: OutboxMessage, *, actor: User, sure: bool = False) -> str:
    """Say it once more. sure: although it may have arrived."""
    _is_for_a_person(message)
    _is_sure(message, sure)
    try:
        again = outbox.repeat(message, actor=actor)
    except outbox.CannotRetry as why:
        raise NotDone(str(why)) from why
    return _("Said again as message %(id)s.") % {"id": again.pk}


def by_mail(message: OutboxMessage, *, actor: User, sure: bool = False) -> str:
    """Say by e-mail what WhatsApp did not bring. sure: although it may have arrived."""
    _is_for_a_person(message)
    _is_sure(message, sure)
    try:
        letter = outbox.by_mail(message, actor=actor)
    except outbox.CannotRetry as why:
        raise NotDone(str(why)) from why
    return _("Said by e-mail as message %(id)s.") % {"id": letter.pk}


def cancel(message: OutboxMessage, *, actor: User) -> str:
    """Stop it before it leaves."""
    _is_for_a_person(message)
    try:
        stopped = outbox.cancel(message, actor=actor)
    except outbox.HasLeft as why:
        raise NotDone(_("It has left, or came to its end otherwise.")) from why
    if not stopped:
        raise NotDone(_("It was stopped already."))
    return _("Stopped before it left.")


def replay(message: OutboxMessage, *, actor: User) -> str:
    """Send it to Inspector once more."""
    if not gateway.replay(message):
        raise NotDone(
            _("Only what Inspector did not take, and what was not undone since, is sent once more.")
        )
    return _("Sent to Inspector once more.")


def _is_for_a_person(message: OutboxMessage) -> None:
    if message.channel in TO_INSPECTOR:
        raise NotDone(_("What Inspector is to hear can only be replayed."))


def _is_sure(message: OutboxMessage, sure: bool) -> None:
    if outbox.may_have_arrived(message) and not sure:
        raise MayHaveArrived


WITH_THEM = ("contact", "account", "cause")
RETRY = Work(
    name="messages.retry",
    model=OutboxMessage,
    title=gettext_lazy("Say again"),
    permission=PERMISSION,
    do=retry,
    told=lambda count: ngettext("%d message is said again.", "%d messages are said again.", count) % count,
    with_them=WITH_THEM,
)
BY_MAIL = Work(
    name="messages.by_mail",
    model=OutboxMessage,
    title=gettext_lazy("Say by e-mail instead"),
    permission=PERMISSION,
    do=by_mail,
    told=lambda count: (
        ngettext("%d message is said by e-mail.", "%d messages are said by e-mail.", count) % count
    ),
    with_them=WITH_THEM,
)
CANCEL = Work(
    name="messages.cancel",
    model=OutboxMessage,
    title=gettext_lazy("Stop before they leave"),
    permission=PERMISSION,
    do=cancel,
    told=lambda count: ngettext("%d message was stopped.", "%d messages were stopped.", count) % count,
)
REPLAY = Work(
    name="messages.replay",
    model=OutboxMessage,
    title=gettext_lazy("Replay: send once more what Inspector did not take"),
    permission=PERMISSION,
    do=replay,
    told=lambda count: (
        ngettext("%d message is sent once more.", "%d messages are sent once more.", count) % count
    ),
)
