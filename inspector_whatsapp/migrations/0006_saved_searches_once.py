from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import MD5, Cast


class Migration(migrations.Migration):

    dependencies = [
        ('inspector_whatsapp', '0005_every_roles_work'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(models.F('seeker'), MD5(Cast('criteria', models.TextField())), name='search_once_per_seeker'),
        ),
    ]
