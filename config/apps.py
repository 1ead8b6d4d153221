from django.contrib.admin.apps import AdminConfig


class ConsoleConfig(AdminConfig):
    """The Django admin, with our guard at its door."""

    default = False
    default_site = "inspector_whatsapp.console.site.Console"
