"""The addresses that anybody may open."""

from django.urls import path

from inspector_whatsapp import pages

urlpatterns = [path("p/<str:ref>", pages.shared, name="shared")]
