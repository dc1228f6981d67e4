"""The page on which articles are written: what it stores, what it refuses, and that nothing typed is lost."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from docs_kb import publishing
from docs_kb.models import (
    Article,
    Section,
)
from docs_kb.search import search
from docs_kb.tests.editing import ADD, change, field_value, text_of, typed
from docs_kb.tests.factories import make_article, make_author, make_category

pytestmark = pytest.mark.django_db
Status = Article.Status


# --- Saving, and the states


def test_new_article_is_a_draft_under_an_address_of_its_title(ana):
    response = ana.post(ADD, typed(act="save"))
    article = Article.objects.get()
    assert response.url == change(article)
    assert (article.slug, article.status, article.version) == ("crear-un-buzon", Status.DRAFT, 1)
    assert '<h2 id="s-pasos">' in article.body_html
    assert article.revisions.get().author == ana.user
    assert search("buzón").total == 0


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        ("draft", "review", "in_review"),
        ("draft", "publish", "published"),
        ("in_review", "publish", "published"),
        ("in_review", "draft", "draft"),
        ("in_review", "save", "in_review"),
        ("published", "save", "published"),
        ("published", "archive", "archived"),
        ("published", "draft", "draft"),
        ("archived", "publish", "published"),
        ("draft", "anything else", "draft"),
    ],
)
def test_buttons_lead_to_the_state_they_name(ana, before, act, after):
    article = make_article(status=before)
    ana.post(change(article), typed(article, act=act, note="Porque sí"))
    article.refresh_from_db()
    assert article.status == after
    assert article.revisions.first().note == "Porque sí"
    assert search("correos").total == (after == "published")


def test_date_for_readers_follows_changes_of_what_they_read(ana):
    long_ago = timezone.localdate() - timedelta(days=90)
    article = make_article(updated_on=long_ago)
    ana.post(change(article), typed(article, keywords="otras", act="save"))
    article.refresh_from_db()
    assert article.updated_on == long_ago
    ana.post(change(article), typed(article, body="Otro texto", is_minor="on", act="save"))
    article.refresh_from_db()
    assert (article.body, article.updated_on) == ("Otro texto", long_ago)
    for act in ("archive", "publish", "draft", "publish"):
        ana.post(change(article), typed(article, act=act))
        article.refresh_from_db()
        assert article.updated_on == long_ago, act
    ana.post(change(article), typed(article, body="Otro más", act="save"))
    article.refresh_from_db()
    assert article.updated_on == timezone.localdate()


def test_errors_come_back_with_everything_typed(ana):
    response = ana.post(ADD, typed(title="", body="Lo que escribí", act="save"))
    assert response.status_code == 422
    assert "<title>Error: " in text_of(response)
    assert "Escribe un título" in text_of(response)
    assert field_value(response, "body") == "Lo que escribí"
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"body": "[" * 20_000}, "Hay cientos de signos seguidos"),
        ({"category": "999"}, "Elige un tema de la lista"),
        ({"category": ""}, "Elige un tema"),
        ({"slug": "ya-está"}, "Usa solo letras sin tilde, números y guiones"),
        ({"title": "???"}, "Del título no sale ninguna dirección"),
        ({"related": "no-existe"}, "No hay ninguna guía con la dirección «no-existe»"),
        ({"replacement": "no-existe"}, "No hay ninguna guía con la dirección «no-existe»"),
        ({"title": "a\x00b"}, "nulos"),
        ({"review_by": "32/13/2026"}, "Escribe un día del calendario"),
        ({"review_by": "9999-12-31"}, "Elige un día de los próximos dos años"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(ana, values, sentence):
    response = ana.post(ADD, typed(act="save", **values))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Article.objects.exists()


def test_address_in_use_is_refused(ana):
    make_article(slug="crear-un-buzon")
    response = ana.post(ADD, typed(act="save"))
    assert "Otra guía tiene ya esta dirección" in text_of(response)


def test_section_of_another_topic_is_refused(ana):
    other = Section.objects.create(category=make_category("Dominios"), name="DNS", slug="dns")
    response = ana.post(ADD, typed(section=other.pk, act="save"))
    assert "«DNS» es de otro tema" in text_of(response)


def test_guides_are_named_by_slug_path_or_whole_address(ana):
    article = make_article()
    slug, path, address = (make_article(f"Guía {n}", slug=f"guia-x{n}") for n in range(3))
    related = f"{slug.slug}\r\n{path.get_absolute_url()}\r\nhttps://ayuda.example.com{address.get_absolute_url()}?a#b"
    ana.post(change(article), typed(article, related=related, replacement=slug.slug, act="archive"))
    article.refresh_from_db()
    assert set(article.related.all()) == {slug, path, address}
    assert article.replacement == slug


def test_article_is_never_its_own_replacement_or_relation(ana):
    article = make_article()
    response = ana.post(change(article), typed(article, replacement=article.slug, act="archive"))
    assert "no puede sustituirse a sí misma" in text_of(response)
    ana.post(change(article), typed(article, related=article.slug, act="save"))
    assert not article.related.exists()


def test_new_address_leaves_the_old_one_behind(ana):
    article = make_article(slug="antigua")
    ana.post(change(article), typed(article, slug="nueva", act="save"))
    assert article.former_slugs.get().slug == "antigua"


def test_new_article_may_bring_words_in_its_address(ana):
    response = ana.get(ADD, {"title": "código no llega", "keywords": "sms"})
    assert (field_value(response, "title"), field_value(response, "keywords")) == ("código no llega", "sms")


def test_article_that_is_not_there_leads_to_the_list(ana):
    for number in ("999", "abc", "9" * 30):
        response = ana.get(f"/admin/docs_kb/article/{number}/change/")
        assert response.status_code in (302, 404), number


# --- A time to publish at


def at(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_scheduled_article_waits_in_review_and_is_published_by_the_clock(ana):
    long_ago = timezone.localdate() - timedelta(days=90)
    article = make_article(status="draft", updated_on=long_ago)
    tomorrow = timezone.now() + timedelta(days=1)
    ana.post(change(article), typed(article, publish_at=at(tomorrow), act="schedule"))
    article.refresh_from_db()
    assert article.status == Status.IN_REVIEW
    assert "Se publicará el " in text_of(ana.get(change(article)))
    ana.post(change(article), typed(article, publish_at=at(tomorrow), body="Mejor", act="save"))
    article.refresh_from_db()
    assert article.publish_at
    Article.objects.update(updated_on=long_ago)
    publishing.publish_due(at=tomorrow + timedelta(minutes=1))
    article.refresh_from_db()
    assert (article.status, article.publish_at, article.body) == (Status.PUBLISHED, None, "Mejor")
    assert article.updated_on == timezone.localdate()


@pytest.mark.parametrize("act", ["unschedule", "draft", "publish"])
def test_schedule_ends_with_its_reason(ana, act):
    article = make_article(status="in_review", publish_at=timezone.now() + timedelta(days=1))
    ana.post(change(article), typed(article, publish_at=at(article.publish_at), act=act))
    article.refresh_from_db()
    assert article.publish_at is None


@pytest.mark.parametrize(
    ("typed_at", "sentence"),
    [
        ("", "Escribe el día y la hora"),
        ("2020-01-01T10:00", "Esa hora ya ha pasado"),
        ("0001-01-01T00:00", "Esa hora ya ha pasado"),
        ("9999-12-31T23:59", "Elige un día de los próximos dos años"),
        ("mañana", "Escribe un día y una hora"),
    ],
)
def test_time_that_makes_no_sense_is_refused(ana, typed_at, sentence):
    article = make_article(status="draft")
    response = ana.post(change(article), typed(article, publish_at=typed_at, act="schedule"))
    assert response.status_code == 422
    assert sentence in text_of(response)


def test_time_without_its_button_is_not_forgotten_in_silence(ana):
    article = make_article(status="draft")
    tomorrow = at(timezone.now() + timedelta(days=1))
    page = ana.post(change(article), typed(article, publish_at=tomorrow, act="save"), follow=True)
    assert "La fecha escrita no se ha programado" in text_of(page)


# --- The proofreader

BAD = "## Pasos\n\n![](/documentacion/archivos/0123456789abcdef0123456789abcdef/panel.png)\n"


@pytest.mark.parametrize(
    ("before", "act"), [("draft", "publish"), ("published", "save"), ("in_review", "schedule")]
)
def test_errors_in_the_text_keep_it_from_readers(ana, before, act):
    article = make_article(status=before, body="Bien")
    tomorrow = at(timezone.now() + timedelta(days=1))
    response = ana.post(change(article), typed(article, body=BAD, publish_at=tomorrow, act=act))
    assert response.status_code == 422
    assert "Antes de publicar hay " in text_of(response)
    assert field_value(response, "body").replace("\r\n", "\n").strip() == BAD.strip()
    article.refresh_from_db()
    assert (article.status, article.body) == (before, "Bien")


def test_drafts_may_have_errors(ana):
    article = make_article(status="draft")
    assert ana.post(change(article), typed(article, body=BAD, act="review")).status_code == 302


def test_warnings_are_told_after_saving(ana):
    article = make_article()
    long = "palabra " * 45 + "."
    page = text_of(ana.post(change(article), typed(article, body=long, act="save"), follow=True))
    assert re.search(r"Hay \d+ avisos? del texto", page)


def test_text_is_checked_without_being_stored(ana):
    article = make_article(body="Bien")
    response = ana.post(change(article), typed(article, body=BAD, act="proofread"))
    assert response.status_code == 200
    assert "Impide publicar" in text_of(response)
    assert BAD.strip() in field_value(response, "body").replace("\r\n", "\n")
    fragment = ana.post(
        reverse("admin:docs_kb_article_correction", args=[article.pk]), typed(article, body=BAD)
    )
    assert "Impide publicar" in text_of(fragment)
    assert "<html" not in text_of(fragment)
    assert "Impide publicar" in text_of(
        ana.post(reverse("admin:docs_kb_article_new_correction"), typed(body=BAD))
    )
    article.refresh_from_db()
    assert (article.body, article.version) == ("Bien", 1)


# --- Two people


def test_two_people_never_overwrite_each_other_in_silence():
    article = make_article("Crear un buzón", body="Uno")
    ana, bea = make_author("ana"), make_author("bea")
    first, second = Client(), Client()
    first.force_login(ana)
    second.force_login(bea)
    first.post(change(article), typed(article, body="Lo de Ana", act="save"))
    response = second.post(change(article), typed(article, body="Lo de Bea", note="Mi porqué", act="save"))
    page = text_of(response)
    assert response.status_code == 409
    assert re.search(
        r"Ana guardó otra versión a las \d+:\d\d\xa0h mientras escribías\. Compárala y decide\.", page
    )
    assert "Guardar la mía de todos modos" in page
    assert re.search(r"<del>\s*Ana\s*</del>", page)
    assert re.search(r"<ins>\s*Bea\s*</ins>", page)
    assert (field_value(response, "body"), field_value(response, "note")) == ("Lo de Bea", "Mi porqué")
    article.refresh_from_db()
    assert (article.body, article.version) == ("Lo de Ana", 2)

    again = typed(article, body="Lo de Bea", version=field_value(response, "version"))
    for act in ("save", "draft", "archive"):
        response = second.post(change(article), again | {"act": act, "note": "Mi porqué"})
        assert (response.status_code, field_value(response, "version")) == (409, "1")
        assert (field_value(response, "body"), field_value(response, "note")) == ("Lo de Bea", "Mi porqué")
    overwrite = re.search(r'name="overwrite" value="(archive \d+)"', response.content.decode())[1]
    first.post(change(article), typed(article, body="Lo último de Ana", act="save"))
    response = second.post(change(article), again | {"overwrite": overwrite})
    assert (response.status_code, field_value(response, "body")) == (409, "Lo de Bea")
    article.refresh_from_db()
    assert (article.body, article.version) == ("Lo último de Ana", 3)

    overwrite = re.search(r'name="overwrite" value="(archive \d+)"', response.content.decode())[1]
    assert second.post(change(article), again | {"overwrite": overwrite}).status_code == 302
    article.refresh_from_db()
    assert (article.body, article.version, article.status) == ("Lo de Bea", 4, Status.ARCHIVED)
    assert [r.body for r in article.revisions.all()] == ["Lo de Bea", "Lo último de Ana", "Lo de Ana", "Uno"]


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "a\x00b", "9" * 5000])
def test_form_without_its_version_is_a_conflict_too(ana, version):
    article = make_article(body="Uno")
    response = ana.post(change(article), typed(article, body="Otro", act="save", version=version))
    assert response.status_code == 409
    assert field_value(response, "body") == "Otro"
    assert 'name="overwrite" value="save 1"' in response.content.decode()


def test_day_that_was_set_far_ahead_by_others_stays(ana):
    article = make_article(review_by=date(2999, 1, 1))
    assert ana.post(change(article), typed(article, review_by="2999-01-01", act="save")).status_code == 302


def test_same_form_sent_twice_is_saved_once(ana):
    article = make_article(body="Uno")
    values = typed(article, body="Dos", note="Mi porqué", act="save")
    assert ana.post(change(article), values).status_code == 302
    assert ana.post(change(article), values).status_code == 302
    assert article.revisions.count() == 2
    # Nor is another date dropped that stands beside the same words in another tab.
    response = ana.post(change(article), values | {"review_by": "2027-05-02"})
    assert (response.status_code, field_value(response, "review_by")) == (409, "2027-05-02")


def test_article_deleted_meanwhile_becomes_a_new_one(ana):
    article = make_article("Crear un buzón")
    values = typed(article, body="Lo escrito", act="save")
    publishing.delete_articles(articles=[article])
    response = ana.post(change(article), values)
    assert "Alguien ha borrado este artículo" in text_of(response)
    assert field_value(response, "body") == "Lo escrito"
    assert f'action="{ADD}"' in response.content.decode()
    assert ana.post(ADD, values).status_code == 302
