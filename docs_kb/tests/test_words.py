import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from docs_kb.tests.shared_data import shared_file
from docs_kb.words import content_words, fold, prefix, stem, stems, words

pytestmark = pytest.mark.once


def stem_of(word: str) -> str:
    return stem(words(word)[0])


@pytest.mark.parametrize(
    "family",
    [
        ("instalación", "instalacion", "instalaciones", "Instalar", "instalada"),
        ("contraseña", "contrasena", "CONTRASEÑAS"),
        ("línea", "linea", "lineas"),
        ("servidor", "servidores"),
        ("migración", "migrar", "migraciones"),
        ("verificación", "verificar", "verificado"),
        ("plugin", "plugins"),
        ("usuario", "usuarios", "usuarixs"),
        ("e-mail", "email", "emails"),
    ],
)
def test_stem_is_one_for_all_forms_of_a_word(family):
    assert {stem_of(word) for word in family} == {stem_of(family[0])}


def test_stem_keeps_different_words_apart():
    found = [stem_of(w) for w in ("correo", "contraseña", "código", "servidor", "servicio", "https")]
    assert len(set(found)) == len(found)


def test_stem_of_https_is_not_http():
    assert stem_of("https") == "https"


def test_stems_match_within_every_shared_family_and_across_none():
    families = json.loads(shared_file("word_families.json").read_text(encoding="utf-8"))
    found = [{stem_of(word) for word in family} for family in families]
    assert [len(each) for each in found] == [1] * len(families)
    assert len(set.union(*found)) == len(families)
    assert len({prefix(stemmed) for each in found for stemmed in each}) == len(families)


def test_words_fold_accents_and_split_at_signs():
    assert words("¿PHP 8.2, o «wi-fi»? S/MIME — año_nuevo") == [
        "php",
        "8.2",
        "o",
        "wifi",
        "smime",
        "ano",
        "nuevo",
    ]


@pytest.mark.parametrize("text", ["", "¿?", "\x00", "🙂", "مرحبا", "%_"])
def test_words_of_a_text_without_latin_words_are_none(text):
    assert words(text) == []


def test_content_words_leave_out_courtesies():
    assert content_words("Hola, buenas: necesito ayuda con el dominio, gracias") == ["dominio"]


def test_content_words_keep_everything_when_nothing_else_is_left():
    assert content_words("¿y ahora qué?") == ["y", "ahora", "que"]


def test_fold_drops_marks_only():
    assert fold("Ñandú") == "nandu"


def test_stems_of_a_document_leave_out_function_words():
    assert stems("El correo de la web") == ["corre", "web"]


def test_stems_are_the_same_when_threads_ask_at_once():
    asked = ["configuraciones", "facturas", "dominios", "actualizaremos", "recibiendo", "contraseñas"] * 500
    expected = [stem.__wrapped__(fold(word)) for word in asked]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(stem.__wrapped__, map(fold, asked))) == expected
