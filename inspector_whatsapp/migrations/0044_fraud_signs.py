"""Signs of fraud, how photos look, and the entry that looks for them every night."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups

NAME = "Signs of fraud"
TASK = "inspector_whatsapp.tasks.look_for_fraud"
NIGHT = {"minute": "40", "hour": "3", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*"}


def make(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    night = NIGHT | {"timezone": settings.TIME_ZONE}
    crontab = Crontab.objects.filter(**night).first() or Crontab.objects.create(**night)
    Entry.objects.get_or_create(name=NAME, defaults={"task": TASK, "crontab": crontab, "expire_seconds": 3600})
    groups.give("inspector_whatsapp.FraudSign", apps=apps)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('inspector_whatsapp', '0043_less_of_searches'),
    ]

    operations = [
        migrations.AddField(
            model_name='propertyphoto',
            name='looks',
            field=models.BigIntegerField(editable=False, help_text='Its fingerprint: alike for photos of one picture; 0 is none.', null=True),
        ),
        migrations.CreateModel(
            name='FraudSign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('same_photo', 'the same photo on two listings'), ('low_price', 'a price far under its area'), ('many_accounts', 'many accounts on one number'), ('gone_again', 'gone again and again')], max_length=16)),
                ('key', models.CharField(editable=False, help_text='What it is about.', max_length=64)),
                ('rows', models.JSONField(default=list, help_text='The keys of the rows behind it.')),
                ('figures', models.JSONField(default=dict, help_text='The numbers in its sentence.')),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField(help_text='When it was seen last.')),
                ('ended_at', models.DateTimeField(blank=True, help_text='When it was not so any more.', null=True)),
                ('judged', models.CharField(blank=True, choices=[('harmless', 'harmless'), ('fraud', 'fraud')], max_length=8)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inspector_whatsapp.contact')),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('property', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fraud_signs', to='inspector_whatsapp.property')),
            ],
            options={
                'verbose_name': 'sign of fraud',
                'verbose_name_plural': 'signs of fraud',
                'indexes': [models.Index(condition=models.Q(('ended_at', None), ('judged', '')), fields=['-last_at'], name='fraud_sign_open')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='fraud_sign_once'), models.CheckConstraint(condition=models.Q(models.Q(('judged', ''), ('judged_at', None)), models.Q(models.Q(('judged', ''), _negated=True), ('judged_at__isnull', False)), _connector='OR'), name='fraud_sign_judged_has_a_time')],
            },
        ),
        migrations.RunPython(make, remove),
    ]
