"""The addresses of notifications."""

from django.urls import path

from notifications import answer_page, coming, pages
from notifications.api.clock import ClockDoor

urlpatterns = [
    path("offers/stop/<str:token>/", pages.stop_offers, name="stop_offers"),
    path("coming/<str:token>/", coming.page, name="coming"),
    path("still-there/<str:token>/", answer_page.still_there, name="still_there"),
    path("simulator/clock", ClockDoor.as_view(), name="simulator_clock"),
]
