"""Every address of the project, asked for by everyone: a stranger gets nothing of anyone else's.

The addresses come from the resolver. One that is in no list below fails: whoever adds an address says here
who may have it. Everything in Lucía's ticket carries a word that nobody else may ever read.
"""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from docs_kb.models import Section
from docs_kb.tests.factories import make_article, make_category
from docs_kb.tests.own_files import own_files
from tickets import rating, wake
from tickets.conversation import add_note, open_ticket, reply, solve
from tickets.links import revoke_links, signed_token, survey_token
from tickets.models import Attachment, OutboxMessage, Ticket
from tickets.tests.factories import make_agent, make_attachment, make_ticket
from tickets.tests.web import open_by_link, sign_in

__all__ = ["own_files"]
pytestmark = pytest.mark.django_db

WORD, INNER_WORD = "zafiro", "amatista"
DRAFT_KEY = "d" * 32

# For everyone; what they show is nobody's.
PUBLIC = {
    "",
    "my_account",
    "privacy",
    "accessibility",
    "legal_notice",
    "appearance",
    "health",
    "styleguide",
    "robots",
    "sitemap",
    "sitemap_section",
    "opensearch",
    "favicon",
    "docs_kb:home",
    "docs_kb:search",
    "docs_kb:beacon",
    "docs_kb:file",
    "docs_kb:category",
    "docs_kb:article",
    "docs_kb:opinion",
    "contact:home",
    "contact:chat",
    "tickets:create",
    "tickets:suggestions",
    "tickets:uploads",
    "tickets:solved",
    "tickets:link_request",
    "admin:login",
}
# For the session that opened the ticket's link: 403 for everybody else, whatever the reference.
OWN = {
    "tickets:conversation",
    "tickets:receipt",
    "tickets:correct_address",
    "tickets:reply",
    "tickets:news",
    "tickets:transcript",
    "tickets:resolution",
    "tickets:reopening",
}
# Of whoever asks: what they show is of the session, the account or the second factor that they came with.
PERSONAL = {
    "account_login",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "second_factor_qr",
    "second_factor_start_over",
    "tickets:my_name",
    "tickets:my_tickets",
    "tickets:resend_code",
    "tickets:sign_in",
    "tickets:sign_in_code",
    "tickets:sign_out",
}
# Closing an access that one does not have is no secret.
HARMLESS = {"tickets:close_access"}
# For whoever may see where a file belongs: 404 for everybody else.
FILES = {"tickets:file", "tickets:thumbnail"}
# For whoever holds a genuine token: 404 for any other.
TOKENS = {"tickets:open_link", "tickets:rating", "tickets:rating_reopening"}
# What one of the team without rights to tickets may open in the admin.
NEVER_FOR_EDITORS = re.compile(r"admin:(tickets_|contact_|auth_user)")

OUTSIDERS = ("guest", "other customer", "signed-in customer", "editor")
INSIDERS = ("owner", "agent", "superuser")
POSTED = {
    "body": "hola",
    "confirm": "1",
    "reply-body": "hola",
    "note-body": "hola",
    "me": "1",
    "status": "closed",
    "priority": "4",
    "subject": "hola",
    "is_spam": "1",
    "rating": "bad",
}


@dataclass
class World:
    """What Lucía has, under the names that addresses give to their parts."""

    ticket: Ticket
    browsers: dict[str, Client]
    arguments: dict[str, dict[str, list]] = field(default_factory=dict)

    def values(self, name: str, parts: list[str]) -> list[dict]:
        """The arguments to ask an address with, one set after the other."""
        known = self.arguments["*"] | self.arguments.get(name, {}) | _object_of(name)
        longest = max((len(known[part]) for part in parts), default=1)
        return [
            {part: known[part][min(number, len(known[part]) - 1)] for part in parts}
            for number in range(longest)
        ]


def addresses() -> dict[str, list[str]]:
    """The names of all addresses, with those of their parts; an unnamed one is called by its route."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(patterns: list, route: str = "", space: str = "") -> Iterator[tuple[str, list[str]]]:
    for entry in patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, here, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield space + entry.name, list(entry.pattern.converters) or list(entry.pattern.regex.groupindex)
        elif here == "" or not here.startswith("admin/"):
            yield here, []


def _object_of(name: str) -> dict[str, list]:
    """The admin's own addresses are about the first object of their model."""
    match = re.match(r"admin:(tickets|contact|docs_kb|auth)_([a-z]+)_", name)
    if match is None:
        return {}
    first = apps.get_model(*match.groups()).objects.order_by("pk").first()
    pk = first.pk if first else 999_999
    return {"object_id": [pk], "pk": [pk], "id": [pk]}


@pytest.fixture
def world(monkeypatch) -> World:
    """Lucía's ticket with everything that a ticket can have, and a browser for each who comes along."""
    monkeypatch.setattr(wake, "call", lambda *task: True)
    ana = make_agent("ana")
    category = make_category("Correo")
    article = make_article("No recibo correos", category=category)
    Section.objects.create(category=category, name="Recibir")
    ticket = open_ticket(
        name=f"Lucía {WORD}",
        email=f"{WORD}@example.com",
        description=f"El {WORD} no se abre desde ayer por la tarde",
    )
    reply(ticket=ticket, author=ana, body=f"¿Qué color tiene el {WORD}?")
    note = add_note(ticket=ticket, author=ana, body=f"Lo suyo es la {INNER_WORD}")
    solve(ticket=ticket, body=f"El {WORD} ya se abre")
    survey = ticket.surveys.get()
    rating.rate(survey=survey, rating="fair", comment=f"Por poco pierdo el {WORD}")
    files = [
        _file(ticket.messages.first(), WORD),
        _file(note, INNER_WORD),
        _file(None, WORD, form_key=DRAFT_KEY),
    ]
    bruno = make_ticket(email="bruno@example.org", description="Mi pregunta es otra distinta")
    solve(ticket=bruno, notify=False)
    world = World(ticket, _browsers(ticket, bruno, ana))
    references, mail = [ticket.reference], OutboxMessage.objects.filter(recipient__startswith=WORD).first()
    world.arguments = {
        "*": {
            "reference": references,
            "category_slug": [category.slug],
            "slug": [article.slug],
            "section": ["guias"],
            "name": ["ninguno.png"],
            "key": [file.key for file in files],
            "token": [signed_token(ticket)],
            "number": [1],
            "pk": [1],
            "object_id": [ticket.pk],
            "content_type_id": [1],
            "app_label": ["tickets"],
            "url": ["nada/"],
        },
        "tickets:rating": {"token": [survey_token(survey)]},
        "tickets:rating_reopening": {"token": [survey_token(survey)]},
        "admin:tickets_outboxmessage_html": {"key": [mail.key]},
        "admin:tickets_outboxmessage_retry": {"key": [mail.key]},
    }
    return world


def _file(message, word: str, **fields) -> Attachment:
    content = ContentFile(word.encode())
    stored = default_storage.save("attachments/tests/file", content)
    values = {"stored_name": stored, "thumbnail_name": stored, "content_type": "text/plain"}
    return make_attachment(message, name=f"{word}.txt", **values, **fields)


def _browsers(ticket: Ticket, other: Ticket, ana: User) -> dict[str, Client]:
    browsers = {who: Client() for who in (*OUTSIDERS, *INSIDERS)}
    open_by_link(browsers["owner"], ticket)
    open_by_link(browsers["other customer"], other)
    sign_in(browsers["signed-in customer"], other.requester.email)
    browsers["editor"].force_login(make_agent("dora", group="Documentación"))
    browsers["agent"].force_login(ana)
    browsers["superuser"].force_login(
        User.objects.create_superuser("root", email="root@example.com", password="secreto")
    )
    return browsers


def ask(world: World, who: str, method: str, name: str, part: dict) -> HttpResponse:
    """The answer with its whole body as `said`; what it wrote is taken back, so that the order is all one."""
    try:
        address = reverse(name, kwargs=part) if name else "/"
    except NoReverseMatch:
        address = "/" + name
    browser = world.browsers[who]
    cookies = copy(browser.cookies)
    with transaction.atomic():
        response = browser.get(address) if method == "GET" else browser.post(address, POSTED)
        response.before = state_of(world.ticket) if who in OUTSIDERS else None
        transaction.set_rollback(True)
    browser.cookies = cookies
    response.said = response.getvalue().decode("utf-8", "replace").lower()
    request_finished.disconnect(close_old_connections)  # closing would end the test's transaction
    response.close()
    request_finished.connect(close_old_connections)
    response.asked = f"{method} {address} by {who}: {response.status_code}"
    return response


def state_of(ticket: Ticket) -> tuple:
    """What a stranger must not be able to change."""
    row = Ticket.objects.values_list("status", "subject", "is_spam", "assignee", "merged_into").get(
        pk=ticket.pk
    )
    return row, ticket.messages.count(), ticket.events.count(), ticket.surveys.get().rating


def answers(world: World, who: str) -> Iterator[tuple[str, str, HttpResponse]]:
    """Every address, with GET and POST."""
    for name, parts in addresses().items():
        for values in world.values(name, parts):
            for method in ("GET", "POST"):
                yield name, method, ask(world, who, method, name, values)


def test_every_url_says_who_may_have_it():
    listed = PUBLIC | PERSONAL | OWN | HARMLESS | FILES | TOKENS
    names = {name for name in addresses() if not name.startswith("admin:")}
    assert names == {name for name in listed if not name.startswith("admin:")}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_reads_or_changes_anything(world, who):
    before = state_of(world.ticket)
    for name, method, response in answers(world, who):
        assert WORD not in response.said, response.asked
        assert INNER_WORD not in response.said, response.asked
        if name in TOKENS and response.status_code < 400:
            continue  # whoever holds a genuine link may use it
        assert response.before == before, response.asked
        assert response.status_code in allowed(name, method, who), response.asked


def allowed(name: str, method: str, who: str) -> set[int]:
    """What a stranger's request for an address may be answered with."""
    if name in OWN:
        return {403, 405}
    if name in FILES:
        return {404} if method == "GET" else {405}
    if name.startswith("admin:") and name != "admin:login":
        if who != "editor":
            return {302}
        return {302, 403, 404, 405} if NEVER_FOR_EDITORS.match(name) else {200, 302, 400, 403, 404, 405, 422}
    return {200, 204, 301, 302, 304, 400, 403, 404, 405, 422}


def test_staff_pages_send_strangers_to_sign_in(world):
    for name, _parts in addresses().items():
        if name.startswith("admin:tickets_ticket_"):
            values = world.values(name, _parts)[0]
            response = ask(world, "other customer", "POST", name, values)
            assert response.url.startswith("/admin/login/?next="), response.asked


@pytest.mark.parametrize("who", ["guest", "other customer"])
def test_dead_and_crossed_links_open_nothing(world, who):
    ticket, survey = world.ticket, world.ticket.surveys.get()
    stale = {"tickets:open_link": signed_token(ticket), "tickets:rating": survey_token(survey)}
    stale["tickets:rating_reopening"] = stale["tickets:rating"]
    revoke_links(ticket)
    reference, signature = signed_token(ticket).split(".")
    for name in TOKENS:
        swapped = stale["tickets:rating" if name == "tickets:open_link" else "tickets:open_link"]
        for token in (stale[name], swapped, f"{reference}.{signature[::-1]}"):
            for method in ("GET", "POST"):
                response = ask(world, who, method, name, {"token": token})
                assert response.status_code == 404 or response.status_code == 405, response.asked
                assert WORD not in response.said


@pytest.mark.parametrize("who", INSIDERS)
def test_whoever_may_have_it_gets_an_answer(world, who):
    read = set()
    for name, method, response in answers(world, who):
        assert response.status_code < 500, response.asked
        if who == "owner":
            assert INNER_WORD not in response.said, response.asked
            assert response.status_code == 302 or not name.startswith("admin:") or name == "admin:login"
        if method == "GET" and WORD in response.said:
            read.add(name)
    shown = {
        "owner": {"tickets:conversation", "tickets:receipt", "tickets:transcript", "tickets:file"},
        "agent": {"tickets:file", "admin:tickets_ticket_change", "admin:tickets_requester_change"},
    }
    assert shown.get(who, shown["agent"]) <= read
