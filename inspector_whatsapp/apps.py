from anymail.signals import tracking
from django.apps import AppConfig
from django.core import checks


class InspectorWhatsAppConfig(AppConfig):
    name = "inspector_whatsapp"
    verbose_name = "Inspector"

    def ready(self) -> None:
        from inspector_whatsapp.api import mail
        from inspector_whatsapp.gateway import keys

        checks.register(keys.check_setting)
        tracking.connect(mail.on_tracking)
