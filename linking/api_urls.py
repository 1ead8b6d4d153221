"""The API's addresses of linking, below /api/v1/."""

from django.urls import path

from linking.api import admin, connecting, links

urlpatterns = [
    path("links", links.Links.as_view()),
    path("links/intents", connecting.Intents.as_view()),
    path("links/intents/<uuid:id>", connecting.Intent.as_view()),
    path("links/intents/<uuid:id>/confirm", connecting.Confirmation.as_view()),
    path("links/<int:id>", links.OneLink.as_view()),
    path("links/<int:id>/switch", links.Switch.as_view()),
    path("admin/links", admin.Links.as_view()),
    path("admin/links/<int:pk>", admin.OneLink.as_view()),
    path("admin/links/<int:pk>/suspend", admin.SuspendLink.as_view()),
]
