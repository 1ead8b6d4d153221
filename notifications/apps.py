from typing import Any

from django.apps import AppConfig, apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        post_migrate.connect(_declare_templates, sender=self)


def _declare_templates(*, apps: Apps = apps, **more: Any) -> None:
    """Whoever installs a release migrates: then what it declares is there, to be submitted."""
    from notifications.registry import declare

    try:
        model = apps.get_model("notifications", "MessageTemplate")
    except LookupError:  # migrated back to before there was one
        return
    declare(model=model)
