from django.db import migrations


class Migration(migrations.Migration):
    """A name that staff can read, for the console."""

    dependencies = [("bot", "0008_understanding_to_groups")]

    operations = [
        migrations.AlterModelOptions(
            name="interpretation",
            options={
                "verbose_name": "understood message",
                "verbose_name_plural": "understood messages",
            },
        )
    ]
