"""The API's addresses of this app, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path, re_path

from inspector_whatsapp.api.changes import Changes
from inspector_whatsapp.api.delays import DelayOfOne
from inspector_whatsapp.api.inspections import Bookings, OneBooking
from inspector_whatsapp.api.properties import InterestInIt, OneProperty, Slots
from inspector_whatsapp.api.safety import Safety
from inspector_whatsapp.api.staff.figures import FiguresDoor
from inspector_whatsapp.api.staff.incidents import CloseIncident, Incidents
from inspector_whatsapp.api.staff.messages import CancelMessage, Messages, OneMessage, RetryMessage
from inspector_whatsapp.api.still_there import StillThere
from inspector_whatsapp.api.sync import Sync
from inspector_whatsapp.api.waiting import OneWait, Waits

_PROPERTY = r"properties/(?P<ref>PR-[1-9][0-9]{0,11})"

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^{_PROPERTY}\Z", OneProperty.as_view()),
    re_path(rf"^{_PROPERTY}/slots\Z", Slots.as_view()),
    re_path(rf"^{_PROPERTY}/interest\Z", InterestInIt.as_view()),
    re_path(rf"^{_PROPERTY}/still-there\Z", StillThere.as_view()),
    path("inspections", Bookings.as_view()),
    re_path(r"^inspections/(?P<ref>IN-[1-9][0-9]{0,11})\Z", OneBooking.as_view()),
    re_path(r"^inspections/(?P<ref>IN-[1-9][0-9]{0,11})/delay\Z", DelayOfOne.as_view()),
    re_path(r"^inspections/(?P<ref>IN-[1-9][0-9]{0,11})/safety\Z", Safety.as_view()),
    path("waiting", Waits.as_view()),
    re_path(r"^waiting/(?P<pk>[1-9][0-9]{0,17})\Z", OneWait.as_view()),
    path("changes", Changes.as_view(), name="changes"),
    path("sync/<str:kind>", Sync.as_view(), name="sync"),
    path("admin/messages", Messages.as_view()),
    path("admin/messages/<int:pk>", OneMessage.as_view()),
    path("admin/messages/<int:pk>/retry", RetryMessage.as_view()),
    path("admin/messages/<int:pk>/cancel", CancelMessage.as_view()),
    path("admin/incidents", Incidents.as_view()),
    path("admin/incidents/<int:pk>/close", CloseIncident.as_view()),
    path("admin/figures", FiguresDoor.as_view()),
]
