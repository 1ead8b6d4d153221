"""A message is said again once, whoever asks; and bad ends are found among a million messages."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("inspector_whatsapp", "0029_jobs"),
    ]

    operations = [
        migrations.AlterField(
            model_name='outboxmessage',
            name='repeats',
            field=models.ForeignKey(blank=True, db_index=False, help_text="The message that this one says again; a duplicate, if that one arrived after all.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='repeated_by', to='inspector_whatsapp.outboxmessage'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('status__in', ['failed', 'withheld', 'expired', 'uncertain'])), fields=['status', '-id'], name='outbox_troubled'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('error_code__isnull', False)), fields=['error_code', '-id'], name='outbox_by_error'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.UniqueConstraint(condition=models.Q(('repeats__isnull', False)), fields=('repeats',), name='outbox_repeated_once'),
        ),
    ]
