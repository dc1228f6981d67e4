"""What went wrong, said in Spanish with the right status, whatever it was."""

import base64
import hashlib
import re
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from docs_kb.search import search
from docs_kb.tests.factories import make_article
from helpdesk import middleware, views
from helpdesk.tests.voice import complaints, visible_text

HEADINGS = {
    "error/400/": (400, "No hemos entendido la petición"),
    "error/403/": (403, "No puedes ver esta página"),
    "error/csrf/": (403, "La página llevaba mucho tiempo abierta"),
    "error/404/": (404, "No encontramos esta página"),
    "error/405/": (405, "Aquí se llega con un botón"),
    "error/410/": (410, "Esta guía ya no está vigente"),
    "error/413/": (413, "Los archivos pesan demasiado"),
    "error/429/": (429, "Demasiados intentos seguidos"),
    "error/500/": (500, "No hemos podido completar la operación"),
}
SAME_ORIGIN = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def _broken_site(settings):
    settings.ROOT_URLCONF = "helpdesk.tests.broken_urls"
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


def given_back(html: str) -> dict[str, str]:
    """What the page gives back to be copied, by its labels."""
    found = r'<label for="(unsent-\w+)">([^<]+)</label>\s*<textarea id="\1"[^>]* readonly>([^<]*)</textarea>'
    return {label: text for _id, label, text in re.findall(found, html)}


@pytest.mark.django_db
@pytest.mark.parametrize("path", HEADINGS)
def test_error_has_its_status_heading_and_voice(client, path):
    status, heading = HEADINGS[path]
    response = client.get(f"/{path}")
    html = response.content.decode()
    assert response.status_code == status
    assert re.findall(r"<h1>(.*?)</h1>", html) == [heading]
    assert not re.search(r"\d{3}", heading)
    assert complaints(visible_text(html)) == []
    assert "data-help-block" in html
    assert re.search(rf"<title>{heading} · ", html)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/tickets/MS-4F7K-29Q/respuesta/", "/tickets/MS-4F7K-29Q/"),
        ("/mi-cuenta/salir/", "/mi-cuenta/"),
        ("/apariencia/", "/"),
    ],
)
def test_address_of_a_button_leads_to_its_page(client, address, leads_to):
    response = client.get(address)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert f'<a class="button" href="{leads_to}">' in response.content.decode()


@pytest.mark.django_db
def test_not_found_searches_for_the_last_word_of_the_path(client):
    html = client.get("/documentacion/acceso/recuperar-la-clave.html").content.decode()
    assert 'name="q" type="search" value="recuperar la clave"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/documentacion/acceso/recuperar-la-clave/", "/recuperar_la_clave.html", "/soporte/Recuperar+clave"],
)
def test_not_found_shows_the_guides_that_its_words_find(client, path):
    for number in range(4):
        make_article(f"Recuperar la clave {number}")
    html = client.get(path).content.decode()
    assert "¿Buscabas alguna de estas guías?" in html
    assert len(re.findall(r'<a href="/documentacion/tema-\d+/guia-\d+/">', html)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php",
        "/wp-admin/recuperar/",
        "/.git/recuperar",
        "/recuperar.env",
        "/static/css/recuperar.css",
        "/t/recuperar/",
        "/12345/",
        "/4f7k-29q/",
        "/",
        "/%00",
        "/%F0%9F%99%82/",
    ],
)
def test_not_found_searches_nothing_that_nobody_looks_for(client, path, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("searched")

    monkeypatch.setattr(views, "search", fail)
    assert client.get(path).status_code in (404, 302)
    assert client.post("/recuperar-clave/").status_code == 404
    assert client.get("/recuperar-clave/", headers={"Accept": "image/png"}).status_code == 404


@pytest.mark.django_db
def test_not_found_costs_one_search_at_most(client, django_assert_max_num_queries):
    make_article("Recuperar la clave")
    with CaptureQueriesContext(connection) as one:
        search("recuperar la clave", limit=3)
    with CaptureQueriesContext(connection) as none:
        client.get("/wp-login.php")
    with django_assert_max_num_queries(len(one) + len(none)):
        assert "Recuperar la clave</a>" in client.get("/recuperar-la-clave/").content.decode()


@pytest.mark.django_db
def test_not_found_stands_without_its_database(client, caplog):
    def fail(execute, sql, params, many, context):
        raise OperationalError("the database is gone")

    with connection.execute_wrapper(fail):
        response = client.get("/recuperar-la-clave/")
    assert response.status_code == 404
    assert 'value="recuperar la clave"' in response.content.decode()


@pytest.mark.django_db
def test_not_found_escapes_the_path(client):
    html = client.get('/"><script>alert(1)<').content.decode()
    assert "<script>alert" not in html


def test_server_error_needs_no_database_and_names_the_incident(client, caplog):
    # No django_db mark: any query fails the test.
    html = client.get("/error/500/").content.decode()
    incident = re.search(r"incidente <span class=\"data\">([0-9A-F]{4})</span>", html).group(1)
    assert f"Incident {incident} at /error/500/" in caplog.text
    assert "on purpose" not in html


def test_server_error_admits_its_own_style_and_loads_nothing(client):
    response = client.get("/error/500/")
    html = response.content.decode()
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"\ssrc=|<link|url\(", html)


@pytest.mark.django_db
def test_static_copies_carry_the_channels(tmp_path):
    call_command("write_error_pages", tmp_path, back_at="el martes a las 7:00\u00a0h", stdout=StringIO())
    failure, pause = ((tmp_path / name).read_text() for name in ("500.html", "503.html"))
    assert "incidente" not in failure
    assert "<h1>Volvemos el martes a las 7:00\u00a0h</h1>" in pause
    for page in (failure, pause):
        assert "Consultar la documentación" in page
        assert complaints(visible_text(page)) == []


# --- Bodies that are too large ----------------------------------------------------------------


class Endless:
    """A body that only counts what is read of it."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        self.read_bytes += size
        return b"x" * size

    readline = read


def post_of(client, size: int, stream):
    multipart = "multipart/form-data; boundary=x"
    wsgi = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": multipart, "wsgi.input": stream}
    return client.generic("POST", "/apariencia/", **wsgi)


@pytest.mark.django_db
def test_oversized_body_is_read_to_its_end_and_refused(client, settings):
    settings.MAX_BODY_BYTES = 1000
    stream = Endless()
    response = post_of(client, 300_000, stream)
    assert response.status_code == 413
    assert stream.read_bytes == 300_000
    assert "10\u00a0MB por archivo y 25\u00a0MB en total" in response.content.decode()


@pytest.mark.django_db
def test_oversized_body_is_not_read_without_end(client, settings, monkeypatch):
    settings.MAX_BODY_BYTES = 1000
    monkeypatch.setattr(middleware, "DROPPED_BYTES", 200_000)
    stream = Endless()
    assert post_of(client, 10_000_000, stream).status_code == 413
    assert stream.read_bytes < 400_000


@pytest.mark.django_db
def test_slow_oversized_body_is_left_after_the_deadline(client, settings, monkeypatch):
    settings.MAX_BODY_BYTES = 1000
    monkeypatch.setattr(middleware, "DROPPING_SECONDS", 0)
    stream = Endless()
    assert post_of(client, 10_000_000, stream).status_code == 413
    assert stream.read_bytes == 0


@pytest.mark.django_db
def test_text_beyond_memory_is_413_not_400(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post("/apariencia/", {"next": "x" * 2000}, **SAME_ORIGIN)
    assert response.status_code == 413


@pytest.mark.django_db
def test_too_many_files_is_413_and_too_many_fields_400(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    files = {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(3)}
    assert client.post("/apariencia/", files, **SAME_ORIGIN).status_code == 413
    fields = {f"field{n}": "x" for n in range(11)}
    assert client.post("/apariencia/", fields, **SAME_ORIGIN).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("is_multipart", [True, False])
def test_form_with_too_many_fields_gives_back_what_was_written(client, settings, is_multipart):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    fields = {"name": "Lucía", "description": "No va <nada>,\r\nni el «correo»."}
    fields |= {f"field{n}": "x" for n in range(11)}
    encoded = {"content_type": "application/x-www-form-urlencoded", "data": urlencode(fields)}
    options = {"data": fields} if is_multipart else encoded
    response = client.post("/tickets/nuevo/", **options, **SAME_ORIGIN)
    assert response.status_code == 400
    html = response.content.decode()
    assert "Copia tu texto, abre otra vez la página" in html
    assert given_back(html) == {
        "Nombre completo": "Lucía",
        "Descripción del problema": "No va &lt;nada&gt;,\r\nni el «correo».",
    }
    foreign = client.post("/tickets/nuevo/", **options, HTTP_SEC_FETCH_SITE="cross-site")
    assert foreign.status_code == 400
    assert "No va" not in foreign.content.decode()


@pytest.mark.django_db
def test_form_whose_page_was_open_too_long_gives_back_what_was_written(client):
    """Where the form is not redrawn: a link asked for, a rating."""
    client.handler.enforce_csrf_checks = True
    answer = client.post("/tickets/enlace/", {"email": "lucia@example.com"}, **SAME_ORIGIN)
    assert answer.status_code == 403
    assert given_back(answer.content.decode()) == {"Correo electrónico": "lucia@example.com"}
    foreign = client.post("/tickets/enlace/", {"email": "b@example.com"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert "b@example.com" not in foreign.content.decode()


def test_server_error_gives_back_what_was_written_here(client):
    fields = {"name": "Lucía", "email": "lucia@", "description": "No va <nada>", "body": "", "password": "x9"}
    html = client.post("/error/500/", fields, **SAME_ORIGIN).content.decode()
    assert given_back(html) == {
        "Nombre completo": "Lucía",
        "Correo electrónico": "lucia@",
        "Descripción del problema": "No va &lt;nada&gt;",
    }


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://b.example"}]
)
def test_server_error_repeats_no_words_of_another_site(client, headers):
    html = client.post("/error/500/", {"description": "Llama al 900"}, **headers).content.decode()
    assert "Llama al 900" not in html


@pytest.mark.parametrize("answer", [HttpResponse(b"todo"), StreamingHttpResponse([b"to", b"do"])])
def test_head_is_answered_without_a_body(rf, answer):
    head = middleware.BodylessHeadMiddleware(lambda request: answer)
    assert b"".join(head(rf.get("/"))) == b"todo"
    assert b"".join(head(rf.head("/"))) == b""
