"""A change that time brought about has nobody behind it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0006_saved_searches_once")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="origin",
            field=models.CharField(
                choices=[
                    ("chat", "Chat"),
                    ("api", "Api"),
                    ("admin", "Admin"),
                    ("sync", "Sync"),
                    ("service", "Service"),
                ],
                max_length=8,
            ),
        ),
    ]
