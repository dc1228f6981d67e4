"""Every mail of the product: its words to the letter, its voice, its headers, and what it keeps to itself.

The words are kept in `mails/`, as a reader gets them; a test that fails shows what would change for them.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpdesk.tests.every_mail import CUSTOMER_KINDS, LUCIA, STAFF_KINDS, built, every_mail
from helpdesk.tests.voice import complaints, visible_text
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "mails"
PEOPLE = (True, False)
# What only Lucía or a stranger in her name can have written.
HER_WORDS = ("Lucía", "No puedo entrar", "403", "panel.png", "foto.jpg", "Firefox")
# The team hears the same, and a code says nothing of anybody.
SAME_FOR_ALL = (*STAFF_KINDS, "code")
HELP = ["1. Documentación:", "2. Ticket:", "3. WhatsApp:", "4. Teléfono:"]


@pytest.fixture(autouse=True)
def _in_production(settings):
    settings.SITE_URL = "https://soporte.example.com"


def words(row) -> tuple[str, str, str]:
    """Subject, text and HTML of the mail as it leaves."""
    mail = built(row)
    text, html = mail.iter_parts()
    return mail["Subject"].strip(), text.get_content(), html.get_content()


def as_kept(subject: str, text: str) -> str:
    """Without what is different each time: references, the secrets of links, numbers of rows."""
    first, second = Ticket.objects.order_by("pk")
    kept = f"Asunto: {subject}\n\n{text}"
    for ticket, name in ((first, "MS-4F7K-29Q"), (second, "MS-8T2P-6XA")):
        kept = kept.replace(ticket.reference, name)
    kept = re.sub(r"/(t|valorar)/[0-9A-Z]+\.[\w-]+/", r"/\1/…/", kept)
    return re.sub(r"(?<=/)(?:\d+/change|tema-\d+/guia-\d+)/", "…/", kept)


@pytest.mark.parametrize("is_proven", PEOPLE)
def test_every_mail_says_what_we_agreed(is_proven):
    for kind, row in every_mail(is_proven=is_proven).items():
        subject, text, _ = words(row)
        name = f"{kind}.txt" if is_proven or kind in SAME_FOR_ALL else f"{kind}-unproven.txt"
        assert as_kept(subject, text) == (FOLDER / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("is_proven", PEOPLE)
def test_every_mail_speaks_as_we_do(is_proven):
    for kind, row in every_mail(is_proven=is_proven).items():
        subject, text, html = words(row)
        for part in (subject, text, visible_text(html)):
            assert complaints(part) == [], kind


def test_mails_to_an_unproven_address_repeat_nothing_of_who_wrote():
    rows = every_mail(is_proven=False)
    for kind in set(CUSTOMER_KINDS) - {"resolved"}:  # there the team itself spoke of the error
        mail = "\n".join(words(rows[kind]))
        assert [word for word in HER_WORDS if word in mail.replace(LUCIA, "")] == [], kind


def test_mails_of_a_ticket_carry_the_headers_of_their_thread():
    rows = every_mail(is_proven=True)
    root = built(rows["receipt"])["Message-ID"]
    for kind in CUSTOMER_KINDS:
        mail = built(rows[kind])
        assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", mail["Message-ID"])
        assert mail["X-Loop"] == "soporte@example.com"
        assert mail["To"] == LUCIA
        if kind in ("receipt", "link", "code"):
            assert mail["References"] is None
        else:
            assert mail["Subject"] == f"Re: {built(rows['receipt'])['Subject']}"
            assert mail["References"].split()[0] == root
        automatic = {"receipt": "auto-replied", "reply": None}.get(kind, "auto-generated")
        assert mail["Auto-Submitted"] == automatic, kind
        assert mail["X-Auto-Response-Suppress"] == (automatic and "All")
        assert mail["List-Unsubscribe"] is None


def test_mails_ask_for_an_answer_only_where_mail_comes_in(settings):
    closed = every_mail(is_proven=True)
    assert not any("esponde a este correo" in words(closed[kind])[1] for kind in CUSTOMER_KINDS)
    assert {built(row)["Reply-To"] for row in closed.values()} == {"soporte@example.com"}


def test_mails_are_answered_to_an_address_that_knows_the_ticket(settings):
    settings.IMAP_URL = "imaps://soporte@mail.example.com"
    rows = every_mail(is_proven=True)
    threaded = [kind for kind in CUSTOMER_KINDS if kind not in ("link", "code")]
    (address,) = {built(rows[kind])["Reply-To"] for kind in threaded}
    assert re.fullmatch(r"soporte\+[a-z2-9]{7}[a-z2-7]{24}@example\.com", address)
    assert len(address.partition("@")[0]) <= 64
    for kind in ("receipt", "reply", "resolved"):
        _, text, html = words(rows[kind])
        for part in (text, html):
            assert "esponde" in part
            assert "— Escribe por encima de esta línea —" in part
            assert complaints(visible_text(part) if part is html else part) == []
    for kind in STAFF_KINDS:
        assert built(rows[kind])["Reply-To"] == "soporte@example.com"
        assert "Escribe por encima" not in words(rows[kind])[1]


class Page(HTMLParser):
    """What of a mail's HTML matters to those who read it with other eyes or a careful program."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def every(self, *names: str) -> list[dict]:
        return [attrs for tag, attrs in self.tags if tag in names]


def test_html_of_every_mail_is_careful():
    for kind, row in every_mail(is_proven=True).items():
        subject, text, html = words(row)
        page = Page(html)
        assert page.every("html") == [{"lang": "es"}]
        assert f"<title>{subject}</title>" in html
        assert {"name": "color-scheme", "content": "light dark"} in page.every("meta")
        assert all(table.get("role") == "presentation" for table in page.every("table"))
        assert not page.every("img", "script", "link", "iframe", "form", "input", "object")
        assert "url(" not in html
        assert '<div style="display:none' in html
        hosts = {re.match(r"https?://[^/]+|tel:", one["href"])[0] for one in page.every("a")}
        assert hosts <= {"https://soporte.example.com", "https://wa.me", "tel:", "https://example.com"}
        if kind in CUSTOMER_KINDS:
            assert [line[: len(start)] for line, start in zip(_help(text), HELP, strict=True)] == HELP
            assert [html.index(f"{n}. ") for n in (1, 2, 3, 4)] == sorted(
                html.index(f"{n}. ") for n in (1, 2, 3, 4)
            )
    assert "\f" not in html + text


def _help(text: str) -> list[str]:
    return text.split("¿Necesitas ayuda?\n")[1].splitlines()[:4]


def test_preheader_of_every_mail_says_what_happened():
    for kind, row in every_mail(is_proven=True).items():
        html = words(row)[2]
        preheader = re.search(r'<div style="display:none[^>]*>(.*?)</div>', html, re.DOTALL)[1].strip()
        assert len(preheader) > 15, kind
        assert "K7PM" not in preheader


def test_code_stands_alone_on_the_first_line_and_nowhere_else():
    row = every_mail(is_proven=True)["code"]
    subject, text, html = words(row)
    assert text.splitlines()[0] == "K7PM-4TQX"
    assert text.count("K7PM-4TQX") == html.count("K7PM-4TQX") == 1
    assert "K7PM" not in subject + row.body_text + row.body_html
