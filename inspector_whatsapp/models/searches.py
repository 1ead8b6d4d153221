"""Where a property is looked up to find the saved searches that want it."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.listings import ListingType, SavedSearch

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


class SearchLess(models.Model):
    """What a saved search no longer tells of: homes in an area whose price is about that of one shown."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="less")
    area = models.CharField(max_length=80)
    listing_type = models.CharField(max_length=8, choices=ListingType)
    currency = models.CharField(max_length=3)
    price_from = models.DecimalField(max_digits=14, decimal_places=2)
    price_to = models.DecimalField(max_digits=14, decimal_places=2)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("less of a saved search")
        verbose_name_plural = _("less of saved searches")
        constraints = [
            models.UniqueConstraint(
                fields=["search", "area", "listing_type", "currency", "price_from", "price_to"],
                name="search_less_once",
            ),
            models.CheckConstraint(condition=Q(price_to__gte=F("price_from")), name="search_less_band"),
        ]

    def __str__(self) -> str:
        return f"less {self.pk} of saved search {self.search_id}"
