"""What each group may do with the files, opinions and searches of the documentation."""

from django.apps import apps as project_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW, CHANGE, ADD, DELETE = "view", "change", "add", "delete"
RIGHTS = {
    "Agente": {"articlefeedback": (VIEW,), "searchquery": (VIEW,)},
    "Supervisión": {"articlefeedback": (VIEW,), "searchquery": (VIEW,)},
    "Documentación": {
        "articlefile": (VIEW, ADD, CHANGE, DELETE),
        "articlefeedback": (VIEW, DELETE),
        "articlerevision": (VIEW,),
        "searchquery": (VIEW, CHANGE),
        "redirect": (VIEW, ADD, CHANGE, DELETE),
    },
}


def grant_rights(apps, schema_editor):
    """Permissions are made after all migrations; these groups need them now."""
    alias = schema_editor.connection.alias
    create_permissions(project_apps.get_app_config("docs_kb"), verbosity=0, using=alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in RIGHTS.items():
        codenames = [f"{act}_{model}" for model, acts in rights.items() for act in acts]
        found = Permission.objects.using(alias).filter(
            content_type__app_label="docs_kb", codename__in=codenames
        )
        for group in Group.objects.using(alias).filter(name=name):
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0003_add_guides_and_deflections"),
        ("docs_kb", "0005_write_first_revisions"),
    ]
    operations = [migrations.RunPython(grant_rights, migrations.RunPython.noop)]
