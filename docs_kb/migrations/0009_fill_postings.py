"""Index the articles and synonyms that are there."""

from django.db import migrations


def fill(apps, schema_editor):
    from docs_kb import search_index

    articles = apps.get_model("docs_kb", "Article").objects.filter(status="published").order_by("pk")
    search_index.rebuild(articles.iterator(chunk_size=search_index.CHUNK))
    stem = apps.get_model("docs_kb", "SynonymStem")
    groups = apps.get_model("docs_kb", "Synonym").objects.values_list("pk", "stems")
    stem.objects.bulk_create(
        stem(synonym_id=key, stem=each) for key, stems in groups for each in sorted(set(stems.split()))
    )


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0008_keep_postings")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
