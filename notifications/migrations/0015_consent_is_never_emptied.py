"""The log of consent is not emptied either: nobody's row is named by TRUNCATE, and no row's trigger hears of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0014_template_refused")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER consent_is_never_emptied BEFORE TRUNCATE ON notifications_consententry
                FOR EACH STATEMENT EXECUTE FUNCTION notifications_consent_is_a_log();
            """,
            "DROP TRIGGER consent_is_never_emptied ON notifications_consententry;",
        ),
    ]
