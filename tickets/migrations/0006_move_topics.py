"""A topic used to be kept among the searches, as «Tema: …»; it has a field of its own now."""

from django.db import migrations

MARK = "Tema: "


def move_topics(apps, schema_editor):
    alias = schema_editor.connection.alias
    tickets = apps.get_model("tickets", "Ticket").objects.using(alias)
    for category in apps.get_model("docs_kb", "Category").objects.using(alias):
        told = tickets.filter(search_query=f"{MARK}{category.name}"[:200])
        told.update(category=category, search_query="")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_add_topic")]
    operations = [migrations.RunPython(move_topics, migrations.RunPython.noop)]
