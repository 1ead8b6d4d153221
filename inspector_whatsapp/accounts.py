"""What Inspector says of somebody's account. Rights in this service are never touched by it."""

from typing import Final

from django.db import IntegrityError, transaction

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import User

_EMAIL_ONCE: Final = ("user_email_once", "inspector_whatsapp_user_email_key")


class CannotChange(Exception):
    """An account stays as it is."""


class HasRights(CannotChange):
    """The account has rights here: it is changed in the console."""


class EmailTaken(CannotChange):
    """Another account has this e-mail address."""


def switch_off(*, account: User, actor: User | None, origin: Origin) -> User:
    """It can no longer be used, and its WhatsApp no longer speaks for it. Raises HasRights."""
    return _set(account, "account_disabled", actor=actor, origin=origin, is_active=False)


def switch_on(*, account: User, actor: User | None, origin: Origin) -> User:
    """It can be used again. Raises HasRights."""
    return _set(account, "account_changed", actor=actor, origin=origin, is_active=True)


def set_email(*, account: User, email: str, actor: User | None, origin: Origin) -> User:
    """It is reached at another address, and proves itself again. Raises HasRights or EmailTaken."""
    return _set(account, "account_changed", actor=actor, origin=origin, email=email.strip().casefold())


def set_phone(*, account: User, phone: str, actor: User | None, origin: Origin) -> User:
    """It has another number (E.164), or none, and proves itself again. Raises HasRights."""
    return _set(account, "account_changed", actor=actor, origin=origin, phone=phone)


def _set(account: User, kind: str, *, actor: User | None, origin: Origin, **field: bool | str) -> User:
    """Set a field; to what it is already, nothing happens."""
    try:
        with transaction.atomic():
            return _set_held(account, kind, actor=actor, origin=origin, **field)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) not in _EMAIL_ONCE:
            raise
        raise EmailTaken("Another account has this e-mail address.") from error


def _set_held(account: User, kind: str, *, actor: User | None, origin: Origin, **field: bool | str) -> User:
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if account.is_staff or account.is_superuser:
        raise HasRights("The account has rights here.")
    ((name, value),) = field.items()
    if getattr(account, name) != value:
        setattr(account, name, value)
        account.save(update_fields=[name])
        changes.record(kind, account, actor=actor, origin=origin, fields=[name])
    return account
