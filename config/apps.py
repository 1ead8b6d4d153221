from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _
from django_celery_beat.apps import BeatConfig


class ConsoleConfig(AdminConfig):
    """The Django admin, with our guard at its door."""

    default = False
    default_site = "inspector_whatsapp.console.site.Console"


class SchedulesConfig(BeatConfig):  # type: ignore[misc]
    """django-celery-beat, as the console calls it."""

    default = False
    verbose_name = _("Schedules")
