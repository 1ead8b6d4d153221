from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspector_whatsapp', '0014_claim_by_priority'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outboxmessage',
            name='if_uncertain',
            field=models.CharField(choices=[('resend', 'say it once more'), ('hold', 'leave it to a person'), ('email', 'say it by e-mail instead')], default='resend', max_length=8),
        ),
    ]
