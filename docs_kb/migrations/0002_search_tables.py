"""Lay the database's own full-text index over the search documents."""

from django.db import migrations

from docs_kb import search_tables


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0001_initial")]
    operations = [migrations.RunPython(search_tables.create, search_tables.drop)]
