from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspector_whatsapp', '0012_active_searches_name_a_place'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=16)),
                ('category', models.CharField(blank=True, choices=[('service', 'an answer'), ('utility', 'about something of theirs'), ('marketing', 'an offer'), ('authentication', 'a code')], help_text='Only this is shut; empty: everything.', max_length=16)),
                ('shut_until', models.DateTimeField(blank=True, help_text='Then one message is tried. Empty: it is open.', null=True)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('code', models.IntegerField(blank=True, help_text="The provider's.", null=True)),
                ('since', models.DateTimeField(help_text='Since when it is open, or shut.')),
                ('times', models.PositiveIntegerField(default=0, help_text='How often it was found shut in a row.')),
                ('probe', models.BigIntegerField(blank=True, help_text='The message that is tried now.', null=True)),
                ('probing_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='put_off',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often the provider asked for patience with this person.'),
        ),
        migrations.AddConstraint(
            model_name='channelstate',
            constraint=models.UniqueConstraint(fields=('channel', 'category'), name='channel_state_once'),
        ),
    ]
