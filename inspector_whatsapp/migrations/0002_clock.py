"""The one clock: PostgreSQL's time plus the offset in its one row, if there is one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION clock_now() RETURNS timestamptz STABLE LANGUAGE sql AS $$
                SELECT now() + COALESCE(
                    (SELECT "offset" FROM inspector_whatsapp_clockoffset WHERE id = 1), interval '0'
                )
            $$
            """,
            "DROP FUNCTION clock_now()",
        ),
    ]
