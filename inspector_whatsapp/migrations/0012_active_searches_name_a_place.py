"""An active search names an area or a city; one that does not is paused."""

from django.db import migrations, models
from django.db.models import Q


def pause(apps, schema_editor):
    Search = apps.get_model("inspector_whatsapp", "SavedSearch")
    named = Q(criteria__areas__0__isnull=False) | Q(criteria__city__isnull=False)
    Search.objects.filter(~named, is_active=True).update(is_active=False)


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0011_search_places")]

    operations = [
        migrations.RunPython(pause, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.CheckConstraint(
                condition=Q(("is_active", False))
                | Q(("criteria__areas__0__isnull", False))
                | Q(("criteria__city__isnull", False)),
                name="search_active_names_a_place",
            ),
        ),
    ]
