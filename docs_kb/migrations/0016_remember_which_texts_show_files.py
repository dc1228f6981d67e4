from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0015_forget_searches_without_words")]
    operations = [
        migrations.AddField(
            model_name="articlefile",
            name="shown_in",
            field=models.ManyToManyField(editable=False, related_name="shown_files", to="docs_kb.article"),
        ),
    ]
