"""Changes are told in an order that does not skip what is committed late."""

from django.db import migrations, models

import inspector_whatsapp.models.changes


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0022_sync_schedules")]

    operations = [
        # What was there before has the number of the migration: it comes first, by its own numbers.
        migrations.AddField(
            model_name="change",
            name="xid",
            field=models.BigIntegerField(
                db_default=inspector_whatsapp.models.changes.ThisTransaction(),
                editable=False,
                help_text="The transaction that wrote it.",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["xid", "id"], name="change_feed"),
        ),
    ]
