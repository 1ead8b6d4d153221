"""The API's addresses of this app, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from inspector_whatsapp.api.changes import Changes
from inspector_whatsapp.api.sync import Sync

urlpatterns: list[URLPattern | URLResolver] = [
    path("changes", Changes.as_view(), name="changes"),
    path("sync/<str:kind>", Sync.as_view(), name="sync"),
]
