"""Who is at a visit, who feels unsafe there; and the sweep that asks whoever has not left in time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups

EVERY = 15  # seconds
NAME = "Sweep: safe visits"
TASK = "inspector_whatsapp.tasks.tend_visits"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    defaults = {"task": TASK, "interval": interval, "expire_seconds": EVERY * 2}
    Entry.objects.get_or_create(name=NAME, defaults=defaults)
    for model in ("inspector_whatsapp.Distress", "inspector_whatsapp.Stay"):
        groups.give(model, apps=apps)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('inspector_whatsapp', '0041_reassignment'),
    ]

    operations = [
        migrations.CreateModel(
            name='Distress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, help_text='When they said that they are fine.', null=True)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='distress', to='inspector_whatsapp.inspection')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='distress', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'call of distress',
                'verbose_name_plural': 'calls of distress',
                'indexes': [models.Index(fields=['at'], name='distress_by_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('person', 'inspection'), name='distress_once'), models.CheckConstraint(condition=models.Q(('taken_back_at', None), ('taken_back_at__gte', models.F('at')), _connector='OR'), name='distress_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(help_text='When the visit was to begin.')),
                ('arrived_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, help_text='When they are asked, or the admins are told, unless they leave.', null=True)),
                ('asked_at', models.DateTimeField(blank=True, help_text='When they were asked whether they are out.', null=True)),
                ('alerted_at', models.DateTimeField(blank=True, help_text='When the admins were told that they do not answer.', null=True)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stays', to='inspector_whatsapp.inspection')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stays', to=settings.AUTH_USER_MODEL)),
                ('slot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stays', to='inspector_whatsapp.slot')),
            ],
            options={
                'verbose_name': 'stay',
                'verbose_name_plural': 'who is there',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='stay_due'), models.Index(condition=models.Q(('arrived_at__isnull', False)), fields=['arrived_at'], name='stay_by_day'), models.Index(condition=models.Q(('alerted_at__isnull', False)), fields=['alerted_at'], name='stay_alerts')],
                'constraints': [models.UniqueConstraint(fields=('inspection', 'person', 'starts_at'), name='stay_once'), models.CheckConstraint(condition=models.Q(('arrived_at__isnull', False), ('left_at__isnull', False), _connector='OR'), name='stay_says_something'), models.CheckConstraint(condition=models.Q(('arrived_at', None), ('left_at', None), ('left_at__gte', models.F('arrived_at')), _connector='OR'), name='stay_leaves_after_it_comes'), models.CheckConstraint(condition=models.Q(('due_at', None), models.Q(('alerted_at', None), ('arrived_at__isnull', False), ('left_at', None)), _connector='OR'), name='stay_due_while_there'), models.CheckConstraint(condition=models.Q(('alerted_at', None), ('asked_at__isnull', False), _connector='OR'), name='stay_asked_before_alert')],
            },
        ),
        migrations.RunPython(make, remove),
    ]
