"""People's words and programs' data as staff may safely read them.

A name or a message can hold marks that nobody sees and that turn the words around them (Unicode's bidi
controls), hide others (zero width) or break a line. Here each is shown by its number, and the whole is kept
apart from the words beside it. Numbers are masked, unless somebody asked to see them (`numbers.whole`).
"""

import json
import unicodedata
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from inspector_whatsapp import numbers

MOST = 20_000  # characters of one value on a page
SHORT = 120  # characters in a list
_LONGEST = 200  # characters of a number or an id with one in it

_JOINER = "\u200d"  # between emoji it makes one of two, and is seen
# Letters and marks by their category, and yet nothing is to be seen of them.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, *, most: int = MOST) -> SafeString:
    """`text` in HTML: escaped, apart from its surroundings, with its hidden characters to be seen."""
    shown = _shown(text, most)
    cut = "…" if len(text) > most else ""
    return format_html('<bdi class="words">{}{}</bdi>', format_html_join("", "{}", _pieces(shown)), cut)


def plain(text: str, *, most: int = MOST) -> str:
    """`text` for programs: no HTML, and its hidden characters by their numbers as well."""
    shown = _shown(text, most)
    pieces = [
        f"[U+{ord(character):04X}]" if _is_hidden(character, shown[place + 1 : place + 2]) else character
        for place, character in enumerate(shown)
    ]
    return "".join(pieces) + ("…" if len(text) > most else "")


def numbered(html: SafeString) -> SafeString:
    """HTML as it is, with the number of each hidden character in the character's place."""
    return mark_safe(plain(html, most=len(html)))  # noqa: S308 (no markup is added)


def short(text: str) -> SafeString:
    """The same, on a line of a list."""
    return visible(text, most=SHORT)


def pretty(value: Any) -> SafeString:
    """JSON, indented."""
    return visible(json.dumps(value, indent=2, ensure_ascii=False))


def _shown(text: str, most: int) -> str:
    """Masked before it is cut: half a number is not known as one."""
    return numbers.masked_in(text[: most + _LONGEST])[:most]


def _pieces(text: str) -> list[tuple[str]]:
    """Runs of what can be seen, and a mark for each character that cannot."""
    pieces: list[tuple[str]] = []
    run = ""
    for place, character in enumerate(text):
        if not _is_hidden(character, text[place + 1 : place + 2]):
            run += character
            continue
        pieces += [(run,), (_mark(character),)]
        run = ""
    return [*pieces, (run,)]


def _is_hidden(character: str, following: str) -> bool:
    if character in "\n\t":
        return False
    if character == _JOINER and following and unicodedata.category(following) == "So":
        return False
    return character in _BLANK or unicodedata.category(character) in _HIDDEN


def _mark(character: str) -> SafeString:
    name = unicodedata.name(character, "a control character")
    return format_html('<span class="mark" title="{}">U+{}</span>', name, f"{ord(character):04X}")
