"""Every address of the console, as its URL configuration has them, with what stands in each."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp.models import Erasure, PropertyPhoto, User
from tests.admin.conftest import World

# What a page that does one of several things takes for `<str:act>`, by the page's name.
ACTS = {
    "broadcast_act": ("test", "pause", "resume", "stop"),
    "conversation_act": ("take", "answer", "back", "end"),
    "incident_act": ("see", "close"),
    "link_act": ("suspend", "unlink"),
    "outboxmessage_act": ("retry", "by_mail", "cancel", "replay"),
    "template_act": ("submit", "test"),
}
# Django's own, which are no plain routes.
PLAIN = {"app_list": "bot/", None: "nowhere/at/all"}


@dataclass(frozen=True)
class Door:
    """An address below /admin/, as it is configured, and one that leads there."""

    pattern: str
    path: str


def doors(world: World) -> list[Door]:
    """All of them, in the order of their addresses."""
    found = set(_below(admin.site.urls[0], "", world))
    # Django's old addresses of rows lead on to the new ones, whoever comes.
    found = {door for door in found if not door.pattern.endswith("/<object_id>/")}
    return sorted(found, key=lambda door: door.pattern)


def _below(patterns: "list[URLPattern | URLResolver]", before: str, world: World) -> Iterator[Door]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, before + str(pattern.pattern), world)
        elif isinstance(pattern.pattern, RoutePattern):
            yield from _each(pattern, before, world)
        else:
            yield Door(PLAIN[pattern.name], "/admin/" + PLAIN[pattern.name])


def _each(pattern: URLPattern, before: str, world: World) -> Iterator[Door]:
    route, names = before + str(pattern.pattern), list(pattern.pattern.converters)
    for act in ACTS.get(pattern.name or "", ("act",)) if "act" in names else ("",):
        shown, path = route, route
        for name in names:
            kind = next(part for part in route.split("<") if part.split(":")[-1].startswith(f"{name}>"))
            hole = "<" + kind.partition(">")[0] + ">"
            shown = shown.replace(hole, act if name == "act" else f"<{name}>")
            path = path.replace(hole, act if name == "act" else _value(name, before, route, world))
        yield Door(shown, "/admin/" + path)


def _value(name: str, before: str, route: str, world: World) -> str:
    """The key of the row that such a page is about."""
    if route.startswith("privacy/person/"):
        return "account" if name == "sort" else str(world[User].pk)
    if route.startswith("privacy/erasure/"):
        return str(world[Erasure].pk)
    if "/photo/" in route and world.rows.get(PropertyPhoto):
        return str(world[PropertyPhoto].pk)
    row = _row(before, world)
    return str(row.pk) if row is not None else "1"


def _row(before: str, world: World) -> models.Model | None:
    for model in admin.site._registry:
        if before == f"{model._meta.app_label}/{model._meta.model_name}/":
            if model in (Group, PeriodicTask):
                return model._default_manager.order_by("pk").first()
            return world[model]  # type: ignore[no-any-return]
    return None
