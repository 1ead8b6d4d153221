"""What agents are asked of their properties; the entry that asks the evening before inspections, and a sweep."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups

SWEEP = ("Sweep: enquiries", "notifications.tasks.tend_enquiries")
EVENING = ("Still there? The evening before inspections", "notifications.tasks.ask_before_inspections")
EVERY = 30  # seconds
FIVE = {"minute": "0", "hour": "17", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*"}


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    name, task = SWEEP
    defaults = {"task": task, "interval": interval, "expire_seconds": EVERY * 2}
    Entry.objects.get_or_create(name=name, defaults=defaults)
    five = FIVE | {"timezone": settings.TIME_ZONE}
    crontab = Crontab.objects.filter(**five).first() or Crontab.objects.create(**five)
    name, task = EVENING
    Entry.objects.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": 3600})
    groups.give("inspector_whatsapp.Enquiry", apps=apps)


def remove(apps, schema_editor):
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    Entry.objects.filter(name__in=[name for name, _task in (SWEEP, EVENING)]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('inspector_whatsapp', '0038_no_show_shield'),
    ]

    operations = [
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'asked'), ('there', 'still there'), ('under_offer', 'under offer'), ('taken', 'taken'), ('unanswered', 'not answered')], default='asked', max_length=12)),
                ('day', models.DateField(blank=True, help_text='The day of the inspections before which it is asked by itself.', null=True)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField(blank=True, help_text='Until when it waits; empty until its agent has been told.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, help_text='When it was answered, or was given up; an answer may come later.', null=True)),
                ('property', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='enquiries', to='inspector_whatsapp.property')),
            ],
            options={
                'verbose_name_plural': 'enquiries',
            },
        ),
        migrations.CreateModel(
            name='Enquirer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('seeker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enquiries', to=settings.AUTH_USER_MODEL)),
                ('enquiry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='enquirers', to='inspector_whatsapp.enquiry')),
            ],
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(fields=['property', '-id'], name='enquiry_of_property'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(fields=['asked_at'], name='enquiry_by_day'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='enquiry_ended_by_day'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('property',), name='enquiry_one_open_per_property'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.UniqueConstraint(condition=models.Q(('day__isnull', False)), fields=('property', 'day'), name='enquiry_once_before_a_day'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='enquiry_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='enquirer',
            constraint=models.UniqueConstraint(fields=('enquiry', 'seeker'), name='enquirer_once'),
        ),
        migrations.RunPython(make, remove),
    ]
