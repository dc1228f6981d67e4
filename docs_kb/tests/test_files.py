"""Files of articles over HTTP: who gets them, and how they are served."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from docs_kb import article_files, publishing
from docs_kb.models import Article, ArticleFile
from docs_kb.tests.factories import make_article, make_upload

pytestmark = pytest.mark.django_db


def fetch(client: Client, address: str, **options) -> HttpResponse:
    """Ask for a file, read it to the end as `body` and close it."""
    response = client.get(address, **options)
    response.body = response.getvalue()
    # Closing ends a request, and with it the connection that the test's transaction is in.
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
    return response


def make_file(article: Article | None, name: str = "panel.png", content: bytes | None = None) -> ArticleFile:
    return article_files.store(
        upload=make_upload(name, content), article=article, alt_text="El panel", is_decorative=False, by=None
    )


def show(article: Article, *files: ArticleFile) -> ArticleFile:
    """Put files, and no others, into the text of an article; the first of them."""
    article.body = "\n\n".join(["Mira:", *map(article_files.markdown_for, files)])
    publishing.save_article(article=article)
    return files[0]


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def writer() -> Client:
    user = User.objects.create_user("tomas", password="secreto", is_staff=True)
    user.groups.add(Group.objects.get(name="Documentación"))
    client = Client()
    client.force_login(user)
    return client


def test_picture_of_a_published_article_is_everybodys(client, article):
    file = show(article, make_file(article))
    response = fetch(client, file.get_absolute_url())
    assert (response.status_code, len(response.body)) == (200, file.size)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="panel.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Cache-Control"] == "public, max-age=2592000, immutable"
    assert "Vary" not in response
    assert "X-Robots-Tag" not in response
    assert not response.cookies


def test_public_picture_costs_one_query_and_no_session(client, writer, article, django_assert_num_queries):
    address = show(article, make_file(article)).get_absolute_url()
    for reader in (client, writer):
        with django_assert_num_queries(1):
            response = fetch(reader, address)
        assert (response.status_code, response.has_header("Vary")) == (200, False)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [("guía.pdf", b"%PDF-1.7 <script>", "application/pdf"), ("notas.txt", b"<script>", "text/plain")],
)
def test_documents_are_only_downloaded(client, article, name, content, content_type):
    response = fetch(client, make_file(article, name, content).get_absolute_url())
    assert (response.body, response["Content-Type"]) == (content, content_type)
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Cache-Control"] == "private, no-cache"


def test_known_file_is_answered_without_its_bytes(client, article):
    address = show(article, make_file(article)).get_absolute_url()
    first = fetch(client, address)
    again = fetch(client, address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.body) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]


def test_wrong_name_leads_to_the_right_one(client, article):
    file = show(article, make_file(article, 'a "ñ" (1).png'))
    response = client.get(reverse("docs_kb:file", args=[file.key, "otro.png"]))
    assert (response.status_code, response["Location"]) == (301, file.get_absolute_url())
    assert fetch(client, response["Location"]).status_code == 200


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_file_of_an_article_that_nobody_may_read_is_not_there(client, writer, article, status):
    file = show(article, make_file(article))
    article.status = status
    publishing.save_article(article=article)
    assert client.get(file.get_absolute_url()).status_code == 404
    response = fetch(writer, file.get_absolute_url())
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
    assert (response["X-Robots-Tag"], response["Vary"]) == ("noindex", "Cookie")


def test_picture_is_readable_while_any_published_guide_shows_it(client, article):
    file, other = make_file(article), make_article("Otra")
    address = file.get_absolute_url()
    assert client.get(address).status_code == 404
    show(article, file)
    show(other, file)
    publishing.archive(article=article)
    assert fetch(client, address).status_code == 200
    publishing.delete_articles(articles=[article])
    assert fetch(client, address).status_code == 200
    other.body = "Sin ella"
    publishing.save_article(article=other)
    assert client.get(address).status_code == 404


def test_file_without_an_article_is_its_teams(client, writer):
    address = make_file(None).get_absolute_url()
    assert client.get(address).status_code == 404
    assert fetch(writer, address).status_code == 200


def test_staff_who_may_not_read_drafts_are_strangers(client, article):
    file = make_file(None)
    client.force_login(User.objects.create_user("bruno", is_staff=True))
    assert client.get(file.get_absolute_url()).status_code == 404


def test_stranger_without_a_session_costs_no_question_about_a_person(client):
    address = make_file(None).get_absolute_url()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 404
    assert not [q["sql"] for q in asked if "auth_" in q["sql"] or "django_session" in q["sql"]]


@pytest.mark.parametrize(
    "path", ["%00/x.png", "0" * 32 + "/x.png", "A" * 32 + "/x.png", "a" * 5000 + "/x", "..%2f..%2fetc/passwd"]
)
def test_invented_key_is_not_there(client, path):
    assert client.get(f"/documentacion/archivos/{path}").status_code == 404


def test_file_whose_bytes_are_gone_is_not_there(client, article):
    file = make_file(article)
    ArticleFile.objects.filter(pk=file.pk).update(stored_name="articles/none")
    assert client.get(file.get_absolute_url()).status_code == 404


def test_files_are_only_read(client, article):
    assert client.post(make_file(article).get_absolute_url()).status_code == 405
