"""Who waits for a place in a full slot; and the sweep that offers places and passes them on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspector_whatsapp.console import groups

EVERY = 15  # seconds
NAME = "Sweep: waiting lists"
TASK = "notifications.tasks.tend_waiting"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    defaults = {"task": TASK, "interval": interval, "expire_seconds": EVERY * 2}
    Entry.objects.get_or_create(name=NAME, defaults=defaults)
    groups.give("inspector_whatsapp.Wait", apps=apps)


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('inspector_whatsapp', '0036_finding_homes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Wait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('offered', 'a place is offered'), ('booked', 'has a place'), ('declined', 'said no'), ('unanswered', 'did not answer in time'), ('unreached', 'could not be told'), ('left', 'left the list'), ('over', 'the time is gone')], default='waiting', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('offered_at', models.DateTimeField(blank=True, null=True)),
                ('answer_by', models.DateTimeField(blank=True, help_text='Until when it is theirs; empty until they have been told.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('inspection', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waited', to='inspector_whatsapp.inspection')),
                ('offered', models.ForeignKey(blank=True, db_index=False, help_text='Where a place is, or was, offered.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='inspector_whatsapp.slot')),
                ('property', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='inspector_whatsapp.property')),
                ('seeker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waits', to=settings.AUTH_USER_MODEL)),
                ('slot', models.ForeignKey(blank=True, help_text='The one that is waited for; none: any that begins from `since` on and before `until`.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='inspector_whatsapp.slot')),
            ],
            options={
                'verbose_name': 'wait',
                'verbose_name_plural': 'waiting list',
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'offered'])), fields=['property', 'created_at', 'id'], name='wait_in_line'), models.Index(condition=models.Q(('state', 'offered')), fields=['offered'], name='wait_offers'), models.Index(fields=['created_at'], name='wait_by_day'), models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='wait_ended_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('since__isnull', True), ('slot__isnull', False), ('until__isnull', True)), models.Q(('since__isnull', False), ('slot__isnull', True), ('until__gt', models.F('since'))), _connector='OR'), name='wait_for_a_slot_or_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('offered__isnull', True), ('offered_at__isnull', True), ('state', 'waiting')), models.Q(('offered__isnull', False), ('offered_at__isnull', False), ('state', 'offered')), models.Q(('state__in', ['waiting', 'offered']), _negated=True), _connector='OR'), name='wait_offered_names_a_place'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'offered'])), models.Q(models.Q(('state__in', ['waiting', 'offered']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='wait_ends_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'offered'])), fields=('seeker', 'slot'), name='wait_once_for_a_slot'), models.UniqueConstraint(condition=models.Q(('slot__isnull', True), ('state__in', ['waiting', 'offered'])), fields=('seeker', 'property', 'since'), name='wait_once_for_a_day')],
            },
        ),
        migrations.RunPython(make, remove),
    ]
