"""The entry of the sweep that joins statuses which came before their message was known."""

from django.db import migrations

NAME = "Sweep: statuses that came early"
EVERY = 5  # seconds


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    defaults = {"task": "bot.tasks.sweep_inbox", "interval": interval, "expire_seconds": EVERY * 2}
    Entry.objects.get_or_create(name=NAME, defaults=defaults)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("bot", "0001_initial"),
        ("inspector_whatsapp", "0003_schedules"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
