"""What came in on a day is found by its midnights. Made while others write: this table is long."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bot", "0004_sweep_of_drafts")]

    operations = [
        AddIndexConcurrently("inboundevent", models.Index(fields=["received_at"], name="inbound_by_day"))
    ]
