"""The addresses that anybody may open."""

from django.urls import path

from inspector_whatsapp import pages

urlpatterns = [
    path("p/<str:ref>", pages.shared, name="shared"),
    path("p/<str:ref>/chat", pages.chat, name="shared_chat"),
    path("p/<str:ref>/photo.jpg", pages.photo, name="shared_photo"),
]
