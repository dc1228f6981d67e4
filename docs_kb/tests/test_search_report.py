"""Searches in vain, and what staff do about them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from docs_kb import publishing, search_log, search_report
from docs_kb.models import Article, Category, Redirect, SearchQuery, SearchQueryDay
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db
REPORT = "admin:docs_kb_searchquery_changelist"


def ask(text: str, *, times: int = 5, results: int = 0, opens: int = 0, tickets: int = 0, back: int = 1):
    """A search as the log leaves it: asked so often, so many days ago."""
    day = timezone.localdate() - timedelta(days=back)
    last_at = timezone.now() - timedelta(days=back)
    query = SearchQuery.objects.create(key=text, text=text, results=results, last_at=last_at)
    SearchQueryDay.objects.create(query=query, day=day, searches=times, opens=opens, tickets=tickets)
    return query


@pytest.fixture
def tomas(client) -> User:
    """Who keeps the documentation, signed in."""
    user = User.objects.create_user("tomas", is_staff=True, first_name="Tomás")
    user.groups.add(Group.objects.get(name="Documentación"))
    client.force_login(user)
    return user


def texts(rows: list[SearchQuery]) -> list[str]:
    return [row.text for row in rows]


def test_report_puts_first_what_costs_tickets():
    ask("a veces", times=20)
    ask("mucho", times=30, tickets=1)
    ask("caro", times=10, tickets=9)
    assert texts(search_report.report(days=7).without_results) == ["caro", "mucho", "a veces"]


def test_report_tells_nothing_found_from_nothing_opened():
    ask("docker")
    ask("factura", results=6)
    ask("correo", results=6, opens=1, tickets=1)
    ask("dominio", results=6, times=18, opens=4, tickets=7)
    found = search_report.report(days=7)
    assert (texts(found.without_results), texts(found.unopened)) == (["docker"], ["dominio", "factura"])


def test_report_looks_back_as_far_as_asked_and_leaves_out_what_is_ignored():
    ask("reciente", back=6)
    ask("antigua", back=7)
    search_report.ignore(query=ask("ignorada"))
    assert texts(search_report.report(days=7).ignored) == ["ignorada"]
    assert texts(search_report.report(days=7).without_results) == ["reciente"]
    assert texts(search_report.report(days=28).without_results) == ["antigua", "reciente"]
    assert search_report.fruitless_count(days=7) == 1
    assert texts(search_report.fruitless(days=28, limit=1)) == ["antigua"]


def test_report_counts_only_the_days_of_the_period():
    query = ask("docker", times=2)
    SearchQueryDay.objects.create(query=query, day=date(2020, 1, 1), searches=50, tickets=50)
    row = search_report.report(days=7).without_results[0]
    assert (row.searches, row.tickets) == (2, 0)


def test_search_is_no_reproach_until_it_fails_again_after_something_was_done(tomas):
    make_category()
    begun, widened = ask("docker", back=0), ask("bizum", back=0)
    article = make_article("Cambiar la forma de pago")
    search_report.draft_article(query=begun, author=tomas)
    search_report.add_to_article(query=widened, article=article, words="bizum", author=tomas)
    found = search_report.report(days=28)
    assert (found.without_results, found.unopened) == ([], [])
    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=False):
        search_log.record(text="docker", results=0)
        search_log.record(text="bizum", results=1)
        found = search_report.report(days=28)
    assert [(row.text, row.searches) for row in found.without_results] == [("docker", 1)]
    assert [(row.text, row.searches) for row in found.unopened] == [("bizum", 1)]


def test_file_leaves_out_rare_searches_and_quotes_formulas():
    for start in "=+-@＝":
        ask(f"{start}1+1", times=3)
    ask("casi nadie", times=2)
    ask('con "comillas"; y más', times=4, results=2, tickets=1)
    text = search_report.to_csv(days=7)
    for start in "=+-@＝":
        assert f'"\'{start}1+1";"3"' in text
    assert "casi nadie" not in text
    assert text.splitlines()[-1].startswith('"con ""comillas""; y más";"4"')
    assert text.splitlines()[-1].endswith('"2";"0";"1"')


def test_file_is_as_long_as_the_lists(monkeypatch):
    monkeypatch.setattr(search_report, "LONGEST_LIST", 1)
    for text in ("uno", "dos", "tres"):
        ask(text)
    assert len(search_report.to_csv(days=7).splitlines()) == 4
    assert len(search_report.report(days=7).without_results) == 1


def test_adding_a_search_to_an_article_finds_it_from_then_on(tomas):
    article = make_article("Cambiar la forma de pago", keywords="tarjeta")
    query = ask("bizum")
    found = search_report.add_to_article(query=query, article=article, words=query.text, author=tomas)
    article.refresh_from_db()
    query.refresh_from_db()
    assert article.keywords == "tarjeta, bizum"
    assert (found.total, query.results) == (1, 1)
    assert [hit.article for hit in search("Bizum").hits] == [article]
    revision = article.revisions.first()
    assert (revision.author, revision.note) == (tomas, "Palabras de una búsqueda: bizum")


def test_adding_it_twice_changes_nothing_more(tomas):
    article, query = make_article(), ask("bizum")
    for _ in range(2):
        article.refresh_from_db()
        search_report.add_to_article(query=query, article=article, words=query.text, author=tomas)
    article.refresh_from_db()
    assert (article.keywords, article.version) == ("bizum", 2)


def test_words_that_do_not_fit_are_not_added(tomas):
    article, query = make_article(keywords="a" * 990), ask("una búsqueda larga")
    with pytest.raises(search_report.NoRoom):
        search_report.add_to_article(query=query, article=article, words=query.text, author=tomas)
    article.refresh_from_db()
    query.refresh_from_db()
    assert (article.keywords, article.version, query.handled_on) == ("a" * 990, 1, None)


def test_draft_leaves_former_addresses_alone_and_takes_no_stand_ins(tomas):
    moved = make_article("Docker", slug="docker")
    moved.slug = "contenedores"
    publishing.save_article(article=moved)
    article = search_report.draft_article(query=ask("docker [correo] " + "palabra " * 22), author=tomas)
    assert article.title.startswith("Docker palabra palabra")
    assert len(article.title) <= 160
    assert Redirect.objects.filter(slug="docker", article=moved).exists()
    other = search_report.draft_article(query=ask("docker"), author=tomas)
    assert other.slug == "docker-2"


def test_draft_from_a_search_has_its_words_and_a_free_address(tomas):
    make_article("Docker", slug="docker")
    article = search_report.draft_article(query=ask("docker"), author=tomas)
    assert (article.title, article.slug, article.keywords) == ("Docker", "docker-2", "docker")
    assert article.status == Article.Status.DRAFT


def test_draft_needs_a_topic(tomas):
    assert search_report.draft_article(query=ask("docker"), author=tomas) is None


# --- The pages ------------------------------------------------------------------------------


def test_page_shows_both_lists_and_their_buttons(client, tomas):
    ask("docker <b>", tickets=2)
    ask("factura", results=6)
    page = client.get(reverse(REPORT)).content.decode()
    assert "docker &lt;b&gt;" in page
    assert page.count("Crear guía<") == page.count("Mejorar título<") == 1
    assert page.count("Añadir a una guía<") == page.count("Ignorar<") == 2


def test_page_says_so_when_there_is_nothing(client, tomas):
    page = client.get(reverse(REPORT)).content.decode()
    assert "encontró alguna guía" in page
    assert "abrió alguna guía" in page


@pytest.mark.parametrize("days", ["7", "90", "28", "8", "x", "", "9" * 40, "²"])
def test_page_takes_any_period(client, tomas, days):
    assert client.get(reverse(REPORT), {"dias": days, "ignorada": days}).status_code == 200


def test_page_takes_the_same_queries_for_any_number_of_rows(client, tomas, django_assert_max_num_queries):
    counts = []
    for text in ("uno", "dos", "tres"):
        ask(text)
        ask(f"{text} más", results=3)
        search_report.ignore(query=ask(f"{text} ignorada"))
        with django_assert_max_num_queries(20) as captured:
            client.get(reverse(REPORT))
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_ignoring_can_be_undone(client, tomas):
    query = ask("docker")
    address = reverse("admin:docs_kb_searchquery_ignore", args=[query.pk])
    page = client.post(address, {"dias": "90"}, follow=True)
    assert page.redirect_chain[-1][0].endswith(f"?dias=90&ignorada={query.pk}")
    assert "Deshacer" in page.content.decode()
    query.refresh_from_db()
    assert query.is_ignored
    client.post(address, {"undo": "1"})
    query.refresh_from_db()
    assert not query.is_ignored


def test_adding_shows_guides_and_then_the_new_number_of_results(client, tomas):
    article, query = make_article("Cambiar la forma de pago"), ask("bizum")
    address = reverse("admin:docs_kb_searchquery_add_to", args=[query.pk])
    assert "Ninguna guía coincide" in client.get(address).content.decode()
    assert article.title in client.get(address, {"q": "forma de pago"}).content.decode()
    page = client.post(address, {"article": article.pk}, follow=True).content.decode()
    assert "que ahora da 1 resultado." in page


def test_words_may_be_shortened_before_they_are_added(client, tomas):
    article, query = make_article("Cambiar la forma de pago"), ask("hola quiero pagar con bizum [correo]")
    address = reverse("admin:docs_kb_searchquery_add_to", args=[query.pk])
    assert 'value="hola quiero pagar con bizum"' in client.get(address).content.decode()
    client.post(address, {"article": article.pk, "words": " bizum\x00,  pagar con bizum "})
    article.refresh_from_db()
    assert article.keywords == "bizum, pagar con bizum"


def test_adding_that_is_refused_says_why(client, tomas):
    article, query = make_article("Cambiar la forma de pago", keywords="a" * 999), ask("bizum")
    address = reverse("admin:docs_kb_searchquery_add_to", args=[query.pk])
    page = client.post(address, {"article": article.pk, "dias": "90"}, follow=True)
    assert page.redirect_chain[-1][0].endswith("?dias=90")
    assert "no caben más palabras" in page.content.decode()


def test_ignored_search_can_be_taken_back_later(client, tomas):
    query = ask("docker")
    search_report.ignore(query=query)
    page = client.get(reverse(REPORT)).content.decode()
    assert "Ignoradas (1)" in page
    assert "Volver a mostrar" in page


@pytest.mark.parametrize("chosen", ["", "x", "999999", "-1"])
def test_adding_to_no_guide_is_not_found(client, tomas, chosen):
    address = reverse("admin:docs_kb_searchquery_add_to", args=[ask("bizum").pk])
    assert client.post(address, {"article": chosen}).status_code == 404


def test_creating_a_guide_opens_its_editor(client, tomas):
    make_category()
    response = client.post(reverse("admin:docs_kb_searchquery_draft", args=[ask("docker").pk]))
    assert response.url == reverse("admin:docs_kb_article_change", args=[Article.objects.get().pk])


def test_creating_a_guide_without_topics_says_what_is_missing(client, tomas):
    assert not Category.objects.exists()
    page = client.post(reverse("admin:docs_kb_searchquery_draft", args=[ask("docker").pk]), follow=True)
    assert "Crea antes un tema" in page.content.decode()


def test_improving_leads_to_the_first_guide_found(client, tomas):
    article = make_article("Descargar una factura")
    response = client.get(reverse("admin:docs_kb_searchquery_improve", args=[ask("factura", results=1).pk]))
    assert response.url == reverse("admin:docs_kb_article_change", args=[article.pk])


def test_agents_look_and_change_nothing(client):
    ana = User.objects.create_user("ana", is_staff=True)
    ana.groups.add(Group.objects.get(name="Agente"))
    client.force_login(ana)
    query = ask("docker")
    page = client.get(reverse(REPORT))
    assert page.status_code == 200
    assert "report__actions" in page.content.decode()
    assert "Ignorar" not in page.content.decode()
    for name in ("ignore", "draft", "add_to"):
        address = reverse(f"admin:docs_kb_searchquery_{name}", args=[query.pk])
        assert client.post(address).status_code == 403
    query.refresh_from_db()
    assert not query.is_ignored


def test_strangers_and_gets_change_nothing(client, tomas):
    query = ask("docker")
    for name in ("ignore", "draft"):
        assert client.get(reverse(f"admin:docs_kb_searchquery_{name}", args=[query.pk])).status_code == 405
    client.logout()
    assert client.get(reverse(REPORT)).status_code == 302
    assert client.get(reverse("admin:docs_kb_searchquery_csv")).status_code == 302


def test_page_leads_to_the_file_of_its_lists(client, tomas):
    ask("bizum", times=3)
    address = reverse("admin:docs_kb_searchquery_csv")
    assert f'href="{address}' in client.get(reverse(REPORT)).content.decode()
    response = client.get(address)
    assert "attachment" in response["Content-Disposition"]
    lines = response.content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[:2] for line in lines[1:]] == [['"bizum"', '"3"']]


def test_list_of_articles_leads_to_the_report_and_the_opinions(client, tomas):
    page = client.get(reverse("admin:docs_kb_article_changelist")).content.decode()
    assert f'<a href="{reverse(REPORT)}">Búsquedas sin respuesta</a>' in page
    assert f'<a href="{reverse("admin:docs_kb_articlefeedback_changelist")}">Opiniones</a>' in page


def test_draft_is_begun_once(tomas):
    make_category()
    query = ask("docker")
    first = search_report.draft_article(query=query, author=tomas)
    assert search_report.draft_article(query=query, author=tomas) == first


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Escribe las palabras"), (" , ", "Escribe las palabras"), ("xxxx", "aún no encuentra")],
)
def test_adding_says_when_it_did_not_help(client, tomas, words, said):
    article, query = make_article("Cambiar la forma de pago"), ask("bizum")
    address = reverse("admin:docs_kb_searchquery_add_to", args=[query.pk])
    page = client.post(address, {"article": article.pk, "words": words}, follow=True)
    assert said in page.content.decode()
    assert texts(search_report.report(days=7).without_results) == ["bizum"]
