"""What staff look for is found by an index: parts of names, the end of a number, words of a message.

Made while others write: the index over the words of a million messages takes half a minute.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('inspector_whatsapp', '0031_incident_steps'),
    ]

    operations = [
        # Trusted, as btree_gist is: whoever owns the database may create it.
        TrigramExtension(),
        AddIndexConcurrently(
            model_name='contact',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('profile_name'), name='gin_trgm_ops'), name='contact_by_name'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(django.db.models.functions.text.Right('phone', 4), name='contact_by_last_digits'),
        ),
        AddIndexConcurrently(
            model_name='outboxmessage',
            index=models.Index(fields=['account', '-id'], name='outbox_of_account'),
        ),
        AddIndexConcurrently(
            model_name='outboxmessage',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('text', config='simple'), name='outbox_words'),
        ),
        AddIndexConcurrently(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='user_by_name'),
        ),
        AddIndexConcurrently(
            model_name='user',
            index=models.Index(django.db.models.functions.text.Right('phone', 4), name='user_by_last_digits'),
        ),
    ]
