"""The demo fills an empty desk with a past, and no other."""

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from contact.models import Channel
from docs_kb import search_report
from docs_kb.models import Article, ArticleFeedback
from helpdesk import demo, staff_login
from helpdesk.tests.voice import BANNED
from tickets.models import Attachment, Message, OutboxMessage, Ticket


@pytest.fixture
def stories():
    return yaml.safe_load((demo.FOLDER / "tickets.yaml").read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_demo_fills_an_empty_desk_with_a_past_and_sends_nothing(stories):
    assert demo.load(hashed_password="!")
    assert Article.objects.published().count() >= 60
    assert Channel.objects.count() == 4
    assert Ticket.objects.count() == len(stories) >= 24
    assert set(Ticket.objects.values_list("status", flat=True)) == set(Ticket.Status.values)
    assert Ticket.objects.filter(is_spam=True).exists()
    assert Message.objects.filter(kind=Message.Kind.NOTE).exists()
    assert Attachment.objects.exclude(message=None).count() >= 10
    assert not OutboxMessage.objects.unsent().exists()
    assert OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED).count() == 1
    _lies_in_the_past()
    report = search_report.report(days=28)
    assert len(report.without_results) >= 3
    assert ArticleFeedback.objects.exclude(comment="").count() >= 5
    most_read = Article.objects.order_by("-popularity")[:6]
    assert all(article.popularity > 50 for article in most_read)


def _lies_in_the_past() -> None:
    now = timezone.now()
    for model in (Ticket, Message, Attachment, OutboxMessage):
        assert not model.objects.filter(created_at__gt=now).exists()
    for ticket in Ticket.objects.all():
        moments = list(ticket.messages.order_by("id").values_list("created_at", flat=True))
        assert ticket.requester.created_at <= ticket.created_at
        assert moments == sorted(moments), ticket.subject


@pytest.mark.django_db
def test_demo_gives_each_of_the_team_their_group():
    team = demo.create_team("!")
    groups = {name: [group.name for group in user.groups.all()] for name, user in team.items()}
    assert groups == {
        "ana": ["Agente"],
        "marta": ["Agente"],
        "nuria": ["Agente"],
        "pilar": ["Supervisión"],
        "tomas": ["Documentación"],
    }


@pytest.mark.django_db
def test_demo_leaves_a_desk_alone_that_is_not_empty():
    Channel.objects.create(kind=Channel.Kind.CHAT)
    assert demo.load(hashed_password="!") is False
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_desk_without_demo_has_nothing_but_the_staff_login(settings, tmp_path):
    settings.DEMO, settings.DATA_DIR = False, tmp_path
    call_command("load_demo")
    call_command("load_demo")
    assert list(User.objects.values_list("username", "is_superuser")) == [("equipo", True)]
    assert not Ticket.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_staff_login_is_private_and_forgotten_once_changed(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    login = staff_login.ensure("equipo")
    user = User.objects.get()
    assert user.check_password(login.password)
    assert (tmp_path / "staff_login").stat().st_mode & 0o777 == 0o600
    assert staff_login.still_valid() == login
    user.set_password("otra contraseña")
    user.save()
    assert staff_login.still_valid() is None


def test_stories_keep_to_the_voice_and_to_what_can_be_drawn(stories):
    for story in stories:
        said = [step["say"] for step in story.get("then", []) if step["who"] != "customer" and "say" in step]
        assert not [text for text in said if BANNED.search(text)]
        assert all(line.isascii() for picture in story.get("pictures", []) for line in picture)
        assert story["email"].rpartition("@")[2].startswith("example.")


@pytest.mark.parametrize("text", ["", "mañana", "3 d", "4d", "4d 9:00"])
def test_moment_refuses_what_it_cannot_read(text):
    with pytest.raises(ValueError, match="no moment"):
        demo.moment(text, timezone.now())
