"""The addresses of notifications."""

from django.urls import path

from notifications.api import ClockDoor

urlpatterns = [path("simulator/clock", ClockDoor.as_view(), name="simulator_clock")]
