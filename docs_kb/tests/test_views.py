import json
import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.urls import reverse

from docs_kb.models import Article, Section
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def docs_queries(captured) -> list[str]:
    """The page's own queries, without those of the help block that closes every page."""
    return [q["sql"] for q in captured.captured_queries if "docs_kb_" in q["sql"]]


@pytest.fixture
def guide(db):
    category = make_category("Correo y móviles", slug="correo-y-moviles", description="Todo sobre el correo.")
    return make_article(
        "No recibo correos",
        slug="no-recibo-correos",
        category=category,
        summary="Mira primero el espacio.",
        body="Entrada.\n\n## Uno\n\na\n\n## Dos\n\nb\n\n## Tres\n\nc\n\n## Cuatro\n\nd",
        updated_on=date(2026, 10, 14),
    )


def test_home_shows_topics_with_counts_and_news(client, guide):
    make_category("Vacío")
    page = text_of(client.get(reverse("docs_kb:home")))
    assert "Correo y móviles , 1 guía" in page
    assert "Todo sobre el correo." in page
    assert "No recibo correos" in page
    assert "Vacío" not in page


def test_home_without_articles_offers_the_ticket(client, db):
    page = text_of(client.get(reverse("docs_kb:home")))
    assert "Estamos preparando las guías. Mientras tanto, abre un ticket y te ayudamos." in page


def test_home_shows_the_editors_picks(client, guide):
    assert "Para empezar" not in text_of(client.get(reverse("docs_kb:home")))
    make_article("Primeros pasos", is_featured=True)
    page = text_of(client.get(reverse("docs_kb:home")))
    assert "Para empezar Primeros pasos" in page


def test_category_lists_by_section(client, guide):
    section = Section.objects.create(category=guide.category, name="Enviar", slug="enviar")
    make_article("No puedo enviar", category=guide.category, section=section)
    make_article("Borrador oculto", category=guide.category, status=Article.Status.DRAFT)
    page = text_of(client.get(guide.category.get_absolute_url()))
    assert "Enviar No puedo enviar" in page
    assert "Borrador oculto" not in page
    assert f"?tema={guide.category.slug}" in client.get(guide.category.get_absolute_url()).content.decode()


def test_category_without_articles_is_not_found(client, db):
    assert client.get(make_category("Vacío").get_absolute_url()).status_code == 404


def test_category_has_pages_of_twenty(client, guide):
    for number in range(25):
        make_article(f"Guía {number:02}", category=guide.category)
    url = guide.category.get_absolute_url()
    assert "Página 1 de 2" in text_of(client.get(url))
    assert "Guía 24" not in text_of(client.get(url))
    second = client.get(url, {"pagina": "2"})
    assert "Página 2 de 2" in text_of(second)
    assert client.get(url, {"pagina": "patata"}).status_code == 200


def test_article_answers_first_and_says_when_it_was_updated(client, guide):
    page = text_of(client.get(guide.get_absolute_url()))
    assert "Actualizado el 14 de octubre de 2026 · 1 minuto de lectura Mira primero el espacio." in page
    assert "En esta página Uno Dos Tres Cuatro" in page


def test_article_with_few_headings_has_no_contents(client, guide):
    short = make_article("Corta", body="## Uno\n\na\n\n## Dos\n\nb")
    assert "En esta página" not in text_of(client.get(short.get_absolute_url()))


def test_article_leads_to_a_ticket_that_names_it(client, guide):
    assert "?articulo=no-recibo-correos" in client.get(guide.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", [Article.Status.DRAFT, Article.Status.IN_REVIEW])
def test_article_that_is_not_published_is_not_found(client, guide, status):
    hidden = make_article("Oculta", status=status)
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_archived_article_is_gone(client, guide):
    old = make_article("Antigua", status=Article.Status.ARCHIVED)
    response = client.get(old.get_absolute_url())
    assert response.status_code == 410
    assert "Esta guía ya no está vigente" in text_of(response)


def test_article_under_another_topic_moves_to_its_address(client, guide):
    response = client.get(f"/documentacion/otro-tema/{guide.slug}/")
    assert (response.status_code, response["Location"]) == (301, guide.get_absolute_url())


def test_article_in_another_language_says_so_to_the_browser(client, guide):
    english = make_article("Reset your password", language="en", body="Press the button.")
    assert '<div class="prose" lang="en">' in client.get(english.get_absolute_url()).content.decode()


def test_imported_article_shows_source_and_licence(client, guide):
    article = make_article("DNS", source="MaadixNet/docs", licence="CC-BY-SA-3.0-ES", translation="machine")
    page = text_of(client.get(article.get_absolute_url()))
    assert "Fuente: MaadixNet/docs. Licencia CC-BY-SA-3.0-ES" in page
    assert "Traducción automática." in page


def test_article_suggests_the_editors_choice_before_neighbours(client, guide):
    neighbour = make_article("Vecina", category=guide.category)
    chosen = make_article("Elegida", category=make_category("Otro"))
    guide.related.add(chosen)
    assert list(Article.objects.near(guide)) == [chosen, neighbour]


def test_article_structured_data_says_title_and_date_and_cannot_break_out(client, guide):
    nasty = make_article("Usar </script><b>", summary="a & b", updated_on=date(2026, 3, 1))
    page = client.get(nasty.get_absolute_url()).content.decode()
    raw = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    guide_data, breadcrumb = json.loads(raw)["@graph"]
    assert (guide_data["@type"], guide_data["headline"]) == ("TechArticle", "Usar </script><b>")
    assert guide_data["dateModified"] == "2026-03-01"
    assert breadcrumb["itemListElement"][-1]["name"] == "Usar </script><b>"


def test_search_keeps_the_query_and_counts_in_title_and_heading(client, guide):
    response = client.get(reverse("docs_kb:search"), {"q": "correos"})
    page = response.content.decode()
    assert "<title>1 resultado para «correos»" in page
    assert "<h1>1 resultado para «correos»</h1>" in page
    assert 'value="correos"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "?busqueda=correos" in page


def test_search_shows_what_it_corrected(client, guide):
    page = text_of(client.get(reverse("docs_kb:search"), {"q": "corroes"}))
    assert "Mostrando resultados para « correos »" in page


def test_search_without_results_offers_topics_and_ticket(client, guide):
    page = text_of(client.get(reverse("docs_kb:search"), {"q": "zzzzqqq"}))
    assert "No hay resultados para «zzzzqqq»" in page
    assert "Prueba con menos palabras o con otras" in page
    assert "Temas de la documentación Correo y móviles" in page
    assert "Abrir un ticket con esta búsqueda" in page


def test_search_for_nothing_asks_for_words(client, guide):
    page = client.get(reverse("docs_kb:search"), {"q": "  "}).content.decode()
    assert "<title>Error: Escribe qué necesitas y busca" in page
    assert 'aria-invalid="true"' in page


def test_search_page_before_searching_is_no_error(client, guide):
    page = client.get(reverse("docs_kb:search")).content.decode()
    assert "<title>Buscar en la documentación" in page
    assert "aria-invalid" not in page


@pytest.mark.parametrize("query", ["MS-4F7K-29Q", "ms4f7k29q", "ms 4f7k 29q"])
def test_search_for_a_reference_offers_the_ticket(client, guide, query):
    page = client.get(reverse("docs_kb:search"), {"q": query}).content.decode()
    assert reverse("tickets:conversation", kwargs={"reference": "MS-4F7K-29Q"}) in page


def test_search_says_that_a_long_query_was_cut(client, guide):
    page = text_of(client.get(reverse("docs_kb:search"), {"q": "correos " * 400}))
    assert "Hemos buscado solo las primeras palabras." in page
    assert len(re.search(r"«([^»]*)»", page)[1]) <= 80


@pytest.mark.parametrize(
    "query", ["\x00", "' OR 1=1", '"><script>alert(1)</script>', "%", "🙂", "مرحبا", "a" * 5000]
)
def test_search_answers_any_query_in_spanish(client, guide, query):
    response = client.get(reverse("docs_kb:search"), {"q": query, "pagina": "-1"})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_search_has_pages_of_ten(client, guide):
    for number in range(14):
        make_article(f"Correo, parte {number}")
    page = client.get(reverse("docs_kb:search"), {"q": "correo", "pagina": "2"}).content.decode()
    assert "Página 2 de 2" in page
    assert '<ol class="result-list" start="11">' in page
    assert "?q=correo&amp;pagina=1" in page


def test_search_is_limited_per_network(client, guide, monkeypatch, settings):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("docs_kb.views.searching.SEARCHES_PER_HOUR", 1)
    assert client.get(reverse("docs_kb:search"), {"q": "correo"}).status_code == 200
    limited = client.get(reverse("docs_kb:search"), {"q": "correo"})
    assert limited.status_code == 429
    assert int(limited["Retry-After"]) > 0


def test_pages_take_the_same_few_queries_for_any_number_of_articles(
    client, guide, django_assert_max_num_queries
):
    urls = [
        reverse("docs_kb:home"),
        guide.category.get_absolute_url(),
        guide.get_absolute_url(),
        reverse("docs_kb:search") + "?q=correo",
    ]
    counts = []
    for extra in (0, 3, 30):
        for number in range(extra):
            make_article(f"Correo {extra} {number}", category=guide.category)
        row = []
        for url in urls:
            with django_assert_max_num_queries(20) as captured:
                assert client.get(url).status_code == 200
            row.append(len(docs_queries(captured)))
        counts.append(row)
    assert counts[0] == counts[1] == counts[2]
    assert counts[0][:3] == [3, 3, 3]  # one of them asks for the marks of kept pages


def test_sitemap_has_published_articles_and_their_topics_only(client, guide):
    make_article("Oculta", slug="oculta", status=Article.Status.DRAFT, category=make_category("Vacío"))
    root = ET.fromstring(client.get("/sitemap.xml").content)
    places = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert any(place.endswith(guide.get_absolute_url()) for place in places)
    assert any(place.endswith(guide.category.get_absolute_url()) for place in places)
    assert any(place.endswith("/contacto/") for place in places)
    assert len(places) == 5


def test_opensearch_description_has_a_short_name(client, db):
    root = ET.fromstring(client.get("/opensearch.xml").content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(root.find(f"{space}ShortName").text) <= 16
    assert root.find(f"{space}Url").get("template").endswith("/documentacion/buscar/?q={searchTerms}")
