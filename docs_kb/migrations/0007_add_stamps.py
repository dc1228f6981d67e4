from django.db import migrations, models

from docs_kb.stamps import DOCUMENTATION, watch


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0006_index_what_pages_read")]
    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("area", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=40)),
            ],
        ),
        watch("documentation", DOCUMENTATION),
    ]
