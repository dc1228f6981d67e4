"""Articles that were there before revisions get their first one, so that no text is ever without history."""

from django.db import migrations

CHUNK = 200
COPIED = ("title", "slug", "summary", "body", "body_format", "keywords", "status")


def write_first_revisions(apps, schema_editor):
    alias = schema_editor.connection.alias
    articles = apps.get_model("docs_kb", "Article").objects.using(alias).filter(version=0)
    Revision = apps.get_model("docs_kb", "ArticleRevision")
    for article in articles.iterator(chunk_size=CHUNK):
        copied = {name: getattr(article, name) for name in COPIED}
        Revision.objects.using(alias).create(
            article=article, number=1, note="Estado inicial", created_at=article.created_at, **copied
        )
    articles.update(version=1)


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0004_add_revisions_files_and_counts")]
    operations = [migrations.RunPython(write_first_revisions, migrations.RunPython.noop)]
