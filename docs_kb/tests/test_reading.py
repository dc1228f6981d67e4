import json
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import http_date

from docs_kb import publishing
from docs_kb.models import Article, ArticleFile, Redirect, Section
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db
HOME = "/documentacion/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def headings_of(response) -> list[str]:
    found = re.findall(r"<h([1-3])[^>]*>(.*?)</h\1>", response.content.decode(), re.DOTALL)
    return [f"{level} {' '.join(re.sub(r'<[^>]+>', '', text).split())}" for level, text in found]


def queries_of(client, url: str) -> int:
    """The statements of a page that is in nobody's memory, without those of its help block."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([q for q in captured.captured_queries if "docs_kb_" in q["sql"] and "stamp" not in q["sql"]])


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


@pytest.fixture
def elsewhere(db):
    """A second topic: with one alone, no page speaks of topics."""
    return make_article("Apuntar mi dominio", category=make_category("Dominios", slug="dominios"))


# --- Home -----------------------------------------------------------------------------------


def test_home_shows_topics_with_counts_and_news(client, guide, elsewhere):
    make_category("Vacío")
    response = client.get(HOME)
    assert "Correo y móviles , 1 guía Todo sobre el correo." in text_of(response)
    assert "Actualizado el 14 de octubre de 2026" in text_of(response).replace("\xa0", " ")
    assert "Vacío" not in text_of(response)
    assert headings_of(response)[:3] == ["1 Documentación y soporte", "2 Temas", "3 Correo y móviles, 1 guía"]
    assert headings_of(response)[-3:] == ["2 Novedades", "2 ¿No lo encuentras?", "2 ¿Necesitas ayuda?"]


def test_home_without_articles_offers_the_ticket(client, db):
    page = text_of(client.get(HOME))
    assert "Estamos preparando las guías. Mientras tanto, abre un ticket y te ayudamos." in page
    assert "Novedades" not in page


def test_home_lays_the_only_topic_open(client, guide):
    section = Section.objects.create(category=guide.category, name="Enviar", slug="enviar")
    make_article("No puedo enviar", category=guide.category, section=section)
    response = client.get(HOME)
    assert "2 Temas" not in headings_of(response)
    assert headings_of(response)[1:3] == ["2 Correo y móviles, 2 guías", "3 Enviar"]
    assert f'href="{guide.get_absolute_url()}"' in response.content.decode()
    assert f'href="{guide.category.get_absolute_url()}"' not in response.content.decode()


def test_home_leads_to_the_rest_of_a_long_only_topic(client, guide):
    for number in range(25):
        make_article(f"Guía {number:02}", category=guide.category)
    page = client.get(HOME).content.decode()
    assert f'href="{guide.category.get_absolute_url()}?pagina=2">Ver las 26 guías' in page


def test_home_shows_the_editors_picks_until_six_guides_have_been_read(client, guide, elsewhere):
    assert "Para empezar" not in text_of(client.get(HOME))
    make_article("Primeros pasos", is_featured=True)
    for number in range(6):
        page = text_of(client.get(HOME))
        assert "Para empezar Primeros pasos" in page
        assert "Lo más consultado" not in page
        article = make_article(f"Leída {number}")
        Article.objects.filter(pk=article.pk).update(popularity=number + 1)
    page = text_of(client.get(HOME))
    assert "Para empezar" not in page
    order = re.findall(r"Leída \d", page.split("Lo más consultado")[1].split("Temas")[0])
    assert order == [f"Leída {number}" for number in (5, 4, 3, 2, 1, 0)]


def test_home_counts_no_reader_of_what_is_not_published(client, guide, elsewhere):
    for number in range(6):
        article = make_article(f"Borrador {number}", status=Article.Status.DRAFT)
        Article.objects.filter(pk=article.pk).update(popularity=9)
    assert "Borrador" not in text_of(client.get(HOME))


def test_home_shows_the_three_latest_changes(client, guide, elsewhere):
    for day in (3, 1, 4, 2):
        make_article(f"Del día {day}", updated_on=date(2027, 1, day))
    news = text_of(client.get(HOME)).split("Novedades")[1].split("¿No lo encuentras?")[0]
    assert re.findall(r"Del día \d", news) == ["Del día 4", "Del día 3", "Del día 2"]


def test_home_says_that_the_search_is_away(client, guide, monkeypatch):
    assert 'role="search"' in client.get(HOME).content.decode()
    monkeypatch.setattr("docs_kb.views.searching.breaker._closed_again_at", float("inf"))
    page = client.get(HOME, {"otra": "vez"}).content.decode()
    assert "El buscador no está disponible ahora. Puedes recorrer los temas." in page
    assert 'role="search"' not in page


# --- Topic ----------------------------------------------------------------------------------


def test_category_lists_by_section(client, guide):
    section = Section.objects.create(category=guide.category, name="Enviar", slug="enviar")
    make_article("No puedo enviar", category=guide.category, section=section)
    make_article("Borrador oculto", category=guide.category, status=Article.Status.DRAFT)
    response = client.get(guide.category.get_absolute_url())
    assert "No recibo correos Mira primero el espacio. Enviar No puedo enviar" in text_of(response)
    assert headings_of(response)[:2] == ["1 Correo y móviles", "2 Enviar"]
    assert "Borrador oculto" not in text_of(response)
    assert f"?tema={guide.category.slug}" in response.content.decode()


def test_category_keeps_the_editors_order(client, guide):
    first, second = (
        Section.objects.create(category=guide.category, name=name, slug=name.lower(), position=position)
        for name, position in (("Zeta", 1), ("Alfa", 2))
    )
    for title, section, position in (("D", second, 1), ("B", first, 2), ("C", first, 1), ("A", second, 2)):
        make_article(f"Guía {title}", category=guide.category, section=section, position=position)
    page = text_of(client.get(guide.category.get_absolute_url()))
    order = re.findall(r"Zeta|Alfa|Guía [A-D]", page.split("Todo sobre el correo.")[-1])
    assert order[:6] == ["Zeta", "Guía C", "Guía B", "Alfa", "Guía D", "Guía A"]


def test_category_without_published_articles_is_not_found(client, db):
    empty = make_category("Vacío")
    make_article("Borrador", category=empty, status=Article.Status.DRAFT)
    assert client.get(empty.get_absolute_url()).status_code == 404
    assert client.get("/documentacion/nada/").status_code == 404


def test_category_leads_from_a_former_address_to_the_present_one(client, guide):
    Redirect.objects.create(kind=Redirect.Kind.CATEGORY, slug="correo", category=guide.category)
    response = client.get("/documentacion/correo/")
    assert (response.status_code, response["Location"]) == (301, "/documentacion/correo-y-moviles/")
    publishing.archive(article=guide)
    assert client.get("/documentacion/correo/").status_code == 404


def test_category_prefers_a_topic_to_what_had_its_address_before(client, guide, elsewhere):
    Redirect.objects.create(kind=Redirect.Kind.CATEGORY, slug="dominios", category=guide.category)
    assert client.get("/documentacion/dominios/").status_code == 200


def test_category_has_pages_of_twenty(client, guide):
    for number in range(45):
        make_article(f"Guía {number:02}", category=guide.category)
    url = guide.category.get_absolute_url()
    first, second = client.get(url), client.get(url, {"pagina": "2"})
    assert "Página 1 de 3" in text_of(first)
    assert "Guía 44" not in text_of(first)
    assert "Página 2 de 3" in text_of(second)
    assert "<title>Correo y móviles, página 2 ·" in second.content.decode()
    assert f'rel="canonical" href="http://127.0.0.1:8000{url}?pagina=2"' in second.content.decode()
    assert f'rel="canonical" href="http://127.0.0.1:8000{url}"' in first.content.decode()
    assert client.get(url, {"pagina": "patata"}).status_code == 200
    assert "Página 3 de 3" in text_of(client.get(url, {"pagina": "99"}))


# --- Article --------------------------------------------------------------------------------


def test_article_answers_first_and_says_when_it_was_updated(client, guide):
    page = text_of(client.get(guide.get_absolute_url())).replace("\xa0", " ")
    assert "Actualizado el 14 de octubre de 2026 · 1 minuto de lectura Mira primero el espacio." in page
    assert "En esta página Uno Dos Tres Cuatro" in page


def test_article_with_few_headings_has_no_contents(client, guide):
    short = make_article("Corta", body="## Uno\n\na\n\n## Dos\n\nb\n\n## Tres\n\nc")
    assert "En esta página" not in text_of(client.get(short.get_absolute_url()))


def test_article_leads_to_a_ticket_that_names_it(client, guide):
    page = client.get(guide.get_absolute_url()).content.decode()
    assert f'href="{reverse("tickets:create")}?articulo=no-recibo-correos"' in page
    assert "¿Sigues igual?" in page


def test_article_has_its_place_among_topics(client, guide, elsewhere):
    trail = text_of(client.get(guide.get_absolute_url()))
    assert "Mi Cuenta Documentación y soporte Correo y móviles No recibo correos" in trail


def test_article_of_the_only_topic_does_not_speak_of_it(client, guide):
    page = client.get(guide.get_absolute_url()).content.decode()
    assert f'href="{guide.category.get_absolute_url()}"' not in page
    names = [step["name"] for step in structured_data_of(page)[1]["itemListElement"]]
    assert names == ["Mi Cuenta", "Documentación y soporte", "No recibo correos"]


@pytest.mark.parametrize("status", [Article.Status.DRAFT, Article.Status.IN_REVIEW])
def test_article_that_is_not_published_is_not_found(client, guide, status):
    hidden = make_article("Oculta", status=status)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    Redirect.objects.create(kind=Redirect.Kind.ARTICLE, slug="antes", article=hidden)
    assert client.get("/documentacion/correo-y-moviles/antes/").status_code == 404


def test_archived_article_is_gone_and_leads_to_its_topic(client, guide):
    old = make_article("Antigua", category=guide.category, status=Article.Status.ARCHIVED)
    response = client.get(old.get_absolute_url())
    assert response.status_code == 410
    assert "Esta guía ya no está vigente" in text_of(response)
    assert f'href="{guide.category.get_absolute_url()}">Correo y móviles</a>' in response.content.decode()


def test_archived_article_leads_to_what_replaces_it_through_archived_ones(client, guide):
    between = make_article("Entre medias", status=Article.Status.ARCHIVED, replacement=guide)
    old = make_article("Antigua", status=Article.Status.ARCHIVED, replacement=between)
    page = client.get(old.get_absolute_url()).content.decode()
    assert f'La sustituye <a href="{guide.get_absolute_url()}">No recibo correos</a>.' in page


def test_archived_article_never_leads_to_a_draft_or_in_circles(client, guide):
    draft = make_article("Borrador", status=Article.Status.DRAFT)
    old = make_article("Antigua", status=Article.Status.ARCHIVED, replacement=draft)
    assert "La sustituye" not in text_of(client.get(old.get_absolute_url()))
    Article.objects.filter(pk=old.pk).update(replacement=old)
    assert client.get(old.get_absolute_url()).status_code == 410


def test_archived_article_of_an_empty_topic_leads_to_the_documentation(client, db):
    old = make_article("Antigua", status=Article.Status.ARCHIVED)
    page = client.get(old.get_absolute_url()).content.decode()
    assert f'href="{old.category.get_absolute_url()}"' not in page
    assert f'href="{HOME}"' in page


def test_article_under_another_topic_moves_to_its_address(client, guide):
    response = client.get(f"/documentacion/otro-tema/{guide.slug}/")
    assert (response.status_code, response["Location"]) == (301, guide.get_absolute_url())


def test_article_moves_from_a_former_address_to_the_present_one(client, guide):
    guide.slug = "no-me-llegan-correos"
    publishing.save_article(article=guide)
    for address in ("correo-y-moviles/no-recibo-correos", "otro-tema/no-recibo-correos"):
        response = client.get(f"/documentacion/{address}/")
        assert (response.status_code, response["Location"]) == (301, guide.get_absolute_url())


@pytest.mark.parametrize(
    "address", ["CORREO-Y-moviles/No-Recibo-Correos", "correo-y-moviles/NO-RECIBO-correos"]
)
def test_article_moves_from_capitals_to_its_address(client, guide, address):
    response = client.get(f"/documentacion/{address}/")
    assert (response.status_code, response["Location"]) == (301, guide.get_absolute_url())
    guide.slug = "no-me-llegan-correos"
    publishing.save_article(article=guide)
    assert client.get(f"/documentacion/{address}/")["Location"] == guide.get_absolute_url()


def test_category_moves_from_capitals_to_its_address(client, guide):
    response = client.get("/documentacion/Correo-Y-Moviles/")
    assert (response.status_code, response["Location"]) == (301, "/documentacion/correo-y-moviles/")
    assert client.get("/documentacion/Otro-Tema/").status_code == 404
    assert client.get("/documentacion/otro-tema/NADA/").status_code == 404


def test_article_in_another_language_says_so_to_the_browser(client, guide):
    english = make_article("Reset it", language="en", summary="Press.", body="Press the button.")
    page = client.get(english.get_absolute_url()).content.decode()
    assert '<div class="prose" lang="en">' in page
    assert '<p class="summary" lang="en">' in page
    assert '<h1 lang="en">' in page
    assert '<html lang="es"' in page


def test_imported_article_shows_source_and_licence(client, guide):
    article = make_article("DNS", source="MaadixNet/docs", licence="CC-BY-SA-3.0-ES", translation="machine")
    page = text_of(client.get(article.get_absolute_url()))
    assert "Fuente: MaadixNet/docs. Licencia CC-BY-SA-3.0-ES" in page
    assert "Traducción automática." in page


def test_article_lists_its_files_but_no_pictures(client, guide):
    for name, content_type, size in (("guia.pdf", "application/pdf", 245_000), ("panel.png", "image/png", 9)):
        ArticleFile.objects.create(
            article=guide, name=name, content_type=content_type, size=size, stored_name=name, sha256="0"
        )
    page = text_of(client.get(guide.get_absolute_url())).replace("\xa0", " ")
    assert "Archivos guia.pdf (PDF, 240 KB)" in page
    assert "panel.png" not in page


def test_article_without_files_says_nothing_of_them(client, guide):
    assert "Archivos" not in text_of(client.get(guide.get_absolute_url()))


def test_article_suggests_the_editors_choice_then_what_follows(client, guide):
    before = make_article("Antes", category=guide.category)
    after = make_article("Otra cosa", category=guide.category)
    chosen = make_article("Elegida", category=make_category("Otro"))
    guide.related.add(chosen)
    guide.related.add(make_article("Borrador", category=guide.category, status=Article.Status.DRAFT))
    assert Article.objects.near(guide) == [chosen, after, before]


def test_article_suggests_its_section_before_the_rest_of_the_topic(client, guide):
    section = Section.objects.create(category=guide.category, name="Enviar", slug="enviar")
    last = make_article("Zeta", category=guide.category, section=section)
    guide.section = section
    publishing.save_article(article=guide)
    make_article("Otra", category=guide.category)
    assert Article.objects.near(guide)[0] == last


def test_article_has_one_clean_canonical_address(client, guide):
    page = client.get(guide.get_absolute_url(), {"vista": "1", "utm_source": "x"}).content.decode()
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert canonical == [f"http://127.0.0.1:8000{guide.get_absolute_url()}"]
    assert '<meta name="description" content="Mira primero el espacio.">' in page
    assert 'name="robots"' not in page


def test_article_is_marked_for_the_beacon(client, guide):
    assert f'data-beacon-view="{guide.pk}"' in client.get(guide.get_absolute_url()).content.decode()


def structured_data_of(page: str) -> list[dict]:
    raw = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    return json.loads(raw)["@graph"]


def test_article_structured_data_says_title_and_date_and_cannot_break_out(client, guide, elsewhere):
    nasty = make_article("Usar </script><b>", summary="a & b", updated_on=date(2026, 3, 1))
    page = client.get(nasty.get_absolute_url()).content.decode()
    guide_data, breadcrumb = structured_data_of(page)
    assert (guide_data["@type"], guide_data["headline"]) == ("TechArticle", "Usar </script><b>")
    assert (guide_data["dateModified"], guide_data["inLanguage"]) == ("2026-03-01", "es")
    steps = [step["name"] for step in breadcrumb["itemListElement"]]
    assert steps == ["Mi Cuenta", "Documentación y soporte", nasty.category.name, "Usar </script><b>"]
    assert "FAQPage" not in page
    assert "datePublished" not in guide_data  # later than its last change: it came from elsewhere


def test_structured_data_says_the_day_of_publication_as_it_is_here(client):
    just_after_midnight = datetime(2026, 3, 1, 0, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    guide = make_article(published_at=just_after_midnight, updated_on=date(2026, 3, 1))
    page = client.get(guide.get_absolute_url()).content.decode()
    assert structured_data_of(page)[0]["datePublished"] == "2026-03-01"


def test_article_answers_304_to_who_has_it_since_its_last_change(client, guide):
    first = client.get(guide.get_absolute_url())
    assert first["Last-Modified"] == http_date(guide.modified_at.timestamp())
    again = client.get(guide.get_absolute_url(), headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    Article.objects.filter(pk=guide.pk).update(modified_at=guide.modified_at.replace(year=2030))
    again = client.get(guide.get_absolute_url(), headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 200


@pytest.mark.parametrize("url", [HOME, "/documentacion/correo-y-moviles/"])
def test_pages_answer_304_until_something_on_them_changes(client, guide, elsewhere, url):
    first = client.get(url)
    known = {"If-None-Match": first["ETag"]}
    assert client.get(url, headers=known).status_code == 304
    guide.title = "No me llega nada"
    publishing.save_article(article=guide)
    changed = client.get(url, headers=known)
    assert changed.status_code == 200
    assert "No me llega nada" in text_of(changed)


# --- What a page costs ----------------------------------------------------------------------


def test_pages_take_the_same_few_queries_for_any_number_of_articles(client, guide, elsewhere):
    urls = [HOME, guide.category.get_absolute_url(), guide.get_absolute_url()]
    counts = []
    for extra in (0, 2, 30):
        for number in range(extra):
            section = Section.objects.create(category=guide.category, name="Otra", slug=f"s-{extra}-{number}")
            article = make_article(
                f"Correo {extra} {number}", category=guide.category, section=section, is_featured=True
            )
            Article.objects.filter(pk=article.pk).update(popularity=number)
            guide.related.add(article)
            ArticleFile.objects.create(
                article=guide, name="a.txt", content_type="text/plain", size=1, stored_name="a", sha256="0"
            )
        counts.append([queries_of(client, url) for url in urls])
    assert counts == [[2, 2, 3]] * 3


# --- Real articles --------------------------------------------------------------------------
