"""The entry that asks Meta how the message templates stand: every six hours, for an admin to change."""

from django.db import migrations

NAME = "Templates: sync"
TASK = "notifications.tasks.sync_templates"
EVERY = 6 * 3600  # seconds


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval = Interval.objects.filter(every=EVERY, period="seconds").first()
    interval = interval or Interval.objects.create(every=EVERY, period="seconds")
    Entry.objects.get_or_create(
        name=NAME, defaults={"task": TASK, "interval": interval, "expire_seconds": 3600}
    )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0009_templates"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
