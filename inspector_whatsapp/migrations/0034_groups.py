from django.db import migrations

from inspector_whatsapp.console import groups


def make(apps, schema_editor):
    groups.make(apps)


class Migration(migrations.Migration):
    """The console's groups. They stay when this is undone: people may be in them."""

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('inspector_whatsapp', '0033_privacy'),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
