"""The home page's tile of links."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Card, Tile

LINK: Final = "inspector_whatsapp.Link"


def tiles() -> Iterable[Tile]:
    """Linking's."""
    return (Tile(60, (LINK,), _made),)


def _made(look: Look) -> Card:
    return Card(
        title=_("Links made"),
        today=saying.number(look.kept.total("links_made", day=look.today)),
        href=look.rows(LINK, first=look.today),
        lately=saying.number(look.kept.total("links_made")),
        lately_href=look.rows_of_days(LINK),
        values=look.kept.by_day("links_made"),
    )
