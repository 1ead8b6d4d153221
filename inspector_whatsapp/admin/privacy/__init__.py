"""People's data in the console: copies, erasures, holds, what is kept, and who is affected by a breach."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from inspector_whatsapp.admin.privacy import person, service
from inspector_whatsapp.admin.privacy.person import WithPrivacy
from inspector_whatsapp.admin.privacy.rows import ErasureAdmin, LegalHoldAdmin, PersonExportAdmin

__all__ = ["ErasureAdmin", "LegalHoldAdmin", "PersonExportAdmin", "WithPrivacy", "addresses"]


def addresses(site: AdminSite) -> list[URLPattern]:
    """Of the pages that belong to no table."""
    view, whose = site.admin_view, "privacy/person/<str:sort>/<int:pk>"
    return [
        path(f"{whose}/", view(person.person), name="privacy_person"),
        path(f"{whose}/copy/", view(person.export), name="privacy_export"),
        path(f"{whose}/erase/", view(person.erase), name="privacy_erase"),
        path("privacy/copy/<str:token>/", view(person.fetch), name="privacy_fetch"),
        path("privacy/erasure/<int:pk>/", view(person.erasure), name="privacy_erasure"),
        path("privacy/kept/", view(service.kept), name="privacy_kept"),
        path("privacy/affected/", view(service.affected), name="privacy_breach"),
    ]
