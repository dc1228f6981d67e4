"""The database's own full-text index over `SearchDocument`, made by migrations.

The text is stems already, so neither engine interprets anything: SQLite's FTS5 splits at blanks, PostgreSQL
takes the same words as lexemes. Both are kept by the database itself (triggers, generated columns), so a row
that goes by a cascade leaves the index too. SQLite drops triggers when a later migration rebuilds the table:
such a migration ends with `create`.
"""

FTS = "docs_kb_searchindex"
TABLE = "docs_kb_searchdocument"

_SQLITE = [
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5(
        head, stems, content='{TABLE}', content_rowid='article_id', detail=column,
        tokenize="ascii tokenchars '.'")""",
    f"""CREATE TRIGGER IF NOT EXISTS {FTS}_insert AFTER INSERT ON {TABLE} BEGIN
        INSERT INTO {FTS}(rowid, head, stems) VALUES (new.article_id, new.head, new.stems); END""",
    f"""CREATE TRIGGER IF NOT EXISTS {FTS}_delete AFTER DELETE ON {TABLE} BEGIN
        INSERT INTO {FTS}({FTS}, rowid, head, stems)
        VALUES ('delete', old.article_id, old.head, old.stems); END""",
    f"""CREATE TRIGGER IF NOT EXISTS {FTS}_update AFTER UPDATE ON {TABLE} BEGIN
        INSERT INTO {FTS}({FTS}, rowid, head, stems)
        VALUES ('delete', old.article_id, old.head, old.stems);
        INSERT INTO {FTS}(rowid, head, stems) VALUES (new.article_id, new.head, new.stems); END""",
    f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')",
]
_LEXEMES = "array_to_tsvector(array_remove(string_to_array({}, ' '), ''))"
_POSTGRESQL = [
    f"""ALTER TABLE {TABLE}
        ADD COLUMN IF NOT EXISTS head_lexemes tsvector
            GENERATED ALWAYS AS ({_LEXEMES.format("head")}) STORED,
        ADD COLUMN IF NOT EXISTS lexemes tsvector
            GENERATED ALWAYS AS ({_LEXEMES.format("stems")}) STORED""",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_head_lexemes ON {TABLE} USING gin (head_lexemes)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_lexemes ON {TABLE} USING gin (lexemes)",
    # Ranges over words («cont» to «cont~») mean the same as on SQLite only byte by byte.
    """ALTER TABLE docs_kb_vocabularyterm
        ALTER COLUMN term TYPE varchar(40) COLLATE "C",
        ALTER COLUMN reversed TYPE varchar(40) COLLATE "C" """,
]


def create(apps, schema_editor) -> None:
    """Make the index of the database at hand; for `migrations.RunPython`."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for statement in _POSTGRESQL if postgresql else _SQLITE:
            cursor.execute(statement)


def drop(apps, schema_editor) -> None:
    """Undo `create`."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN head_lexemes, DROP COLUMN lexemes")
            return
        for name in ("insert", "delete", "update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {FTS}_{name}")
        cursor.execute(f"DROP TABLE IF EXISTS {FTS}")
