from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspector_whatsapp', '0013_channel_state'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='outboxmessage',
            name='outbox_due',
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('status__in', ['pending', 'waiting', 'held'])), fields=['channel', 'priority', 'not_before', 'id'], name='outbox_next'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('status__in', ['pending', 'waiting', 'held'])), fields=['expires_at'], name='outbox_expiring'),
        ),
    ]
