"""What a chat may begin with: ice breakers and commands."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from .figures import (
    CHAT_COMMAND,
    CHAT_COMMAND_HINT,
    CHAT_COMMANDS,
    ICE_BREAKER,
    ICE_BREAKERS,
    INVALID,
)
from .node import refuse


def check_automation(prompts: Sequence[str], commands: Sequence[Mapping[str, Any]]) -> None:
    """Raise `Broken` when Meta would refuse these. Neither may hold emojis."""
    if len(prompts) > ICE_BREAKERS or len(commands) > CHAT_COMMANDS:
        refuse(INVALID, f"At most {ICE_BREAKERS} prompts and {CHAT_COMMANDS} commands.")
    for prompt in prompts:
        _check("prompts", prompt, ICE_BREAKER)
    for command in commands:
        _check("command_name", command.get("command_name"), CHAT_COMMAND)
        _check("command_description", command.get("command_description"), CHAT_COMMAND_HINT)


def _check(name: str, text: object, most: int) -> None:
    if not isinstance(text, str) or not 0 < len(text) <= most:
        refuse(INVALID, f"Param {name} must be of 1 to {most} characters.")
    if any(unicodedata.category(letter) == "So" for letter in text):
        refuse(INVALID, f"Param {name} can't hold emojis.")
