"""The trigger that guards the audit takes no word of a session: neither whom to ignore nor what the time is.

Whoever may say `SET pgtrigger.ignore` switches off any trigger as pgtrigger writes it; and a temporary table
named as the clock's moves the clock for the session that made it. So its function is written here, without the
first and with a path of its own, for any owner: no right of a superuser is needed.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION pgtrigger_append_only_e8e8a() RETURNS trigger LANGUAGE plpgsql {path} AS $$
BEGIN
    {door}
    IF TG_OP = 'DELETE' AND OLD.at < clock_now() - interval '365 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit is never changed, and kept for 365 days' USING ERRCODE = 'restrict_violation';
END $$;
"""
DOOR = """
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("inspector_whatsapp", "0034_groups")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(path="SET search_path = public, pg_temp", door=""),
            FUNCTION.format(path="", door=DOOR),
        )
    ]
