"""The places that active saved searches name, kept by a trigger: whoever writes a search writes them too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# For each statement and not for each row: many searches at once are one more statement.
TRIGGER = """
CREATE FUNCTION wish_list(criteria jsonb, name text) RETURNS jsonb IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE jsonb_typeof(criteria -> name) WHEN 'array' THEN criteria -> name ELSE '[]' END
$$;

-- Clamped to what the columns hold; no property has more.
CREATE FUNCTION wish_number(criteria jsonb, name text, low numeric, high numeric) RETURNS numeric
IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE jsonb_typeof(criteria -> name)
        WHEN 'number' THEN least(greatest((criteria ->> name)::numeric, low), high)
    END
$$;

CREATE FUNCTION keep_search_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM inspector_whatsapp_searchplace place USING were WHERE place.search_id = were.id;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN NULL;
    END IF;
    INSERT INTO inspector_whatsapp_searchplace (
        search_id, place, seeker_id, at_once, listing_type, kind, currency,
        bedrooms_min, bedrooms_max, price_min, price_max, extras
    )
    SELECT search.id, named.place, search.seeker_id, search.frequency = 'instant',
        left(coalesce(wish ->> 'listing_type', ''), 16),
        CASE jsonb_array_length(kinds) WHEN 1 THEN left(kinds ->> 0, 32) ELSE '' END,
        CASE WHEN coalesce(price_min, price_max) IS NULL THEN ''
            ELSE left(coalesce(wish ->> 'currency', 'NGN'), 8) END,
        coalesce(ceil(bedrooms_min), -1), coalesce(floor(bedrooms_max), 32767),
        coalesce(ceil(price_min * 100), 0), coalesce(floor(price_max * 100), 9223372036854775807),
        jsonb_array_length(kinds) > 1
            OR (jsonb_array_length(areas) > 0 AND wish ? 'city')
            OR wish ?| ARRAY['areas_excluded', 'kinds_excluded', 'amenities', 'amenities_excluded',
                             'state', 'period', 'bathrooms_min']
    FROM search_rows search
    CROSS JOIN LATERAL (
        SELECT search.criteria AS wish,
            wish_list(search.criteria, 'areas') AS areas,
            wish_list(search.criteria, 'kinds') AS kinds,
            wish_number(search.criteria, 'bedrooms_min', 0, 32767) AS bedrooms_min,
            wish_number(search.criteria, 'bedrooms_max', -1, 32766) AS bedrooms_max,
            wish_number(search.criteria, 'price_min', 0, 1e15) AS price_min,
            wish_number(search.criteria, 'price_max', -1, 1e15) AS price_max
    ) read
    CROSS JOIN LATERAL (
        SELECT DISTINCT jsonb_array_elements_text(areas) AS place
        UNION ALL
        SELECT 'city:' || (wish ->> 'city') WHERE jsonb_array_length(areas) = 0
    ) named
    -- No property lies in a place with a longer name.
    WHERE search.is_active AND length(named.place) <= 85;
    RETURN NULL;
END
$$;

CREATE TRIGGER search_places_inserted AFTER INSERT ON inspector_whatsapp_savedsearch
    REFERENCING NEW TABLE AS search_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_search_places();
CREATE TRIGGER search_places_updated AFTER UPDATE ON inspector_whatsapp_savedsearch
    REFERENCING OLD TABLE AS were NEW TABLE AS search_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_search_places();
CREATE TRIGGER search_places_deleted AFTER DELETE ON inspector_whatsapp_savedsearch
    REFERENCING OLD TABLE AS were FOR EACH STATEMENT EXECUTE FUNCTION keep_search_places();

-- Those that are there already.
UPDATE inspector_whatsapp_savedsearch SET is_active = is_active WHERE is_active;
"""
UNDO = """
DROP TRIGGER search_places_inserted ON inspector_whatsapp_savedsearch;
DROP TRIGGER search_places_updated ON inspector_whatsapp_savedsearch;
DROP TRIGGER search_places_deleted ON inspector_whatsapp_savedsearch;
DROP FUNCTION keep_search_places();
DROP FUNCTION wish_number(jsonb, text, numeric, numeric);
DROP FUNCTION wish_list(jsonb, text);
"""


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0010_offers_stopped")]

    operations = [
        migrations.CreateModel(
            name="SearchPlace",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "search_id", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.CharField(help_text="An area, or `city:` and a city.", max_length=85)),
                ("at_once", models.BooleanField(help_text="Whether the seeker wants to hear at once.")),
                ("listing_type", models.CharField(blank=True, max_length=16)),
                (
                    "kind",
                    models.CharField(blank=True, help_text="The only kind that is wanted.", max_length=32),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="Of the prices; empty without any.", max_length=8),
                ),
                ("bedrooms_min", models.SmallIntegerField()),
                ("bedrooms_max", models.SmallIntegerField()),
                ("price_min", models.BigIntegerField()),
                ("price_max", models.BigIntegerField()),
                ("extras", models.BooleanField()),
                (
                    "search",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="places",
                        to="inspector_whatsapp.savedsearch",
                    ),
                ),
                (
                    "seeker",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            *("place", "listing_type", "kind", "currency"),
                            *("bedrooms_min", "bedrooms_max", "price_max", "price_min"),
                        ],
                        include=("search", "seeker", "at_once", "extras"),
                        name="search_by_place",
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGER, UNDO),
    ]
