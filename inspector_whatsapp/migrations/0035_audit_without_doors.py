"""The trigger that guards the audit takes no word of a session: neither whom to ignore nor what the time is.

Whoever may say `SET pgtrigger.ignore` would switch off any trigger of pgtrigger's; and a temporary table named
as the clock's would move the clock for the session that made it. PostgreSQL sets both anew for the function.
"""

from django.db import migrations

GUARD = "pgtrigger_append_only_e8e8a()"


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0034_groups")]

    operations = [
        migrations.RunSQL(
            f"""
            ALTER FUNCTION {GUARD} SET pgtrigger.ignore = '{{}}';
            ALTER FUNCTION {GUARD} SET search_path = public, pg_temp;
            """,
            f"ALTER FUNCTION {GUARD} RESET ALL",
        )
    ]
