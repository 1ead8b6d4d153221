"""A message template as we submit it to Meta, and what the examples of many have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

FALLBACK: Final = "en"


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template as we submit it. Variables are named; `examples` show Meta's reviewers what they hold.

    category: UTILITY is about something that the person asked for or has; what Meta's guidelines call
    marketing (alerts of new properties, even asked for) is submitted as MARKETING, because a template that
    says less than it is costs the whole account.
    """

    name: str
    body: str
    examples: Mapping[str, str]
    buttons: tuple[str, ...] = ()
    language: str = FALLBACK
    category: str = "UTILITY"

    def definition(self) -> dict[str, Any]:
        """As Meta's message_templates takes it."""
        components: list[dict[str, Any]] = [{"type": "BODY", "text": self.body}]
        if self.examples:
            components[0]["example"] = {
                "body_text_named_params": [
                    {"param_name": name, "example": example} for name, example in self.examples.items()
                ]
            }
        if self.buttons:
            buttons = [{"type": "QUICK_REPLY", "text": title} for title in self.buttons]
            components.append({"type": "BUTTONS", "buttons": buttons})
        return {
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "parameter_format": "NAMED",
            "components": components,
        }


INSPECTION: Final = {
    "property": "3-bedroom flat, Lekki Phase 1 (PR-1042)",
    "address": "14 Admiralty Way",
    "when": "Tue 24 Nov, 2:00 pm",
    "ref": "IN-3107",
}
WHAT: Final = "{{property}}\n{{address}}\n{{when}}"
