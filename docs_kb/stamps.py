"""One random mark for each area of the site, renewed by the database itself whenever a row of it changes.

Triggers do it, in the same transaction as the change, whatever code made it: a page in memory that was made
under another mark is stale, in every process, from the next request on. SQLite drops the triggers when a
later migration rebuilds a watched table: such a migration ends with `watch` again (a test looks).
"""

from django.db import migrations
from django.http import HttpRequest

from docs_kb.models import Stamp

DOCUMENTATION = (
    "docs_kb_article",
    "docs_kb_article_related",
    "docs_kb_articlefile",
    "docs_kb_category",
    "docs_kb_section",
)
EVENTS = ("INSERT", "UPDATE", "DELETE")
_RENEW = """
    INSERT INTO docs_kb_stamp (area, mark) VALUES ('{area}', {random})
    ON CONFLICT (area) DO UPDATE SET mark = excluded.mark;
"""
_SQLITE_TRIGGER = """
    CREATE TRIGGER IF NOT EXISTS {table}_stamp_{event} AFTER {event} ON {table} BEGIN {renew} END
"""
_POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION docs_kb_stamp_{area}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {renew} RETURN NULL; END $$
"""
_POSTGRESQL_TRIGGER = """
    CREATE OR REPLACE TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION docs_kb_stamp_{area}()
"""


def current() -> str:
    """All marks as one text, in one query; empty while there are none (nothing may be kept then)."""
    return " ".join(f"{area}:{mark}" for area, mark in Stamp.objects.order_by("area").values_list())


def of(request: HttpRequest) -> str:
    """The marks as they were when this request first asked for them: one query for all of its parts."""
    if not hasattr(request, "stamps"):
        request.stamps = current()
    return request.stamps


def watch(area: str, tables: tuple[str, ...]) -> migrations.RunPython:
    """The migration operation that has every change of these tables renew the area's mark."""

    def create(apps, schema_editor) -> None:
        for statement in _statements(schema_editor.connection.vendor, area, tables):
            schema_editor.connection.cursor().execute(statement)

    def drop(apps, schema_editor) -> None:
        for table in tables:
            for statement in _removals(schema_editor.connection.vendor, table):
                schema_editor.connection.cursor().execute(statement)

    return migrations.RunPython(create, drop)


def _statements(vendor: str, area: str, tables: tuple[str, ...]) -> list[str]:
    is_postgresql = vendor == "postgresql"
    renew = _RENEW.format(
        area=area, random="gen_random_uuid()::text" if is_postgresql else "hex(randomblob(16))"
    )
    if is_postgresql:
        function = _POSTGRESQL_FUNCTION.format(area=area, renew=renew)
        return [function, *(_POSTGRESQL_TRIGGER.format(area=area, table=table) for table in tables), renew]
    places = [(table, event) for table in tables for event in EVENTS]
    return [*(_SQLITE_TRIGGER.format(table=t, event=e, renew=renew) for t, e in places), renew]


def _removals(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_stamp ON {table}"]
    return [f"DROP TRIGGER IF EXISTS {table}_stamp_{event}" for event in EVENTS]
