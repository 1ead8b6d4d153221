"""A search reads an index in the order of its page; saved searches may name several cities.

Made while others write: each index over a million properties takes some seconds.
"""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

_ALONE = """
            OR (jsonb_array_length(areas) > 0 AND wish ? 'city')
            OR wish ?| ARRAY['areas_excluded', 'kinds_excluded', 'amenities', 'amenities_excluded',
                             'state', 'period', 'bathrooms_min']"""
_WITH_STREET = _ALONE.replace("'bathrooms_min'", "'bathrooms_min', 'street'")
_NAMED = """
        UNION ALL
        SELECT 'city:' || (wish ->> 'city') WHERE jsonb_array_length(areas) = 0
"""
# `city` beside areas says where these lie; `cities` and `states` are places to look in as well. One city may
# be among both in what was written by hand.
_SEVERAL_NAMED = """
        UNION
        SELECT 'city:' || (wish ->> 'city') WHERE jsonb_array_length(areas) = 0
        UNION
        SELECT 'city:' || jsonb_array_elements_text(wish_list(wish, 'cities'))
        UNION
        SELECT 'state:' || jsonb_array_elements_text(wish_list(wish, 'states'))
"""
_CHANGE = """
DO $do$
BEGIN
    EXECUTE replace(replace(pg_get_functiondef('keep_search_places'::regproc), $was${}$was$, $is${}$is$),
        $was${}$was$, $is${}$is$);
END
$do$
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('inspector_whatsapp', '0035_audit_without_doors'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='savedsearch',
            name='search_active_names_a_place',
        ),
        migrations.AlterField(
            model_name='searchplace',
            name='place',
            field=models.CharField(help_text='An area, or `city:` or `state:` and its name.', max_length=85),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=models.Index(models.OrderBy(models.F('area'), descending=False), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('listing_type'), models.F('bedrooms'), models.F('kind'), models.F('period'), models.F('bathrooms'), models.F('currency'), models.F('price'), condition=models.Q(('status', 'live')), name='property_newest_of_area'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=models.Index(models.OrderBy(models.F('area'), descending=False), models.OrderBy(models.F('price'), descending=False), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('listing_type'), models.F('bedrooms'), models.F('kind'), models.F('period'), models.F('bathrooms'), models.F('currency'), condition=models.Q(('status', 'live')), name='property_cheapest_of_area'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=models.Index(models.OrderBy(models.F('city'), descending=False), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('listing_type'), models.F('bedrooms'), models.F('kind'), models.F('period'), models.F('bathrooms'), models.F('currency'), models.F('price'), condition=models.Q(('status', 'live')), name='property_newest_of_city'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=models.Index(models.OrderBy(models.F('city'), descending=False), models.OrderBy(models.F('price'), descending=False), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('listing_type'), models.F('bedrooms'), models.F('kind'), models.F('period'), models.F('bathrooms'), models.F('currency'), condition=models.Q(('status', 'live')), name='property_cheapest_of_city'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=models.Index(models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('listing_type'), models.F('bedrooms'), models.F('kind'), models.F('period'), models.F('bathrooms'), models.F('currency'), models.F('price'), condition=models.Q(('status', 'live')), name='property_newest_anywhere'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=models.Index(models.OrderBy(models.F('price'), descending=False), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('listing_type'), models.F('bedrooms'), models.F('kind'), models.F('period'), models.F('bathrooms'), models.F('currency'), condition=models.Q(('status', 'live')), name='property_cheapest_anywhere'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('status', 'live')), fields=['amenities'], name='property_by_amenities'),
        ),
        AddIndexConcurrently(
            model_name='property',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('address'), name='gin_trgm_ops'), condition=models.Q(('status', 'live')), name='property_by_address'),
        ),
        RemoveIndexConcurrently(
            model_name='property',
            name='property_live_by_area',
        ),
        RemoveIndexConcurrently(
            model_name='property',
            name='property_live_by_city',
        ),
        AddIndexConcurrently(
            model_name='slot',
            index=models.Index(condition=models.Q(('state', 'open'), ('taken__lt', models.F('capacity'))), fields=['starts_at', 'property'], name='slot_free_by_time'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), ('criteria__areas__0__isnull', False), ('criteria__city__isnull', False), ('criteria__cities__0__isnull', False), _connector='OR'), name='search_active_names_a_place'),
        ),
        migrations.RunSQL(
            _CHANGE.format(_ALONE, _WITH_STREET, _NAMED, _SEVERAL_NAMED),
            _CHANGE.format(_WITH_STREET, _ALONE, _SEVERAL_NAMED, _NAMED),
        ),
    ]
