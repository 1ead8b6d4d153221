"""How far each daily search has been told."""

from django.db import models

from inspector_whatsapp.models import SavedSearch


class Digest(models.Model):
    """How far a seeker has been told of what a daily search finds."""

    search = models.OneToOneField(SavedSearch, on_delete=models.CASCADE, related_name="digest")
    until = models.DateTimeField(help_text="What was published until then has been told.")

    def __str__(self) -> str:
        return f"digest of saved search {self.search_id}"
