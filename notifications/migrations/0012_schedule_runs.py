"""The last run of each entry of the schedules, and what came of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('notifications', '0011_reminder_rules_grow'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScheduleRun',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='run', serialize=False, to='django_celery_beat.periodictask')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, help_text='Empty: it is running, or was killed.', null=True)),
                ('outcome', models.CharField(blank=True, choices=[('done', 'done'), ('failed', 'failed')], help_text='Of what ended last.', max_length=8)),
                ('did', models.JSONField(default=dict, help_text='How many of what.')),
                ('error', models.CharField(blank=True, help_text='Its class; the log has the rest.', max_length=80)),
                ('failures', models.PositiveIntegerField(default=0, help_text='In a row.')),
            ],
        ),
    ]
