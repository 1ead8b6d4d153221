"""Photos as staff see them: small, and never the stored file itself."""

from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from PIL import Image

from inspector_whatsapp.admin.pages import Page

if TYPE_CHECKING:
    from django.contrib.admin import TabularInline
else:
    from unfold.admin import TabularInline

THUMBNAIL = (320, 320)  # pixels, the most of each side


class PhotoInline(TabularInline):  # type: ignore[type-arg]
    """The photos of a row whose page is `WithPhotos`, to be looked at."""

    extra = 0
    fields = readonly_fields = ("thumbnail", "position")

    @admin.display(description=_("photo"))
    def thumbnail(self, photo: Model) -> SafeString:
        address = reverse(f"admin:{self.parent_model._meta.model_name}_photo", args=[photo.pk])
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', address)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may see the row sees its photos."""
        parent = self.parent_model._meta
        return request.user.has_perm(f"{parent.app_label}.{get_permission_codename('view', parent)}")


class WithPhotos(Page):
    """A page that serves the `image` of its photos."""

    photos: ClassVar[Any]  # the model

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.model_name}_photo"
        small = path("photo/<int:photo>/", self.admin_site.admin_view(self.photo), name=name)
        return [small, *super().get_urls()]

    def photo(self, request: HttpRequest, photo: int) -> HttpResponse:
        """A photo made small. Painted anew: whatever else the stored file is does not reach a browser."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        stored = get_object_or_404(self.photos, pk=photo).image
        try:
            with stored.open("rb") as file:
                return painted(file)
        except (OSError, ValueError) as error:
            raise Http404("The file is gone.") from error


def painted(file: IO[bytes]) -> HttpResponse:
    """A stored photo made small; Http404 for what is no picture."""
    small = BytesIO()
    try:
        with Image.open(file) as image:
            image.draft("RGB", THUMBNAIL)
            image.thumbnail(THUMBNAIL)
            image.convert("RGB").save(small, "JPEG", quality=80)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Http404("The file is no picture.") from error
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(small.getvalue(), content_type="image/jpeg", headers=headers)
