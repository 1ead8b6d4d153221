"""Where properties lie: the areas that have some, and what people mean when they name one."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from inspector_whatsapp.listings import gazetteer
from inspector_whatsapp.listings.finding import live

_NEAR = 15.0  # kilometres


@dataclass(frozen=True)
class Place:
    """An area, its city and state, by their canonical names."""

    area: str
    city: str
    state: str


def areas_with_counts() -> list[tuple[str, int]]:
    """The areas that have live properties, each with how many; most first."""
    rows = live().order_by().values_list("area").annotate(many=Count("pk"))
    return list(rows.order_by("-many", "area"))


def places(typed: str) -> list[str]:
    """The areas with live properties that somebody may mean by `typed`; best first, none when unsure.

    Reads other names ("VI"), names within a sentence, parts of a name ("phase 1"), a wider place ("Abuja",
    "Mainland") and typing errors. A wider place that is an area to search ("Lekki") stands before its parts
    when several of them have properties, though none may lie in "Lekki" itself.
    """
    known = dict(areas_with_counts())
    if not known:
        return []

    def many(area: str) -> int:
        return sum(known.get(part, 0) for part in gazetteer.widened([area]))

    found = gazetteer.meant(typed, known=known, rank=many)
    return [area for area in found if area in known or len(known.keys() & set(gazetteer.parts_of(area))) > 1]


def place_named(typed: str) -> list[Place]:
    """The places of the gazetteer that somebody may mean by `typed`, whether or not anything is live there;
    best first, none when unsure. A city is followed by its areas.
    """
    found = ((name, gazetteer.place_of(name)) for name in gazetteer.meant(typed))
    return [Place(name, *where) for name, where in found if where is not None]


def place_near(latitude: float, longitude: float) -> Place | None:
    """The area whose live properties' middle is nearest to a point; None when there is none within 15 km."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT area, city, state FROM (
                SELECT area, city, state, 12742 * asin(least(1, sqrt(
                    sin(radians(north - %(latitude)s) / 2) ^ 2
                    + cos(radians(north)) * cos(radians(%(latitude)s))
                    * sin(radians(east - %(longitude)s) / 2) ^ 2
                ))) AS away FROM (
                    SELECT area, city, state,
                        percentile_cont(0.5) WITHIN GROUP (ORDER BY latitude) AS north,
                        percentile_cont(0.5) WITHIN GROUP (ORDER BY longitude) AS east
                    FROM inspector_whatsapp_property
                    WHERE status = 'live' AND latitude IS NOT NULL AND longitude IS NOT NULL
                    GROUP BY area, city, state
                ) AS middles
            ) AS distances
            WHERE away <= %(near)s ORDER BY away, area LIMIT 1
            """,
            {"latitude": latitude, "longitude": longitude, "near": _NEAR},
        )
        row = cursor.fetchone()
    return Place(*row) if row else None
