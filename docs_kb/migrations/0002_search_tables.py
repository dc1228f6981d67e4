"""Compare words byte by byte on PostgreSQL too: ranges («cont» to «cont~») then mean what they mean on SQLite."""

from django.db import migrations


def compare_bytes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            """
            ALTER TABLE docs_kb_vocabularyterm
            ALTER COLUMN term TYPE varchar(40) COLLATE "C",
            ALTER COLUMN reversed TYPE varchar(40) COLLATE "C"
            """
        )


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0001_initial")]
    operations = [migrations.RunPython(compare_bytes, migrations.RunPython.noop)]
