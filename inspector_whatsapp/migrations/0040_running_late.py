"""Inspectors who are late."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups


def give(apps, schema_editor):
    groups.give("inspector_whatsapp.Delay", apps=apps)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('inspector_whatsapp', '0039_still_there'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(help_text='When the visit was to begin.')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('said_at', models.DateTimeField(help_text='When it was said last.')),
                ('ended_at', models.DateTimeField(blank=True, help_text='When they said that they are there, or on time.', null=True)),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delays', to=settings.AUTH_USER_MODEL)),
                ('property', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delays', to='inspector_whatsapp.property')),
            ],
            options={
                'indexes': [models.Index(fields=['said_at'], name='delay_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__in', (10, 20, 30, 45))), name='delay_of_so_many_minutes'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('said_at')), _connector='OR'), name='delay_ends_once_said'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('inspector', 'property', 'starts_at'), name='delay_one_of_a_visit')],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
