"""Saving a search, and what its seeker does with it afterwards."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import SavedSearch, User
from inspector_whatsapp.models.listings import Frequency
from inspector_whatsapp.searches.refusals import NamesNoPlace
from inspector_whatsapp.searches.wishes import to_json


def names_a_place(criteria: Mapping[str, Any]) -> bool:
    """Whether wishes, as they are kept, name an area or a city: an active search does."""
    return bool(criteria.get("areas") or criteria.get("city") or criteria.get("cities"))


def save(*, seeker: User, criteria: Criteria, frequency: Frequency, origin: Origin) -> SavedSearch:
    """Tell the seeker of what fits from now on; the same wishes again set that search going, that often.

    Raises NamesNoPlace.
    """
    wishes = to_json(criteria)
    if not names_a_place(wishes):
        raise NamesNoPlace
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO inspector_whatsapp_savedsearch AS kept
                    (seeker_id, criteria, frequency, is_active, created_at, version)
                VALUES (%s, %s::jsonb, %s, true, clock_now(), 0)
                ON CONFLICT (seeker_id, md5(criteria::text))
                DO UPDATE SET is_active = true, frequency = EXCLUDED.frequency
                WHERE NOT kept.is_active OR kept.frequency <> EXCLUDED.frequency
                RETURNING id
                """,
                [seeker.pk, json.dumps(wishes), frequency],
            )
            changed = cursor.fetchone()
        search = SavedSearch.objects.select_related("seeker").get(seeker=seeker, criteria=wishes)
        if changed is not None:
            changes.record(
                "search_saved",
                search,
                actor=seeker,
                origin=origin,
                criteria=wishes,
                frequency=str(frequency),
            )
    return search


def of(seeker: User) -> QuerySet[SavedSearch]:
    """The seeker's own, active or not, newest first."""
    return SavedSearch.objects.filter(seeker=seeker).order_by("-created_at", "-pk")


def pause(*, search: SavedSearch, actor: User | None, origin: Origin) -> SavedSearch:
    """Tell of nothing until it is resumed. Returns it as it now is."""
    return _change(search, "search_paused", actor=actor, origin=origin, is_active=False)


def resume(*, search: SavedSearch, actor: User | None, origin: Origin) -> SavedSearch:
    """Tell of what fits again. Returns it as it now is. Raises NamesNoPlace."""
    if not names_a_place(search.criteria):
        raise NamesNoPlace
    return _change(search, "search_resumed", actor=actor, origin=origin, is_active=True)


def set_frequency(
    *, search: SavedSearch, frequency: Frequency, actor: User | None, origin: Origin
) -> SavedSearch:
    """Tell at once, or once a day. Returns it as it now is."""
    return _change(search, "search_changed", actor=actor, origin=origin, frequency=str(frequency))


def delete(*, search: SavedSearch, actor: User | None, origin: Origin) -> None:
    """Forget it; one that is gone already stays gone."""
    with transaction.atomic():
        gone = SavedSearch.objects.select_for_update().filter(pk=search.pk).first()
        if gone is None:
            return
        changes.record("search_deleted", gone, actor=actor, origin=origin)
        gone.delete()


def _change(
    search: SavedSearch, kind: str, *, actor: User | None, origin: Origin, **fields: str | bool
) -> SavedSearch:
    with transaction.atomic():
        locked = SavedSearch.objects.select_for_update(no_key=True, of=("self",))
        search = locked.select_related("seeker").get(pk=search.pk)
        if all(getattr(search, name) == value for name, value in fields.items()):
            return search
        for name, value in fields.items():
            setattr(search, name, value)
        search.save(update_fields=list(fields))
        changes.record(kind, search, actor=actor, origin=origin, **fields)
    return search
