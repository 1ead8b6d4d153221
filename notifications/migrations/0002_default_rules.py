"""The reminders that a new installation begins with: a day and two hours before."""

import json

from django.db import migrations

RULES = (
    # name, minutes before, of use until so many minutes before
    ("Reminder: 24 hours before", 1440, 180),
    ("Reminder: 2 hours before", 120, 10),
)


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    Rule = apps.get_model("notifications", "ReminderRule")
    interval, _ = Interval.objects.get_or_create(every=10, period="seconds")
    for name, minutes_before, useful_until in RULES:
        entry, _ = Entry.objects.get_or_create(
            name=name,
            defaults={
                "task": "notifications.tasks.tick_reminders",
                "interval": interval,
                "expire_seconds": 10,
            },
        )
        rule, _ = Rule.objects.get_or_create(
            name=name,
            defaults={
                "minutes_before": minutes_before,
                "useful_until": useful_until,
                "roles": ["seeker", "inspector"],
                "channels": ["whatsapp", "email"],
                "schedule": entry,
            },
        )
        entry.kwargs = json.dumps({"rule": rule.pk})
        entry.save()


def remove(apps, schema_editor):
    names = [name for name, *_ in RULES]
    apps.get_model("notifications", "ReminderRule").objects.filter(name__in=names).delete()
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(make, remove)]
