"""From the databases' own full-text indexes to an inverted index in plain rows; 0009 fills it."""

import django.db.models.deletion
from django.db import migrations, models

FORMER = "docs_kb_searchindex"


def empty(apps, schema_editor):
    """Take away what hangs on the former rows before their tables change."""
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {FORMER}_{name}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {FORMER}")
    apps.get_model("docs_kb", "VocabularyTerm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0007_add_stamps")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.DeleteModel(name="SearchDocument"),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="docs_kb.article",
                    ),
                ),
                ("words", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("term", models.CharField(max_length=40)),
                ("prefix", models.CharField(max_length=6)),
                ("block", models.PositiveIntegerField()),
                ("offsets", models.BinaryField()),
                ("weights", models.BinaryField()),
                ("heads", models.BinaryField()),
                ("places", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["prefix"], name="posting_prefix")],
                "constraints": [models.UniqueConstraint(fields=("block", "term"), name="posting_once")],
            },
        ),
        migrations.CreateModel(
            name="SynonymStem",
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
                        related_name="occurring_stems",
                        to="docs_kb.synonym",
                    ),
                ),
                ("stem", models.CharField(max_length=40)),
            ],
            options={"indexes": [models.Index(fields=["stem"], name="synonym_stem")]},
        ),
        migrations.RemoveIndex(model_name="vocabularyterm", name="docs_kb_voc_kind_207442_idx"),
        migrations.RemoveField(model_name="vocabularyterm", name="prefix"),
        migrations.AlterField(
            model_name="vocabularyterm",
            name="kind",
            field=models.CharField(choices=[("t", "total"), ("w", "palabra")], max_length=1),
        ),
        migrations.AddIndex(
            model_name="vocabularyterm",
            index=models.Index(fields=["kind", "stem"], name="vocabulary_stem"),
        ),
    ]
