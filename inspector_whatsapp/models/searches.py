"""Where a property is looked up to find the saved searches that want it."""

from typing import Final

from django.conf import settings
from django.db import models

from inspector_whatsapp.models.listings import SavedSearch

CITY: Final = "city:"  # before the name of a city, so that it is no area's
STATE: Final = "state:"
# Bounds of a search that names none. Who names a number of bedrooms wants one: a property without is found by
# these alone.
NO_LEAST_BEDROOMS: Final = -1
NO_MOST_BEDROOMS: Final = 2**15 - 1


class SearchPlace(models.Model):
    """A place that an active saved search names, with the wishes by which most properties fall out.

    A trigger on the saved searches writes these rows; nobody else does. A city or state beside areas
    has a row where it is looked in as well, and none where it says where they lie. What does not matter to it
    is empty, or a bound beyond every property. `extras`: it has wishes besides, which its criteria hold.
    """

    pk = models.CompositePrimaryKey("search_id", "place")
    # The trigger is the constraint, and deletes: a foreign key would look every row up once more.
    search = models.ForeignKey(
        SavedSearch,
        on_delete=models.DO_NOTHING,
        related_name="places",
        db_constraint=False,
        db_index=False,
    )
    place = models.CharField(max_length=85, help_text="An area, or `city:` or `state:` and its name.")
    seeker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    at_once = models.BooleanField(help_text="Whether the seeker wants to hear at once.")
    listing_type = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=32, blank=True, help_text="The only kind that is wanted.")
    currency = models.CharField(max_length=8, blank=True, help_text="Of the prices; empty without any.")
    bedrooms_min = models.SmallIntegerField()
    bedrooms_max = models.SmallIntegerField()
    # Whole numbers of the hundredth part, rounded to where no price lies between.
    price_min = models.BigIntegerField()
    price_max = models.BigIntegerField()
    extras = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(
                fields=[
                    *("place", "listing_type", "kind", "currency"),
                    *("bedrooms_min", "bedrooms_max", "price_max", "price_min"),
                ],
                include=["search", "seeker", "at_once", "extras"],
                name="search_by_place",
            )
        ]

    def __str__(self) -> str:
        return f"saved search {self.search_id} in {self.place}"
