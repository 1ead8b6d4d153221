"""Meta's figures and codes, each once. Lengths are in characters, sizes in bytes."""

import re
from collections.abc import Mapping
from typing import Final

# Codes of Meta's that a body can be refused with.
INVALID: Final = 100  # unsupported, misspelled or too long parameter, no addressee
GROUP_UNSUPPORTED: Final = 130501  # groups take no interactive messages
MISSING: Final = 131008
BAD_VALUE: Final = 131009
UNSUPPORTED_TYPE: Final = 131051
TEMPLATE_TOO_LONG: Final = 132005
BAD_PARAMETER: Final = 132018

TEXT_BODY: Final = 4096
INTERACTIVE_BODY: Final = 1024
LIST_BODY: Final = 4096  # Meta's OpenAPI says 1024 for every body, its documentation 4096 for lists
HEADER_TEXT: Final = 60
FOOTER_TEXT: Final = 60
CAPTION: Final = 1024
BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
BUTTON_ID: Final = 256
LIST_BUTTON: Final = 20
SECTIONS: Final = 10
SECTION_TITLE: Final = 24
ROWS: Final = 10  # over all sections together
ROW_ID: Final = 200
ROW_TITLE: Final = 24
ROW_DESCRIPTION: Final = 72
CTA_LABEL: Final = 20
FLOW_LABEL: Final = 20  # the page says 30, providers enforce 20
FLOW_JSON: Final = 10 * 1024 * 1024
FLOW_COMPONENTS: Final = 50  # of a screen
FLOW_OPTIONS: Final = 20  # of radio buttons
FLOW_OPTION_TITLE: Final = 30
FLOW_OPTION_NOTE: Final = 300
URL: Final = 2000
CONTACT_CARDS: Final = 257
CALLBACK: Final = 512  # biz_opaque_callback_data
TEMPLATE_NAME: Final = 512
TEMPLATE_BODY: Final = 1024  # rendered, so the parameters share it with the template's own words
TEMPLATE_HEADER: Final = 60
TEMPLATE_BUTTONS: Final = 10
QUICK_REPLY_PAYLOAD: Final = 256
QUICK_REPLY_TITLE: Final = 25  # a template's button; a reply button has BUTTON_TITLE
FILENAME: Final = 240
ICE_BREAKERS: Final = 4  # shown where a chat begins; Meta's OpenAPI says 3, its documentation 4
ICE_BREAKER: Final = 80
CHAT_COMMANDS: Final = 30  # shown when somebody types a slash
CHAT_COMMAND: Final = 32
CHAT_COMMAND_HINT: Final = 256
PREFILLED: Final = 140  # what a QR code's link writes for the person

WINDOW_HOURS: Final = 24  # after a person's last message anything may be said, later only templates
TYPING_SECONDS: Final = 25  # the bubble goes by itself
MESSAGES_PER_SECOND: Final = 80  # per business number, in and out together: else 130429
PAIR_INTERVAL_SECONDS: Final = 6.0  # one message to one person per interval: else 131056
PAIR_BURST: Final = 45  # may be borrowed from the time to come within one interval
MEDIA_URL_SECONDS: Final = 300
MEDIA_INBOUND_DAYS: Final = 7
MEDIA_UPLOAD_DAYS: Final = 30
WEBHOOK_BYTES: Final = 3 * 1024 * 1024
WEBHOOK_UPDATES: Final = 1000

_KB: Final = 1024
_MB: Final = 1024 * _KB
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Final[Mapping[str, Mapping[str, int]]] = {
    "image": {"image/jpeg": 5 * _MB, "image/png": 5 * _MB},  # no WebP, no HEIC
    "video": {"video/mp4": 16 * _MB, "video/3gpp": 16 * _MB},
    "audio": dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * _MB),
    "sticker": {"image/webp": 500 * _KB},
    "document": dict.fromkeys(
        (
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            _OFFICE + "wordprocessingml.document",
            _OFFICE + "spreadsheetml.sheet",
            _OFFICE + "presentationml.presentation",
        ),
        100 * _MB,
    ),
}
"""Kind → MIME type without parameters → most bytes."""

PARAMETER: Final = re.compile(r"[\n\r\t\v\f\x85\u2028\u2029]| {5,}")
"""What a template parameter must not contain (132018)."""
PARAMETER_DETAILS: Final = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"

BSUID: Final = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
"""A business-scoped user id; use with `fullmatch`."""


class Broken(Exception):
    """Meta would refuse this body with `code`; `details` is what its `error_data` would say."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return f"(#{self.code}) {self.details}"


def media_limit(mime: str) -> int | None:
    """Most bytes Meta takes of this MIME type (parameters are ignored), None when it takes none."""
    bare = mime.partition(";")[0].strip().lower()
    return next((types[bare] for types in MEDIA_TYPES.values() if bare in types), None)
