"""Words of the synonyms as targets of corrections; 0013 fills them."""

import django.db.models.deletion
from django.db import migrations, models


def compare_bytes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            """
            ALTER TABLE docs_kb_synonymword
            ALTER COLUMN term TYPE varchar(40) COLLATE "C",
            ALTER COLUMN reversed TYPE varchar(40) COLLATE "C"
            """
        )


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0011_remember_how_files_came")]
    operations = [
        migrations.DeleteModel(name="SynonymStem"),
        migrations.CreateModel(
            name="SynonymWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "synonym",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurring_words",
                        to="docs_kb.synonym",
                    ),
                ),
                ("term", models.CharField(max_length=40)),
                ("stem", models.CharField(max_length=40)),
                ("reversed", models.CharField(max_length=40)),
                ("written", models.CharField(max_length=60)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stem"], name="synonym_word_stem"),
                    models.Index(fields=["term"], name="synonym_word_term"),
                    models.Index(fields=["reversed"], name="synonym_word_reversed"),
                ]
            },
        ),
        migrations.RunPython(compare_bytes, migrations.RunPython.noop),
    ]
