import pytest

from docs_kb.synonyms import lines_of, meanings, said_in, words_of
from docs_kb.words import words

pytestmark = pytest.mark.once


def meaning(group: str, query: str):
    return meanings("\n".join(lines_of(group)), said_in(words(query)))


def test_lines_are_stems_each_once_without_linking_words():
    assert lines_of("correo, Correos, cuenta de correo") == ["corre", "cuent corre"]


def test_lines_mark_what_no_article_can_be_found_by():
    assert lines_of("dos pasos, no llega, el de la") == ["-dos pas", "no lleg"]


def test_lines_behind_the_arrow_are_only_looked_for():
    assert lines_of("se cuelga > bloqueo, no responde") == ["colg", ">bloqu", ">no respond"]


def test_words_of_a_group_keep_their_spelling():
    assert words_of("Contraseña, no") == [
        {"term": "contrasena", "stem": "contrasen", "reversed": "anesartnoc", "written": "contraseña"}
    ]


def test_group_speaks_of_a_query_that_has_one_of_its_words():
    assert meaning("factura, recibo", "mi recibo") == ((("recib",),), (("factur",),))
    assert meaning("factura, recibo", "mi dominio") is None


def test_phrase_needs_all_its_words_close_together():
    assert meaning("buzón lleno, cuota", "tengo lleno el buzón de correo")
    assert not meaning("buzón lleno, cuota", "el buzón nuevo que pedí ayer en la tienda llegó lleno")


def test_phrase_with_a_small_word_needs_that_word_too():
    assert meaning("dos pasos, 2FA", "entrar en dos pasos")
    assert not meaning("dos pasos, 2FA", "los pasos para entrar")


def test_negation_comes_first():
    assert meaning("no llega, retraso", "no me llega el correo")
    assert not meaning("no llega, retraso", "me llega y no lo quiero")


def test_negation_stands_for_no_word_beyond_another():
    assert meaning("no llega, retraso", "no está llegando")
    assert not meaning("no sé el correo, alias", "no me llega el correo")


def test_what_stands_behind_the_arrow_is_not_recognised():
    assert meaning("se cuelga > bloqueo", "se me cuelga el programa") == ((("colg",),), (("bloqu",),))
    assert meaning("se cuelga > bloqueo", "un bloqueo") is None
