"""Whether seekers come, as they say; who came, as people say; and the sweep that gives unanswered places away."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from inspector_whatsapp.console import groups

EVERY = 60  # seconds
NAME = "Sweep: places of who does not answer"
TASK = "notifications.tasks.tend_attendance"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    defaults = {"task": TASK, "interval": interval, "expire_seconds": EVERY}
    Entry.objects.get_or_create(name=NAME, defaults=defaults)
    groups.give("inspector_whatsapp.Presence", apps=apps)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('inspector_whatsapp', '0037_waiting_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='inspection',
            name='coming_at',
            field=models.DateTimeField(blank=True, help_text='When the seeker said that they come, at the time that it has.', null=True),
        ),
        migrations.AddField(
            model_name='property',
            name='give_away_hours',
            field=models.PositiveSmallIntegerField(blank=True, help_text='So many hours before an inspection (1 to 12), the place of a seeker who was asked twice and has not said that they come goes to the waiting list; empty: it stays theirs.', null=True),
        ),
        # The column is new, so no row can be against it: there is nothing to validate.
        AddConstraintNotValid(
            model_name='property',
            constraint=models.CheckConstraint(condition=models.Q(('give_away_hours__isnull', True), models.Q(('give_away_hours__gte', 1), ('give_away_hours__lte', 12)), _connector='OR'), name='property_gives_away_in_time', violation_error_message='A place is given away 1 to 12 hours before.'),
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('seeker', 'Seeker'), ('agent', 'Agent'), ('inspector', 'Inspector'), ('admin', 'Admin')], help_text='As what they were to be there.', max_length=16)),
                ('came', models.BooleanField()),
                ('said_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='When they took it back.', null=True)),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to=settings.AUTH_USER_MODEL)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='inspector_whatsapp.inspection')),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'statement on who came',
                'verbose_name_plural': 'statements on who came',
                'indexes': [models.Index(fields=['said_at'], name='presence_by_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('inspection', 'about', 'said_by'), name='presence_said_once'), models.CheckConstraint(condition=models.Q(('came', True), models.Q(('about', models.F('said_by')), _negated=True), _connector='OR'), name='presence_nobody_misses_themselves'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('said_at')), _connector='OR'), name='presence_said_before_withdrawn')],
            },
        ),
        migrations.RunPython(make, remove),
    ]
