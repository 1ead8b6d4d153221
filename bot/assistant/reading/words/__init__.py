"""Words that are as they should be, by list: nothing is put right that stands in one of them."""

from functools import cache
from pathlib import Path


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a file beside this one: `known`, `ordinary`, `names`, `elsewhere`, `roadside`."""
    return frozenset(word for line in _lines(name) for word in line.split())


@cache
def known_words() -> frozenset[str]:
    """Every word of the lists."""
    return frozenset().union(*map(listed, ("known", "ordinary", "names", "elsewhere")))


@cache
def short_forms() -> dict[str, str]:
    """What is written short, "tmrw", and what it stands for."""
    return dict(line.split(": ", 1) for line in _lines("short"))


def _lines(name: str) -> list[str]:
    lines = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
