"""Opening hours, special days and the service notice stand on every page that is kept in memory."""

from django.db import migrations

from docs_kb.stamps import watch

WATCHED = ("tickets_schedule", "tickets_openinghours", "tickets_specialday", "tickets_servicenotice")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_move_topics"), ("docs_kb", "0007_add_stamps")]
    operations = [watch("desk", WATCHED)]
