"""«¿Te ha servido esta guía?»: one answer for each reader, who may change it and stays unknown."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from docs_kb import feedback, publishing
from docs_kb.models import Article, ArticleFeedback
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db
OWN = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
LUCIA, BRUNO = "l" * 64, "b" * 64


@pytest.fixture
def guide(db):
    return make_article(slug="no-recibo-correos")


def address(article: Article) -> str:
    return reverse("docs_kb:opinion", args=[article.category.slug, article.slug])


def answer(client, article: Article, headers=OWN, **values):
    return client.post(address(article), values, headers=headers)


def shown(client, article: Article, stage: str = "") -> str:
    """What the guide's place for opinions says."""
    page = client.get(article.get_absolute_url(), {"opinion": stage} if stage else {}).content.decode()
    place = re.search(r'<section id="opinion".*?</section>', page, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", place).split())


# --- The rows -------------------------------------------------------------------------------------


def test_second_answer_changes_the_first(guide):
    feedback.vote(article=guide, voter=LUCIA, is_helpful=True)
    feedback.vote(article=guide, voter=BRUNO, is_helpful=True)
    first = feedback.vote_of(article=guide, voter=LUCIA)
    feedback.vote(article=guide, voter=LUCIA, is_helpful=False)
    second = feedback.vote_of(article=guide, voter=LUCIA)
    assert (second.pk, second.is_helpful, second.created_at) == (first.pk, False, first.created_at)
    assert second.updated_at > first.updated_at
    assert guide.feedback.count() == 2
    assert feedback.vote_of(article=make_article(), voter=LUCIA) is None


def test_explanation_is_a_no_and_another_no_keeps_it_and_a_yes_takes_it_back(guide):
    feedback.explain(article=guide, voter=LUCIA, reason="outdated", comment="Ya no hay botón")
    feedback.vote(article=guide, voter=LUCIA, is_helpful=False)
    said = feedback.vote_of(article=guide, voter=LUCIA)
    assert (said.is_helpful, said.reason, said.comment) == (False, "outdated", "Ya no hay botón")
    feedback.vote(article=guide, voter=LUCIA, is_helpful=True)
    said = feedback.vote_of(article=guide, voter=LUCIA)
    assert (said.is_helpful, said.reason, said.comment) == (True, "", "")


def test_comment_is_kept_without_personal_data(guide):
    feedback.explain(article=guide, voter=LUCIA, reason="", comment="Soy lucia@example.com, 612 345 678")
    assert feedback.vote_of(article=guide, voter=LUCIA).comment == "Soy [correo], [teléfono]"
    feedback.explain(article=guide, voter=LUCIA, reason="", comment="612345678 " * 100)
    assert len(feedback.vote_of(article=guide, voter=LUCIA).comment) == 1000


def test_answer_is_one_statement(guide, django_assert_num_queries):
    with django_assert_num_queries(1):
        feedback.vote(article=guide, voter=LUCIA, is_helpful=True)
    with django_assert_num_queries(1):
        feedback.explain(article=guide, voter=LUCIA, reason="unclear", comment="")


def test_least_helpful_are_those_with_most_no_of_late(guide):
    def answers(article, yes: int, no: int) -> None:
        for number in range(yes + no):
            voter = f"{article.pk}-{number}"
            feedback.vote(article=article, voter=voter, is_helpful=number < yes)

    worse, fine, draft, old = (make_article(title) for title in ("Peor", "Bien", "Oculta", "Vieja"))
    for article, yes, no in ((guide, 9, 2), (worse, 0, 2), (fine, 5, 0), (draft, 0, 9), (old, 0, 9)):
        answers(article, yes, no)
    Article.objects.filter(pk=draft.pk).update(status=Article.Status.DRAFT)
    old.feedback.update(updated_at=timezone.now() - timedelta(days=29))
    found = feedback.least_helpful(days=28, limit=5)
    assert [(article, article.no, article.answers) for article in found] == [(worse, 2, 2), (guide, 2, 11)]
    assert feedback.least_helpful(days=28, limit=1) == [worse]


# --- The reader's way -----------------------------------------------------------------------------


def test_guide_asks_and_its_page_sets_no_cookie(client, guide):
    assert shown(client, guide) == "¿Te ha servido esta guía? Sí, gracias No del todo"
    assert not client.cookies


def test_yes_leads_back_to_thanks(client, guide):
    response = answer(client, guide, answer="yes")
    assert (response.status_code, response.url) == (
        302,
        f"{guide.get_absolute_url()}?opinion=gracias#opinion",
    )
    assert "Gracias. Nos ayuda a mejorar." in shown(client, guide, "gracias")
    assert guide.feedback.get().is_helpful


def test_no_leads_back_to_the_reasons_and_those_to_thanks(client, guide):
    response = answer(client, guide, answer="no")
    assert response.url == f"{guide.get_absolute_url()}?opinion=motivo#opinion"
    assert not guide.feedback.get().is_helpful
    place = shown(client, guide, "motivo")
    assert "¿Qué ha fallado? No explica mi caso Los pasos no funcionan Está anticuada No la entiendo" in place
    assert "Cuéntanos más (opcional) No escribas datos personales ni contraseñas" in place
    assert place.endswith("Enviar Prefiero abrir un ticket")
    response = answer(client, guide, reason="steps_fail", comment=" Línea 1\r\nLínea 2\x00 ")
    assert response.url == f"{guide.get_absolute_url()}?opinion=gracias#opinion"
    said = guide.feedback.get()
    assert (said.is_helpful, said.reason, said.comment) == (False, "steps_fail", "Línea 1\nLínea 2")


def test_reasons_lead_to_a_ticket_that_names_the_guide(client, guide):
    page = client.get(guide.get_absolute_url(), {"opinion": "motivo"}).content.decode()
    assert '<a href="/tickets/nuevo/?articulo=no-recibo-correos">Prefiero abrir un ticket</a>' in page


def test_reader_who_answered_is_told_so_and_may_change_it(client, guide):
    answer(client, guide, answer="no")
    answer(client, guide, reason="unclear", comment="No sé qué es un MX")
    assert "Ya respondiste a esta guía. Cambiar mi respuesta" in shown(client, guide)
    assert shown(client, guide, "cambiar") == "¿Te ha servido esta guía? Sí, gracias No del todo"
    page = client.get(guide.get_absolute_url(), {"opinion": "motivo"}).content.decode()
    assert "No sé qué es un MX</textarea>" in page
    assert re.search(r'value="unclear"[^>]*checked', page)
    answer(client, guide, answer="yes")
    assert guide.feedback.get().is_helpful
    assert "Ya respondiste" not in shown(Client(), guide)


def test_cookie_is_random_kept_from_scripts_and_sent_to_that_guide_only(client, guide, settings):
    settings.PRODUCTION = True
    response = answer(client, guide, answer="yes")
    cookie = response.cookies[feedback.COOKIE]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", cookie.value)
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["max-age"], cookie["path"]) == (365 * 24 * 60 * 60, guide.get_absolute_url())
    assert list(response.cookies) == [feedback.COOKIE]
    assert cookie.value not in guide.feedback.get().voter
    other = answer(Client(), guide, answer="yes").cookies[feedback.COOKIE].value
    assert other != cookie.value
    assert answer(client, guide, answer="no").cookies[feedback.COOKIE].value == cookie.value
    assert guide.feedback.count() == 2


@pytest.mark.parametrize("value", ["x", "a" * 23, "ñ" * 22, "a" * 21 + "\n"])
def test_cookie_that_is_not_ours_is_replaced(client, guide, value):
    client.cookies[feedback.COOKIE] = value
    assert "Sí, gracias" in shown(client, guide)
    assert answer(client, guide, answer="yes").cookies[feedback.COOKIE].value != value


def test_reading_costs_a_query_only_with_an_answer(client, guide, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as captured:
            client.get(guide.get_absolute_url())
        return sum("docs_kb_articlefeedback" in query["sql"] for query in captured.captured_queries)

    assert queries() == 0
    answer(client, guide, answer="yes")
    assert queries() == 1


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": "", "comment": ""}, "Elige un motivo o cuéntanos qué ha fallado"),
        ({"comment": " \x00\r\n "}, "Elige un motivo o cuéntanos qué ha fallado"),
        ({"reason": "spam"}, "Elige uno de los cuatro motivos"),
        ({"reason": "out\x00dated"}, "Elige uno de los cuatro motivos"),
        ({"comment": "á" * 1001}, "El comentario debe tener 1000 caracteres o menos"),
    ],
)
def test_explanation_to_review_comes_back_with_its_text(client, guide, values, sentence):
    response = answer(client, guide, **{"reason": "", **values})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: ¿Qué ha fallado?" in page
    assert page.count(sentence) == 2  # in the summary and at the field
    assert values.get("comment", "").strip(" \x00\r\n") in page
    assert not ArticleFeedback.objects.exists()
    assert not response.cookies


def test_longest_comment_is_kept_whole(client, guide):
    comment = ("á" * 99 + "\r\n") * 10
    assert answer(client, guide, reason="", comment=comment).status_code == 302
    assert guide.feedback.get().comment == comment.replace("\r\n", "\n").strip()


@pytest.mark.parametrize("said", ["", "maybe", "YES", "yes\x00", "1"])
def test_other_answers_are_no_request(client, guide, said):
    assert answer(client, guide, answer=said).status_code == 400
    assert not ArticleFeedback.objects.exists()


@pytest.mark.parametrize("status", [Article.Status.DRAFT, Article.Status.IN_REVIEW, Article.Status.ARCHIVED])
def test_guide_that_is_not_published_is_not_found(client, guide, status):
    hidden = make_article(status=status)
    assert answer(client, hidden, answer="yes").status_code == 404
    assert answer(client, hidden, reason="unclear").status_code == 404


def test_reading_the_address_changes_nothing(client, guide):
    assert client.get(address(guide), {"answer": "yes"}).status_code == 405
    assert not ArticleFeedback.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}])
def test_other_sites_cannot_answer(guide, headers):
    client = Client(enforce_csrf_checks=True)
    response = answer(client, guide, headers=headers, answer="yes")
    assert response.status_code == 403
    assert "No puedes ver esta página" in response.content.decode()
    assert not ArticleFeedback.objects.exists()
    assert answer(client, guide, answer="yes").status_code == 302


def test_network_answers_sixty_times_an_hour(client, guide, settings, monkeypatch):
    settings.RATE_LIMITS = True
    codes = [answer(client, guide, answer="yes").status_code for _ in range(61)]
    assert codes == [302] * 60 + [429]
    limited = answer(client, guide, answer="yes")
    assert 0 < int(limited["Retry-After"]) <= 3600
    assert re.search(r"Espera hasta las \d{1,2}:\d\d\xa0h y vuelve a probar", limited.content.decode())


def test_guide_that_moved_meanwhile_takes_the_answer(client, guide):
    stale = reverse("docs_kb:opinion", args=["otro-tema", guide.slug])
    response = client.post(stale, {"answer": "yes"}, headers=OWN)
    assert response.url.startswith(guide.get_absolute_url())
    stale = address(guide)
    guide.slug = "me-faltan-correos"
    publishing.save_article(article=guide)
    response = client.post(stale, {"answer": "no"}, headers=OWN)
    assert response.url.startswith(guide.get_absolute_url())


def test_body_that_is_no_form_says_nothing(client, guide):
    response = client.post(address(guide), b"\xff\xfe\x00", content_type="text/plain", headers=OWN)
    assert response.status_code == 422
    assert not ArticleFeedback.objects.exists()
