import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from docs_kb import feedback
from docs_kb.models import ArticleFeedback
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db
LIST = "admin:docs_kb_articlefeedback_changelist"


def sign_in(client, group: str) -> None:
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)


def say(article, number: int = 1, comment: str = "No sale el botón") -> ArticleFeedback:
    voter = f"{number:064}"
    feedback.explain(article=article, voter=voter, reason="steps_fail", comment=comment)
    return feedback.vote_of(article=article, voter=voter)


def test_list_shows_guide_answer_reason_and_comment(client):
    sign_in(client, "Agente")
    say(make_article("No recibo correos"))
    page = client.get(reverse(LIST)).content.decode()
    for text in ("No recibo correos", "No del todo", "Los pasos no funcionan", "No sale el botón"):
        assert text in page


def test_list_is_narrowed_to_what_is_asked(client):
    sign_in(client, "Agente")
    article = make_article()
    silent, spoken = say(article, 1, comment=""), say(article, 2)
    feedback.vote(article=make_article("Otra"), voter="v" * 64, is_helpful=True)
    for values, found in (
        ({"comentario": "si"}, [spoken]),
        ({"comentario": "no", "respuesta": "no"}, [silent]),
        ({"reason__exact": "steps_fail"}, [spoken, silent]),
        ({"article": article.pk}, [spoken, silent]),
        ({"q": "botón"}, [spoken]),
    ):
        assert list(client.get(reverse(LIST), values).context["cl"].queryset) == found, values


def test_nobody_writes_an_opinion(client):
    client.force_login(User.objects.create_superuser("jefa"))
    opinion = say(make_article())
    place = reverse("admin:docs_kb_articlefeedback_change", args=[opinion.pk])
    assert client.get(reverse("admin:docs_kb_articlefeedback_add")).status_code == 403
    assert client.post(place, {"comment": "Perfecta", "is_helpful": "on"}).status_code == 403
    page = client.get(place).content.decode()
    assert "No sale el botón" in page
    assert opinion.voter not in page


@pytest.mark.parametrize(("group", "left"), [("Agente", 1), ("Supervisión", 1), ("Documentación", 0)])
def test_opinion_is_deleted_by_whoever_may(client, group, left):
    sign_in(client, group)
    opinion = say(make_article())
    client.post(reverse("admin:docs_kb_articlefeedback_delete", args=[opinion.pk]), {"post": "yes"})
    assert ArticleFeedback.objects.count() == left


def test_list_takes_the_same_queries_for_any_number(client, django_assert_max_num_queries):
    sign_in(client, "Documentación")
    counts = []
    for rows in (1, 2):
        for number in range(rows):
            say(make_article(), 10 * rows + number)
        with django_assert_max_num_queries(10) as captured:
            assert client.get(reverse(LIST)).status_code == 200
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]
