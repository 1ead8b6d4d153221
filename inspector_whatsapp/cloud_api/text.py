"""People's words made fit for the wire: cleaned, clipped, harmless in a template."""

import re
import unicodedata
from typing import Final

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes neither, nor does UTF-8 the latter
_ELLIPSIS: Final = "…"
_ZERO_WIDTH_JOINER: Final = "\u200d"


def clean(text: str) -> str:
    """The text with NUL and lone surrogates as U+FFFD, so that it can be stored and sent."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean_parameter(text: str) -> str:
    """The text as a template parameter may be: one line, single blanks (else Meta's error 132018), not empty
    (131008).
    """
    return " ".join(clean(text).split()) or "-"


def clip(text: str, limit: int) -> str:
    """The text in at most `limit` characters, cut with "…", at a word where possible.

    An accent, a skin tone or a family of emoji is kept whole or goes whole.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = limit - 1
    while cut > 0 and _joined(text, cut):
        cut -= 1
    if cut == 0:  # one endless cluster: nothing to keep whole
        cut = limit - 1
    kept = text[:cut]
    if not text[cut].isspace():
        words = kept.rstrip().rsplit(maxsplit=1)
        if len(words) == 2 and len(kept) - len(words[1]) >= limit // 2:
            kept = kept[: kept.rindex(words[1])]
    return kept.rstrip().rstrip(_ZERO_WIDTH_JOINER) + _ELLIPSIS


def _joined(text: str, at: int) -> bool:
    """Whether a cut before `text[at]` would go through what a reader sees as one character."""
    before, after = text[at - 1], text[at]
    if after == _ZERO_WIDTH_JOINER or before == _ZERO_WIDTH_JOINER:
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\ufe00" <= after <= "\ufe0f":  # skin tone, emoji style
        return True
    if _is_flag_half(before) and _is_flag_half(after):
        start = at
        while start > 0 and _is_flag_half(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return unicodedata.category(after) in ("Mn", "Mc", "Me")


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
