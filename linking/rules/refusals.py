"""How a link came to be paused or ended, and why one cannot be made."""

from django.db import models


class Why(models.TextChoices):
    """How a link came to be paused or ended."""

    CHAT = "chat"
    MAIL = "mail"
    WEB = "web"
    HOST = "host"  # Inspector's backend
    ADMIN = "admin"
    ACCOUNT_CHANGED = "account_changed"
    IDENTITY_CHANGED = "identity_changed"
    SILENT = "silent"
    REPLACED = "replaced"


class CannotLink(Exception):
    """The rules say no."""


class NotProved(CannotLink):
    """No right code was typed for this request, or too long ago."""


class AlreadyLinkedElsewhere(CannotLink):
    """Another WhatsApp speaks for the account; a new one takes its place only from the website."""


class NotClaimed(CannotLink):
    """No chat has sent the token yet."""


class Over(CannotLink):
    """The intent's time ran out, or it came to another end."""


class NotLinked(CannotLink):
    """The contact does not speak for that account."""
