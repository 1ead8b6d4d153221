"""Accounts. Passwords, rights and groups are this service's own; Inspector's role *admin* gives none here."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from inspector_whatsapp.changes import News
from inspector_whatsapp.models import Language, Role, User
from inspector_whatsapp.sync.fields import make
from inspector_whatsapp.sync.items import Item, Problem, Refused
from inspector_whatsapp.sync.kind import Kind, Parents, Work, keys


class Users(Kind[User]):
    """Accounts, told apart by Inspector's id; one without is adopted by its e-mail."""

    name = "users"
    model = User
    fields = {
        "email": make.email(),
        "name": make.text(150),
        "role": make.word(Role, optional=False),
        "phone": make.phone(),
        "time_zone": make.zone(),
        "language": make.word(Language),
        "is_active": make.yes_no(),
    }
    deleted = {"is_active": False}

    def __init__(self) -> None:
        super().__init__()
        self._by_email: dict[str, User] = {}

    def lock(self, items: Sequence[Item]) -> None:
        """Everybody at once, by id, as everywhere: those that items mean, and whose address they have."""
        emails = {item.values["email"] for item in items if "email" in item.values}
        ours = Q(platform_id__in=[item.id for item in items]) | Q(pk__in=keys(items)) | Q(email__in=emails)
        held = User.objects.select_for_update(no_key=True).filter(ours).order_by("pk")
        self._by_email = {row.email: row for row in held if row.email in emails}

    def adopt(self, items: Sequence[Item], parents: Parents) -> dict[int, User]:
        found = {}
        for item in items:
            row = self._by_email.get(item.values.get("email", ""))
            if row is not None and row.platform_id is None and not _is_staff(row):
                found[item.index] = row
        return found

    def blank(self, now: datetime) -> User:
        # As Django makes one that nothing fits, in a twentieth of the time.
        return User(password=f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_urlsafe(30)}")

    def check(self, work: Work[User], values: dict[str, Any]) -> None:
        row, email = work.row, values.get("email", work.row.email)
        owner = self._by_email.get(email)
        if _is_staff(row) or (owner is not None and _is_staff(owner)):
            raise Refused(
                "staff", Problem("email", "The account has rights here: it is changed in the admin.")
            )
        if owner is not None and owner is not row and (owner._state.adding or owner.pk != row.pk):
            raise Refused("email_taken", Problem("email", "Another account has this e-mail address."))
        if not work.new and row.email != email:
            self._by_email.pop(row.email, None)  # free for whoever comes after it in this call
        # Of two accounts in one call with the same address, the first has it.
        self._by_email[email] = row

    def news(self, work: Work[User], *, now: datetime) -> Iterable[News]:
        changed = sorted(work.changed)
        if work.new:
            yield News(kind="account_added", subject=work.row)
        elif changed:
            off = "is_active" in changed and not work.row.is_active
            kind = "account_disabled" if off else "account_changed"
            yield News(kind=kind, subject=work.row, data={"fields": changed})


def _is_staff(user: User) -> bool:
    return user.is_staff or user.is_superuser
