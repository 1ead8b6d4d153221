"""Jobs: work on many rows, and what sets it going when nobody rang."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

JOBS = ("Sweep: jobs", "inspector_whatsapp.tasks.work_jobs")


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=10, period="seconds")
    name, task = JOBS
    Entry.objects.get_or_create(name=name, defaults={"task": task, "interval": interval, "expire_seconds": 10})


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=JOBS[0]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("inspector_whatsapp", "0028_indexes_by_day"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.CharField(help_text='Its name in JOBS.', max_length=48)),
                ('token', models.UUIDField(editable=False, help_text='Of the form that began it: once.', unique=True)),
                ('chosen', models.CharField(blank=True, help_text='How its rows were chosen.', max_length=500)),
                ('rows', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='The keys of its rows, in their order.', size=None)),
                ('total', models.PositiveIntegerField()),
                ('place', models.PositiveIntegerField(default=0, help_text='How many of them have had their turn.')),
                ('done', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0, help_text='It could not be done to them.')),
                ('failed', models.PositiveIntegerField(default=0, help_text='It broke on them.')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed')], default='waiting', max_length=16)),
                ('reason', models.CharField(blank=True, help_text='Why it ended before its end.', max_length=500)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_asked_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LeftOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.BigIntegerField()),
                ('what', models.CharField(choices=[('skipped', 'left out'), ('failed', 'failed')], max_length=8)),
                ('why', models.CharField(max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='job',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='job',
            name='cancelled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='leftout',
            name='job',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='left_out', to='inspector_whatsapp.job'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['id'], name='job_open'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('place', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('done'), '+', models.F('skipped')), '+', models.F('failed'))), ('place__lte', models.F('total'))), name='job_counts_agree'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('rows__len', models.F('total'))), name='job_total_is_its_rows'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('place', models.F('total')), _connector='OR'), name='job_done_when_all_had_their_turn'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['waiting', 'running'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'cancelled', 'failed'])), _connector='OR'), name='job_over_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='leftout',
            constraint=models.UniqueConstraint(fields=('job', 'row'), name='job_leaves_a_row_out_once'),
        ),
        migrations.RunPython(make, remove),
    ]
