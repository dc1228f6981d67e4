"""Ana's day in a real browser: sign in, find who waits, answer, note, take, resolve, resend, edit."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contact.models import Channel
from docs_kb.models import Article, Category
from helpdesk.tests.hands import press
from helpdesk.tests.voice import complaints, visible_text
from tickets import conversation, outbox
from tickets.models import Message, OutboxMessage, Schedule, Ticket
from tickets.tests.factories import make_agent, make_ticket, picture_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PICTURE = {"name": "panel.png", "mimeType": "image/png", "buffer": picture_bytes()}
DISGUISED = {"name": "programa.png", "mimeType": "image/png", "buffer": b"MZ\x90\x00" * 100}
ANSWER = "Hola, Lucía:\n\nYa puedes entrar."


def sign_in(page, username: str = "ana") -> None:
    page.goto("/admin/login/")
    page.get_by_label("Nombre de usuario").fill(username)
    page.get_by_label("Contraseña").fill("secreto")
    page.locator("#login-form").get_by_role("button").click()
    page.wait_for_url("**/admin/")


def change_page(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def a_day_at_the_desk(page) -> None:
    page.context.watch.expect("422")
    make_agent(last_name="Serrano")
    berta = make_agent("berta", last_name="Gil")
    ticket = make_ticket(notify=True)
    sign_in(page)
    expect(page.locator(".card", has_text="Sin responder").locator(".card__number")).to_have_text("1")
    page.get_by_role("link", name="Sin responder").click()
    page.get_by_role("link", name=ticket.subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ticket.subject)

    press(page, "Asignarme")
    expect(page.locator(".messagelist")).to_have_text("Ahora lo llevas tú.")
    page.get_by_label("Solo la lee el equipo").fill("Tiene dos cuentas")
    press(page, "Guardar nota interna")
    expect(page.locator(".message--note")).to_contain_text("Tiene dos cuentas")
    expect(page.locator(".message--note")).to_contain_text("Nota interna")

    page.locator("#id_reply-files").set_input_files([PICTURE, DISGUISED])
    page.get_by_label("Texto que recibirá Lucía Ferrer").fill(ANSWER)
    press(page, "Enviar a Lucía")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".errornote")).to_contain_text("«programa.png» no parece una imagen")
    expect(page.get_by_label("Texto que recibirá Lucía Ferrer")).to_have_value(ANSWER)
    expect(page.get_by_role("button", name="Quitar panel.png")).to_be_visible()

    conversation.add_note(ticket=ticket, author=berta, body="Está bloqueada por impago")
    press(page, "Enviar a Lucía")
    expect(page.locator(".errornote")).to_contain_text("Berta añadió una nota mientras escribías.")
    expect(page.locator(".thread")).to_contain_text("Está bloqueada por impago")
    expect(page.get_by_label("Texto que recibirá Lucía Ferrer")).to_have_value(ANSWER)
    press(page, "Enviar a Lucía")
    expect(page.locator(".messagelist")).to_have_text("Respuesta para Lucía Ferrer en camino.")
    expect(page.locator(".message--staff")).to_contain_text("Ya puedes entrar.")
    expect(page.locator(".message--staff")).to_contain_text("panel.png")
    expect(page.locator(".ticket-head")).to_contain_text("Espera al cliente")

    page.get_by_label("Estado", exact=True).select_option(label="Resuelto")
    press(page, "Cambiar estado")
    expect(page.locator(".ticket-head")).to_contain_text("Resuelto")
    page.goto("/admin/")
    expect(page.locator(".card", has_text="Sin responder").locator(".card__number")).to_have_text("0")
    assert OutboxMessage.objects.filter(recipient="lucia@example.com", kind="reply").count() == 1
    press(page, "Cerrar sesión")
    page.goto(change_page(ticket))
    expect(page).to_have_url(re.compile(r"/admin/login/"))


def test_agent_works_a_ticket_from_end_to_end(page):
    a_day_at_the_desk(page)


def test_agent_works_a_ticket_without_scripts(page_without_js):
    a_day_at_the_desk(page_without_js)


def test_double_click_answers_once(page):
    make_agent()
    ticket = make_ticket()
    sign_in(page)
    page.goto(change_page(ticket))
    page.get_by_label("Texto que recibirá Lucía Ferrer").fill(ANSWER)
    page.get_by_role("button", name="Enviar a Lucía").dblclick()
    expect(page.locator(".message--staff")).to_have_count(1)
    assert ticket.messages.filter(kind=Message.Kind.STAFF).count() == 1


def test_refused_answer_leads_to_its_reason(page):
    page.context.watch.expect("422")
    make_agent()
    ticket = make_ticket()
    sign_in(page)
    page.goto(change_page(ticket))
    press(page, "Enviar a Lucía")
    note = page.locator(".errornote")
    expect(note).to_be_focused()
    expect(note).to_have_text("Escribe el texto antes de enviarlo")


def test_wrong_password_is_said_in_our_words(page):
    make_agent()
    page.goto("/admin/login/")
    page.get_by_label("Nombre de usuario").fill("ana")
    page.get_by_label("Contraseña").fill("otra")
    page.locator("#login-form").get_by_role("button").click()
    expect(page.locator(".errornote")).to_be_focused()
    assert complaints(visible_text(page.content())) == []


def test_mail_is_shown_in_a_frame_where_nothing_runs(page):
    make_agent()
    row = outbox.enqueue(
        kind="receipt",
        recipient="lucia@example.com",
        subject="Tu ticket",
        body_text="Hola",
        body_html="<p>Hola</p><script>top.document.title = 'otra'</script><img src='https://example.com/x'>",
        event_key="receipt:1:1",
    )
    # The browser says that it kept the script from running, and the image from being asked for.
    page.context.watch.expect("Blocked script execution")
    page.context.watch.expect("Refused to")
    page.context.watch.expect("violates the following Content Security Policy")
    sign_in(page)
    page.goto(reverse("admin:tickets_outboxmessage_change", args=[row.pk]))
    expect(page.frame_locator(".mail__frame").locator("p")).to_have_text("Hola")
    expect(page).to_have_title(re.compile("^Tu ticket"))


def test_new_opening_hours_are_added_with_the_keyboard(page):
    make_agent("sara", group="Supervisión")
    sign_in(page, "sara")
    page.goto("/admin/tickets/schedule/add/")
    page.get_by_label("Nombre").first.fill("Mañanas")
    page.locator(".add-row a").first.press("Enter")
    page.locator("[name$='-0-weekday']").select_option("0")
    page.locator("[name$='-0-opens_at']").first.fill("09:00")
    page.locator("[name$='-0-closes_at']").first.fill("14:00")
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Mañanas")
    assert Schedule.objects.get(name="Mañanas").opening_hours.count() == 1


def addresses(ticket: Ticket) -> list[str]:
    """Every kind of page of the admin: lists, forms with and without parts, history, deletion. The editor of
    guides has a test of its own."""
    category = Category.objects.create(name="Correo", slug="correo", description="Buzones")
    article = Article.objects.create(title="Configura tu correo", slug="configura", category=category)
    schedule = Schedule.objects.create(name="Tardes")
    schedule.opening_hours.create(weekday=0, opens_at="16:00", closes_at="20:00")
    channel = Channel.objects.first() or Channel.objects.create(kind="phone", value="+34910000000")
    mail = OutboxMessage.objects.filter(ticket=ticket).first()
    pages = [
        ("tickets_ticket_changelist", []),
        ("tickets_ticket_change", [ticket.pk]),
        ("tickets_requester_change", [ticket.requester_id]),
        ("tickets_outboxmessage_changelist", []),
        ("tickets_outboxmessage_change", [mail.pk]),
        ("docs_kb_article_history", [article.pk]),
        ("docs_kb_category_delete", [category.pk]),
        ("contact_channel_change", [channel.pk]),
        ("tickets_schedule_changelist", []),
        ("tickets_schedule_change", [schedule.pk]),
        ("tickets_specialday_add", []),
        ("auth_user_change", [ticket.assignee_id]),
        ("password_change", []),
    ]
    return ["/admin/", *(reverse(f"admin:{name}", args=args) for name, args in pages)]


def test_every_kind_of_page_is_accessible(page, inspect):
    page.context.watch.expect("422")
    boss = make_agent("jefa", group="", is_superuser=True)
    ticket = make_ticket(description="Una_palabra_" * 40, notify=True)
    earlier, named = make_ticket(), make_ticket(email="bruno@example.com")
    Ticket.objects.filter(pk=ticket.pk).update(
        assignee=boss, related_to=earlier, claimed_reference=named.reference
    )
    ticket.refresh_from_db()
    conversation.reply(ticket=ticket, author=boss, body=ANSWER)
    conversation.add_note(ticket=ticket, author=boss, body="Una nota")
    problems = {}

    def look(where: str) -> None:
        page.wait_for_load_state()
        found = inspect(page)
        if spoken := complaints(visible_text(page.content())):
            found["voice"] = spoken
        if found:
            problems[where] = found

    page.goto("/admin/login/")
    look("login")
    sign_in(page, "jefa")
    for address in addresses(ticket):
        assert page.goto(address).status == 200, address
        look(address)
    page.goto(change_page(ticket))
    press(page, "Enviar a Lucía")
    look("refused answer")
    page.goto(reverse("admin:docs_kb_article_add"))
    page.get_by_role("button", name="Guardar borrador", exact=True).first.click()
    look("refused article")
    assert problems == {}
