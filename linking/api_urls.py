"""The API's addresses of linking, below /api/v1/."""

from django.urls import path

from linking import api

urlpatterns = [
    path("links", api.Links.as_view()),
    path("links/intents", api.Intents.as_view()),
    path("links/intents/<uuid:id>", api.Intent.as_view()),
    path("links/intents/<uuid:id>/confirm", api.Confirmation.as_view()),
    path("links/<int:id>", api.OneLink.as_view()),
    path("links/<int:id>/switch", api.Switch.as_view()),
]
