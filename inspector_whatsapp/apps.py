from anymail.signals import tracking
from django.apps import AppConfig


class InspectorWhatsAppConfig(AppConfig):
    name = "inspector_whatsapp"
    verbose_name = "Inspector"

    def ready(self) -> None:
        from inspector_whatsapp.api import mail

        tracking.connect(mail.on_tracking)
