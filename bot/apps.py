from django.apps import AppConfig


class BotConfig(AppConfig):
    name = "bot"
    verbose_name = "Conversations"

    def ready(self) -> None:
        from bot import flows  # noqa: F401 - registers every flow
