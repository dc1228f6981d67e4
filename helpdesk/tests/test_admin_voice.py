"""The admin speaks like the rest of the product: our words in place of Django's."""

import gettext
import re
from pathlib import Path

import allauth
import django
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from contact.setup import create_default_channels
from docs_kb.models import Category
from helpdesk.tests.voice import complaints, visible_text
from tickets.models import OutboxMessage
from tickets.tests.factories import make_ticket

CATALOGUE = Path(settings.BASE_DIR) / "locale/es/LC_MESSAGES/django"
LINE = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[(\d)\])?) "(.*)"$')


def written() -> dict:
    """The catalogue as it is written: {msgid or (msgid, form): words}."""
    words, msgid = {}, ""
    for line in CATALOGUE.with_suffix(".po").read_text(encoding="utf-8").splitlines():
        if not (found := LINE.match(line)):
            continue
        keyword, form, text = found.groups()
        text = text.replace('\\"', '"')
        if keyword == "msgid":
            msgid = text
        elif keyword != "msgid_plural" and msgid:
            words[(msgid, int(form)) if form else msgid] = text
    return words


def compiled() -> dict:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        words = dict(gettext.GNUTranslations(file)._catalog)
    words.pop("")
    return words


def test_catalogue_is_compiled_as_written():
    assert compiled() == written()


def test_catalogue_replaces_only_what_the_libraries_say():
    """A sentence that Django or allauth has since changed would never be shown."""
    said = set()
    folders = [Path(library.__file__).parent for library in (django, allauth)]
    catalogues = (path for folder in folders for path in folder.glob("**/locale/es/LC_MESSAGES/django.mo"))
    for path in catalogues:
        with path.open("rb") as file:
            said |= {
                key if isinstance(key, str) else key[0] for key in gettext.GNUTranslations(file)._catalog
            }
    ours = {key if isinstance(key, str) else key[0] for key in written()}
    assert ours - said == set()


def test_catalogue_keeps_the_voice_and_the_placeholders():
    for key, text in written().items():
        msgid = key if isinstance(key, str) else key[0]
        assert complaints(text) == [], text
        names = set(re.findall(r"%\(\w+\)[sdr]|{\w*}|%s", text))
        assert names <= set(re.findall(r"%\(\w+\)[sdr]|{\w*}|%s", msgid)), text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "admin:index", "admin:password_change", "admin:auth_user_changelist", "admin:auth_user_add",
        "admin:tickets_ticket_changelist", "admin:tickets_requester_changelist",
        "admin:tickets_outboxmessage_changelist", "admin:tickets_schedule_changelist",
        "admin:tickets_schedule_add", "admin:tickets_specialday_add", "admin:tickets_servicenotice_add",
        "admin:docs_kb_article_changelist", "admin:docs_kb_article_add", "admin:docs_kb_category_changelist",
        "admin:docs_kb_articlefeedback_changelist", "admin:docs_kb_searchquery_changelist",
        "admin:docs_kb_synonym_add",
        "admin:contact_channel_changelist", "admin:contact_channel_add",
    ],
)  # fmt: skip
def test_admin_pages_keep_the_voice(client, name):
    client.force_login(User.objects.create_superuser("jefa"))
    create_default_channels()
    Category.objects.create(name="Acceso", slug="acceso")
    make_ticket(notify=True)
    page = client.get(reverse(name)).content.decode()
    assert complaints(visible_text(page)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["admin:auth_user_add", "admin:docs_kb_article_add", "admin:contact_channel_add"]
)
def test_refused_forms_keep_the_voice(client, name):
    client.force_login(User.objects.create_superuser("jefa"))
    page = client.post(reverse(name), {}).content.decode()
    assert "errornote" in page
    assert complaints(visible_text(page)) == []


@pytest.mark.django_db
def test_daily_pages_keep_the_voice(client):
    client.force_login(User.objects.create_superuser("jefa"))
    ticket = make_ticket(notify=True)
    mail = OutboxMessage.objects.first()
    for name, key in (("ticket", ticket.pk), ("outboxmessage", mail.pk), ("requester", ticket.requester_id)):
        page = client.get(reverse(f"admin:tickets_{name}_change", args=[key])).content.decode()
        assert complaints(visible_text(page)) == [], name


@pytest.mark.django_db
def test_wrong_login_says_what_is_wrong(client):
    page = client.post(reverse("admin:login"), {"username": "ana", "password": "no"}).content.decode()
    assert "no coinciden con ninguna cuenta del equipo" in page
    assert complaints(visible_text(page)) == []
