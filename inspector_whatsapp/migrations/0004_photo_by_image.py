"""Whether Meta has a photo is asked by its name, for every message that shows one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0003_schedules")]

    operations = [
        migrations.AddIndex(
            model_name="propertyphoto",
            index=models.Index(fields=["image"], name="photo_by_image"),
        ),
    ]
