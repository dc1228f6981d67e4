"""The team's second factor: nothing of the desk before it, and a way back for whoever loses it."""

import io
import time
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from helpdesk import sealed
from helpdesk.tests.voice import complaints, visible_text
from tickets.models import OutboxMessage
from tickets.notifications.team import SECOND_FACTOR_CHANGES
from tickets.tests.factories import make_agent, make_attachment, make_ticket
from tickets.tests.web import sign_in as enter_by_code

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
PLACE = "/admin/segundo-factor/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEY = {"name": "Portátil", "credential": {}}
CUSTOMER_PAGES = ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes")


@pytest.fixture
def ana():
    return make_agent()


@pytest.fixture
def asked(settings):
    """As in production."""
    settings.STAFF_SECOND_FACTOR = True


def sign_in(client: Client, username: str = "ana", **fields):
    return client.post(LOGIN, {"username": username, "password": "secreto", "next": "/admin/"} | fields)


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def told(user: User) -> list[str]:
    """The subjects of the mails about their second factor, oldest first."""
    mails = OutboxMessage.objects.filter(kind="staff_factor", recipient=user.email)
    return list(mails.order_by("created_at").values_list("subject", flat=True))


def enters(code: str) -> bool:
    """Whether this code opens the desk in a browser of its own."""
    browser = Client()
    sign_in(browser)
    browser.post(f"{PLACE}entrar/", {"code": code})
    return browser.get("/admin/").status_code == 200


def text_of(response) -> str:
    return visible_text(response.content.decode())


def test_without_production_a_password_is_enough(client, ana):
    answer = sign_in(client)
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_wrong_password_is_told_from_no_name(client, ana):
    page = sign_in(client, password="otra")
    assert page.status_code == 200
    assert "no coinciden con ninguna cuenta del equipo" in text_of(page)
    assert text_of(sign_in(client, username="nadie")) == text_of(page)


def test_customers_password_opens_nothing(client):
    User.objects.create_user("bruno", password="secreto")
    assert sign_in(client, "bruno").status_code == 200
    assert "_auth_user_id" not in client.session


def test_colleague_who_is_signed_in_as_a_customer_gets_the_form(client, ana, asked):
    """The desk sends them to the form, which does not send them back; the customer goes as the password is
    right, so that the second factor is asked for as of anybody."""
    with_app(ana)
    make_ticket(email=ana.email)
    enter_by_code(client, ana.email)
    asked_in = client.get("/admin/", follow=True)
    assert "Entrada del equipo" in text_of(asked_in)
    assert sign_in(client, password="otra").status_code == 200
    assert client.get("/mi-cuenta/tickets/").status_code == 200
    sign_in(client)
    client.post(f"{PLACE}entrar/", {"code": code_now()})
    assert client.get("/admin/").status_code == 200
    assert client.get("/mi-cuenta/tickets/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_signing_in_leads_to_no_other_site(client, ana, target):
    assert sign_in(client, next=target).url == "/admin/"


def test_password_alone_reaches_nothing(client, ana, asked):
    """Whatever asks who one is, inside the admin or not."""
    ticket = make_ticket()
    file = make_attachment(ticket.messages.get())
    assert sign_in(client).status_code == 302
    for name, args in (
        ("admin:index", []),
        ("admin:tickets_ticket_changelist", []),
        ("admin:tickets_ticket_change", [ticket.pk]),
        ("admin:password_change", []),
    ):
        answer = client.get(reverse(name, args=args))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, LOGIN), name
    assert client.get(reverse("tickets:file", args=[file.key])).status_code == 404
    answer = client.get(LOGIN)
    assert (answer.status_code, answer.url) == (302, PLACE)
    page = client.get(PLACE)
    assert "Para entrar en la mesa de trabajo hace falta algo más que la contraseña" in text_of(page)
    assert "Horarios" not in text_of(page)


def test_every_list_of_the_desk_is_closed_to_a_password_alone(client, asked):
    User.objects.create_superuser("jefa", password="secreto")
    sign_in(client, "jefa")
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for answer in (client.get(address), client.post(address, {})):
            assert answer.status_code == 302, address
            assert answer.url.startswith(LOGIN), address


def test_setting_up_an_app_opens_the_desk(client, ana, asked):
    sign_in(client)
    page = client.get(f"{PLACE}aplicacion/")
    secret = client.session["mfa.totp.secret"]
    assert secret in text_of(page)
    assert "data:" not in page.content.decode()
    picture = client.get(f"{PLACE}aplicacion/qr.svg")
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "no-store")
    wrong = client.post(f"{PLACE}aplicacion/", {"code": "000000"})
    assert "Ese código no coincide" in text_of(wrong)
    assert client.get("/admin/").status_code == 302
    answer = client.post(f"{PLACE}aplicacion/", {"code": code_now(secret)})
    assert (answer.status_code, answer.url) == (302, f"{PLACE}codigos/")
    assert "Quedan 10 códigos de 10." in text_of(client.get(answer.url))
    assert client.get("/admin/").status_code == 200
    assert client.get(f"{PLACE}aplicacion/qr.svg").status_code == 404


def test_another_session_with_the_password_alone_stays_outside(client, ana, asked):
    sign_in(client)
    with_app(ana)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", ["codigos/nuevos/", "codigos/", "llaves/nueva/", "contrasena/", ""])
def test_session_from_before_the_second_factor_adds_none_of_its_own(client, ana, asked, path):
    """Whoever has stolen the password may have given it before its owner set up a second factor."""
    sign_in(client)
    with_app(ana)
    RecoveryCodes.activate(ana)
    answer = client.post(PLACE + path) if "nuev" in path else client.get(PLACE + path)
    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert sign_in(client).url == f"{PLACE}entrar/"
    assert Authenticator.objects.filter(user=ana).count() == 2


@pytest.mark.parametrize("is_asked", [True, False])
def test_whoever_has_one_is_asked_for_it(client, ana, settings, is_asked):
    settings.STAFF_SECOND_FACTOR = is_asked
    with_app(ana)
    answer = sign_in(client, next="/admin/tickets/ticket/")
    assert (answer.status_code, answer.url) == (302, f"{PLACE}entrar/")
    assert "_auth_user_id" not in client.session
    assert client.get(LOGIN).url == f"{PLACE}entrar/"
    assert "Ese código no coincide" in text_of(client.post(answer.url, {"code": "000000"}))
    answer = client.post(answer.url, {"code": code_now()})
    assert (answer.status_code, answer.url) == (302, "/admin/tickets/ticket/")
    assert client.get("/admin/").status_code == 200


def test_code_of_an_app_works_once(ana, asked):
    with_app(ana)
    code = code_now()
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
        browser.post(f"{PLACE}entrar/", {"code": code})
    assert first.get("/admin/").status_code == 200
    assert second.get("/admin/").status_code == 302


def test_recovery_code_opens_the_desk_once(ana, asked):
    with_app(ana)
    code = RecoveryCodes.activate(ana).get_unused_codes()[0]
    for browser, status in ((Client(), 200), (Client(), 302)):
        sign_in(browser)
        browser.post(f"{PLACE}entrar/", {"code": code})
        assert browser.get("/admin/").status_code == status


def test_guessing_codes_is_stopped(client, ana, asked):
    with_app(ana)
    sign_in(client)
    for _ in range(10):
        client.post(f"{PLACE}entrar/", {"code": "000000"})
    page = client.post(f"{PLACE}entrar/", {"code": code_now()})
    assert "Demasiados intentos seguidos" in text_of(page)
    assert "_auth_user_id" not in client.session


def test_one_can_start_over_as_somebody_else(client, ana, asked):
    """Whether they still owe their second factor or have to set one up."""
    make_agent("berta")
    for has_app in (False, True):
        if has_app:
            with_app(ana)
        assert sign_in(client).status_code == 302
        assert client.get(LOGIN).status_code == 302
        assert client.post(f"{PLACE}volver-a-empezar/").url == LOGIN
        assert client.get(LOGIN).status_code == 200
    assert sign_in(client, "berta").url == "/admin/"


def test_last_second_factor_stays_where_one_is_asked_for(client, ana, asked):
    """Recovery codes are none."""
    with_app(ana)
    RecoveryCodes.activate(ana)
    sign_in(client)
    client.post(f"{PLACE}entrar/", {"code": code_now()})
    page = client.post(f"{PLACE}aplicacion/quitar/")
    assert "Es tu único segundo factor: añade otro antes de quitarlo" in text_of(page)
    assert Authenticator.objects.filter(user=ana, type=Authenticator.Type.TOTP).delete()[0]
    key = Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data=KEY)
    page = client.post(f"{PLACE}llaves/{key.pk}/quitar/")
    assert "Es tu único segundo factor: añade otro antes de quitarlo" in text_of(page)
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_taking_one_off_needs_the_password_again_after_a_while(client, ana):
    with_app(ana)
    client.force_login(ana)
    answer = client.post(f"{PLACE}aplicacion/quitar/")
    assert answer.status_code == 302
    assert answer.url.startswith(f"{PLACE}contrasena/")
    assert "Confirma que eres tú" in text_of(client.get(answer.url))
    wrong = client.post(answer.url, {"password": "otra"})
    assert "Esa no es tu contraseña" in text_of(wrong)
    client.post(answer.url, {"password": "secreto"})
    client.post(f"{PLACE}aplicacion/quitar/")
    assert not Authenticator.objects.filter(user=ana).exists()


def test_pages_keep_the_voice(client, ana):
    with_app(ana)
    RecoveryCodes.activate(ana)
    sign_in(client)
    pages = [client.get(f"{PLACE}entrar/")]
    client.post(f"{PLACE}entrar/", {"code": code_now()})
    paths = [
        "",
        "llaves/",
        "llaves/nueva/",
        "codigos/",
        "codigos/nuevos/",
        "aplicacion/quitar/",
        "confirmar/",
    ]
    pages += [client.get(PLACE + path) for path in [*paths, "contrasena/"]]
    for page in pages:
        assert page.status_code == 200
        assert complaints(text_of(page)) == []
        assert page["Cache-Control"].find("no-store") >= 0


def test_customers_have_no_second_factor(client):
    make_ticket()
    enter_by_code(client)
    for name in CUSTOMER_PAGES:
        assert client.get(reverse(name)).status_code == 403, name


def test_strangers_are_asked_to_sign_in(client):
    for name in CUSTOMER_PAGES:
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, LOGIN), name


def test_superuser_takes_off_a_lost_one(client, ana):
    with_app(ana)
    client.force_login(User.objects.create_superuser("jefa"))
    data = {"action": "forget_second_factor", "_selected_action": [ana.pk]}
    page = client.post(reverse("admin:auth_user_changelist"), data, follow=True)
    assert "Segundo factor quitado a 1 persona." in text_of(page)
    assert not Authenticator.objects.filter(user=ana).exists()
    assert LogEntry.objects.filter(object_id=str(ana.pk)).exists()


def test_console_takes_off_a_lost_one(ana, capsys, monkeypatch):
    with_app(ana)
    RecoveryCodes.activate(ana)
    for answer in ("n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
        with pytest.raises(CommandError, match="No se ha quitado nada"):
            call_command("reset_second_factor", "ana")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="No se ha quitado nada"):
        call_command("reset_second_factor", "ana")
    assert Authenticator.objects.filter(user=ana).count() == 2
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("s\n"))
    call_command("reset_second_factor", "ana")
    removed = "aplicación de códigos, códigos de recuperación"
    assert capsys.readouterr().out.endswith(f"Quitado a «ana»: {removed}.\n")
    assert not Authenticator.objects.filter(user=ana).exists()
    entry = LogEntry.objects.get(object_id=str(ana.pk))
    assert entry.get_change_message() == f"Segundo factor quitado desde la consola: {removed}."
    assert told(ana) == ["Se ha quitado el segundo factor de tu cuenta"]
    call_command("reset_second_factor", "ana", "--yes")
    assert capsys.readouterr().out == "«ana» no tiene segundo factor.\n"
    assert len(told(ana)) == 1
    with pytest.raises(CommandError, match="«nadie»"):
        call_command("reset_second_factor", "nadie", "--yes")


def test_whoever_has_one_is_told_of_every_change(client, ana):
    Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data=KEY)
    client.force_login(ana)
    client.post(f"{PLACE}contrasena/", {"password": "secreto"})
    client.get(f"{PLACE}aplicacion/")
    client.post(f"{PLACE}aplicacion/", {"code": code_now(client.session["mfa.totp.secret"])})
    client.post(f"{PLACE}codigos/nuevos/")
    client.post(f"{PLACE}aplicacion/quitar/")
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    client.post(f"{PLACE}llaves/{key.pk}/quitar/")
    assert told(ana) == [
        "Se ha añadido una aplicación de códigos a tu cuenta",
        "Se han creado códigos de recuperación nuevos para tu cuenta",
        "Se ha quitado la aplicación de códigos de tu cuenta",
        "Se ha quitado una llave de acceso de tu cuenta",
    ]
    for sentence in SECOND_FACTOR_CHANGES.values():
        assert complaints(sentence) == []


def test_secrets_lie_sealed_and_outlive_a_new_key(client, ana, settings):
    with_app(ana)
    codes = RecoveryCodes.activate(ana).get_unused_codes()
    stored = [str(one.data) for one in Authenticator.objects.filter(user=ana)]
    assert SECRET not in "".join(stored)
    assert len(stored) == "".join(stored).count(": 'sealed:") == 2
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    settings.SECRET_KEY_FALLBACKS = [old]
    assert enters(code_now())
    assert enters(codes[0])
    sealed_since = sealed.seal("nuevo")
    settings.SECRET_KEY_FALLBACKS = []
    assert sealed.unseal(sealed_since) == "nuevo"
    with time_machine.travel(time.time() + 90, tick=False):
        assert not enters(code_now())
        assert not enters(code_now(""))
        assert not enters(codes[1])


def test_secrets_from_before_there_were_seals_go_on(ana):
    with_app(ana)
    Authenticator.objects.filter(user=ana).update(data={"secret": SECRET})
    assert enters(code_now())


@pytest.mark.parametrize(
    ("address", "is_offered", "says"),
    [
        ("https://testserver/", True, ""),
        ("http://localhost:8000/", True, ""),
        ("http://127.0.0.1:8000/", False, "entra por http://localhost:8000/admin/segundo-factor/"),
        ("http://[::1]:8000/", False, "entra por http://localhost:8000/admin/segundo-factor/"),
        ("https://192.0.2.7/", False, "solo funcionan en una dirección con nombre"),
        ("http://testserver/", False, "solo funcionan en una dirección con nombre"),
    ],
)
def test_passkeys_are_offered_where_they_work(client, ana, settings, address, is_offered, says):
    settings.ALLOWED_HOSTS = ["*"]
    at = {"HTTP_HOST": urlsplit(address).netloc, "secure": address.startswith("https")}
    at |= {"SERVER_PORT": str(urlsplit(address).port or 80)}
    with_app(ana)
    client.post(LOGIN, {"username": "ana", "password": "secreto"}, **at)
    pages = [client.get(f"{PLACE}entrar/", **at)]
    client.post(f"{PLACE}entrar/", {"code": code_now()}, **at)
    pages += [client.get(PLACE + path, **at) for path in ("", "llaves/", "llaves/nueva/")]
    for page in pages:
        assert page.status_code == 200
        html = page.content.decode()
        assert ('href="/admin/segundo-factor/llaves/nueva/"' in html or "js_data" in html) == is_offered
        assert says in " ".join(text_of(page).split())
        assert complaints(text_of(page)) == []


def test_accounts_of_customers_are_no_accounts_of_the_team(client):
    make_ticket()
    enter_by_code(Client())
    client.force_login(User.objects.create_superuser("jefa"))
    customer = User.objects.get(email="lucia@example.com")
    assert "cliente-" not in client.get(reverse("admin:auth_user_changelist")).content.decode()
    assert client.get(reverse("admin:auth_user_change", args=[customer.pk])).status_code == 302


def test_other_doors_of_the_library_are_shut(client):
    for path in ("signup/", "password/reset/", "email/", "password/change/", "login/code/", "3rdparty/"):
        for prefix in ("/mi-cuenta/", "/accounts/", "/admin/", PLACE):
            assert client.get(prefix + path).status_code in (302, 404), prefix + path
    for name in ("account_signup", "account_reset_password", "account_email", "account_change_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
