"""Rules by the clock, of some homes only; within bounds that the database keeps."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('notifications', '0010_template_sync'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminderrule',
            name='at_time',
            field=models.TimeField(blank=True, help_text='Or at this time, by the clock of whoever is reminded …', null=True),
        ),
        migrations.AddField(
            model_name='reminderrule',
            name='days_before',
            field=models.PositiveSmallIntegerField(blank=True, help_text='… so many days before: 1 is the day before, 0 the day itself.', null=True),
        ),
        migrations.AddField(
            model_name='reminderrule',
            name='listing_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('rent', 'for rent'), ('sale', 'for sale'), ('shortlet', 'shortlet')], max_length=8), blank=True, default=list, help_text='Inspections of which homes; none chosen: of all.', size=None),
        ),
        migrations.AddField(
            model_name='reminderrule',
            name='not_after',
            field=models.TimeField(blank=True, help_text='The time of that day until which a late reminder is still of use.', null=True),
        ),
        migrations.AlterField(
            model_name='reminderrule',
            name='minutes_before',
            field=models.PositiveIntegerField(blank=True, help_text='Minutes before the inspection starts: 1440 is a day.', null=True),
        ),
        migrations.AlterField(
            model_name='reminderrule',
            name='useful_until',
            field=models.PositiveIntegerField(blank=True, help_text='Minutes before the start until which a late reminder is still of use.', null=True),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at_time__isnull', True), ('days_before__isnull', True), ('minutes_before__isnull', False), ('not_after__isnull', True), ('useful_until__isnull', False)), models.Q(('at_time__isnull', False), ('days_before__isnull', False), ('minutes_before__isnull', True), ('not_after__isnull', False), ('useful_until__isnull', True)), _connector='OR'), name='reminder_rule_one_time', violation_error_message='Fill in either the minutes before the start, or a time and how many days before; and until when it is of use.'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('minutes_before__isnull', True), ('minutes_before__range', (5, 43200)), _connector='OR'), name='reminder_rule_offset_within_bounds', violation_error_message='A reminder goes 5 minutes to 30 days (43,200 minutes) before the start.'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('days_before__isnull', True), ('days_before__lte', 30), _connector='OR'), name='reminder_rule_days_within_bounds', violation_error_message='A reminder goes 30 days before the start at most.'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('not_after__gt', models.F('at_time'))), name='reminder_rule_not_after_is_later', violation_error_message='It is of use until a later time of that day than it goes itself.'),
        ),
        migrations.AlterConstraint(
            model_name='reminderrule',
            name='reminder_rule_useful_after_due',
            constraint=models.CheckConstraint(condition=models.Q(('useful_until__lt', models.F('minutes_before'))), name='reminder_rule_useful_after_due', violation_error_message='It is of use until fewer minutes before the start than it goes itself.'),
        ),
    ]
