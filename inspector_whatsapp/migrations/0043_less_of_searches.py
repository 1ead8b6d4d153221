"""What saved searches no longer tell of."""

import django.db.models.deletion
from django.db import migrations, models

from inspector_whatsapp.console import groups


def give(apps, schema_editor):
    groups.give("inspector_whatsapp.SearchLess", apps=apps)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('inspector_whatsapp', '0042_safe_visits'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchLess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(max_length=80)),
                ('listing_type', models.CharField(choices=[('rent', 'for rent'), ('sale', 'for sale'), ('shortlet', 'shortlet')], max_length=8)),
                ('currency', models.CharField(max_length=3)),
                ('price_from', models.DecimalField(decimal_places=2, max_digits=14)),
                ('price_to', models.DecimalField(decimal_places=2, max_digits=14)),
                ('created_at', models.DateTimeField()),
                ('search', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='less', to='inspector_whatsapp.savedsearch')),
            ],
            options={
                'verbose_name': 'less of a saved search',
                'verbose_name_plural': 'less of saved searches',
                'constraints': [models.UniqueConstraint(fields=('search', 'area', 'listing_type', 'currency', 'price_from', 'price_to'), name='search_less_once'), models.CheckConstraint(condition=models.Q(('price_to__gte', models.F('price_from'))), name='search_less_band')],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
