"""Rules that ask again whoever has not said that they come; and the one that an installation begins with."""

import json

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

NAME = "Question again: 6 hours before"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    Rule = apps.get_model("notifications", "ReminderRule")
    interval, _ = Interval.objects.get_or_create(every=10, period="seconds")
    entry, _ = Entry.objects.get_or_create(
        name=NAME,
        defaults={"task": "notifications.tasks.tick_reminders", "interval": interval, "expire_seconds": 10},
    )
    rule, _ = Rule.objects.get_or_create(
        name=NAME,
        defaults={
            "minutes_before": 360,
            "useful_until": 60,
            "roles": ["seeker"],
            "channels": ["whatsapp", "email"],
            "unanswered_only": True,
            "schedule": entry,
        },
    )
    entry.kwargs = json.dumps({"rule": rule.pk})
    entry.save()


def remove(apps, schema_editor):
    apps.get_model("notifications", "ReminderRule").objects.filter(name=NAME).delete()
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('notifications', '0017_alert_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminderrule',
            name='unanswered_only',
            field=models.BooleanField(db_default=False, default=False, help_text='Asks again: seekers who have not said whether they are coming, where they were not asked.'),
        ),
        # All rules that are there ask nobody again: there is nothing to validate.
        AddConstraintNotValid(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('unanswered_only', False), ('roles', ['seeker']), _connector='OR'), name='reminder_rule_seekers_are_asked', violation_error_message='Only seekers are asked again: choose no others.'),
        ),
        migrations.RunPython(make, remove),
    ]
