import xml.etree.ElementTree as ET
from datetime import date

import pytest

from docs_kb import sitemaps
from docs_kb.models import Article
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def guide(db):
    category = make_category("Correo", slug="correo")
    return make_article("No recibo correos", category=category, updated_on=date(2026, 10, 14))


def entries(client, address: str) -> dict[str, str | None]:
    """Each address of a file with its `lastmod`."""
    response = client.get(address)
    assert response["Content-Type"] == "application/xml"
    return {
        one.findtext(f"{SPACE}loc"): one.findtext(f"{SPACE}lastmod")
        for one in ET.fromstring(response.content)
    }


def test_sitemap_has_published_articles_their_topics_and_pages_only(client, guide, settings):
    settings.SITE_URL = "https://soporte.example.com"
    hidden = make_category("Vacío", slug="vacio")
    for status in (Article.Status.DRAFT, Article.Status.IN_REVIEW, Article.Status.ARCHIVED):
        make_article("Oculta", status=status, category=hidden)
    site = "https://soporte.example.com"
    assert entries(client, "/sitemap.xml") == {
        f"{site}{guide.get_absolute_url()}": "2026-10-14",
        f"{site}/documentacion/correo/": "2026-10-14",
        f"{site}/mi-cuenta/": None,
        f"{site}/documentacion/": None,
        f"{site}/contacto/": None,
    }


def test_sitemap_of_more_than_a_file_holds_is_an_index(client, guide, monkeypatch):
    for number in range(5):
        make_article(f"Guía {number}", category=guide.category)
    monkeypatch.setattr(sitemaps, "FILE_ENTRIES", 4)
    monkeypatch.setattr(sitemaps.OwnSitemap, "limit", 4)
    files = list(entries(client, "/sitemap.xml"))
    assert files == [
        f"http://127.0.0.1:8000/sitemap-{name}"
        for name in ("articles.xml", "articles.xml?p=2", "categories.xml", "pages.xml")
    ]
    found = [place for file in files for place in entries(client, file.removeprefix("http://127.0.0.1:8000"))]
    assert len(found) == len(set(found)) == 6 + 1 + 3


@pytest.mark.parametrize("address", ["/sitemap-nada.xml", "/sitemap.xml?p=7", "/sitemap-pages.xml?p=x"])
def test_sitemap_that_does_not_exist_is_not_found(client, guide, address):
    assert client.get(address).status_code == 404


def test_sitemap_answers_304_until_something_changes(client, guide):
    known = {"If-None-Match": client.get("/sitemap.xml")["ETag"]}
    again = client.get("/sitemap.xml", headers=known)
    assert (again.status_code, again.content, again.cookies) == (304, b"", {})
    make_article("Otra", category=guide.category, updated_on=date(2026, 10, 14))
    assert client.get("/sitemap.xml", headers=known).status_code == 200


def test_sitemap_takes_the_same_queries_for_any_number_of_articles(client, guide, django_assert_num_queries):
    for extra in (0, 2, 30):
        for number in range(extra):
            make_article(f"Guía {extra} {number}", category=guide.category)
        with django_assert_num_queries(6):
            client.get("/sitemap.xml")


def test_robots_names_the_sitemap(client, db):
    assert b"Sitemap: http://127.0.0.1:8000/sitemap.xml\n" in client.get("/robots.txt").content
