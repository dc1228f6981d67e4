"""The shell: headers, the frame around every page, theme, legal pages, health."""

import re
from itertools import pairwise

import pytest
from django.db import OperationalError, connection
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import reverse

from contact.help_block import HelpEntry
from docs_kb.models import Article, Category
from helpdesk.tests.voice import complaints, visible_text
from helpdesk.ui import unbroken

pytestmark = pytest.mark.django_db

PAGES = ["my_account", "privacy", "accessibility", "legal_notice"]
SAME_ORIGIN = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = ["testserver"]


def html_of(client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


def test_root_leads_to_my_account(client):
    assert client.get("/").headers["Location"] == "/mi-cuenta/"


def test_headers_close_the_page(client):
    headers = client.get(reverse("my_account")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "no-store" in client.get(reverse("contact:home"))["Cache-Control"]
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", PAGES)
def test_page_sets_no_cookie(client, name):
    assert not client.get(reverse(name)).cookies


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_h1_and_no_skipped_level(client, name):
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html_of(client, name))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_titles_are_unique_and_end_in_the_site_name(client):
    titles = [re.search(r"<title>(.*?)</title>", html_of(client, name)).group(1) for name in PAGES]
    assert len(set(titles)) == len(PAGES)
    assert all(title.endswith(" · Soporte de Ejemplo") for title in titles)
    assert titles[0] == "Mi Cuenta · Soporte de Ejemplo"


@pytest.mark.parametrize("name", PAGES)
def test_page_speaks_with_our_voice(client, name):
    assert complaints(visible_text(html_of(client, name))) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_carries_nothing_inline(client, name):
    html = html_of(client, name)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("name", PAGES)
def test_page_ends_in_the_six_ways_in_their_order(client, name):
    block = html_of(client, name).split("data-help-block", 1)[1].split("</section>", 1)[0]
    names = re.findall(r"<a [^>]*>([^<]+)</a>", block)
    order = [
        "Consultar la documentación",
        "Abrir un ticket",
        "WhatsApp",
        "Teléfono",
        "Correo electrónico",
        "Chat en directo",
    ]
    assert names[:2] == order[:2]
    assert names == [way for way in order if way in names]


def test_shell_offers_to_sign_in(client):
    html = html_of(client, "my_account")
    assert f'<a href="{reverse("tickets:sign_in")}">Entrar</a>' in html
    assert f'<a href="{reverse("tickets:my_tickets")}">Mis tickets</a>' in html
    assert "Salir" not in visible_text(html)


def test_my_account_shows_the_path_in_order(client):
    html = html_of(client, "my_account")
    steps = re.findall(r"<h3>(.*?)</h3>", html)
    assert steps == [
        "Consulta la documentación",
        "Abre un ticket",
        "¿Es urgente o sigue sin resolverse?",
    ]
    assert f'href="{reverse("tickets:create")}"' in html
    assert f'href="{reverse("tickets:link_request")}"' in html
    assert f'action="{reverse("docs_kb:search")}"' in html


def test_my_account_marks_its_section(client):
    assert '<a href="/mi-cuenta/" aria-current="page">Mi Cuenta</a>' in html_of(client, "my_account")


def test_my_account_refuses_post(client):
    assert client.post(reverse("my_account")).status_code == 405


def test_service_notice_stands_before_the_main_part(client):
    from tickets.models import ServiceNotice

    ServiceNotice.objects.create(text="el correo entra con <retraso>.")
    html = html_of(client, "my_account")
    notice = re.search(r"Desde\slas? [\d:]+\sh el correo entra con &lt;retraso&gt;\.", html).start()
    assert html.index("</header>") < notice < html.index("<main")


def test_legal_pages_name_the_company(client, settings):
    settings.COMPANY_NAME, settings.COMPANY_TAX_ID = "Hosting Ñandú, S. L.", "B12345678"
    for name in PAGES[1:]:
        html = html_of(client, name)
        assert "Hosting Ñandú, S. L." in html
        assert "B12345678" in html


def test_trail_vanishes_without_steps():
    template = "{% trail %}{% block breadcrumb %} {% endblock %}{% endtrail %}"
    assert Template(template).render(Context()).strip() == ""
    assert "Ruta" in Template("{% trail %}<li>Uno</li>{% endtrail %}").render(Context())


# --- Theme ----------------------------------------------------------------------------------


def choose(client, theme: str, next_page: str = "/privacidad/", **headers):
    return client.post(reverse("appearance"), {"theme": theme, "next": next_page}, **(headers or SAME_ORIGIN))


def test_theme_is_kept_in_a_cookie_and_written_by_the_server(client):
    response = choose(client, "dark")
    assert (response.status_code, response.headers["Location"]) == (302, "/privacidad/")
    assert response.cookies["theme"]["httponly"]
    html = html_of(client, "privacy")
    assert '<html lang="es" data-theme="dark">' in html
    assert re.search(r'value="dark" aria-pressed="true"', html)


def test_theme_automatic_forgets_the_choice(client):
    choose(client, "dark")
    choose(client, "auto")
    assert "data-theme" not in html_of(client, "privacy")


def test_theme_cookie_with_anything_else_is_ignored(client):
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in html_of(client, "privacy")


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_ORIGIN": "https://otra.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ACCEPT": "text/html"},
    ],
)
def test_theme_is_not_changed_from_elsewhere(client, headers):
    response = choose(client, "dark", **headers)
    assert response.status_code == 403
    assert "theme" not in response.cookies


@pytest.mark.parametrize(
    "target", ["https://otra.example/", "//otra.example", "/\\otra.example", "", "javascript:1"]
)
def test_theme_never_leads_to_another_site(client, target):
    assert choose(client, "dark", target).headers["Location"] == "/mi-cuenta/"


def test_theme_is_not_changed_by_get(client):
    assert client.get(reverse("appearance")).status_code == 405


# --- Machines -------------------------------------------------------------------------------


def test_health_says_up(client):
    response = client.get(reverse("health"))
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_health_gives_figures_on_request(client):
    state = client.get(reverse("health"), HTTP_ACCEPT="application/json").json()
    assert state == {"status": "ok", "database": True, "oldest_due_mail_seconds": None}


def test_health_says_down_when_the_database_is(client, monkeypatch):
    def gone(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get(reverse("health"))
    assert (response.status_code, response.content) == (503, b"down\n")


def test_robots_keeps_machines_out_of_tickets(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /tickets/" in text
    assert "Sitemap: http" in text


def test_favicon_is_found(client):
    assert client.get("/favicon.ico").headers["Location"].endswith("img/favicon.svg")


def test_styleguide_is_for_developers(client, admin_client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get(reverse("styleguide")).status_code == 404
    assert admin_client.get(reverse("styleguide")).status_code == 200
    settings.DEMO = True
    assert client.get(reverse("styleguide")).status_code == 200


# --- The third step of Mi Cuenta, by the clock ------------------------------------------------


def way(kind: str, is_open: bool | None, detail: str = "Abierto hasta las 18:00\u00a0h") -> HelpEntry:
    return HelpEntry(1, kind, kind.title(), f"/{kind}/", detail, is_open)


def third_step(*entries: HelpEntry) -> str:
    html = render_to_string("helpdesk/_fastest_way.html", {"help_entries": entries})
    return visible_text(html.split("¿Es urgente", 1)[1])


def test_third_step_names_who_answers_now():
    text = third_step(way("chat", True), way("whatsapp", True), way("phone", False, "910 · Cerrado"))
    assert "Whatsapp (abierto hasta las 18:00\u00a0h) · Phone (910, cerrado)" in text
    assert "Chat" not in text


def test_third_step_says_when_nobody_is_there():
    text = third_step(way("whatsapp", False), way("phone", False), way("email", None))
    assert "Ahora no hay nadie al teléfono. Abre un ticket." in text


def test_third_step_without_staffed_channels_offers_mail():
    text = third_step(way("email", None))
    assert "nadie" not in text
    assert "Email" in text


def test_my_account_leads_straight_to_the_first_topics(client):
    for position, name in enumerate(["Correo", "Dominios", "Vacío"]):
        topic = Category.objects.create(name=name, slug=name.lower(), position=position)
        if name != "Vacío":
            Article.objects.create(title=name, slug=f"a-{position}", category=topic, status="published")
    html = html_of(client, "my_account")
    assert re.findall(r'href="/documentacion/(correo|dominios|vacío)/"', html) == ["correo", "dominios"]


def test_my_account_stands_without_its_database(client, monkeypatch):
    def gone(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    assert client.get(reverse("my_account")).status_code == 200


def test_my_account_asks_the_database_little(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get(reverse("my_account"))


def test_reference_in_a_sentence_is_never_parted():
    assert unbroken("<b> Ya enviaste MS-4F7K-29Q.") == (
        '&lt;b&gt; Ya enviaste <span class="nowrap">MS-4F7K-29Q</span>.'
    )
