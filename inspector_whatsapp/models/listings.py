"""Inspector's properties, and who is interested in them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, OrderBy, Q
from django.db.models.functions import MD5, Cast, Upper
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.mirrored import Mirrored, NextRef
from inspector_whatsapp.words import harmless


class Kind(models.TextChoices):
    """Property types."""

    APARTMENT = "apartment", _("flat")
    SELF_CONTAIN = "self_contain", _("self-contain")
    MINI_FLAT = "mini_flat", _("mini flat")
    STUDIO = "studio", _("studio")
    SINGLE_ROOM = "single_room", _("single room")
    DUPLEX = "duplex", _("duplex")
    TERRACED_DUPLEX = "terraced_duplex", _("terraced duplex")
    SEMI_DETACHED_DUPLEX = "semi_detached_duplex", _("semi-detached duplex")
    DETACHED_DUPLEX = "detached_duplex", _("detached duplex")
    BUNGALOW = "bungalow", _("bungalow")
    PENTHOUSE = "penthouse", _("penthouse")
    MAISONETTE = "maisonette", _("maisonette")
    BQ = "bq", _("boys' quarters")
    BLOCK_OF_FLATS = "block_of_flats", _("block of flats")
    LAND = "land", _("land")
    SHOP = "shop", _("shop")
    OFFICE = "office", _("office")
    WAREHOUSE = "warehouse", _("warehouse")


class ListingType(models.TextChoices):
    """What is on offer."""

    RENT = "rent", _("for rent")
    SALE = "sale", _("for sale")
    SHORTLET = "shortlet", _("shortlet")


class Period(models.TextChoices):
    """What a price is for; empty for a sale."""

    YEAR = "year", _("year")
    MONTH = "month", _("month")
    NIGHT = "night", _("night")


class PropertyStatus(models.TextChoices):
    """Where a listing stands; the website shows *live* ones."""

    DRAFT = "draft", _("draft")
    PENDING = "pending", _("pending")
    LIVE = "live", _("live")
    UNAVAILABLE = "unavailable", _("unavailable")
    LET = "let", _("let")
    SOLD = "sold", _("sold")


class BookingRule(models.TextChoices):
    """Whether the property's agent has a say in who comes when."""

    AUTOMATIC = "automatic", _("confirm by itself")
    ASK = "ask", _("ask me")


AMENITY_WORDS = {
    "parking": _("parking"),
    "security": _("security"),
    "gated_estate": _("gated estate"),
    "power_24h": _("24-hour power"),
    "generator": _("generator"),
    "solar_inverter": _("solar or inverter"),
    "water": _("running water"),
    "swimming_pool": _("swimming pool"),
    "gym": _("gym"),
    "furnished": _("furnished"),
    "unfurnished": _("unfurnished"),
    "serviced": _("serviced"),
    "pets_allowed": _("pets allowed"),
    "bq": _("boys' quarters"),
    "balcony": _("balcony"),
    "elevator": _("lift"),
    "wifi": _("Wi-Fi"),
    "air_conditioning": _("air conditioning"),
    "ensuite": _("all rooms en suite"),
    "prepaid_meter": _("prepaid meter"),
    "cctv": _("CCTV"),
    "garden": _("garden"),
    "playground": _("playground"),
    "newly_built": _("newly built"),
    "fitted_kitchen": _("fitted kitchen"),
    "ground_floor": _("ground floor"),
    "upstairs": _("upstairs"),
    "waterfront": _("waterfront"),
    "wardrobe": _("wardrobes"),
    "own_compound": _("own compound"),
    "c_of_o": _("C of O"),
    "tarred_road": _("tarred road"),
    "no_flood": _("no flooding"),
}
AMENITIES = tuple(AMENITY_WORDS)


LONGEST_NOTICE = 12  # hours before an inspection at which a place may be given away, at most


class Property(Mirrored):
    """A home, shop or piece of land that an agent offers."""

    ref = models.CharField(
        max_length=16, unique=True, editable=False, db_default=NextRef("PR", "property_ref")
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="properties")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=24, choices=Kind)
    listing_type = models.CharField(max_length=8, choices=ListingType)
    bedrooms = models.PositiveSmallIntegerField(null=True, blank=True)
    bathrooms = models.PositiveSmallIntegerField(null=True, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, help_text="In `currency`, per `period`.")
    currency = models.CharField(max_length=3, default="NGN")
    period = models.CharField(max_length=8, choices=Period, blank=True)
    area = models.CharField(max_length=80)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    amenities = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=PropertyStatus, default=PropertyStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    url = models.URLField(blank=True)
    booking_rule = models.CharField(
        max_length=16,
        choices=BookingRule,
        default=BookingRule.AUTOMATIC,
        help_text="Whether a booking counts by itself, or once its agent has said yes.",
    )
    give_away_hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="So many hours before an inspection (1 to 12), the place of a seeker who was asked twice "
        "and has not said that they come goes to the waiting list; empty: it stays theirs.",
    )
    access_notes = models.TextField(
        blank=True, help_text="How to get in; shown to the inspector, never to seekers."
    )

    class Meta:
        verbose_name_plural = "properties"
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="property_price_not_negative"),
            models.CheckConstraint(
                condition=~Q(status=PropertyStatus.LIVE) | Q(published_at__isnull=False),
                name="property_live_is_published",
            ),
            models.CheckConstraint(
                condition=Q(give_away_hours__isnull=True)
                | Q(give_away_hours__gte=1, give_away_hours__lte=LONGEST_NOTICE),
                name="property_gives_away_in_time",
                violation_error_message=_("A place is given away 1 to 12 hours before."),
            ),
        ]
        indexes = [
            # A search looks through one place in the wanted order, and no further than a page. What most
            # wishes are about stands in the index behind that order: what falls out is never fetched.
            *(
                models.Index(
                    *(
                        OrderBy(F(name.removeprefix("-")), descending=name[0] == "-")
                        for name in (*place, *order)
                    ),
                    *("listing_type", "bedrooms", "kind", "period", "bathrooms", "currency"),
                    *(["price"] if "price" not in order else []),
                    name=f"property_{by}_{first}",
                    condition=Q(status="live"),
                )
                for first, place in (("of_area", ("area",)), ("of_city", ("city",)), ("anywhere", ()))
                for by, order in (
                    ("newest", ("-published_at", "-id")),
                    ("cheapest", ("price", "-published_at", "-id")),
                )
            ),
            # Wishes that few fit are looked up by themselves.
            GinIndex(fields=["amenities"], name="property_by_amenities", condition=Q(status="live")),
            GinIndex(
                OpClass(Upper("address"), name="gin_trgm_ops"),
                name="property_by_address",
                condition=Q(status="live"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {harmless(self.title, markup=False)}"


class PropertyPhoto(Mirrored):
    """A photo of a property; the one with the lowest position is its face."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="properties")
    position = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of the file, where it is known."
    )
    looks = models.BigIntegerField(
        null=True, editable=False, help_text="Its fingerprint: alike for photos of one picture; 0 is none."
    )
    # Meta keeps an uploaded photo for 30 days; until then it is sent by this id.
    media_id = models.CharField(max_length=64, blank=True, editable=False)
    uploaded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["property", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["property", "position"], name="photo_one_per_position"),
            models.UniqueConstraint(
                fields=["property", "digest"], condition=~Q(digest=""), name="photo_once_per_property"
            ),
        ]
        # Whether Meta has a photo is asked by its name, for every message that shows one.
        indexes = [models.Index(fields=["image"], name="photo_by_image")]

    def __str__(self) -> str:
        return f"photo {self.position} of property {self.property_id}"


class Interest(Mirrored):
    """A seeker keeps a property in view, until it is removed."""

    seeker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="interests")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(
        null=True, blank=True, help_text="When the agent last invited them to inspect it."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seeker", "property"],
                condition=Q(removed_at__isnull=True),
                name="interest_one_live_per_seeker_and_property",
            )
        ]

    def __str__(self) -> str:
        return f"interest of {self.seeker_id} in property {self.property_id}"


class Frequency(models.TextChoices):
    """How often a saved search tells of matches."""

    INSTANT = "instant", _("at once")
    DAILY = "daily", _("once a day")


class SavedSearch(Mirrored):
    """What a seeker wants to hear of."""

    seeker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="searches")
    criteria = models.JSONField(help_text="Search words of this service: areas, kinds, bedrooms, prices …")
    frequency = models.CharField(max_length=8, choices=Frequency, default=Frequency.INSTANT)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            # By a digest: an index entry has a limit, a list of areas has none.
            models.UniqueConstraint(
                "seeker", MD5(Cast("criteria", models.TextField())), name="search_once_per_seeker"
            ),
            # A new property is looked up by its place.
            models.CheckConstraint(
                condition=Q(is_active=False)
                | Q(criteria__areas__0__isnull=False)
                | Q(criteria__city__isnull=False)
                | Q(criteria__cities__0__isnull=False),
                name="search_active_names_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"saved search {self.pk} of {self.seeker_id}"
