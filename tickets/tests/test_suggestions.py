"""Guides in the ticket form over HTTP: while one types, by the second button, and «Ya lo he resuelto»."""

import re

import pytest
from django.db import OperationalError
from django.test import Client

from docs_kb.models import Article, ArticleDay
from docs_kb.tests.factories import make_article
from tickets import guides
from tickets.guides import met_by
from tickets.models import Attachment, Deflection, Ticket
from tickets.tests.factories import make_agent, make_ticket
from tickets.tests.web import (
    WORDS,
    count_queries,
    hidden_fields,
    opened_form,
    page_text,
    png,
    send,
    text,
)

pytestmark = pytest.mark.django_db
FORM = "/tickets/nuevo/"
ASK, SOLVED = f"{FORM}sugerencias/", f"{FORM}resuelto/"
STORY = "El Outlook del Mac me pide la contraseña del buzón cada dos por tres aunque la recuerde"
NONE = "No hemos encontrado guías sobre esto; envía el ticket y te ayudamos."


@pytest.fixture
def guide() -> Article:
    for number in range(12):
        make_article(f"Otra guía sobre impresoras {number}", body="Papel, tinta y bandejas.")
    return make_article(
        "Outlook para Mac pide la contraseña del buzón",
        body="Recordar la contraseña del buzón en Outlook para Mac.",
    )


def met(response) -> dict[str, list[int]]:
    """The hidden ids of the form on a page."""
    html = response.content.decode()
    return {
        name: [int(pk) for pk in re.findall(rf'<input type="hidden" name="{name}" value="(\d+)">', html)]
        for name in ("suggested", "read")
    }


def ask(client, description: str = STORY, **headers):
    return client.post(ASK, {"description": description}, headers=headers)


# --- While one types ------------------------------------------------------------------------


def test_fragment_is_the_forms_own_section(client, guide):
    response = ask(client)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.lstrip().startswith("<section")
    assert "Quizá esto lo resuelva ahora" in html
    assert f'href="{guide.get_absolute_url()}" target="_blank" rel="noopener" data-guide="{guide.pk}"' in html
    assert '<span class="visually-hidden"> (se abre en otra pestaña)</span>' in html
    assert "Un artículo puede ayudarte; está debajo de la descripción" in html
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not client.cookies


def test_fragment_counts_in_the_plural(client, guide):
    make_article("Outlook para Mac y la contraseña del buzón", body="Recordar la contraseña del buzón.")
    html = ask(client, "La contraseña del buzón me la pide siempre el Outlook de mi Mac").content.decode()
    assert "2 artículos pueden ayudarte; están debajo de la descripción" in html


@pytest.mark.parametrize(
    "description",
    [
        "",
        "Outlook para Mac pide la contraseña",
        "\0" * 60,
        "%_'\"\\;--" * 10,
        "😀" * 80,
        "مشكلة في البريد الإلكتروني ولا أستطيع الدخول إلى حسابي منذ أمس",
        "a" * 10_000,
        "de la que el y en los del se las por un para con no una su al lo " * 3,
    ],
)
def test_nothing_good_is_an_empty_answer(client, guide, description):
    response = ask(client, description)
    assert (response.status_code, response.content) == (204, b"")


def test_long_description_is_answered(client, guide):
    assert ask(client, f"{STORY}. " * 100).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_fragment_is_only_posted_for(client, method):
    assert getattr(client, method)(ASK).status_code == 405


def test_fragment_is_for_our_own_form(guide):
    assert ask(Client(enforce_csrf_checks=True)).status_code == 403


def test_too_many_questions_of_a_network_are_put_off(client, guide, monkeypatch):
    monkeypatch.setattr("tickets.access.SUGGESTIONS_AN_HOUR", 2)
    assert [ask(client).status_code for _ in range(3)] == [200, 200, 429]
    response = ask(client)
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert NONE in page_text(send(client, description=STORY, guides="1"))


def test_nothing_that_was_typed_is_stored(client, guide):
    with count_queries() as queries:
        ask(client, f"{STORY} lucia@example.com")
    writes = [sql.split() for sql in queries.statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert {words[2].strip('"') for words in writes} <= {"docs_kb_throttlecount"}
    assert not [sql for sql in queries.statements if "lucia@" in sql]


def test_fragment_costs_the_same_with_more_articles(client, guide):
    costs = []
    for _ in range(2):
        with count_queries() as queries:
            assert ask(client, "La contraseña del buzón me la pide siempre el Outlook de mi Mac").content
        costs.append(len(queries.statements))
        make_article("Outlook para Mac y la contraseña del buzón", body="Recordar la contraseña del buzón.")
    assert costs[0] == costs[1] <= 9


# --- By the second button -------------------------------------------------------------------


def test_button_redraws_the_form_with_guides_text_and_files(client, guide):
    response = send(client, description=STORY, email="lucia@", guides="1", files=[png(), text()])
    html, said = response.content.decode(), page_text(response)
    assert response.status_code == 200
    assert "Quizá esto lo resuelva ahora" in said
    assert f"{guide.title} (se abre en otra pestaña)" in said
    assert html.index('id="id_description"') < html.index('id="sugerencias"') < html.index("id_attachments")
    assert STORY in html
    assert 'value="lucia@"' in html
    assert "Quitar panel.png" in said
    assert "Quitar registro.txt" in said
    assert 'class="error-summary"' not in html
    assert met(response) == {"suggested": [guide.pk], "read": []}
    assert not Ticket.objects.exists()


def test_button_is_named_and_comes_after_the_unnamed_one(client):
    html = client.get(FORM).content.decode()
    buttons = re.findall(r"<button[^>]*>", html[html.index("<main") : html.index("</main")])
    assert "name=" not in buttons[0]
    assert f'name="guides" value="1" formaction="{FORM}#sugerencias" formnovalidate' in buttons[-1]
    assert "Ver guías antes de enviar" in html


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        ("El lavavajillas hace mucho ruido y no desagua bien desde ayer", NONE),
        ("Outlook en Mac", "Escribe al menos 40 caracteres en la descripción y buscaremos guías."),
        ("", "Escribe al menos 40 caracteres en la descripción y buscaremos guías."),
    ],
)
def test_button_says_so_when_there_is_no_guide(client, guide, description, sentence):
    response = send(client, description=description, guides="1")
    assert response.status_code == 200
    assert sentence in page_text(response)
    assert 'id="sugerencias"' in response.content.decode()
    assert "Quizá esto lo resuelva ahora" not in page_text(response)


def test_post_without_the_buttons_name_sends_the_ticket(client, guide):
    first = send(client, description=STORY, guides="1", files=[png()])
    response = send(client, hidden=hidden_fields(first), description=STORY)
    assert response.status_code == 302
    assert Ticket.objects.get().messages.get().attachments.count() == 1


def test_form_as_it_opens_suggests_nothing_and_asks_the_search_nothing(client, guide):
    html = client.get(FORM).content.decode()
    assert 'id="sugerencias"' not in html
    assert met(client.get(FORM)) == {"suggested": [], "read": []}


def test_search_that_is_away_leaves_the_form_as_it_is(client, guide, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(guides, "search", fail)
    assert ask(client).status_code == 204
    assert NONE in page_text(send(client, description=STORY, guides="1"))
    assert send(client, description=STORY).status_code == 302


# --- What the ticket remembers --------------------------------------------------------------


def test_suggested_and_read_guides_reach_the_ticket_through_errors(client, guide):
    other = make_article("Otra guía que se abrió")
    ids = {"suggested": [guide.pk, other.pk], "read": [other.pk]}
    first = send(client, description=STORY, email="lucia@", **ids)
    assert first.status_code == 422
    assert {name: set(pks) for name, pks in met(first).items()} == {
        "suggested": {guide.pk, other.pk},
        "read": {other.pk},
    }
    assert "Quizá esto lo resuelva ahora" in page_text(first)
    added = send(client, description=STORY, add="1", files=[png()], **met(first))
    assert send(client, hidden=hidden_fields(added), description=STORY, **met(added)).status_code == 302
    kept = met_by(Ticket.objects.get())
    assert (kept.read, kept.suggested) == ([other], [guide])


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "1.5", "٣", "9" * 18, "9" * 5000, "1 OR 1=1", "<script>", "\0", "1e3", "0"]
)
def test_ids_that_are_none_are_ignored(client, guide, value):
    response = send(client, suggested=value, read=value, email="")
    assert "<script>" not in response.content.decode().split("<main")[1].split("</main")[0]
    assert send(client, suggested=value, read=value).status_code == 302
    assert not Ticket.objects.get().guides.exists()


def test_form_carries_twelve_ids_at_most_and_the_latest(client):
    response = send(client, email="", suggested=list(range(1, 500)))
    assert met(response)["suggested"] == list(range(488, 500))


def test_what_one_met_stays_with_them(client, guide):
    send(client, description=STORY, guides="1")
    assert met(Client().get(FORM)) == {"suggested": [], "read": []}


def test_staff_read_what_was_suggested_and_read(client, guide, django_assert_num_queries):
    read = make_article("Recuperar el acceso")
    ticket = make_ticket(suggested=[guide.pk, read.pk], read=[read.pk], category=guide.category)
    client.force_login(make_agent())
    page = f"/admin/tickets/ticket/{ticket.pk}/change/"
    said = page_text(client.get(page))
    assert "Leyó: « Recuperar el acceso »" in said
    assert f"Le sugerimos: « {guide.title} »" in said
    assert f"Tema: {guide.category.name}" in said
    costs = []
    for _ in range(2):
        with count_queries() as queries:
            client.get(page)
        costs.append(len(queries.statements))
        ticket.guides.create(article=make_article("Otra más"))
        ticket.guides.create(article=make_article("Y otra"), was_read=True)
    assert costs[0] == costs[1]


def test_privacy_page_says_what_is_kept(client):
    assert "qué guías te sugerimos mientras escribías y cuáles abriste" in page_text(
        client.get("/privacidad/")
    )


# --- «Ya lo he resuelto» --------------------------------------------------------------------


def solve(client, guide: Article, *, hidden: dict | None = None, files: list | tuple = (), **changes):
    hidden = opened_form(client) if hidden is None else hidden
    data = WORDS | {"suggested": [guide.pk], "solved": "1"} | hidden | changes
    return client.post(SOLVED, data | ({"attachments": files} if files else {}))


def count(guide: Article) -> int:
    return sum(ArticleDay.objects.filter(article=guide).values_list("solved", flat=True))


def undo(client, page, **changes):
    """Press «Deshacer»: nothing but what the page itself holds is sent."""
    html = page.content.decode()
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    return client.post(FORM, held | {"undo": "1"} | met(page) | changes)


def test_solved_sends_nothing_and_counts_for_the_guide(client, guide):
    response = solve(client, guide)
    said = page_text(response)
    assert response.status_code == 200
    assert "Nos alegra. No hemos enviado nada." in said
    assert "Deshacer" in said
    assert "Ir a Mi Cuenta" in said
    assert "Ver la documentación" in said
    assert response.headers["Cache-Control"] == "no-store"
    assert count(guide) == 1
    assert not Ticket.objects.exists()


def test_solved_counts_once_for_a_form_however_often_it_is_pressed(client, guide):
    hidden = opened_form(client)
    for _ in range(3):
        assert solve(client, guide, hidden=hidden).status_code == 200
    assert (count(guide), Deflection.objects.count()) == (1, 1)


def test_solved_counts_for_what_was_read_rather_than_what_was_shown(client, guide):
    read = make_article("La que se abrió")
    solve(client, guide, suggested=[guide.pk, read.pk], read=[read.pk])
    assert (count(guide), count(read)) == (0, 1)


def test_undo_brings_the_form_back_filled_in_and_takes_the_count_back(client, guide):
    page = solve(
        client, guide, files=[png()], busqueda="no llega", email="lucia@", description="Una\n\ndos «x»"
    )
    for _ in range(2):
        response = undo(client, page)
        html, said = response.content.decode(), page_text(response)
        assert response.status_code == 200
        assert "Aquí sigue tu ticket, tal como lo dejaste. Todavía no se ha enviado." in said
        assert WORDS["name"] in html
        assert 'value="lucia@"' in html
        assert "Una\n\ndos «x»" in html
        assert "Quitar panel.png" in said
        assert "Has buscado «no llega»" in said
        assert met(response)["suggested"] == [guide.pk]
        assert count(guide) == 0
    thumbnail = Attachment.objects.get()
    assert send(client, hidden=hidden_fields(response)).status_code == 302
    thumbnail.refresh_from_db()
    assert thumbnail.message.ticket == Ticket.objects.get()


def test_solved_ticket_that_is_sent_after_all_was_not_solved(client, guide):
    hidden = opened_form(client)
    solve(client, guide, hidden=hidden)
    assert send(client, hidden=hidden, suggested=[guide.pk]).status_code == 302
    assert count(guide) == 0


@pytest.mark.parametrize("changes", [{"name": "", "email": "", "description": ""}, {"form_key": "<b>"}])
def test_solved_asks_nothing_of_the_form(client, guide, changes):
    assert "Nos alegra" in page_text(solve(client, guide, **changes))


def test_solved_counts_nothing_for_unknown_guides(client, guide):
    assert solve(client, guide, suggested=["999999", "x"]).status_code == 200
    assert not Deflection.objects.exists()


def test_solved_keeps_nothing_of_the_text(client, guide):
    with count_queries() as queries:
        solve(client, guide)
    assert not [sql for sql in queries.statements if "navegadores" in sql or "lucia@" in sql]


def test_solved_is_not_counted_over_the_limit(client, guide, monkeypatch):
    monkeypatch.setattr("tickets.access.SOLVED_AN_HOUR", 1)
    solve(client, guide)
    assert "Nos alegra" in page_text(solve(client, guide))
    assert count(guide) == 1


def test_locked_database_loses_a_count_and_nothing_else(client, guide, monkeypatch):
    def locked():
        raise OperationalError("database is locked")

    monkeypatch.setattr("tickets.deflections.short_transaction", locked)
    page = solve(client, guide, files=[png()])
    assert "Nos alegra" in page_text(page)
    back = undo(client, page)
    assert "Aquí sigue tu ticket" in page_text(back)
    assert send(client, hidden=hidden_fields(back), **met(back)).status_code == 302
    assert Ticket.objects.get().messages.get().attachments.count() == 1


def test_solved_of_a_stale_form_gives_it_back(guide):
    client = Client(enforce_csrf_checks=True)
    response = solve(client, guide)
    assert response.status_code == 403
    assert "pulsa «Ya lo he resuelto» otra vez" in page_text(response)
    assert WORDS["name"] in response.content.decode()
    assert count(guide) == 0


def test_solved_of_another_site_is_refused(guide):
    client = Client(enforce_csrf_checks=True)
    response = client.post(SOLVED, WORDS, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert WORDS["name"] not in response.content.decode()


def test_solved_address_leads_to_the_form(client):
    response = client.get(SOLVED)
    assert (response.status_code, response.url) == (302, FORM)
