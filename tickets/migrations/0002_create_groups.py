"""The three groups of the team, with what each may see and change."""

from django.apps import apps as project_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW, CHANGE, ADD, DELETE = "view", "change", "add", "delete"
FULL = (VIEW, ADD, CHANGE, DELETE)
READING = {"docs_kb": {name: (VIEW,) for name in ("article", "category", "section", "synonym")}}
AGENT = READING | {
    "tickets": {
        "ticket": (VIEW, CHANGE),
        "message": (VIEW,),
        "attachment": (VIEW,),
        "event": (VIEW,),
        "requester": (VIEW,),
        "outboxmessage": (VIEW, CHANGE),
        "schedule": (VIEW,),
        "openinghours": (VIEW,),
        "specialday": (VIEW,),
        "servicenotice": (VIEW,),
    },
    "contact": {"channel": (VIEW,)},
}
GROUPS = {
    "Agente": AGENT,
    "Supervisión": AGENT
    | {
        "tickets": AGENT["tickets"]
        | {
            "requester": (VIEW, CHANGE),
            "schedule": FULL,
            "openinghours": FULL,
            "specialday": FULL,
            "servicenotice": FULL,
        },
        "contact": {"channel": FULL},
    },
    "Documentación": {
        "docs_kb": {
            "article": (VIEW, ADD, CHANGE, DELETE),
            "category": FULL,
            "section": FULL,
            "synonym": FULL,
        }
    },
}


def create_groups(apps, schema_editor):
    """Permissions are made after all migrations; these groups need them now."""
    alias = schema_editor.connection.alias
    for label in ("docs_kb", "tickets", "contact"):
        create_permissions(project_apps.get_app_config(label), verbosity=0, using=alias, apps=apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in GROUPS.items():
        group, _ = Group.objects.using(alias).get_or_create(name=name)
        for label, models in rights.items():
            codenames = [f"{act}_{model}" for model, acts in models.items() for act in acts]
            found = Permission.objects.using(alias).filter(
                content_type__app_label=label, codename__in=codenames
            )
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("docs_kb", "0003_starting_synonyms"),
        ("contact", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
