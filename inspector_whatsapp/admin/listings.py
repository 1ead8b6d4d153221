"""Properties and their photos, who keeps them in view, and what seekers want to hear of."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from inspector_whatsapp import changes, clock, labels, listings, searches
from inspector_whatsapp.admin.filters import ValuesFilter
from inspector_whatsapp.admin.pages import NoDelete, ReadOnly
from inspector_whatsapp.admin.photos import PhotoInline, WithPhotos
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.marks import short
from inspector_whatsapp.models import Interest, Property, PropertyPhoto, SavedSearch, SearchLess, User
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Reader


class PropertyPhotoInline(PhotoInline):
    """The photos of a property."""

    model = PropertyPhoto


class PropertyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A property; and, for one that is handed back to its agent, the reason."""

    why_not = forms.CharField(
        required=False,
        max_length=300,
        label=_("Why it is not published"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Needed to set a pending property to draft: its agent reads it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.rejects() and not cleaned.get("why_not", "").strip():
            self.add_error("why_not", _("Say why it is not published: its agent reads it."))
        return cleaned

    def rejects(self) -> bool:
        """Whether a property that waits to be published is handed back."""
        before, after = self.initial.get("status"), self.cleaned_data.get("status")
        return before == PropertyStatus.PENDING and after == PropertyStatus.DRAFT


@admin.register(Property)
class PropertyAdmin(WithPhotos, NoDelete):
    """What is listed. One that is no longer on offer is set to another status."""

    form = PropertyForm
    photos = PropertyPhoto

    list_display = (
        *("ref", "title", "area", "city", "kind", "listing_type", "status", "price_shown", "agent"),
        "booking_rule",
    )
    list_filter = ("status", "listing_type", "kind", "booking_rule", ("city", ValuesFilter))
    list_select_related = ("agent",)
    search_fields = ("ref", "title", "area", "=agent__email")
    ordering = ("-pk",)
    autocomplete_fields = ("agent",)
    readonly_fields = ("ref", "published_at", "platform_id", "version")
    inlines = (PropertyPhotoInline,)
    formfield_overrides: ClassVar[Any] = {URLField: {"assume_scheme": "https"}}

    @admin.display(description=_("price"), ordering="price")
    def price_shown(self, property: Property) -> str:
        return labels.price(property)

    def save_model(self, request: HttpRequest, obj: Property, form: Any, change: bool) -> None:
        actor = request.user
        assert isinstance(actor, User)  # the console lets nobody else in
        if not change:
            self._add(obj, actor=actor, fields=set(form.changed_data) - {"why_not"})
            return
        # Publishing, availability and price have verbs of their own: they are told to whoever waits for them.
        before, after = PropertyStatus(form.initial["status"]), PropertyStatus(obj.status)
        goes_live = before not in listings.SETTABLE and after == PropertyStatus.LIVE
        set_as_agents_do = before in listings.SETTABLE and after in listings.SETTABLE
        fields = set(form.changed_data) - {"why_not"}
        if goes_live or set_as_agents_do or form.rejects():
            obj.status = before
            fields.discard("status")
        price = obj.price
        # In another currency, or for another time, a price is neither higher nor lower.
        sets_price = "price" in fields and not fields & {"currency", "period"}
        if sets_price:
            obj.price = form.initial["price"]
            fields.discard("price")
        if fields:
            obj.save(update_fields=fields)
            changes.record("property_changed", obj, actor=actor, origin=Origin.ADMIN, fields=sorted(fields))
        if sets_price:
            listings.set_price(property=obj, price=price, actor=actor, origin=Origin.ADMIN)
        if form.rejects():
            why = form.cleaned_data["why_not"]
            listings.reject(property=obj, why=why, actor=actor, origin=Origin.ADMIN)
        elif goes_live:
            listings.publish(property=obj, actor=actor, origin=Origin.ADMIN)
        elif set_as_agents_do:
            listings.set_availability(property=obj, status=after, actor=actor, origin=Origin.ADMIN)

    def _add(self, property: Property, *, actor: User, fields: set[str]) -> None:
        if property.status == PropertyStatus.LIVE:
            property.published_at = clock.now()
            fields = fields | {"published_at"}
        property.save()
        # The ref is given by the database.
        property.refresh_from_db(fields=["ref"])
        changes.record("property_added", property, actor=actor, origin=Origin.ADMIN, fields=sorted(fields))


@admin.register(Interest)
class InterestAdmin(ReadOnly):
    """Who keeps which property in view."""

    list_display = ("id", "seeker", "property", "created_at", "invited_at", "removed_at")
    list_filter = (("removed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("seeker", "property")
    search_fields = ("=property__ref", "=seeker__email")


@admin.register(SavedSearch)
class SavedSearchAdmin(ReadOnly):
    """What seekers want to hear of."""

    list_display = ("id", "seeker", "looks_for", "frequency", "is_active", "created_at")
    list_filter = ("frequency", "is_active")
    list_select_related = ("seeker",)
    search_fields = ("=seeker__email",)

    @admin.display(description=_("looks for"))
    def looks_for(self, search: SavedSearch) -> str:
        return short(searches.describe(searches.from_json(search.criteria)).put(Reader(markup=False)))


@admin.register(SearchLess)
class SearchLessAdmin(ReadOnly):
    """What seekers asked to be shown less of, by their searches."""

    list_display = ("id", "search", "leaves_out", "created_at")
    list_select_related = ("search",)
    search_fields = ("=search__seeker__email",)

    @admin.display(description=_("leaves out"))
    def leaves_out(self, less: SearchLess) -> str:
        return short(searches.in_words(less).put(Reader(markup=False)))
