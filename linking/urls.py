"""The addresses of linking."""

from django.urls import path

from linking import pages

urlpatterns = [path("unlink/<str:token>/", pages.unlink, name="unlink")]
