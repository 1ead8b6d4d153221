"""Greetings, thanks and the like, and nothing else."""

from functools import cache
from pathlib import Path

MOST = 14  # words; who says more says something


@cache
def _words_of_small_talk() -> tuple[frozenset[str], frozenset[str]]:
    """Words that greet or thank, and those that stand beside them."""
    text = Path(__file__).with_name("small_talk.txt").read_text(encoding="utf-8")
    greeting, beside = (
        frozenset(word for line in part.splitlines() if not line.startswith("#") for word in line.split())
        for part in text.split("\n\n")
    )
    return greeting, beside


def is_all(words: str) -> bool:
    """Whether nothing but greetings, thanks and the like is said."""
    greeting, beside = _words_of_small_talk()
    said = [word for each in words.split() if (word := each.strip(".,!?:;-"))]
    return (
        0 < len(said) <= MOST
        and all(word in greeting or word in beside for word in said)
        and any(word in greeting for word in said)
    )
