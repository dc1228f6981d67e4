from django.db import migrations, models

from docs_kb.stamps import DOCUMENTATION, watch


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0010_remember_what_was_done_about_searches")]
    operations = [
        migrations.AddField(
            model_name="articlefile",
            name="original_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        watch("documentation", DOCUMENTATION),
    ]
