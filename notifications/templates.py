"""Message templates: what may be said on WhatsApp when somebody has not written for 24 hours.

Meta reads each and approves it. Another wording (`wordings`, or the admin) is another version (`registry`),
under a name of its own there; its values and buttons are what the kinds of notifications give.
"""

from typing import Final

from inspector_whatsapp.words import Reader
from notifications.wordings import inspections, people, properties
from notifications.wordings.template import FALLBACK, Template

__all__ = ["FALLBACK", "LANGUAGES", "TEMPLATES", "Template", "by_name", "language_for"]

# Languages of ours that Meta has a code for. Nigerian Pidgin (pcm) is not on Meta's list.
LANGUAGES: Final = ("en",)
TEMPLATES: Final = (*inspections.TEMPLATES, *properties.TEMPLATES, *people.TEMPLATES)


def language_for(reader: Reader) -> str:
    """The template language that comes nearest to what somebody reads."""
    return reader.language if reader.language in LANGUAGES else FALLBACK


def by_name(name: str) -> Template:
    """The template of that name; KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME: Final = {template.name: template for template in TEMPLATES}
