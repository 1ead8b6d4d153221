"""Inspectors who are asked to take a visit over; and the sweep that asks the next."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups

EVERY = 15  # seconds
NAME = "Sweep: asked inspectors"
TASK = "notifications.tasks.tend_asks"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    defaults = {"task": TASK, "interval": interval, "expire_seconds": EVERY * 2}
    Entry.objects.get_or_create(name=NAME, defaults=defaults)
    groups.give("inspector_whatsapp.Ask", apps=apps)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('inspector_whatsapp', '0040_running_late'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('asked', 'asked'), ('accepted', 'takes it'), ('declined', 'said no'), ('unanswered', 'did not answer in time'), ('unreached', 'could not be told'), ('withdrawn', 'no longer wanted')], default='asked', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField(blank=True, help_text='Until when they may answer; empty until they have been told.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('inspection', models.ForeignKey(help_text='It stands for the whole visit.', on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='inspector_whatsapp.inspection')),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to=settings.AUTH_USER_MODEL)),
                ('slot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='inspector_whatsapp.slot')),
            ],
            options={
                'verbose_name': 'asked inspector',
                'verbose_name_plural': 'asked inspectors',
                'indexes': [models.Index(fields=['asked_at'], name='ask_by_day'), models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='ask_ended_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='ask_ends_once'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('slot',), name='ask_one_at_a_time_of_a_slot'), models.UniqueConstraint(condition=models.Q(('slot__isnull', True), ('state', 'asked')), fields=('inspection',), name='ask_one_at_a_time_of_an_inspection')],
            },
        ),
        migrations.RunPython(make, remove),
    ]
