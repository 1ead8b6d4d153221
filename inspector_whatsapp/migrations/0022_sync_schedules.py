"""The entries that read Inspector's views, compare them with what is here, and fetch photos."""

from django.conf import settings
from django.db import migrations

PULL = ("Inspector: read its views", "inspector_whatsapp.tasks.pull_inspector")
COMPARE = ("Inspector: compare", "inspector_whatsapp.tasks.compare_inspector")
PHOTOS = ("Sweep: photos to fetch", "inspector_whatsapp.tasks.fetch_photos")
NIGHT = {"minute": "15", "hour": "4", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*"}


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=60, period="seconds")
    for name, task in (PULL, PHOTOS):
        Entry.objects.get_or_create(
            name=name, defaults={"task": task, "interval": interval, "expire_seconds": 60}
        )
    night = NIGHT | {"timezone": settings.TIME_ZONE}
    crontab = Crontab.objects.filter(**night).first() or Crontab.objects.create(**night)
    name, task = COMPARE
    Entry.objects.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": 3600})


def remove(apps, schema_editor):
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    Entry.objects.filter(name__in=[name for name, _task in (PULL, COMPARE, PHOTOS)]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspector_whatsapp", "0021_synced"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
