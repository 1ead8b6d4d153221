"""Alerts: who is to hear of which property, once. They take the place of what was kept of digests."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What somebody has been told of at once, they are not told of again.
TOLD = """
INSERT INTO notifications_alert
    (seeker_id, property_id, searches, at_once, state, reason, found_at, told_at)
SELECT message.account_id, property.id, ARRAY[]::bigint[], true, 'told', '',
    min(message.created_at), min(message.created_at)
FROM inspector_whatsapp_outboxmessage message
JOIN inspector_whatsapp_property property ON property.id = (message.arguments ->> 'property')::bigint
WHERE message.kind = 'search_match' AND message.account_id IS NOT NULL
GROUP BY message.account_id, property.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspector_whatsapp", "0012_active_searches_name_a_place"),
        ("notifications", "0006_preferences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "searches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="The saved searches that it fits.",
                        size=None,
                    ),
                ),
                (
                    "at_once",
                    models.BooleanField(
                        help_text="Whether it is told by itself; otherwise in the next digest."
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "waits"),
                            ("told", "told at once"),
                            ("digest", "told in a digest"),
                            ("dropped", "dropped"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, help_text="Why it was dropped.", max_length=80)),
                ("found_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="inspector_whatsapp.property",
                    ),
                ),
                (
                    "seeker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("state", "new")), fields=["at_once", "seeker"], name="alert_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("told_at__isnull", False)),
                fields=["seeker", "told_at"],
                name="alert_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=("seeker", "property"), name="alert_once_per_seeker_and_property"
            ),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Digest"),
    ]
