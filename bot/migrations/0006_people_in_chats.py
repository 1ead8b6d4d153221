"""Who has taken a chat; words of a message are found by an index, and the newest chats first.

The indexes are made while others write: a million messages take half a minute.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('bot', '0005_inbound_by_day'),
        ('inspector_whatsapp', '0032_finding'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='human_by',
            field=models.ForeignKey(blank=True, help_text='Who of ours has taken it; none while somebody is only asked for.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddIndexConcurrently(
            model_name='conversation',
            index=models.Index(models.OrderBy(models.F('turned_at'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), name='conversation_newest'),
        ),
        AddIndexConcurrently(
            model_name='inboundevent',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('text', config='simple'), name='inbound_words'),
        ),
    ]
