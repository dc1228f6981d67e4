"""Forget what was kept of searches for signs alone («%», «!!!»): nothing can be found or written about them."""

from django.db import migrations


def forget(apps, schema_editor):
    from docs_kb.words import words

    query = apps.get_model("docs_kb", "SearchQuery")
    kept = query.objects.order_by("pk").values_list("pk", "key").iterator()
    empty = [pk for pk, key in kept if not words(key)]
    for start in range(0, len(empty), 500):
        query.objects.filter(pk__in=empty[start : start + 500]).delete()


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0014_extend_two_synonyms")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
