"""Let one mail carry several notices."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0008_add_continuations"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="carried_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="carried",
                to="tickets.outboxmessage",
                verbose_name="salió dentro de",
            ),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="seams",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="Dónde empieza y acaba lo propio de este aviso en cada texto.",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("carried_by__isnull", False)),
                fields=["carried_by"],
                name="outbox_carried",
            ),
        ),
    ]
