from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from inspector_whatsapp.console import groups


def give(apps: Apps, editor: Any) -> None:
    groups.give("bot.Interpretation", apps=apps)


class Migration(migrations.Migration):
    """Who may look at understood messages, and mark them."""

    dependencies = [
        ("bot", "0007_understanding"),
        ("inspector_whatsapp", "0035_audit_without_doors"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
