"""The channels stand on every page that is kept in memory."""

from django.db import migrations

from docs_kb.stamps import watch

WATCHED = ("contact_channel",)


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_initial"), ("docs_kb", "0007_add_stamps")]
    operations = [watch("channels", WATCHED)]
