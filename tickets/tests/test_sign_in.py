"""Entering Mi Cuenta with a mailed code: who gets one, what it opens, and what it does not."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.tests.voice import complaints, visible_text
from tickets import access, outbox, sign_in
from tickets.models import OutboxMessage, Requester
from tickets.models.ticket import REFERENCE_ALPHABET
from tickets.tests.factories import BRUNO, LUCIA, make_agent, make_ticket, verify
from tickets.tests.web import ask_for_code, count_queries, page_text
from tickets.tests.web import sign_in as enter_by_code

pytestmark = pytest.mark.django_db

ENTER = "/mi-cuenta/entrar/"
CODE = "/mi-cuenta/entrar/codigo/"
RESEND = "/mi-cuenta/entrar/otro-codigo/"
LEAVE = "/mi-cuenta/salir/"
LIST = "/mi-cuenta/tickets/"


@pytest.fixture
def ticket():
    return make_ticket()


@pytest.fixture
def lucia(client, ticket):
    """Lucía's browser, signed in."""
    enter_by_code(client)
    return client


def give(client: Client, code: str, **fields):
    return client.post(CODE, {"code": code} | fields)


def who(client: Client) -> str:
    """The address that Mi Cuenta says one has entered with; empty for nobody."""
    found = re.search(
        r'class="account-facts".*?class="data">([^<]*)<', client.get("/mi-cuenta/").content.decode()
    )
    return found[1] if found else ""


def later(**ago):
    return time_machine.travel(timezone.now() + timedelta(**ago), tick=False)


# --- The way in -------------------------------------------------------------------------------


def test_code_opens_the_account(client, ticket):
    code = ask_for_code(client)
    assert re.fullmatch(rf"[{REFERENCE_ALPHABET}]{{4}}-[{REFERENCE_ALPHABET}]{{4}}", code)
    page = client.get(CODE)
    assert f"Lo hemos enviado a {LUCIA}" in page_text(page)
    assert 'autocomplete="one-time-code"' in page.content.decode()
    answer = give(client, code)
    assert (answer.status_code, answer.url) == (302, "/mi-cuenta/")
    page = client.get("/mi-cuenta/")
    assert "Has entrado como lucia@example.com" in page_text(page)
    assert "Hola, Lucía" in page_text(page)
    requester = Requester.objects.get(email=LUCIA)
    assert requester.is_verified
    user = requester.user
    assert (user.has_usable_password(), user.is_staff, user.is_superuser) == (False, False, False)
    assert list(user.get_all_permissions()) == []


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}{1}", " {0}-{1} ", "{0}–{1}", "{0} - {1}"])
def test_code_is_read_in_any_spelling(client, ticket, typed):
    halves = ask_for_code(client).split("-")
    assert give(client, typed.format(*halves).lower()).status_code == 302
    assert who(client) == LUCIA


def test_next_codes_are_for_the_same_user(client, ticket):
    enter_by_code(client)
    enter_by_code(Client())
    assert User.objects.count() == 1


def test_code_is_not_spent_by_looking(client, ticket):
    code = ask_for_code(client)
    for _ in range(7):
        client.get(CODE, {"code": code})
    assert who(client) == ""
    assert give(client, code).status_code == 302


def test_code_works_once(client, ticket):
    code = ask_for_code(client)
    give(client, code)
    client.post(LEAVE)
    assert "Escribe el código en la ventana donde lo pediste" in page_text(give(client, code))
    assert who(client) == ""


def test_code_of_one_browser_is_nothing_in_another(client, ticket):
    code = ask_for_code(client)
    other = Client()
    assert "Escribe el código en la ventana donde lo pediste, o pide uno nuevo aquí" in page_text(
        give(other, code)
    )
    ask_for_code(other)
    assert "Te quedan 4 intentos" in page_text(give(other, code))
    assert who(other) == ""


def test_code_is_kept_only_as_a_digest(client, ticket):
    code = ask_for_code(client)
    stored = str([session.get_decoded() for session in Session.objects.all()]).upper()
    assert code not in stored
    assert code.replace("-", "") not in stored


def test_code_is_masked_for_staff_and_wiped_once_sent(client, ticket, mailoutbox):
    code = ask_for_code(client)
    row = OutboxMessage.objects.get(kind="code")
    assert code not in row.body_text + row.body_html + row.subject
    assert code not in "".join(outbox.rendered(row, whole=False))
    assert outbox.deliver(str(row.pk))
    assert mailoutbox[0].body.splitlines()[0] == code
    row.refresh_from_db()
    assert row.secrets == {}
    assert complaints(mailoutbox[0].body) == []


# --- States -----------------------------------------------------------------------------------


def test_wrong_code_says_how_many_tries_are_left(client, ticket):
    code = ask_for_code(client)
    for left in (
        "Te quedan 4 intentos",
        "Te quedan 3 intentos",
        "Te quedan 2 intentos",
        "Te queda 1 intento",
    ):
        page = give(client, "22222222")
        assert page.status_code == 422
        assert f"Ese código no coincide. {left}" in page_text(page)
        assert page_text(page).startswith("Error: ")
    page = give(client, "22222222")
    assert page.status_code == 429
    assert "Demasiados intentos. Pide un código nuevo dentro de 15 minutos" in page_text(page)
    assert "en la ventana donde lo pediste" in page_text(give(client, code))
    assert who(client) == ""


def test_after_too_many_tries_no_code_is_sent_for_a_while(client, ticket):
    ask_for_code(client)
    for _ in range(5):
        give(client, "22222222")
    with later(minutes=13, seconds=30):
        page = client.post(ENTER, {"email": LUCIA})
        assert page.status_code == 429
        assert "Pide un código nuevo dentro de 2 minutos" in page_text(page)
    assert OutboxMessage.objects.filter(kind="code").count() == 1
    with later(minutes=16):
        assert client.post(ENTER, {"email": LUCIA}).status_code == 302


@pytest.mark.parametrize("typed", ["", "ABC", "K7PM-4TQ", "K7PM-4TQXX"])
def test_half_a_code_costs_no_try(client, ticket, typed):
    ask_for_code(client)
    assert give(client, typed).status_code == 422
    assert "Te quedan 4 intentos" in page_text(give(client, "22222222"))


def test_code_expires_after_ten_minutes(client, ticket):
    code = ask_for_code(client)
    with later(minutes=9, seconds=55):
        assert "ha caducado" not in page_text(client.get(CODE))
    with later(minutes=10, seconds=5):
        assert "Ese código ha caducado" in page_text(client.get(CODE))
        page = give(client, code)
        assert page.status_code == 422
        assert "Ese código ha caducado" in page_text(page)
    with later(minutes=10, seconds=6):
        client.post(RESEND)
        newer = OutboxMessage.objects.filter(kind="code").order_by("created_at").last().secrets["code"]
        assert give(client, newer).status_code == 302


def test_another_code_has_to_wait_a_minute(client, ticket):
    ask_for_code(client)
    for address in (RESEND, ENTER):
        client.post(address, {"email": LUCIA})
        assert "Acabamos de enviarte uno. Espera un minuto" in page_text(client.get(CODE))
    assert OutboxMessage.objects.filter(kind="code").count() == 1


def test_another_code_cancels_the_one_before(client, ticket):
    code = ask_for_code(client)
    give(client, "22222222")
    with later(seconds=61):
        client.post(RESEND)
        assert "Te hemos enviado otro código. El anterior ya no sirve." in page_text(client.get(CODE))
        assert "Te quedan 4 intentos" in page_text(give(client, code))


def test_another_address_need_not_wait(client, ticket):
    make_ticket(email=BRUNO)
    ask_for_code(client)
    assert ask_for_code(client, BRUNO)
    assert f"Lo hemos enviado a {BRUNO}" in page_text(client.get(CODE))


@pytest.mark.parametrize("address", [ENTER, CODE])
def test_pages_are_private_and_keep_the_voice(client, ticket, address):
    ask_for_code(client)
    for page in (client.get(address), give(client, "no")):
        assert page["Cache-Control"] == "no-store"
        assert page["X-Robots-Tag"] == "noindex"
        assert complaints(visible_text(page.content.decode())) == []


# --- Who gets one -----------------------------------------------------------------------------


def test_unknown_address_is_answered_alike_and_gets_no_mail(client, ticket):
    stranger = Client()
    assert ask_for_code(client)
    assert ask_for_code(stranger, BRUNO) == ""
    assert not Requester.objects.filter(email=BRUNO).exists()
    assert not OutboxMessage.objects.filter(recipient=BRUNO).exists()

    def alike(page):
        return page.status_code, page_text(page).replace(LUCIA, "@").replace(BRUNO, "@")

    assert alike(client.get(CODE)) == alike(stranger.get(CODE))
    assert alike(give(client, "22222222")) == alike(give(stranger, "22222222"))
    assert "Si esa dirección tiene tickets, recibirás un código." in page_text(stranger.get(CODE))


@pytest.mark.parametrize("door", [ENTER, "/tickets/enlace/"])
def test_clock_tells_no_known_address_from_another(
    client, ticket, woken, django_capture_on_commit_callbacks, door
):
    """Known or not, the same is written and the worker is woken: what takes time."""
    enter_by_code(client)  # who enters for the first time gets their account, once
    work = []
    for email in ("nadie@example.net", LUCIA, BRUNO):  # the first one fills the cache of the help block
        woken.clear()
        with django_capture_on_commit_callbacks(execute=True), count_queries() as queries:
            Client().post(door, {"email": email})
        done = [sql.split("WHERE")[0][:40] for sql in queries.statements if "session" not in sql]
        work.append((done, [task for task, _key in woken]))
    assert work[1] == work[2]
    assert len(work[1][1]) == 1
    assert OutboxMessage.objects.filter(recipient=BRUNO).count() == 0


def test_requests_that_come_at_once_get_no_more_tries(client, ticket):
    """Each reads the session as it was before any of them wrote it."""
    code = ask_for_code(client)
    before = dict(client.session.items())
    for _ in range(5):
        give(client, "22222222")
        session = client.session
        session.clear()
        session.update(before)
        session.save()
    refused = give(client, code)
    assert refused.status_code == 429
    assert "Demasiados intentos" in page_text(refused)


def test_nobody_guesses_their_way_to_an_unknown_address(client, monkeypatch):
    monkeypatch.setattr(sign_in, "new_code", lambda: "AAAA-AAAA")
    client.post(ENTER, {"email": BRUNO})
    assert give(client, "AAAA-AAAA").status_code == 422


def test_spam_opens_no_account(client, ticket):
    ticket.is_spam = True
    ticket.save()
    assert ask_for_code(client) == ""


def test_someone_shut_out_gets_no_code(client, ticket):
    enter_by_code(client)
    User.objects.update(is_active=False)
    assert who(client) == ""
    assert ask_for_code(Client()) == ""


def test_a_colleague_who_also_asks_is_two_people(client):
    """The address of the desk's own account opens tickets, not the desk."""
    ana = make_agent()
    make_ticket(email=ana.email)
    enter_by_code(client, ana.email)
    assert who(client) == ana.email
    assert Requester.objects.get(email=ana.email).user != ana
    assert client.get(reverse("admin:index")).status_code == 302


def test_customer_who_is_made_staff_is_out_at_once(lucia):
    User.objects.update(is_staff=True, is_superuser=True)
    assert who(lucia) == ""
    answer = lucia.get(reverse("admin:index"))
    assert (answer.status_code, answer.url.startswith(reverse("admin:login"))) == (302, True)


def test_customer_never_sees_the_desk(lucia):
    for name in ("admin:index", "admin:tickets_ticket_changelist", "mfa_index", "mfa_activate_totp"):
        assert lucia.get(reverse(name)).status_code in (302, 403), name


def test_codes_per_address_are_limited_wherever_they_are_asked_for(ticket):
    for ask in range(5):
        assert Client(REMOTE_ADDR=f"203.0.{ask}.1").post(ENTER, {"email": LUCIA}).status_code == 302
    page = Client(REMOTE_ADDR="203.0.99.1").post(ENTER, {"email": "Lucia@Example.com"})
    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0


def test_strangers_make_us_write_to_an_unproven_address_three_times_an_hour():
    """The receipt of a ticket in somebody's name and its codes together; the pages say nothing of it."""
    ticket, browser = make_ticket(notify=True), Client()
    pages = []
    for ask in range(4):
        asked = Client(REMOTE_ADDR=f"203.0.{ask}.1")
        asked.post(ENTER, {"email": LUCIA})
        pages.append(page_text(asked.get(CODE)))
    assert len(set(pages)) == 1
    mails = OutboxMessage.objects.filter(recipient=LUCIA).order_by("created_at")
    states = [(mail.kind, mail.state, bool(mail.secrets)) for mail in mails]
    assert states == [
        ("receipt", "queued", True),
        ("code", "queued", True),
        ("code", "queued", True),
        ("code", "suppressed", False),
        ("code", "suppressed", False),
    ]
    assert outbox.sweep() == 3
    verify(ticket)
    assert ask_for_code(browser)


def test_codes_per_network_are_limited_whoever_they_are_for():
    for ask in range(20):
        assert Client().post(ENTER, {"email": f"nadie{ask}@example.com"}).status_code == 302
    assert Client().post(ENTER, {"email": "otra@example.com"}).status_code == 429


# --- The session ------------------------------------------------------------------------------


def test_session_key_changes_on_entering(client, ticket):
    code = ask_for_code(client)
    planted = client.session.session_key
    give(client, code)
    assert client.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


@pytest.mark.parametrize(("fields", "lives"), [({}, 8 * 3600), ({"remember": "on"}, 30 * 24 * 3600)])
def test_session_lasts_a_day_of_work_or_a_month(client, ticket, settings, fields, lives):
    answer = give(client, ask_for_code(client), **fields)
    assert client.session.get_expiry_age() == lives
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == lives
    with later(seconds=lives - 60):
        assert who(client) == LUCIA
    with later(seconds=lives + 60):
        page = page_text(client.get("/mi-cuenta/"))
        assert "Tu sesión ha caducado. Entra otra vez para ver tus tickets." in page
        assert "caducado" not in page_text(client.get("/mi-cuenta/"))


def test_leaving_ends_everything(lucia, ticket):
    assert lucia.get(LEAVE).status_code == 405
    assert f'action="{LEAVE}" data-forget-words>' in lucia.get(LIST).content.decode()
    assert lucia.post(LEAVE).url == "/mi-cuenta/"
    page = lucia.get("/mi-cuenta/")
    assert "Has salido de Mi Cuenta" in page_text(page)
    assert " data-focus-notice data-forget-words>" in page.content.decode()
    assert lucia.get(ticket.get_absolute_url()).status_code == 403
    assert Session.objects.count() == 0


def test_pages_of_a_session_are_never_kept(lucia, client):
    for address in ("/mi-cuenta/", LIST, "/documentacion/", "/contacto/"):
        page = lucia.get(address)
        assert page["Cache-Control"] == "no-store", address
        assert "Lucía Ferrer" in page_text(page), address
        assert "Lucía" not in page_text(Client().get(address, follow=True)), address


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil",
    ],
)
def test_entering_leads_to_no_other_site(client, ticket, address):
    code = ask_for_code(client, next=address)
    assert give(client, code).url == "/mi-cuenta/"


def test_entering_leads_back_to_the_page_that_asked(client, ticket):
    page = client.get(ticket.get_absolute_url())
    assert f"{ENTER}?next=%2Ftickets%2F{ticket.reference}%2F" in page.content.decode()
    code = ask_for_code(client, next=ticket.get_absolute_url())
    answer = give(client, code)
    assert answer.url == ticket.get_absolute_url()
    assert client.get(answer.url).status_code == 200


# --- What it opens ----------------------------------------------------------------------------


def test_account_opens_all_tickets_of_its_address_and_no_others(lucia, ticket):
    second, strange, spam = make_ticket(), make_ticket(email=BRUNO), make_ticket()
    spam.is_spam = True
    spam.save()
    for mine in (ticket, second):
        assert lucia.get(mine.get_absolute_url()).status_code == 200
        assert lucia.get(reverse("tickets:receipt", args=[mine.reference])).status_code == 200
    for other in (strange, spam):
        page = lucia.get(other.get_absolute_url())
        assert page.status_code == 403
        assert "No puedes ver esta página con esta cuenta" in page_text(page)
        assert f"Has entrado como {LUCIA}" in page_text(page)
    assert page_text(lucia.get(strange.get_absolute_url())) == page_text(lucia.get("/tickets/MS-2222-222/"))


def test_account_reads_joined_tickets_of_its_own_only(lucia, ticket):
    mine, theirs = make_ticket(), make_ticket(email=BRUNO)
    ticket.merged_into = mine
    ticket.save()
    assert lucia.get(ticket.get_absolute_url()).status_code == 200
    ticket.merged_into = theirs
    ticket.save()
    assert lucia.get(ticket.get_absolute_url()).status_code == 403
    assert lucia.get(theirs.get_absolute_url()).status_code == 403


def test_closing_access_on_this_computer_signs_out(lucia, ticket):
    lucia.post(reverse("tickets:close_access", args=[ticket.reference]))
    assert lucia.get(ticket.get_absolute_url()).status_code == 403
    assert who(lucia) == ""


def test_signed_in_requester_is_no_one_of_the_team(rf, ticket):
    request = rf.get("/")
    request.user = make_agent()
    Requester.objects.update(user=request.user)
    assert access.signed_in_requester(request) is None


def test_name_is_the_customers_own_to_change(lucia):
    assert lucia.post("/mi-cuenta/nombre/", {"name": " "}).status_code == 422
    assert lucia.post("/mi-cuenta/nombre/", {"name": "Lucía  Ferrer Gil"}).status_code == 302
    assert Requester.objects.get().name == "Lucía Ferrer Gil"
    assert Client().post("/mi-cuenta/nombre/", {"name": "Bruno"}).status_code == 302
    assert Requester.objects.get().name == "Lucía Ferrer Gil"
