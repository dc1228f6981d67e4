"""Which articles a description brings up, when none, and what a ticket keeps of them."""

import pytest
from django.db import OperationalError

from docs_kb import search_log
from docs_kb.models import Article, ArticleDay, SearchQueryDay
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_category
from tickets import guides
from tickets.guides import guides_about, met_by, published
from tickets.models import Ticket, TicketGuide
from tickets.tests.factories import make_ticket
from tickets.tests.web import count_queries

pytestmark = pytest.mark.django_db
STORY = "El Outlook del Mac me pide la contraseña del buzón cada dos por tres aunque la recuerde"
# Nothing in a knowledge base about hosting and office software answers these.
OFF_TOPIC = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore",
    "Quiero dar de alta fibra óptica en casa con un router nuevo y televisión, ¿qué precio tiene al mes?",
    "Necesito el certificado de empadronamiento para matricular a mi hijo en el colegio del barrio",
    "Buenos días, el lavavajillas que compré en vuestra tienda hace ruido y no desagua bien desde ayer",
    "Hola, quisiera reservar una mesa para cuatro personas el sábado por la noche, a nombre de Carmen",
    "El tren de ayer llegó con dos horas de retraso y quiero que me devolváis el dinero del billete",
    "asdf qwerty zxcv asdfgh poiuy lkjhg mnbvc asdfasdf qwerqwer zxcvzxcv",
    "Mi perro lleva dos días sin comer y está muy decaído, ¿a qué veterinario puedo llevarlo?",
    "Quiero instalar Odoo en mi ordenador con facturación y almacén, pero no sé por dónde empezar",
    "Necesito renovar el certificado digital de la FNMT para presentar la declaración de la renta",
    "Quisiera montar una emisora de radio por internet con Icecast para mi pueblo, ¿lo ofrecéis?",
    "La calefacción de la oficina no calienta y hace mucho frío, necesitamos que venga un técnico",
    "Por favor llamadme cuanto antes que esto es muy urgente y nadie me hace caso desde el lunes",
)


@pytest.fixture
def outlook() -> Article:
    for number in range(12):
        make_article(f"Otra guía sobre impresoras {number}", body="Papel, tinta y bandejas.")
    return make_article(
        "Outlook para Mac pide la contraseña del buzón",
        body="Recordar la contraseña del buzón en Outlook para Mac.",
    )


def test_description_brings_up_the_article_about_it(outlook):
    assert guides_about(STORY) == [outlook]


def test_at_most_three_articles_are_suggested(outlook):
    for number in range(5):
        make_article(f"Outlook para Mac pide la contraseña del buzón {number}", body="Contraseña del buzón.")
    assert len(guides_about("La contraseña del buzón me la pide siempre el Outlook de mi Mac")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Outlook en Mac pide la contraseña",
        "  Outlook en Mac pide la contraseña      \n\n       ",
        "Hola, buenas tardes, no me funciona nada y no sé por qué",
        "El lavavajillas hace mucho ruido y no desagua bien desde ayer",
        "¿¡?!…··· --- ''' \"\"\" %%% ___ \0\0 😀😀😀 :* & | ! ( ) <-> 'x':A",
    ],
)
def test_short_vague_and_foreign_texts_bring_nothing_up(outlook, text):
    assert guides_about(text) == []


def test_text_of_few_words_is_too_vague_however_well_they_fit(outlook):
    assert guides_about("Hola, buenas tardes, ¿me ayudáis con la contraseña del buzón? Muchas gracias") == []


def test_article_that_only_mentions_the_matter_is_not_suggested(outlook):
    article = make_article("Preguntas frecuentes", body=f"{STORY}. {STORY}.")
    Article.objects.filter(pk=outlook.pk).update(status=Article.Status.DRAFT)
    assert search(STORY).hits[0].article == article
    assert guides_about(STORY) == []


def test_short_text_asks_the_database_nothing(outlook):
    with count_queries() as queries:
        guides_about("Outlook en Mac pide la contraseña")
    assert queries.statements == []


@pytest.mark.parametrize("status", [s for s in Article.Status if s != Article.Status.PUBLISHED])
def test_only_published_articles_are_suggested(outlook, status):
    Article.objects.filter(pk=outlook.pk).update(status=status)
    assert guides_about(STORY) == []


def test_search_that_is_away_suggests_nothing(outlook, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(guides, "search", fail)
    assert guides_about(STORY) == []


# --- What a ticket keeps --------------------------------------------------------------------


def test_ticket_keeps_what_was_suggested_and_read():
    first, second = make_article("Una"), make_article("Dos")
    ticket = make_ticket(suggested=[first.pk, second.pk], read=[second.pk])
    met = met_by(ticket)
    assert (met.read, met.suggested) == ([second], [first])


def test_ticket_keeps_what_was_only_read_too():
    article = make_article()
    assert met_by(make_ticket(read=[article.pk])).read == [article]


def test_unknown_and_unpublished_articles_are_left_out():
    article, draft = make_article(), make_article(status=Article.Status.DRAFT)
    ticket = make_ticket(suggested=[999_999, draft.pk, article.pk, article.pk], read=[-1, draft.pk])
    assert [row.article for row in ticket.guides.all()] == [article]


def test_twelve_articles_are_kept_at_most_and_the_read_ones_first():
    articles = [make_article(f"Guía {number}") for number in range(14)]
    ids = [article.pk for article in articles]
    ticket = make_ticket(suggested=ids, read=[ids[-1]])
    assert ticket.guides.count() == 12
    assert met_by(ticket).read == [articles[-1]]


def test_guides_of_a_ticket_cost_two_statements_however_many():
    articles = [make_article(f"Guía {number}").pk for number in range(5)]
    costs = []
    for suggested in ([], articles[:1], articles):
        with count_queries() as queries:
            make_ticket(suggested=suggested)
        costs.append(len(queries.statements))
    assert costs[1] == costs[2] == costs[0] + 2


def test_what_a_ticket_met_goes_with_it():
    ticket = make_ticket(suggested=[make_article().pk])
    ticket.delete()
    assert not TicketGuide.objects.exists()


def test_published_asks_nothing_for_nothing():
    with count_queries() as queries:
        assert published([]) == []
    assert queries.statements == []


# --- What is counted ------------------------------------------------------------------------


ASKED = "no recibo el código"


def tickets_of_the_search() -> int:
    return SearchQueryDay.objects.get(query__text=ASKED).tickets


@pytest.fixture
def _asked():
    search_log.record(text=ASKED, results=0)


@pytest.mark.usefixtures("_asked")
def test_ticket_counts_for_the_article_and_the_search_that_led_to_it_after_the_commit(
    django_capture_on_commit_callbacks,
):
    article = make_article()
    with django_capture_on_commit_callbacks() as callbacks:
        make_ticket(article=article, search_query="No recibo el codigo", notify=True)
        assert not ArticleDay.objects.exists()
        assert tickets_of_the_search() == 0
    for callback in callbacks:
        callback()
    assert ArticleDay.objects.get(article=article).tickets == 1
    assert tickets_of_the_search() == 1


@pytest.mark.usefixtures("_asked")
def test_ticket_that_nobody_hears_of_counts_nothing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_ticket(article=make_article(), search_query=ASKED, notify=False)
    assert not ArticleDay.objects.exists()
    assert tickets_of_the_search() == 0


@pytest.mark.usefixtures("_asked")
def test_topic_counts_for_no_search(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_ticket(category=make_category(ASKED), notify=True)
    assert tickets_of_the_search() == 0


def test_count_that_fails_leaves_the_ticket(monkeypatch, django_capture_on_commit_callbacks):
    def fail(**kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(search_log, "ticket_opened", fail)
    with django_capture_on_commit_callbacks(execute=True):
        ticket = make_ticket(search_query=ASKED, notify=True)
    assert Ticket.objects.get() == ticket
