"""Message templates: what may be said on WhatsApp when somebody has not written for 24 hours.

Meta reads each and approves it; its text is kept there under its name and may not change here alone. Another
wording gets another name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from inspector_whatsapp.words import Reader

FALLBACK: Final = "en"
# Languages of ours that Meta has a code for. Nigerian Pidgin (pcm) is not on Meta's list.
LANGUAGES: Final = ("en",)


def language_for(reader: Reader) -> str:
    """The template language that comes nearest to what somebody reads."""
    return reader.language if reader.language in LANGUAGES else FALLBACK


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template as we submit it. Variables are named; `examples` show Meta's reviewers what they hold."""

    name: str
    body: str
    examples: Mapping[str, str]
    buttons: tuple[str, ...] = ()
    language: str = FALLBACK

    def definition(self) -> dict[str, Any]:
        """As Meta's message_templates takes it."""
        components: list[dict[str, Any]] = [
            {
                "type": "BODY",
                "text": self.body,
                "example": {
                    "body_text_named_params": [
                        {"param_name": name, "example": example} for name, example in self.examples.items()
                    ]
                },
            }
        ]
        if self.buttons:
            buttons = [{"type": "QUICK_REPLY", "text": title} for title in self.buttons]
            components.append({"type": "BUTTONS", "buttons": buttons})
        return {
            "name": self.name,
            "language": self.language,
            "category": "UTILITY",
            "parameter_format": "NAMED",
            "components": components,
        }


_INSPECTION: Final = {
    "property": "3-bedroom flat, Lekki Phase 1 (PR-1042)",
    "address": "14 Admiralty Way",
    "when": "Tue 24 Nov, 2:00 pm",
    "ref": "IN-3107",
}
_WHAT: Final = "{{property}}\n{{address}}\n{{when}}"

TEMPLATES: Final = (
    Template(
        name="inspection_booked",
        body=f"Your inspection is booked.\n\n{_WHAT}\n\nYou will meet {{{{person}}}}. "
        "Ref {{ref}}. If anything changes, tell us here.",
        examples=_INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_changed",
        body=f"Your inspection has been moved. This is the new time:\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. If it does not suit you, tell us here.",
        examples=_INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_reminder",
        body=f"A reminder: your inspection is {{{{left}}}}.\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. Are you coming?",
        examples=_INSPECTION | {"person": "Chidi Eze", "left": "tomorrow at 2:00 pm"},
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    # To agents and inspectors, and of what is off: there is nothing to tap.
    Template(
        name="inspection_news",
        body=f"News of an inspection: {{{{news}}}}\n\n{_WHAT}\n\nRef {{{{ref}}}}. "
        "Write *menu* to see what you can do.",
        examples=_INSPECTION | {"news": "Ada booked an inspection."},
    ),
    # To a WhatsApp that has switched to another account: no details.
    Template(
        name="account_news",
        body="For {{user}}: there is news on Inspector. Write *switch* to change to that account and see it.",
        examples={"user": "Ada Obi"},
    ),
)


def by_name(name: str) -> Template:
    """The template of that name; KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME: Final = {template.name: template for template in TEMPLATES}
