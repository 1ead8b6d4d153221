"""Whoever is erased goes out of the log of consent, with what showed who they were."""

from django.db import migrations

SAME = """
    (OLD.scope, OLD.given, OLD.wording, OLD.channel, OLD.how, OLD.at)
        IS NOT DISTINCT FROM (NEW.scope, NEW.given, NEW.wording, NEW.channel, NEW.how, NEW.at)
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION notifications_consent_is_a_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND {same} AND {evidence}
    THEN
        RETURN NEW;  -- whose it was may be taken out of it, or become that of whom they were merged with
    END IF;
    RAISE EXCEPTION 'the log of consent is never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""
BEFORE = "OLD.evidence IS NOT DISTINCT FROM NEW.evidence"
# What shows a consent becomes its digest when nobody is named any more; only then, and once.
AFTER = """
    (OLD.evidence IS NOT DISTINCT FROM NEW.evidence OR (
        NEW.account_id IS NULL AND NEW.contact_id IS NULL
        AND (OLD.account_id IS NOT NULL OR OLD.contact_id IS NOT NULL)
        AND OLD.evidence NOT LIKE 'erased:%' AND NEW.evidence ~ '^erased:[0-9a-f]{64}$'
    ))
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0015_consent_is_never_emptied")]

    operations = [
        migrations.RunSQL(
            FUNCTION.replace("{same}", SAME).replace("{evidence}", AFTER),
            FUNCTION.replace("{same}", SAME).replace("{evidence}", BEFORE),
        )
    ]
