"""The entries of the sweeps, which find what the doorbell missed."""

from django.db import migrations

EVERY = 5  # seconds
SWEEPS = {
    "Sweep: leases and messages of unknown fate": "inspector_whatsapp.tasks.sweep",
    "Sweep: outbox": "inspector_whatsapp.tasks.drain_outbox",
    "Sweep: inbox": "bot.tasks.drain_inbox",
    "Sweep: slow inbox": "bot.tasks.drain_slow",
}


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    for name, task in SWEEPS.items():
        defaults = {"task": task, "interval": interval, "expire_seconds": EVERY * 2}
        Entry.objects.get_or_create(name=name, defaults=defaults)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=SWEEPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspector_whatsapp", "0002_clock"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
