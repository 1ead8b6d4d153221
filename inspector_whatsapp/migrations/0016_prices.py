from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspector_whatsapp', '0015_uncertain_by_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(help_text="Meta's: service, utility, marketing, authentication …", max_length=32, unique=True)),
                ('price', models.DecimalField(decimal_places=6, help_text='Of one delivered message.', max_digits=12)),
                ('currency', models.CharField(help_text='The same for all of them: USD, NGN …', max_length=3)),
            ],
            options={
                'verbose_name': 'price',
            },
        ),
        migrations.CreateModel(
            name='PriceCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text="In the service's time zone.")),
                ('category', models.CharField(help_text="Meta's.", max_length=32)),
                ('billable', models.BooleanField(help_text='Whether Meta charges them.')),
                ('count', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='counted',
            field=models.BooleanField(default=False, help_text='Whether its price has been counted.'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('counted', False), ('status__in', ['delivered', 'read']), models.Q(('price_category', ''), _negated=True)), fields=['id'], name='outbox_uncounted'),
        ),
        migrations.AddConstraint(
            model_name='pricecategory',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='price_not_negative', violation_error_message='A price is not negative.'),
        ),
        migrations.AddConstraint(
            model_name='pricecount',
            constraint=models.UniqueConstraint(fields=('day', 'category', 'billable'), name='price_count_once'),
        ),
    ]
