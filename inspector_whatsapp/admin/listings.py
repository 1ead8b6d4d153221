"""Properties and their photos, who keeps them in view, and what seekers want to hear of."""

from io import BytesIO
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from PIL import Image

from inspector_whatsapp import changes, clock, labels
from inspector_whatsapp.admin.pages import NoDelete, ReadOnly
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Interest, Property, PropertyPhoto, SavedSearch, User
from inspector_whatsapp.models.listings import PropertyStatus

THUMBNAIL = (320, 320)  # pixels, the most of each side


class PhotoInline(admin.TabularInline):  # type: ignore[type-arg]
    """The photos, to be looked at."""

    model = PropertyPhoto
    extra = 0
    fields = readonly_fields = ("thumbnail", "position")

    @admin.display(description=_("photo"))
    def thumbnail(self, photo: PropertyPhoto) -> SafeString:
        address = reverse("admin:property_photo", args=[photo.pk])
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', address)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("inspector_whatsapp.view_property")


@admin.register(Property)
class PropertyAdmin(NoDelete):
    """What is listed. One that is no longer on offer is set to another status."""

    list_display = ("ref", "title", "area", "city", "kind", "listing_type", "status", "price_shown", "agent")
    list_filter = ("status", "listing_type", "kind", "city")
    list_select_related = ("agent",)
    search_fields = ("ref", "title", "area", "=agent__email")
    ordering = ("-pk",)
    autocomplete_fields = ("agent",)
    readonly_fields = ("ref", "published_at", "platform_id", "version")
    inlines = (PhotoInline,)
    formfield_overrides: ClassVar[Any] = {URLField: {"assume_scheme": "https"}}

    @admin.display(description=_("price"), ordering="price")
    def price_shown(self, property: Property) -> str:
        return labels.price(property)

    def save_model(self, request: HttpRequest, obj: Property, form: Any, change: bool) -> None:
        fields = set(form.changed_data)
        if obj.status == PropertyStatus.LIVE and obj.published_at is None:
            obj.published_at = clock.now()
            fields.add("published_at")
        if not change:
            obj.save()
            # The ref is given by the database.
            obj.refresh_from_db(fields=["ref"])
        elif fields:
            obj.save(update_fields=fields)
        actor = request.user
        assert isinstance(actor, User)  # the console lets nobody else in
        kind = "property_changed" if change else "property_added"
        changes.record(kind, obj, actor=actor, origin=Origin.ADMIN, fields=sorted(fields))

    def get_urls(self) -> list[URLPattern]:
        photo = path("photo/<int:pk>/", self.admin_site.admin_view(self.photo), name="property_photo")
        return [photo, *super().get_urls()]

    def photo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A photo made small. Painted anew: whatever else the stored file is does not reach a browser."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        stored = get_object_or_404(PropertyPhoto, pk=pk).image
        small = BytesIO()
        try:
            with stored.open("rb") as file, Image.open(file) as image:
                image.draft("RGB", THUMBNAIL)
                image.thumbnail(THUMBNAIL)
                image.convert("RGB").save(small, "JPEG", quality=80)
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise Http404("The file is gone, or no picture.") from error
        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(small.getvalue(), content_type="image/jpeg", headers=headers)


@admin.register(Interest)
class InterestAdmin(ReadOnly):
    """Who keeps which property in view."""

    list_display = ("id", "seeker", "property", "created_at", "removed_at")
    list_filter = (("removed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("seeker", "property")
    search_fields = ("=property__ref", "=seeker__email")


@admin.register(SavedSearch)
class SavedSearchAdmin(ReadOnly):
    """What seekers want to hear of."""

    list_display = ("id", "seeker", "frequency", "is_active", "created_at")
    list_filter = ("frequency", "is_active")
    list_select_related = ("seeker",)
    search_fields = ("=seeker__email",)
