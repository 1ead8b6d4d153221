"""Refs as people type them: `PR-1042`, `pr 1042`, `PR1042`. Inspector gives them."""

import re

PROPERTY, INSPECTION = "PR", "IN"  # as Inspector writes them, before a hyphen and a number
APART = r"[\s_\-‐-―.:#]*"  # what people put between a prefix and its number
NUMBER = r"0*(?P<number>[0-9]{1,12})"


def pattern(prefix: str) -> re.Pattern[str]:
    """What finds the refs of one kind in a text."""
    return re.compile(rf"(?<![A-Za-z0-9]){prefix}{APART}{NUMBER}(?![0-9])", re.IGNORECASE)


def written(prefix: str, number: str) -> str:
    """A ref as Inspector writes it."""
    return f"{prefix}-{number}"
