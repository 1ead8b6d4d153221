"""Every address of the API with its methods, as the URL configuration has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver

from inspector_whatsapp.api.doors import Door
from inspector_whatsapp.api.nowhere import Nowhere

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Route:
    """An address below /api/v1/, with <names> for what stands in it, and the door there."""

    address: str
    door: type[Door]

    @property
    def methods(self) -> list[str]:
        return [method for method in METHODS if hasattr(self.door, method.lower())]


def routes() -> list[Route]:
    """All of them, in the order of their addresses."""
    return sorted(_below(get_resolver().url_patterns, ""), key=lambda route: route.address)


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, address)
            continue
        door = getattr(pattern.callback, "cls", None)
        if isinstance(door, type) and issubclass(door, Door) and door is not Nowhere:
            yield Route(_plain(address.removeprefix("api/v1/")), door)


def _plain(address: str) -> str:
    return re.sub(r"<\w+:(\w+)>", r"<\1>", simplify_regex(address)).lstrip("/")
