"""The groups that come with the migrations, and what each may do."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

pytestmark = pytest.mark.django_db

READS_GUIDES = {f"view_{name}" for name in ("article", "category", "section", "synonym")}
WORKS_ON_TICKETS = {
    "view_ticket", "change_ticket", "view_message", "view_attachment", "view_event", "view_requester",
    "view_outboxmessage", "change_outboxmessage", "view_schedule", "view_openinghours", "view_specialday",
    "view_servicenotice", "view_channel",
}  # fmt: skip
SETS_HOURS = {
    f"{act}_{name}"
    for act in ("view", "add", "change", "delete")
    for name in ("channel", "schedule", "openinghours", "specialday", "servicenotice")
}
WRITES_GUIDES = {
    f"{act}_{name.removeprefix('view_')}"
    for act in ("view", "add", "change", "delete")
    for name in READS_GUIDES
}
HEARS_READERS = {"view_articlefeedback", "view_searchquery"}
KEEPS_LIBRARY = {
    f"{act}_{name}" for act in ("view", "add", "change", "delete") for name in ("articlefile", "redirect")
} | {"delete_articlefeedback", "view_articlerevision", "change_searchquery"}
RIGHTS = {
    "Agente": READS_GUIDES | WORKS_ON_TICKETS | HEARS_READERS,
    "Supervisión": READS_GUIDES | WORKS_ON_TICKETS | SETS_HOURS | HEARS_READERS | {"change_requester"},
    "Documentación": WRITES_GUIDES | HEARS_READERS | KEEPS_LIBRARY,
}


def rights(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


@pytest.mark.parametrize("name", RIGHTS)
def test_group_has_its_rights_and_no_others(name):
    assert rights(name) == RIGHTS[name]


def test_groups_are_made_again_without_doubles_and_keep_what_was_added():
    extra = Permission.objects.get(codename="add_ticket")
    Group.objects.get(name="Agente").permissions.add(extra)
    migration = import_module("tickets.migrations.0002_create_groups")
    migration.create_groups(apps, SimpleNamespace(connection=connection))
    assert Group.objects.count() == 3
    assert rights("Agente") == RIGHTS["Agente"] | {"add_ticket"}
    assert rights("Documentación") == RIGHTS["Documentación"]
