"""The sweep of what the schedules missed, and the nightly retention, for an admin to change.

The beat's own entry goes: it cleaned up results of tasks, and none are kept.
"""

from django.conf import settings
from django.db import migrations

SWEEP = "Sweep: what the schedules missed"
RETENTION = "Retention"
NIGHT = {"minute": "30", "hour": "3", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*"}


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=60, period="seconds")
    Entry.objects.get_or_create(
        name=SWEEP,
        defaults={"task": "notifications.tasks.catch_up", "interval": interval, "expire_seconds": 60},
    )
    night = NIGHT | {"timezone": settings.TIME_ZONE}
    crontab = Crontab.objects.filter(**night).first() or Crontab.objects.create(**night)
    Entry.objects.get_or_create(
        name=RETENTION,
        defaults={"task": "inspector_whatsapp.tasks.retain", "crontab": crontab, "expire_seconds": 3600},
    )
    Entry.objects.filter(name="celery.backend_cleanup").delete()


def remove(apps, schema_editor):
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    Entry.objects.filter(name__in=(SWEEP, RETENTION)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0012_schedule_runs"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
