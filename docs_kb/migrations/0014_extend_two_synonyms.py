"""More ways to ask for a person and to say that a site is down; a group that staff changed stays as it is."""

from django.db import migrations

LONGER = {
    "contacto, contactar, hablar con alguien, llamar, ponerse en contacto": (
        ", hablar con una persona, hablar con un agente, hablar con un operador, hablar con vosotros, "
        "que me llaméis, que me llame alguien > número de teléfono, WhatsApp, atención al cliente"
    ),
    "web caída, caída del sitio, no carga la web, web no funciona, sitio no disponible, no abre la página, la "
    "página no carga, no se ve la web, no se abre la web": (
        ", se ha caído la página, página no funciona, página caída > web falla, web muestra un error, "
        "error 500, error 503"
    ),
}


def extend(apps, schema_editor):
    from docs_kb import synonyms

    synonym, word = apps.get_model("docs_kb", "Synonym"), apps.get_model("docs_kb", "SynonymWord")
    for group in synonym.objects.filter(words__in=LONGER):
        group.words += LONGER[group.words]
        group.stems = "\n".join(synonyms.lines_of(group.words))
        group.save()
        word.objects.filter(synonym=group).delete()
        word.objects.bulk_create(
            word(synonym=group, **values) for values in synonyms.words_of(group.words)
        )


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0013_widen_synonyms")]
    operations = [migrations.RunPython(extend, migrations.RunPython.noop)]
