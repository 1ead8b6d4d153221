"""Who of the staff saw, exported or did what in the console."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# Younger entries PostgreSQL lets nobody delete, whatever the retention is set to.
LEAST_DAYS = 365


class Act(models.TextChoices):
    """What somebody did."""

    LOGGED_IN = "logged_in", _("logged in")
    REFUSED = "refused", _("was refused")
    SAW = "saw", _("saw")
    SEARCHED = "searched", _("searched")
    REVEALED = "revealed", _("revealed a number")
    EXPORTED = "exported", _("exported")
    CHANGED = "changed", _("changed")
    SAID = "said", _("wrote in a chat")


class AuditEntry(models.Model):
    """One thing that one of the staff did; never changed, and deleted by the retention alone.

    PostgreSQL holds to it, whoever asks: decision 18.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    act = models.CharField(max_length=16, choices=Act)
    page = models.CharField(max_length=100, blank=True, help_text="Of what: app.model, or a page's name.")
    object_id = models.CharField(max_length=64, blank=True)
    says = models.CharField(max_length=500, blank=True, help_text="In words; nobody's own, numbers masked.")
    details = models.JSONField(default=dict, blank=True, help_text="Filters, counts, fields.")
    address = models.GenericIPAddressField(null=True, blank=True, help_text="From where.")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        permissions = [("export_lists", _("Can export lists and figures"))]
        indexes = [
            models.Index(fields=["actor", "-id"], name="audit_of_actor"),
            models.Index(fields=["page", "object_id", "-id"], name="audit_of_object"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        triggers = [
            # Made anew, its function has to be written again without pgtrigger's way around it: 0035.
            pgtrigger.Trigger(
                name="append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=f"""
                    IF TG_OP = 'DELETE' AND OLD.at < clock_now() - interval '{LEAST_DAYS} days' THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'the audit is never changed, and kept for {LEAST_DAYS} days'
                        USING ERRCODE = 'restrict_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'the audit is never emptied' USING ERRCODE = 'restrict_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.page} {self.object_id}".strip()
