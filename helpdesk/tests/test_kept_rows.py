import pytest
from django.core.management import call_command
from django.db import connection

from docs_kb.models import Synonym, SynonymWord
from helpdesk.tests.kept_rows import put_back, rows_of_all_tables


def rows() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Synonym, SynonymWord)]


@pytest.mark.django_db(transaction=True)
def test_rows_come_back_after_a_flush():
    synonym = Synonym.objects.create(words="correo, buzón", stems="corre buzon")
    SynonymWord.objects.create(synonym=synonym, term="buzon", stem="buzon", reversed="nozub", written="buzón")
    kept, expected = rows_of_all_tables(connection.creation), rows()
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert rows() == [[], []]
    put_back(connection.creation, kept)
    assert rows() == expected
