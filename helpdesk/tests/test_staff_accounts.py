"""The team's accounts: superusers keep them, rights come with groups."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from tickets.tests.factories import make_agent

pytestmark = pytest.mark.django_db

USERS = "admin:auth_user_changelist"
ADD = "admin:auth_user_add"


@pytest.fixture
def ana():
    return make_agent()


@pytest.fixture
def boss(client):
    """The browser of someone who may do everything."""
    client.force_login(User.objects.create_superuser("jefa", password="secreto"))
    return client


def change_url(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def person(**changes) -> dict:
    return {"username": "ana", "first_name": "Ana", "last_name": "", "email": "ana@example.com"} | changes


def test_account_is_made_and_given_its_groups(boss):
    password = "una-larga-y-nueva-1"
    boss.post(reverse(ADD), {"username": "marta", "password1": password, "password2": password})
    marta = User.objects.get(username="marta")
    assert (marta.is_staff, marta.is_superuser) == (True, False)
    agents = Group.objects.get(name="Agente")
    data = person(username="marta", first_name="Marta", is_active="on", is_staff="on", groups=[agents.pk])
    assert boss.post(change_url(marta), data).status_code == 302
    marta = User.objects.get(username="marta")
    assert marta.has_perm("tickets.change_ticket")
    assert not marta.is_superuser


def test_account_page_offers_groups_and_no_single_rights(boss, ana):
    html = boss.get(change_url(ana)).content.decode()
    assert html.count('type="checkbox" name="groups"') == 3
    assert "user_permissions" not in html
    boss.post(change_url(ana), person(is_active="on", user_permissions=[Permission.objects.first().pk]))
    assert not ana.user_permissions.exists()


def test_account_with_a_wrong_form_is_not_changed(boss, ana):
    response = boss.post(change_url(ana), person(username="", email="nadie"))
    assert "Revisa los errores señalados abajo." in response.content.decode()
    ana.refresh_from_db()
    assert ana.username == "ana"


@pytest.mark.parametrize("can", ["view", "add", "change", "delete"])
def test_accounts_are_closed_to_everyone_else(client, ana, can):
    """Even with the stock rights: who changes accounts could make themselves superuser."""
    for codename in ("view_user", "add_user", "change_user", "delete_user"):
        ana.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(ana)
    args = [] if can in ("view", "add") else [ana.pk]
    name = USERS if can == "view" else f"admin:auth_user_{can}"
    data = person(is_active="on", is_staff="on", is_superuser="on")
    for response in (client.get(reverse(name, args=args)), client.post(reverse(name, args=args), data)):
        assert response.status_code == 403
    ana.refresh_from_db()
    assert not ana.is_superuser
    assert client.get(reverse("admin:auth_user_password_change", args=[ana.pk])).status_code == 403


def test_groups_are_no_ones_to_change():
    assert not admin.site.is_registered(Group)


def test_sign_in_stops_whoever_tries_one_password_after_another(client, ana):
    login = reverse("admin:login")
    right = {"username": ana.username, "password": "una-larga-y-nueva-1"}
    ana.set_password(right["password"])
    ana.save()
    for number in range(20):
        assert client.post(login, right | {"password": f"mala-{number}"}).status_code == 200
    refused = client.post(login, right)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 900
    assert "_auth_user_id" not in client.session
    elsewhere = client.post(login, right, REMOTE_ADDR="203.0.113.7")
    assert elsewhere.status_code == 302
