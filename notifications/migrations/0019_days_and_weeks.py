"""The entries that send an inspector's day and an agent's week, for an admin to change."""

from django.conf import settings
from django.db import migrations

EVERY_DAY = {"minute": "0", "hour": "7", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*"}
ENTRIES = (
    ("Digest: an inspector's day", "notifications.tasks.send_days", EVERY_DAY),
    ("Digest: an agent's week", "notifications.tasks.send_weeks", EVERY_DAY | {"day_of_week": "1"}),
)


def make(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, task, when in ENTRIES:
        at = when | {"timezone": settings.TIME_ZONE}
        crontab = Crontab.objects.filter(**at).first() or Crontab.objects.create(**at)
        Entry.objects.get_or_create(
            name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": 3600}
        )


def remove(apps, schema_editor):
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    Entry.objects.filter(name__in=[name for name, _task, _when in ENTRIES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0018_asking_again"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
