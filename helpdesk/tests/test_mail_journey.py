"""A ticket's whole life as its mails tell it, from a real SMTP server; each step starts at the last mail."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.tests.voice import complaints, visible_text
from tickets import conversation, outbox, triage
from tickets.models import Survey, Ticket
from tickets.tests.factories import LUCIA, make_agent
from tickets.tests.web import answer, send

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def post(smtp_sink, time_machine):
    """`post()`: let the two minutes pass and everything due leave; the mails since the last time."""

    def run(address: str) -> list:
        known = len(smtp_sink.mails)
        time_machine.move_to(timezone.now() + timedelta(minutes=3))
        outbox.sweep()
        return [mail for mail in smtp_sink.mails[known:] if address in mail.rcpt_tos]

    return run


def parts(mail) -> tuple[str, str]:
    text, html = mail.iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content()


def link(mail, start: str) -> str:
    """Where a line of the text part leads that begins so, on our own site."""
    return re.search(rf"^{start}https?://[^/\s]+(/\S+)$", parts(mail)[0], re.MULTILINE)[1]


def test_mails_lead_a_customer_from_the_receipt_to_the_rating_and_back(client, post):
    ana, pilar = make_agent(), make_agent("pilar", group="Supervisión")
    send(client)
    (receipt,) = post(LUCIA)
    ticket = Ticket.objects.get()
    assert receipt["Subject"] == f"[{ticket.reference}] Tu ticket"
    assert client.post(link(receipt, "")).status_code == 302

    triage.assign(ticket=ticket, to=ana, by=pilar)
    conversation.reply(ticket=ticket, author=ana, body="¿Qué navegador usas?")
    conversation.reply(ticket=ticket, author=ana, body="¿Y desde cuándo?")
    (question,) = post(LUCIA)
    text, html = parts(question)
    assert text.index("¿Qué navegador usas?") < text.index("* * *") < text.index("¿Y desde cuándo?")
    assert text.count("lo daremos por resuelto. Podrás reabrirlo.") == text.count("¿Necesitas ayuda?") == 1
    assert question["In-Reply-To"] == receipt["Message-ID"]

    assert answer(client, ticket, "Firefox, desde ayer").status_code == 302
    (news,) = post("ana@example.com")
    assert "El cliente ha respondido" in parts(news)[0]
    assert "Firefox" not in "".join(parts(news))

    triage.change_status(ticket=ticket, to="resolved", by=ana, public_note="Hemos renovado tu acceso.")
    (resolved,) = post(LUCIA)
    assert "Esto es lo que hicimos:\n\nHemos renovado tu acceso." in parts(resolved)[0]
    rating = link(resolved, "Mal: ")
    assert 'value="bad" ' in client.get(rating).content.decode()
    assert Survey.objects.get().rating == ""
    client.post(rating, {"rating": "bad", "comment": "Tardasteis"})
    assert Survey.objects.get().rating == "bad"
    (bad,) = post("pilar@example.com")
    assert "Valoración «Mal»" in bad["Subject"]

    answer(client, ticket, "Hoy ha vuelto a fallar")
    (reopened,) = post(LUCIA)
    assert "Hemos reabierto tu ticket." in parts(reopened)[0]
    assert Ticket.objects.get().status == "open"
    for mail in (receipt, question, resolved, reopened):
        text, html = parts(mail)
        assert complaints(text) + complaints(visible_text(html)) == []
        assert mail is receipt or mail["References"].split()[0] == receipt["Message-ID"]
    assert len({mail["Message-ID"] for mail in (receipt, question, resolved, reopened)}) == 4
