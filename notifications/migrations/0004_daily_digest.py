"""The entry that sends digests of saved searches: every morning at eight, for an admin to change."""

from django.conf import settings
from django.db import migrations

NAME = "Alerts: daily digest"
TASK = "notifications.tasks.send_digests"


def make(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    eight = {
        "minute": "0",
        "hour": "8",
        "day_of_month": "*",
        "month_of_year": "*",
        "day_of_week": "*",
        "timezone": settings.TIME_ZONE,
    }
    crontab = Crontab.objects.filter(**eight).first() or Crontab.objects.create(**eight)
    Entry.objects.get_or_create(
        name=NAME, defaults={"task": TASK, "crontab": crontab, "expire_seconds": 3600}
    )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_digest"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
