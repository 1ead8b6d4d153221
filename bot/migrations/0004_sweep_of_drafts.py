"""The sweep of drafts that nobody went on with, and of their photos."""

from django.db import migrations

SWEEP = "Sweep: drafts and photos nobody went on with"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=60, period="seconds")
    Entry.objects.get_or_create(
        name=SWEEP, defaults={"task": "bot.tasks.sweep_drafts", "interval": interval, "expire_seconds": 60}
    )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=SWEEP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("bot", "0003_drafts_and_people"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
