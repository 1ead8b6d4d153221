"""What Meta charges: how many messages were delivered as what, and what one of them costs."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.words import harmless

# Meta's, of messages to one person (pricing.category of a status), with "_" where Meta has "-".
META_CATEGORIES = (
    *("service", "utility", "marketing", "authentication", "authentication_international"),
    *("marketing_lite", "referral_conversion"),
)


class PriceCount(models.Model):
    """Messages delivered on a day, of one price category."""

    day = models.DateField(help_text="In the service's time zone.")
    category = models.CharField(max_length=32, help_text="Meta's.")
    billable = models.BooleanField(help_text="Whether Meta charges them.")
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "category", "billable"], name="price_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {harmless(self.category, markup=False)}: {self.count}"


class PriceCategory(models.Model):
    """What one delivered message of a category costs, as agreed with Meta; kept by an admin."""

    category = models.CharField(
        max_length=32, unique=True, help_text="Meta's: service, utility, marketing, authentication …"
    )
    price = models.DecimalField(max_digits=12, decimal_places=6, help_text="Of one delivered message.")
    currency = models.CharField(max_length=3, help_text="The same for all of them: USD, NGN …")

    class Meta:
        verbose_name = "price"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="price_not_negative",
                violation_error_message=_("A price is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{harmless(self.category, markup=False)}: {self.price} {self.currency}"

    def clean(self) -> None:
        """Prices of several currencies have no sum; a category that Meta has not is never charged."""
        self.category = self.category.strip().lower().replace("-", "_")
        self.currency = self.currency.strip().upper()
        if self.category not in META_CATEGORIES:
            known = ", ".join(META_CATEGORIES)
            raise ValidationError({"category": _("Meta charges by these: %s.") % known})
        other = PriceCategory.objects.exclude(pk=self.pk).exclude(currency=self.currency).first()
        if other is not None:
            raise ValidationError({"currency": _("The other prices are in %s.") % other.currency})
