"""What migrations wrote, put back after a flush.

Django saves a model for every row: with some thousand synonyms that takes seconds, before each browser test.
"""

from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.transaction import atomic

Rows = dict[str, list[tuple]]  # by table


def rows_of_all_tables(creation: BaseDatabaseCreation) -> Rows:
    connection = creation.connection
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchall()
    return {table: rows for table, rows in found.items() if rows}


def put_back(creation: BaseDatabaseCreation, kept: Rows) -> None:
    """Write the rows as they were; what triggers wrote meanwhile makes room."""
    connection = creation.connection
    with atomic(using=connection.alias), connection.cursor() as cursor:
        for table, rows in kept.items():
            name, marks = connection.ops.quote_name(table), ", ".join(["%s"] * len(rows[0]))
            cursor.execute(f"DELETE FROM {name}")
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def keep_rows() -> None:
    """From now on `serialized_rollback` goes this way."""
    BaseDatabaseCreation.serialize_db_to_string = rows_of_all_tables
    BaseDatabaseCreation.deserialize_db_from_string = put_back
