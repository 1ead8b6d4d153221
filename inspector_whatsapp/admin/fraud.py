"""Signs of fraud: what was noticed, the rows behind it, and what an admin says of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspector_whatsapp import fraud, labels
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.marks import short
from inspector_whatsapp.models import Change, Property, PropertyPhoto, User
from inspector_whatsapp.models.fraud import FraudSign, Judgement, SignKind

MOST = 20  # rows behind a sign that are shown
# Whose keys a sign's rows are.
BEHIND: Mapping[str, QuerySet[Any]] = {
    SignKind.SAME_PHOTO: PropertyPhoto.objects.select_related("property"),
    SignKind.LOW_PRICE: Property.objects.all(),
    SignKind.MANY_ACCOUNTS: User.objects.all(),
    SignKind.GONE_AGAIN: Change.objects.all(),
}


def sentence(sign: FraudSign) -> str:
    """What was noticed, with its numbers."""
    figures: Mapping[str, Any] = sign.figures
    match sign.kind:
        case SignKind.SAME_PHOTO:
            if figures["agents"] > 1:
                return _("%(agents)d agents show the same photo on %(homes)d listings.") % figures
            return _("One agent shows the same photo on %(homes)d listings in %(areas)d areas.") % figures
        case SignKind.LOW_PRICE:
            return _("%(price)s, where %(many)d like it usually cost %(usual)s.") % {
                "price": _money(sign, figures["price"]),
                "usual": _money(sign, figures["usual"]),
                "many": figures["many"],
            }
        case SignKind.MANY_ACCOUNTS:
            return _("%(many)d accounts were connected with one WhatsApp in 90 days.") % figures
    return _("%(many)d times in 30 days a home went while people had inspections of it.") % figures


def _money(sign: FraudSign, amount: str) -> str:
    return labels.money(Decimal(amount), sign.property.currency if sign.property else "NGN")


@admin.register(FraudSign)
class FraudSignAdmin(ReadOnly):
    """What is odd, newest first. Nothing has followed from it: an admin looks, and says what it is."""

    ordering = ("-last_at", "-pk")
    list_display = ("id", "kind", "noticed", "property", "account", "last_at", "ended_at", "judged")
    list_filter = ("kind", ("judged", admin.ChoicesFieldListFilter), ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("property", "account", "contact")
    search_fields = ("=property__ref", "=account__email")
    fields = (
        *("kind", "noticed", "property", "account", "contact", "behind"),
        *("first_at", "last_at", "ended_at", "judged", "judged_by", "judged_at"),
    )
    actions = ("harmless", "is_fraud")

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_fraudsign")

    @admin.display(description=gettext_lazy("what was noticed"))
    def noticed(self, sign: FraudSign) -> str:
        return sentence(sign)

    @admin.display(description=gettext_lazy("the rows behind it"))
    def behind(self, sign: FraudSign) -> SafeString:
        rows = BEHIND[sign.kind].filter(pk__in=sign.rows).order_by("pk")[:MOST]
        return format_html_join("", "<div>{}</div>", ((_link(row),) for row in rows))

    @admin.action(description=gettext_lazy("The chosen are harmless"), permissions=["rules"])
    def harmless(self, request: HttpRequest, chosen: QuerySet[FraudSign]) -> None:
        self._judge(request, chosen, Judgement.HARMLESS)

    @admin.action(description=gettext_lazy("The chosen are fraud"), permissions=["rules"])
    def is_fraud(self, request: HttpRequest, chosen: QuerySet[FraudSign]) -> None:
        self._judge(request, chosen, Judgement.FRAUD)

    def _judge(self, request: HttpRequest, chosen: QuerySet[FraudSign], judgement: Judgement) -> None:
        actor = request.user
        assert isinstance(actor, User)  # the console lets nobody else in
        news = [sign for sign in chosen if fraud.judge(sign=sign, judgement=judgement, actor=actor)]
        said = ngettext(
            "%(many)d sign was judged: %(what)s.", "%(many)d signs were judged: %(what)s.", len(news)
        )
        words = said % {"many": len(news), "what": judgement.label}
        for sign in news:
            self.log_change(request, sign, words)
        self.message_user(request, words, messages.SUCCESS if news else messages.WARNING)


def _link(row: Any) -> SafeString:
    """A row behind a sign, as the way to its page; a photo small, as the way to its property's."""
    if isinstance(row, PropertyPhoto):
        photo = reverse("admin:property_photo", args=[row.pk])
        page = reverse("admin:inspector_whatsapp_property_change", args=[row.property_id])
        picture = format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', photo)
        return format_html('<a href="{}">{} {}</a>', page, picture, row.property.ref)
    page = reverse(f"admin:inspector_whatsapp_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', page, short(str(row)))
