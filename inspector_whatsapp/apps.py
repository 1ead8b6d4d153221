from django.apps import AppConfig


class InspectorWhatsAppConfig(AppConfig):
    name = "inspector_whatsapp"
    verbose_name = "Inspector"
