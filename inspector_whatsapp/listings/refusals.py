"""Why something cannot be done with a property, in the platform's words."""

from decimal import Decimal

from inspector_whatsapp.inspections.refusals import NotLive
from inspector_whatsapp.models import Interest, Property

__all__ = [
    "CannotInvite",
    "InvitedLately",
    "NoLongerInterested",
    "NoPrice",
    "NotLive",
    "NotPublished",
    "NothingFree",
]


class NotPublished(Exception):
    """Inspector has not published it yet: its agent has no say in whether it is shown."""

    def __init__(self, property: Property) -> None:
        super().__init__(f"{property.ref} has not been published yet.")
        self.property = property


class CannotInvite(Exception):
    """An agent cannot invite this seeker now."""


class NothingFree(CannotInvite):
    """The property has no free time that could be offered."""

    def __init__(self, property: Property) -> None:
        super().__init__(f"{property.ref} has no free times.")
        self.property = property


class InvitedLately(CannotInvite):
    """The seeker was invited a short while ago: see `interest.invited_at`."""

    def __init__(self, interest: Interest) -> None:
        super().__init__(f"The {interest} was invited lately.")
        self.interest = interest


class NoLongerInterested(CannotInvite):
    """The seeker has taken the property out of their view."""

    def __init__(self, interest: Interest) -> None:
        super().__init__(f"The {interest} has ended.")
        self.interest = interest


class NoPrice(Exception):
    """An amount that no property can cost."""

    def __init__(self, amount: Decimal) -> None:
        super().__init__(f"{amount} is no price: it must be 0 or more, and below 1,000,000,000,000.")
        self.amount = amount
