"""The rows of a day are found by its midnights. Made while others write: these tables are long."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inspector_whatsapp", "0027_day_figures")]

    operations = [
        AddIndexConcurrently("outboxmessage", models.Index(fields=["created_at"], name="outbox_by_day")),
        AddIndexConcurrently("inspection", models.Index(fields=["created_at"], name="inspection_by_day")),
        AddIndexConcurrently(
            "inspection",
            models.Index(
                fields=["reported_at"],
                name="inspection_reported_by_day",
                condition=Q(reported_at__isnull=False),
            ),
        ),
        AddIndexConcurrently("link", models.Index(fields=["made_at"], name="link_by_day")),
        AddIndexConcurrently("sharecount", models.Index(fields=["day"], name="share_count_by_day")),
        AddIndexConcurrently("sharechat", models.Index(fields=["at"], name="share_chat_by_day")),
    ]
