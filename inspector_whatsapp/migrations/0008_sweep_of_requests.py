"""The sweep that reminds agents of requests, and releases those that nobody answers."""

from django.db import migrations

EVERY = 60  # seconds
NAME = "Sweep: requests nobody answered"
TASK = "inspector_whatsapp.tasks.chase_requests"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    defaults = {"task": TASK, "interval": interval, "expire_seconds": EVERY * 2}
    Entry.objects.get_or_create(name=NAME, defaults=defaults)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspector_whatsapp", "0007_changes_by_the_service"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
