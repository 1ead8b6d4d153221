"""Whose affairs a call is about: the person's whose token it is, or of whom a service names."""

from typing import Final

from rest_framework import serializers
from rest_framework.request import Request

from inspector_whatsapp.api.authentication import caller_of
from inspector_whatsapp.api.bodies import Query
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.models import User

LONGEST_ID: Final = 64  # characters of an id of Inspector's


class Whose(Query):
    """The person that a service asks about."""

    user = serializers.CharField(
        max_length=LONGEST_ID, required=False, help_text="Inspector's id of somebody: services only."
    )


def whose(request: Request, user: str | None) -> User:
    """Whom the call is about. Raises Problem."""
    account = caller_of(request).account
    if account is None:
        if user is None:
            raise Problem(400, "user_missing", "A service says whom it means: give user.")
        return known(user)
    if user is not None:
        raise Problem(403, "not_yours", "A person's token is about that person: give no user.")
    return account


def known(user: str) -> User:
    """The account that Inspector knows by this id."""
    account = User.objects.filter(platform_id=user).first()
    if account is None:
        raise unknown("user")
    return account


def unknown(what: str) -> Problem:
    return Problem(404, "unknown_object", f"This {what} is not known here.", what=what)
