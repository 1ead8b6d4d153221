import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspector_whatsapp', '0016_prices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(help_text='In small letters.', max_length=254, unique=True)),
                ('why', models.CharField(choices=[('bounced', 'mail to it came back'), ('rejected', 'the mail service refuses to write to it'), ('complained', 'its owner called a mail of ours spam')], max_length=16)),
                ('details', models.CharField(blank=True, help_text="In the mail service's words.", max_length=300)),
                ('at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'mailboxes',
            },
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('address', django.db.models.functions.text.Lower(models.F('address')))), name='mailbox_small_letters'),
        ),
    ]
