"""The addresses of notifications."""

from django.urls import path

from notifications import pages
from notifications.api.clock import ClockDoor

urlpatterns = [
    path("offers/stop/<str:token>/", pages.stop_offers, name="stop_offers"),
    path("simulator/clock", ClockDoor.as_view(), name="simulator_clock"),
]
