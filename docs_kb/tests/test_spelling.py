import pytest

from docs_kb.spelling import corrections, slips_between
from docs_kb.tests.factories import make_article


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [("correo", "correo", 0), ("corero", "correo", 1), ("coreo", "correo", 1), ("corrreo", "correo", 1),
     ("correi", "correo", 1), ("dominoi", "dominio", 1), ("abcd", "efgh", 3), ("a", "abcdef", 3)],
)  # fmt: skip
def test_slips_between_counts_what_a_hand_gets_wrong(left, right, slips):
    assert slips_between(left, right) == slips


def every_slip(word: str):
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + "x" + word[at:]
        yield word[:at] + "x" + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["correo", "dominio", "facturacion", "certificado", "backup", "wifi"])
def test_corrections_find_the_word_behind_every_single_slip(word):
    make_article("Correo, dominio, facturación, certificado, backup y wifi")
    typos = {typo for typo in every_slip(word) if typo != word and len(typo) >= 4}
    assert {typo for typo in typos if corrections([typo])[typo][0].word != word} == set()


@pytest.mark.django_db
def test_corrections_leave_short_words_and_numbers_alone(django_assert_num_queries):
    make_article("El 500 y el mx")
    with django_assert_num_queries(0):
        assert corrections(["mz", "501", "5002"]) == {}


@pytest.mark.django_db
def test_corrections_of_many_unknown_words_are_one_query(django_assert_num_queries):
    make_article("Correo y dominio")
    with django_assert_num_queries(1):
        assert set(corrections(["corero", "domimio", "zzzzzz", "qqqqqq"])) == {"corero", "domimio"}
