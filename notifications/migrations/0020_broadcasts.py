"""Broadcasts, and who of the staff may see, write and send them."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups


def give(apps, schema_editor):
    groups.give("notifications.Broadcast", apps=apps)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('inspector_whatsapp', '0044_fraud_signs'),
        ('notifications', '0019_days_and_weeks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Broadcast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What it is called here; nobody else reads it.', max_length=80)),
                ('kind', models.CharField(choices=[('broadcast_news', 'news of the service (utility)'), ('broadcast_offer', 'an offer (marketing)')], help_text='An offer goes only to who agreed to offers.', max_length=16, verbose_name='template')),
                ('text', models.CharField(help_text='The template greets them by name before it.', max_length=600, verbose_name='words in English')),
                ('text_pcm', models.CharField(blank=True, help_text='Empty: who reads Pidgin gets the English.', max_length=600, verbose_name='words in Pidgin')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('seeker', 'Seeker'), ('agent', 'Agent'), ('inspector', 'Inspector'), ('admin', 'Admin')], max_length=16), help_text='Who is meant.', size=None)),
                ('area', models.CharField(blank=True, help_text='Only who looks for, lists or inspects homes there; empty: all.', max_length=80)),
                ('active_days', models.PositiveSmallIntegerField(blank=True, help_text='Only who wrote in the chat within so many days; empty: all.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='wrote within days')),
                ('ahead', models.CharField(blank=True, choices=[('yes', 'have an inspection ahead'), ('no', 'have no inspection ahead')], max_length=4, verbose_name='inspections')),
                ('spare_days', models.PositiveSmallIntegerField(default=7, help_text='Whoever got another broadcast within so many days is left out.', validators=[django.core.validators.MaxValueValidator(365)], verbose_name='spared days')),
                ('starts_at', models.DateTimeField(blank=True, help_text='Empty: at once. Who has quiet hours then gets it after them.', null=True, verbose_name='begins at')),
                ('per_minute', models.PositiveSmallIntegerField(default=60, help_text='Answers in the chat always leave before it.', verbose_name='people a minute')),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Of the job that writes it: once.', unique=True)),
                ('confirmed_at', models.DateTimeField(editable=False, null=True)),
                ('people_count', models.PositiveIntegerField(editable=False, null=True, verbose_name='people')),
                ('price', models.DecimalField(decimal_places=6, editable=False, help_text='Of one message, when confirmed.', max_digits=12, null=True)),
                ('currency', models.CharField(blank=True, editable=False, max_length=3)),
                ('paced_at', models.DateTimeField(editable=False, help_text='Up to when its pace is used up.', null=True)),
                ('paused_at', models.DateTimeField(editable=False, null=True)),
                ('paused_why', models.CharField(blank=True, editable=False, max_length=200)),
                ('stopped_at', models.DateTimeField(editable=False, null=True)),
                ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='broadcast', to='inspector_whatsapp.job')),
                ('paused_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stopped_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('send_broadcast', 'Can send broadcasts')],
            },
        ),
        migrations.CreateModel(
            name='BroadcastRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('broadcast', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='notifications.broadcast')),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='broadcast_recipient', to='inspector_whatsapp.outboxmessage')),
            ],
        ),
        migrations.AddConstraint(
            model_name='broadcast',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('job', None), ('paused_at', None), ('people_count', None), ('stopped_at', None)), models.Q(('confirmed_at__isnull', False), ('people_count__gt', 0)), _connector='OR'), name='broadcast_confirmed_as_a_whole'),
        ),
        migrations.AddConstraint(
            model_name='broadcast',
            constraint=models.CheckConstraint(condition=models.Q(('per_minute__gte', 1)), name='broadcast_has_a_pace'),
        ),
        migrations.AddConstraint(
            model_name='broadcast',
            constraint=models.CheckConstraint(condition=models.Q(('roles', []), _negated=True), name='broadcast_is_for_somebody'),
        ),
        migrations.AddIndex(
            model_name='broadcastrecipient',
            index=models.Index(fields=['account', '-at'], name='broadcasts_of_account'),
        ),
        migrations.AddConstraint(
            model_name='broadcastrecipient',
            constraint=models.UniqueConstraint(fields=('broadcast', 'account'), name='broadcast_to_each_once'),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
