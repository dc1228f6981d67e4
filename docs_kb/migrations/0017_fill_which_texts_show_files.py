"""Find the files in the texts that are there."""

import re

from django.db import migrations

ADDRESS = re.compile(r"/documentacion/archivos/([0-9a-f]{32})/")


def fill(apps, schema_editor):
    file = apps.get_model("docs_kb", "ArticleFile")
    files = dict(file.objects.values_list("key", "pk"))
    shown = file.shown_in.through
    articles = apps.get_model("docs_kb", "Article").objects.filter(body__contains="/documentacion/archivos/")
    for pk, body in articles.values_list("pk", "body").iterator(chunk_size=200):
        keys = set(ADDRESS.findall(body)) & files.keys()
        shown.objects.bulk_create(shown(article_id=pk, articlefile_id=files[key]) for key in sorted(keys))


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0016_remember_which_texts_show_files")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
