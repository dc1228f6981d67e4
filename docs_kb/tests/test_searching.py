import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from docs_kb import publishing
from docs_kb.models import SearchQuery
from docs_kb.tests.factories import make_article, make_category
from docs_kb.views import searching

pytestmark = pytest.mark.django_db
ADDRESS = "/documentacion/buscar/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def search(client, query: str, **more) -> str:
    response = client.get(ADDRESS, {"q": query, **more})
    assert response.status_code == 200
    return response.content.decode()


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def guide(db):
    category = make_category("Correo y móviles", slug="correo-y-moviles")
    return make_article("No recibo correos", category=category, summary="Mira primero el espacio.")


@pytest.fixture
def domains(db):
    return make_article("Correo de mi dominio", category=make_category("Dominios", slug="dominios"))


def test_search_keeps_the_query_and_counts_in_title_and_heading(client, guide):
    page = search(client, "correos")
    assert "<title>1 resultado para «correos» · Soporte de Ejemplo</title>" in page
    assert "<h1>1 resultado para «correos»</h1>" in page
    assert 'value="correos"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "?busqueda=correos" in page


def test_search_leads_to_plain_addresses_that_the_beacon_knows(client, guide):
    page = search(client, "correos")
    assert f'<a href="{guide.get_absolute_url()}" data-beacon-article="{guide.pk}">' in page
    assert 'data-beacon-query="correos"' in page


def test_search_shows_why_it_found(client, guide):
    assert "<mark>correos</mark>" in search(client, "correo")


def test_search_shows_what_it_corrected_and_takes_no_for_an_answer(client, guide):
    page = search(client, "corroes")
    assert "Mostrando resultados para « correos ». Buscar solo «corroes»" in words_of(page)
    assert 'href="?q=corroes&amp;exacto=1"' in page
    assert "No hay resultados para «corroes»" in search(client, "corroes", exacto="1")


def test_search_without_results_offers_topics_and_ticket(client, guide, domains):
    page = words_of(search(client, "zzzzqqq"))
    assert "No hay resultados para «zzzzqqq»" in page
    assert "Prueba con menos palabras o con otras: por ejemplo, «correo» en lugar de «bandeja»." in page
    assert "Temas de la documentación Correo y móviles , 1 guía" in page
    assert "Abrir un ticket con esta búsqueda" in page


def test_search_for_nothing_asks_for_words(client, guide):
    page = search(client, "  ")
    assert "<title>Error: Escribe qué necesitas y busca" in page
    assert 'aria-invalid="true" aria-describedby="q-error"' in page
    assert "Temas de la documentación" in page


def test_search_page_before_searching_is_no_error(client, guide):
    page = client.get(ADDRESS).content.decode()
    assert "<title>Buscar en la documentación" in page
    assert "aria-invalid" not in page


@pytest.mark.parametrize("query", ["IP", "7", "ñ"])
def test_search_takes_short_queries(client, guide, query):
    make_article("Cuál es mi IP, la 7 ñ")
    assert f"1 resultado para «{query}»" in search(client, query)


@pytest.mark.parametrize("query", ["MS-4F7K-29Q", "ms4f7k29q", "ms 4f7k 29q"])
def test_search_for_a_reference_offers_the_ticket(client, guide, query):
    page = search(client, query)
    assert reverse("tickets:conversation", kwargs={"reference": "MS-4F7K-29Q"}) in page
    assert "¿Buscas el ticket MS-4F7K-29Q ? Ver ese ticket" in words_of(page)


@pytest.mark.parametrize("query", ["MS-4F7K-29", "MS-4F7K-29QQ", "XX-4F7K-29Q", "MS-0O1I-LLL", "hola"])
def test_search_for_what_is_no_reference_speaks_of_no_ticket(client, guide, query):
    assert "¿Buscas el ticket" not in search(client, query)


def test_search_says_that_a_long_query_was_cut(client, guide):
    page = words_of(search(client, "correos " * 400))
    assert "Hemos buscado solo las primeras palabras." in page
    assert len(re.search(r"«([^»]*)»", page)[1]) <= 80


@pytest.mark.parametrize(
    "query",
    [
        "\x00",
        "' OR 1=1",
        '"><script>alert(1)</script>',
        "%",
        "_",
        "🙂",
        "مرحبا",
        "a" * 5000,
        "...",
        "de la el",
    ],
)
def test_search_answers_any_query_in_spanish(client, guide, query):
    for page in ("-1", "0", "99", "9" * 5000, "uno", "²"):
        html = search(client, query, pagina=page)
        assert "<script>alert" not in html
        assert "Buscar" in html


def test_search_has_pages_of_ten(client, guide):
    for number in range(14):
        make_article(f"Correo, parte {number}")
    page = search(client, "correo", pagina="2")
    assert "Página 2 de 2" in page
    assert "<title>15 resultados para «correo», página 2 ·" in page
    assert '<ol class="result-list" start="11"' in page
    assert page.count("data-beacon-article") == 5
    assert 'href="?q=correo&amp;pagina=1"' in page


def test_search_beyond_the_last_page_shows_the_last(client, guide):
    for number in range(14):
        make_article(f"Correo, parte {number}")
    page = search(client, "correo", pagina="77")
    assert "Página 2 de 2" in page
    assert page.count("data-beacon-article") == 5


def test_search_that_found_too_much_to_count_says_more_than(client, guide, monkeypatch):
    many = replace(searching.search("correo"), total=100, is_capped=True)
    monkeypatch.setattr(searching, "search", lambda *args, **kwargs: many)
    assert "<h1>Más de 100 resultados para «correo»</h1>" in search(client, "correo")


# --- Topics ---------------------------------------------------------------------------------


def test_search_within_a_topic_finds_what_is_in_it(client, guide, domains):
    page = search(client, "correo", tema="dominios")
    assert "<h1>1 resultado para «correo» en «Dominios»</h1>" in page
    assert '<option value="dominios" selected>Dominios (1)</option>' in page
    assert 'href="?q=correo">Buscar en todos los temas</a>' in page


def test_search_keeps_the_topic_through_its_pages(client, guide, domains):
    for number in range(11):
        make_article(f"Correo {number}", category=domains.category)
    assert 'href="?q=correo&amp;tema=dominios&amp;pagina=2"' in search(client, "correo", tema="dominios")


def test_search_within_a_topic_that_has_nothing_leads_to_all(client, guide, domains):
    page = search(client, "espacio", tema="dominios")
    assert "No hay resultados para «espacio» en «Dominios»" in page
    assert "Buscar en todos los temas" in page


def test_search_within_an_unknown_topic_is_a_search(client, guide, domains):
    assert "2 resultados para «correo»</h1>" in search(client, "correo", tema="'")


def test_search_offers_no_choice_of_one_topic(client, guide):
    assert "<select" not in search(client, "correo")


# --- Limits and failures --------------------------------------------------------------------


def test_search_offers_the_topics_of_its_results_only(client, guide, domains):
    make_article("Otra de Facturas", category=make_category("Facturas", slug="facturas"))
    page = search(client, "correos")
    assert '<option value="dominios">Dominios (1)</option>' in page
    assert '<option value="facturas"' not in page
    assert '<option value="facturas"' in search(client, "zzzzzz")
    within = search(client, "correos", tema="facturas")
    assert '<option value="facturas" selected>Facturas (0)</option>' in within


def test_search_offers_another_spelling_beside_its_results(client, guide):
    guide.body = "Correros."
    publishing.save_article(article=guide, author=None)
    for number in range(10):
        make_article(f"Correos {number}", category=guide.category)
    page = search(client, "correros")
    assert '¿Querías decir «<a href="?q=correos">correos</a>»?' in page
    assert SearchQuery.objects.get().text == "correros"


@pytest.mark.parametrize("encoded", ["contrase%F1a", "contrase%C3%B1a", "contrase%F1a+%80"])
def test_search_reads_the_bytes_of_old_pages(client, guide, encoded):
    page = client.get(f"{ADDRESS}?q={encoded}").content.decode()
    assert "contraseña" in page
    assert "\ufffd" not in page


@pytest.mark.parametrize(
    ("encoded", "shown"), [("a%81%EF%BF%BDcorreo", "correo"), ("contrase%EF%BF%BDa", "«contrase a»")]
)
def test_search_shows_no_replacement_character_of_broken_text(client, guide, encoded, shown):
    page = client.get(f"{ADDRESS}?q={encoded}").content.decode()
    assert "\ufffd" not in page
    assert shown in page


def test_search_is_limited_per_network(client, guide, monkeypatch, settings):
    settings.RATE_LIMITS = True
    monkeypatch.setattr(searching, "SEARCHES_PER_HOUR", 1)
    assert client.get(ADDRESS, {"q": "correo"}).status_code == 200
    limited = client.get(ADDRESS, {"q": "correo"})
    assert limited.status_code == 429
    assert int(limited["Retry-After"]) > 0
    assert re.search(r"Espera hasta las? \d+:\d\d\sh y vuelve a probar", text_of(limited))


def test_search_that_does_not_answer_leaves_topics_and_channels(client, guide, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise DatabaseError("no such table")

    monkeypatch.setattr(searching, "search", fail)
    page = words_of(search(client, "correo"))
    assert "El buscador no responde ahora." in page
    assert "Temas de la documentación Correo y móviles" in page
    assert "Abrir un ticket con esta búsqueda" in page
    assert "The search does not answer" in caplog.text
    assert searching.breaker.is_open


def test_search_page_stands_without_its_database(client, guide, caplog):
    def fail(execute, sql, params, many, context):
        raise DatabaseError("gone")

    with connection.execute_wrapper(fail):
        page = words_of(search(client, "correo"))
    assert "El buscador no responde ahora." in page
    assert "¿Necesitas ayuda?" in page


def test_search_is_counted_once(client, guide, domains):
    search(client, "correo")
    search(client, "correo", pagina="2")
    search(client, "correo", tema="dominios")
    search(client, "correo", exacto="1")
    client.head(ADDRESS, {"q": "correo"})
    query = SearchQuery.objects.get()
    assert (query.text, query.results, query.days.get().searches) == ("correo", 2, 1)


def test_search_takes_the_same_few_queries_for_any_number_of_articles(client, guide, domains):
    counts = []
    for extra in (0, 2, 30):
        for number in range(extra):
            make_article(f"Correo {extra} {number}", category=guide.category)
        with CaptureQueriesContext(connection) as captured:
            search(client, "correo", pagina="1")
        counts.append(len([q for q in captured.captured_queries if "SELECT" in q["sql"]]))
    assert counts[0] == counts[1] == counts[2]


def test_opensearch_description_has_a_short_name(client, db):
    root = ET.fromstring(client.get("/opensearch.xml").content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert 0 < len(root.find(f"{space}ShortName").text) <= 16
    assert len(root.find(f"{space}Description").text) <= 1024
    url = root.find(f"{space}Url")
    assert url.get("template").endswith("/documentacion/buscar/?q={searchTerms}")
    assert url.get("type") == "text/html"
