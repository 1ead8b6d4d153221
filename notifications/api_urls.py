"""The API's addresses of notifications, below /api/v1/."""

from django.urls import path, re_path

from notifications.api.events import Events
from notifications.api.preferences import PreferencesDoor
from notifications.api.sending import Notifications, OneNotification
from notifications.api.templates import SubmitTemplates, SyncTemplates, Templates

urlpatterns = [
    path("preferences", PreferencesDoor.as_view()),
    path("notifications", Notifications.as_view()),
    re_path(r"^notifications/(?P<id>[A-Za-z0-9:._-]{1,160})\Z", OneNotification.as_view()),
    path("events", Events.as_view()),
    path("admin/templates", Templates.as_view()),
    path("admin/templates/sync", SyncTemplates.as_view()),
    path("admin/templates/submit", SubmitTemplates.as_view()),
]
