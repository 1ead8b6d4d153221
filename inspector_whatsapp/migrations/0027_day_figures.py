"""Figures of each day, and the entry that counts them."""

from django.db import migrations, models

EVERY = 30  # seconds
NAME = "Sweep: figures of the days"
TASK = "inspector_whatsapp.tasks.keep_figures"


def make(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Entry = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.get_or_create(every=EVERY, period="seconds")
    Entry.objects.get_or_create(
        name=NAME, defaults={"task": TASK, "interval": interval, "expire_seconds": EVERY}
    )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspector_whatsapp", "0026_audit_stays"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "name",
                    models.CharField(
                        help_text="Of what: messages, received, reply_time …", max_length=32
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True, help_text="Which of them: a status, a reason …", max_length=120
                    ),
                ),
                ("count", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="dayfigure",
            constraint=models.UniqueConstraint(fields=("day", "name", "label"), name="day_figure_once"),
        ),
        migrations.CreateModel(
            name="FigureDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(make, remove),
    ]
