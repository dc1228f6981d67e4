"""Staff keep the synonyms; a group that cannot help is not stored."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from docs_kb.models import Synonym
from docs_kb.search import search
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db
ADD = "admin:docs_kb_synonym_add"


@pytest.fixture(autouse=True)
def _tomas(client):
    user = User.objects.create_user("tomas", is_staff=True)
    user.groups.add(Group.objects.get(name="Documentación"))
    client.force_login(user)


def test_group_counts_from_the_next_search_on_and_says_what_it_finds(client):
    article = make_article("Pagar con tarjeta")
    page = client.post(reverse(ADD), {"words": "plastiquillo,  tarjeta\nvisa oro"}, follow=True)
    assert "«plastiquillo» encuentra ahora 1 guía." in page.content.decode()
    assert Synonym.objects.filter(words="plastiquillo, tarjeta, visa oro").exists()
    assert [hit.article for hit in search("plastiquillo").hits] == [article]


@pytest.mark.parametrize(
    "words", ["", "  ", "uno", "uno, uno", ",,,", ", ".join(map(str, range(41))), "a, " + "b" * 1000]
)
def test_group_of_no_use_is_refused_and_kept_in_the_field(client, words):
    before = Synonym.objects.count()
    page = client.post(reverse(ADD), {"words": words})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["words"]
    assert Synonym.objects.count() == before


def test_group_may_say_behind_an_arrow_what_only_guides_say(client):
    article = make_article("Bloqueo del programa")
    client.post(reverse(ADD), {"words": "se  cuelgalo>bloqueo , parada"})
    assert Synonym.objects.filter(words="se cuelgalo > bloqueo, parada").exists()
    assert [hit.article for hit in search("cuelgalo").hits] == [article]


def test_group_that_is_there_already_is_refused(client):
    words = {"words": "plastiquillo, tarjeta oro"}
    client.post(reverse(ADD), words)
    page = client.post(reverse(ADD), words)
    assert "ya están juntas" in page.content.decode()
    assert Synonym.objects.filter(words__contains="plastiquillo").count() == 1
