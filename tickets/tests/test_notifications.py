from copy import deepcopy
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from helpdesk.tests.voice import complaints
from tickets import attachments, conversation, notifications, outbox, triage
from tickets.models import Attachment, OutboxMessage, Schedule
from tickets.models.hours import OpeningHours
from tickets.tests.factories import (
    BRUNO,
    LUCIA,
    make_agent,
    make_attachment,
    make_ticket,
    make_upload,
    verify,
)

pytestmark = pytest.mark.django_db
KEY = "k" * 32
# A Tuesday, 9:14 h in Madrid.
MORNING = datetime(2026, 11, 24, 8, 14, tzinfo=UTC)
STRANGERS_WORDS = "Compra relojes en http://malo.example"


def mail(ticket, kind: str) -> OutboxMessage:
    return ticket.outbox.get(kind=kind)


def whole(row: OutboxMessage) -> str:
    return "\n".join([row.subject, *outbox.rendered(row, whole=True)])


def test_receipt_to_an_unproven_address_repeats_nothing_of_who_wrote():
    attachments.stage(form_key=KEY, upload=make_upload("relojes-baratos.png"))
    make_attachment(form_key=KEY, name="relojes-rotos.png", state="refused")
    ticket = make_ticket(name="Relojes", description=STRANGERS_WORDS, form_key=KEY, notify=True)
    row = mail(ticket, "receipt")
    assert row.subject == f"[{ticket.reference}] Tu ticket"
    assert row.recipient == LUCIA
    assert row.body_text.startswith("Hola:\n")
    assert "Archivos: 1\n" in row.body_text
    assert "elojes" not in whole(row)
    assert "malo.example" not in whole(row)


def test_receipts_to_an_unproven_address_are_three_an_hour():
    def is_due() -> bool:
        return mail(make_ticket(notify=True), "receipt").due_at <= timezone.now()

    assert [is_due() for _ in range(4)] == [True, True, True, False]
    verify(make_ticket())
    assert is_due()


def test_receipt_to_a_proven_address_is_a_whole_proof():
    verify(make_ticket())
    schedule = Schedule.objects.create(name="Equipo", is_desk=True)
    OpeningHours.objects.create(schedule=schedule, weekday=1, opens_at="09:00", closes_at="18:00")
    attachments.stage(form_key=KEY, upload=make_upload("panel.png"))
    make_attachment(form_key=KEY, name="rota.png", state="refused")
    ticket = make_ticket(description="Fallo <b>1</b>\nlínea dos", form_key=KEY, notify=True, at=MORNING)
    row = mail(ticket, "receipt")
    text = row.body_text.replace("\u00a0", " ")
    assert row.subject == f"[{ticket.reference}] Fallo <b>1</b>"
    assert text.startswith("Hola, Lucía:\n\nTu ticket ya está en manos del equipo de soporte.\n")
    assert "Recibido: martes, 24 de noviembre de 2026, 9:14 h (hora peninsular)\n" in text
    assert "Primera respuesta: antes de las 13:14 h de hoy\n" in text
    assert "Archivos: panel.png (1 KB), rota.png (no se ha guardado)\n" in text
    assert "> Fallo <b>1</b>\n> línea dos\n" in text
    assert "Fallo &lt;b&gt;1&lt;/b&gt;" in row.body_html
    assert "<b>1" not in row.body_html


def test_receipt_carries_the_link_only_as_a_secret():
    row = mail(make_ticket(notify=True), "receipt")
    assert "/t/" not in row.body_text + row.body_html
    assert row.headers == {"Auto-Submitted": "auto-replied"}
    link = row.secrets["link"]
    assert link.startswith("http://127.0.0.1:8000/t/") or "/t/" in link
    assert link in outbox.rendered(row, whole=True)[0]


def test_html_of_mails_asks_no_other_host_for_anything():
    make_agent()
    ticket = make_ticket(notify=True)
    conversation.reply(ticket=ticket, author=make_agent("marta"), body="Mira https://example.com/guia")
    for row in ticket.outbox.all():
        assert 'lang="es"' in row.body_html
        for marker in ("<img", "src=", "url(", "@import", "<link", "<script"):
            assert marker not in row.body_html
        tables = row.body_html.count("<table")
        assert tables
        assert row.body_html.count('<table role="presentation"') == tables


def test_text_parts_have_short_lines_and_no_markup():
    make_agent()
    ticket = make_ticket(notify=True)
    conversation.reply(ticket=ticket, author=make_agent("marta"), body="Prueba con otro navegador.")
    for row in ticket.outbox.all():
        assert "<" not in row.body_text
        assert [line for line in row.body_text.splitlines() if len(line) > 78 and "http" not in line] == []


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        ("Hola Lucía,\n\nya funciona", "Hola Lucía,"),
        ("¡Hola! Ya funciona", "¡Hola! Ya"),
        ("buenos días, Lucía:\nya funciona", "buenos días, Lucía:"),
        ("Buenas:\nya funciona", "Buenas:"),
        ("Muy buenas tardes. Ya funciona", "Muy buenas tardes."),
        ("Buenas Lucía, ya funciona", "Buenas Lucía"),
        ("Estimada Lucía:\nya funciona", "Estimada Lucía:"),
        ("Buenas noticias: ya funciona", "Hola, Lucía:\n\nBuenas noticias"),
        ("Holanda ya tiene servicio", "Hola, Lucía:\n\nHolanda"),
        ("Ya funciona. Hola otra vez", "Hola, Lucía:\n\nYa funciona"),
    ],
)
def test_reply_greets_once(body, opening):
    ticket = make_ticket()
    verify(ticket)
    row = conversation.reply(ticket=ticket, author=make_agent(), body=body).outbox.get()
    assert row.body_text.startswith(opening)
    assert row.body_html.count("Hola, Lucía:") == opening.startswith("Hola, Lucía:\n")


def test_reply_joins_the_thread_under_its_first_subject():
    ana, ticket = make_agent(), make_ticket(notify=True)
    receipt = mail(ticket, "receipt")
    verify(ticket)
    triage.change_subject(ticket=ticket, to="Otro asunto", by=ana)
    first = conversation.reply(ticket=ticket, author=ana, body="¿Qué ves?")
    second = conversation.reply(ticket=ticket, author=ana, body="¿Y ahora?")
    reply, later = first.outbox.get(), second.outbox.get()
    assert reply.subject == later.subject == f"Re: [{ticket.reference}] Tu ticket"
    assert reply.headers == {"In-Reply-To": receipt.mail_id, "References": receipt.mail_id}
    assert later.headers == {
        "In-Reply-To": reply.mail_id,
        "References": f"{receipt.mail_id} {reply.mail_id}",
    }
    assert not reply.is_automatic
    OutboxMessage.objects.filter(pk=later.pk).update(carried_by=reply)  # the two left as one mail
    third = conversation.reply(ticket=ticket, author=ana, body="¿Y ya?").outbox.get()
    assert third.headers == later.headers


def test_references_of_a_long_thread_keep_root_and_latest():
    ana, ticket = make_agent(), make_ticket(notify=True)
    for number in range(12):
        last = conversation.reply(ticket=ticket, author=ana, body=str(number))
    ids = list(ticket.outbox.filter(recipient=LUCIA).order_by("created_at").values_list("mail_id", flat=True))
    assert last.outbox.get().headers["References"].split() == [ids[0], *ids[-10:-1]]


def test_reply_shows_the_answer_its_author_and_its_files():
    ana, ticket = make_agent(), make_ticket()
    verify(ticket)
    attachments.stage(form_key=KEY, upload=make_upload("guía.txt", b"pasos"))
    message = conversation.reply(ticket=ticket, author=ana, body="Prueba <esto>\n\ny dime", form_key=KEY)
    row = message.outbox.get()
    assert row.body_text.startswith("Hola, Lucía:\n\nPrueba <esto>\n\ny dime\n\nAna, del equipo de soporte\n")
    assert "- guía.txt (1\u00a0KB)" in row.body_text
    assert "Prueba &lt;esto&gt;" in row.body_html
    assert "Estado: Esperamos tu respuesta" in row.body_text


def recipients(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_new_ticket_is_told_to_the_active_team_with_an_address():
    make_agent()
    make_agent("marta", group="Supervisión")
    make_agent("eva", group="Documentación")
    make_agent("ida", is_active=False)
    make_agent("noa", email="")
    User.objects.filter(pk=make_agent("leo").pk).update(is_staff=False)
    ticket = make_ticket(notify=True)
    assert recipients("staff_new") == {"ana@example.com", "marta@example.com"}
    row = ticket.outbox.filter(kind="staff_new").first()
    assert f"/admin/tickets/ticket/{ticket.pk}/change/" in row.body_text
    assert "error 403" not in whole(row)


def test_answer_of_the_customer_is_told_to_whoever_has_the_ticket():
    ana, ticket = make_agent(), make_ticket()
    make_agent("marta")
    triage.assign(ticket=ticket, to=ana, by=ana)
    conversation.reply(ticket=ticket, author=None, body="Uso Firefox")
    assert recipients("staff_answer") == {"ana@example.com"}


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_answer_is_told_to_the_team_when_whoever_has_it_cannot_hear(change):
    ana, ticket = make_agent(), make_ticket()
    make_agent("marta")
    triage.assign(ticket=ticket, to=ana, by=ana)
    type(ana).objects.filter(pk=ana.pk).update(**change)
    conversation.reply(ticket=ticket, author=None, body="Uso Firefox")
    assert recipients("staff_answer") == {"marta@example.com"}


def test_refused_file_is_named_only_to_a_proven_address():
    ticket = make_ticket()
    message = ticket.messages.get()
    reason = "«foto.jpg» no se puede abrir y no se ha guardado: envíala otra vez"
    one, two = (make_attachment(message, state="refused", reason=reason) for _ in range(2))
    notifications.file_refused(one)
    verify(ticket)
    notifications.file_refused(Attachment.objects.get(pk=two.pk))
    unproven, proven = ticket.outbox.order_by("created_at")
    assert "foto.jpg" not in whole(unproven)
    assert (
        "Uno de tus archivos no se puede abrir y no se ha guardado: envíalo otra vez." in unproven.body_text
    )
    assert f"{reason}." in proven.body_text


def test_refused_file_of_the_team_is_not_told_to_the_customer():
    ticket = make_ticket()
    message = conversation.reply(ticket=ticket, author=make_agent(), body="Mira", notify=False)
    notifications.file_refused(make_attachment(message, state="refused", reason="…"))
    assert not ticket.outbox.exists()


def test_links_are_sent_for_every_ticket_and_show_subjects_only_to_a_proven_address():
    tickets = [make_ticket(), make_ticket(description="Factura mal")]
    requester = tickets[0].requester
    notifications.link_requested(requester, tickets)
    row = OutboxMessage.objects.get()
    text = outbox.rendered(row, whole=True)[0]
    for ticket, link in zip(tickets, row.secrets.values(), strict=True):
        assert f"{ticket.reference}\n{link}\n" in text
    assert "Factura" not in whole(row)
    requester.verified_at = timezone.now()
    notifications.link_requested(requester, tickets)
    assert "Factura mal" in OutboxMessage.objects.latest("created_at").body_text


def test_link_for_a_stranger_is_rendered_and_not_sent():
    stranger = make_ticket(email=BRUNO).requester
    notifications.link_requested(stranger, [])
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("kind", ["receipt", "staff_new"])
@pytest.mark.parametrize("name", ["subject.txt", "body.txt", "body.html"])
def test_broken_template_fails_no_ticket_and_its_mail_leaves_in_one_line(
    settings, tmp_path, mailoutbox, kind, name
):
    broken = tmp_path / "emails" / kind / name
    broken.parent.mkdir(parents=True)
    broken.write_text("{% if %}")
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"].insert(0, tmp_path)
    make_agent()
    ticket = make_ticket(description=STRANGERS_WORDS, notify=True)
    outbox.sweep()
    to = LUCIA if kind == "receipt" else "ana@example.com"
    (sent,) = [sent for sent in mailoutbox if sent.to == [to]]
    news, link = sent.body.splitlines()
    assert ticket.reference in sent.subject
    assert ticket.reference in news
    assert complaints(news) == []
    assert "malo.example" not in sent.subject + news
    address = f"{settings.SITE_URL}/{'t/' if kind == 'receipt' else 'admin/tickets/ticket/'}"
    assert link.startswith(address)
    assert f'<a href="{address}' in sent.alternatives[0].content
