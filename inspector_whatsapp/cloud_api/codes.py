"""Meta's error codes, one line each: what the caller does, and a sentence for the admin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["TryLater", "WindowClosed", "Unreachable", "OptedOut", "Refused", "NotAllowed", "Uncertain"]
Scope = Literal["message", "recipient", "channel", "marketing"]


@dataclass(frozen=True)
class Rule:
    """`after` (seconds) and `scope` (who must wait: see TryLater) mean something for TryLater only."""

    kind: Kind
    says: str
    after: float | None = None
    scope: Scope = "channel"


def rule(code: int) -> Rule | None:
    """The line for a code, or for the range it is in; None when there is neither."""
    if code in TABLE:
        return TABLE[code]
    return next((line for first, last, line in RANGES if first <= code <= last), None)


_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR

TABLE: Final[Mapping[int, Rule]] = {
    # Token and permissions
    0: Rule("NotAllowed", "Meta could not authenticate the app: the access token must be renewed."),
    3: Rule("NotAllowed", "The access token lacks a permission."),
    10: Rule("NotAllowed", "The permission was not granted or was taken back."),
    104: Rule("NotAllowed", "The access token is missing."),
    190: Rule("NotAllowed", "The access token has expired or is invalid."),
    131005: Rule("NotAllowed", "The access token may not send messages."),
    # Throttling
    4: Rule("TryLater", "Too many calls of this app.", 60),
    80007: Rule("TryLater", "Too many calls for this business account.", 60),
    130429: Rule("TryLater", "Too many messages a second.", 1),
    131048: Rule(
        "TryLater", "The number is restricted because people blocked or reported it.", _HOUR, "marketing"
    ),
    131056: Rule("TryLater", "Too many messages to this person in a short time.", 1, "recipient"),
    131057: Rule("TryLater", "The account is being upgraded by Meta.", 90),
    131064: Rule("Refused", "The account is limited for templates in the wrong category."),
    133016: Rule("TryLater", "The number was registered too often in 72 hours.", _HOUR),
    130472: Rule("Unreachable", "The person is in an experiment of Meta's without marketing messages."),
    131049: Rule("TryLater", "Meta held it back: too much marketing for this person.", _DAY, "message"),
    # Integrity of the account
    368: Rule("NotAllowed", "The business account is restricted for breaking a policy."),
    130497: Rule("Unreachable", "The business account may not write to people of that country."),
    131031: Rule("NotAllowed", "The business account is locked."),
    131042: Rule("NotAllowed", "There is a problem with the business's payment method."),
    # Requests
    1: Rule("TryLater", "An unknown error of Meta's, or an invalid request.", 10, "message"),
    2: Rule("TryLater", "Meta is down for a moment.", 30),
    2200: Rule("Refused", "The webhook's address did not give Meta's challenge back."),
    33: Rule("NotAllowed", "Meta doesn't know this phone number id, or the token may not use it."),
    100: Rule("Refused", "The request has a wrong or missing parameter."),
    131000: Rule("TryLater", "An unknown error of Meta's.", 10, "message"),
    131008: Rule("Refused", "A required parameter is missing."),
    131009: Rule("Refused", "A parameter's value is not valid."),
    131016: Rule("TryLater", "Meta's service is unavailable for a moment.", 30),
    131021: Rule("Refused", "The sender and the recipient are the same number."),
    131051: Rule("Refused", "Meta doesn't support this type of message."),
    131055: Rule("Refused", "The method is not allowed for marketing messages."),
    131060: Rule("Refused", "The message is not available."),
    135000: Rule("Refused", "Meta could not handle the parameters."),
    # Recipients
    130403: Rule("Unreachable", "The business has blocked this person."),
    131026: Rule("Unreachable", "The message can't be delivered: no WhatsApp, or a very old one."),
    131030: Rule("Unreachable", "A test number may only write to its five allowed recipients."),
    131037: Rule("NotAllowed", "The number needs an approved display name."),
    131045: Rule("NotAllowed", "The number is not registered."),
    131047: Rule("WindowClosed", "More than 24 hours have passed since the person last wrote."),
    131050: Rule("OptedOut", "The person stopped marketing messages from this business."),
    131052: Rule("Refused", "A file of the person's could not be downloaded."),
    131053: Rule("Refused", "A file could not be uploaded or fetched by Meta."),
    131062: Rule("Unreachable", "This message needs the person's phone number, which we don't have."),
    131063: Rule("Refused", "Marketing templates are switched off for this business account."),
    137000: Rule("Unreachable", "The person's identity has changed and must be confirmed."),
    # Templates and flows
    132000: Rule("Refused", "The number of parameters is not the template's."),
    132001: Rule("Refused", "The template doesn't exist in this language, or is not approved."),
    132005: Rule("Refused", "The template's text is too long with these parameters."),
    132007: Rule("Refused", "The template's content breaks a policy."),
    132008: Rule("Refused", "A parameter has the wrong format for the template."),
    132012: Rule("Refused", "A parameter has the wrong format for the template."),
    132015: Rule("Refused", "The template is paused for its low quality."),
    132016: Rule("Refused", "The template is disabled for good."),
    132018: Rule("Refused", "A parameter has a line break, a tab or more than four blanks."),
    132068: Rule("Refused", "The flow is blocked."),
    132069: Rule("TryLater", "The flow is throttled to ten messages an hour.", 360, "message"),
    134011: Rule("NotAllowed", "The terms for payments are not accepted yet."),
    134100: Rule("Refused", "Only marketing templates go this way."),
    134101: Rule("TryLater", "The template is still being prepared by Meta.", 600, "message"),
    134102: Rule("Refused", "The template can't be used for marketing messages."),
    # Registration
    133000: Rule("NotAllowed", "An earlier deregistration of the number failed."),
    133004: Rule("TryLater", "Meta's registration is unavailable for a moment.", 30),
    133005: Rule("NotAllowed", "The number's PIN is wrong."),
    133006: Rule("NotAllowed", "The number must be verified first."),
    133008: Rule("NotAllowed", "The number's PIN was guessed too often."),
    133009: Rule("NotAllowed", "The number's PIN was entered too fast."),
    133010: Rule("NotAllowed", "The number is not registered."),
    133015: Rule("NotAllowed", "The number was deleted a moment ago; wait five minutes."),
    # Groups
    130501: Rule("Refused", "Groups don't take this type of message."),
    131020: Rule("Refused", "The group can't be used."),
    131041: Rule("Refused", "The group can't be used."),
    131059: Rule("Refused", "The group can't be used."),
    # Before the Cloud API; some gateways still give them
    470: Rule("WindowClosed", "More than 24 hours have passed since the person last wrote."),
    471: Rule("TryLater", "Too many messages.", 60),
    1013: Rule("Unreachable", "The recipient is not a WhatsApp user."),
}

RANGES: Final = (
    (200, 299, Rule("NotAllowed", "The permission was not granted or was taken back.")),
    (131201, 131215, Rule("Refused", "The group can't be used.")),
    (138000, 138999, Rule("Refused", "Calls are not possible.")),
    (139000, 139004, Rule("Refused", "The flow can't be used.")),
    (139100, 139103, Rule("Refused", "The person can't be blocked or unblocked.")),
    (147001, 147005, Rule("Refused", "The business's username can't be changed.")),
)
