"""The page on which articles are written: what it stores, what it refuses, and that nothing typed is lost."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from docs_kb import article_files, publishing
from docs_kb.models import (
    Article,
    ArticleDay,
    ArticleFeedback,
    ArticleFile,
    SearchOpening,
    SearchQuery,
    Section,
)
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_author, make_category, make_upload

pytestmark = pytest.mark.django_db
Status = Article.Status
ADD = "/admin/docs_kb/article/add/"


@pytest.fixture
def ana(client):
    client.user = make_author()
    client.force_login(client.user)
    return client


def someone_with(*permissions: str) -> User:
    user = make_author("bea", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def change(article: Article) -> str:
    return reverse("admin:docs_kb_article_change", args=[article.pk])


def typed(article: Article | None = None, **values) -> dict:
    """What the form sends for an article as it is, or for a new one, with these changes."""
    if article:
        kept = {
            "title": article.title, "slug": article.slug, "category": article.category_id,
            "section": article.section_id or "", "summary": article.summary, "body": article.body,
            "keywords": article.keywords, "language": article.language, "version": article.version,
            "translation": article.translation,
        }  # fmt: skip
    else:
        kept = {
            "title": "Crear un buzón", "slug": "", "section": "", "summary": "Desde el panel.",
            "body": "## Pasos\r\n\r\n1. Entra", "keywords": "casilla", "language": "es",
            "translation": "original",
        }  # fmt: skip
        if "category" not in values:
            kept["category"] = make_category().pk
    return kept | values


def text_of(response) -> str:
    return unescape(response.content.decode())


def field_value(response, name: str) -> str:
    """What stands in a field of the page that came back."""
    page = response.content.decode()
    if found := re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S):
        return unescape(found[1])
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = tag and re.search(r'value="([^"]*)"', tag[0])
    return unescape(value[1]) if value else ""


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


# --- The preview


def test_preview_is_the_customers_page_and_stores_nothing(ana):
    article = make_article("Crear un buzón", body="Uno", slug="buzon")
    address = reverse("admin:docs_kb_article_preview", args=[article.pk])
    response = ana.post(address, typed(article, title="Otro título", body="## Nuevo\n\ntexto"))
    page = text_of(response)
    assert "<h1>Otro título</h1>" in page
    assert '<h2 id="s-nuevo">Nuevo</h2>' in page
    article.refresh_from_db()
    assert (article.title, article.version) == ("Crear un buzón", 1)
    assert "docs_kb/article.html" in [template.name for template in response.templates]


def test_preview_of_a_new_article_needs_no_field_to_be_right(ana):
    response = ana.post(
        reverse("admin:docs_kb_article_new_preview"), {"body": "Hola <script>alert(1)</script>"}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Sin título</h1>" in page
    assert "<script>alert(1)" not in page
    assert not Article.objects.exists()


def test_preview_runs_nothing_and_is_framed_by_nobody(ana):
    response = ana.post(reverse("admin:docs_kb_article_new_preview"), typed())
    policy = response["Content-Security-Policy"]
    assert "sandbox allow-same-origin;" in policy + ";"
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'none'" in policy
    editor = ana.get(ADD)["Content-Security-Policy"]
    assert "sandbox" not in editor
    assert "unsafe" not in editor


def test_preview_of_a_monster_says_why_not(ana):
    response = ana.post(reverse("admin:docs_kb_article_new_preview"), typed(body="[" * 20_000))
    assert response.status_code == 422
    assert "Hay cientos de signos seguidos" in text_of(response)


# --- Files


def test_file_without_scripts_keeps_everything_typed(ana):
    values = typed(body="Lo escrito", add_file="1", new_alt="El panel", new_file=make_upload())
    response = ana.post(ADD, values)
    file = ArticleFile.objects.get()
    assert (file.article, file.alt_text, file.uploaded_by) == (None, "El panel", ana.user)
    assert field_value(response, "body") == "Lo escrito"
    assert field_value(response, "files") == file.key
    assert escape(article_files.markdown_for(file)) in response.content.decode()
    assert "Escribe un título" not in text_of(response)

    ana.post(ADD, typed(files=file.key, act="save"))
    file.refresh_from_db()
    assert file.article == Article.objects.get()


def test_picture_without_a_description_is_refused_and_nothing_typed_is_lost(ana):
    article = make_article()
    values = typed(article, body="Lo escrito", add_file="1", new_file=make_upload())
    response = ana.post(change(article), values)
    assert "Describe la imagen para quien no la ve" in text_of(response)
    assert field_value(response, "body") == "Lo escrito"
    assert not ArticleFile.objects.exists()
    assert "Elige un archivo" in text_of(ana.post(change(article), typed(article, add_file="1")))


def test_file_sent_by_a_script_is_claimed_by_the_text_that_shows_it(ana):
    address = reverse("admin:docs_kb_article_upload")
    answer = ana.post(address, {"new_file": make_upload(), "new_alt": "El panel", "article": ""})
    assert answer.status_code == 201
    sent = answer.json()
    assert sent["source"].startswith("![El panel](/documentacion/archivos/")
    assert "Borrar panel.png" in sent["row"]
    ana.post(ADD, typed(body=sent["source"], act="save"))
    assert ArticleFile.objects.get(key=sent["key"]).article == Article.objects.get()


def test_script_hears_why_a_file_is_refused(ana):
    answer = ana.post(
        reverse("admin:docs_kb_article_upload"),
        {"new_file": make_upload("programa.png", b"MZ\x90\x00" * 100), "new_alt": "Un programa"},
    )
    assert answer.status_code == 422
    assert "programa.png" in answer.json()["error"]
    assert ana.post(reverse("admin:docs_kb_article_upload"), {"article": "99"}).status_code == 404


def make_file(article: Article | None, by: User) -> ArticleFile:
    return article_files.store(
        upload=make_upload(), article=article, alt_text="El panel", is_decorative=False, by=by
    )


def test_new_description_reaches_the_text(ana):
    article = make_article(status="draft")
    file = make_file(article, ana.user)
    body = f"Mira:\n\n{article_files.markdown_for(file)}\n"
    ana.post(change(article), typed(article, body=body, act="save", **{f"alt_{file.key}": "El menú"}))
    article.refresh_from_db()
    file.refresh_from_db()
    assert file.alt_text == "El menú"
    assert "![El menú](" in article.body


def test_description_cannot_be_emptied_without_saying_that_it_is_decoration(ana):
    article = make_article()
    file = make_file(article, ana.user)
    response = ana.post(change(article), typed(article, act="save", **{f"alt_{file.key}": ""}))
    assert "Describe «panel.png» para quien no la ve" in text_of(response)
    values = {f"alt_{file.key}": "", f"decorative_{file.key}": "on"}
    assert ana.post(change(article), typed(article, act="save", **values)).status_code == 302
    file.refresh_from_db()
    assert file.is_decorative


def test_file_that_is_shown_cannot_be_deleted(ana):
    article = make_article(status="draft")
    file = make_file(article, ana.user)
    body = article_files.markdown_for(file)
    response = ana.post(change(article), typed(article, body=body, remove_file=file.key))
    assert "sigue en el texto" in text_of(response)
    response = ana.post(change(article), typed(article, body="Sin ella", remove_file=file.key))
    assert "«panel.png» se ha borrado" in text_of(response)
    assert field_value(response, "body") == "Sin ella"
    assert not ArticleFile.objects.exists()


def test_files_of_others_stay_out_of_reach(ana):
    theirs = make_file(make_article("Otra"), ana.user)
    article = make_article()
    response = ana.post(change(article), typed(article, remove_file=theirs.key))
    assert "Ese archivo ya no estaba" in text_of(response)
    assert ArticleFile.objects.filter(pk=theirs.pk).exists()
    waiting = make_file(None, make_author("bea"))
    page = ana.post(ADD, typed(files=waiting.key, title="")).content.decode()
    assert article_files.markdown_for(waiting) not in unescape(page)
    ana.post(ADD, typed(files=waiting.key, act="save"))
    waiting.refresh_from_db()
    assert waiting.article is None


# --- What came of it


def test_signals_stand_beside_the_editor(ana):
    article = make_article()
    today = timezone.localdate()
    ArticleDay.objects.create(article=article, day=today, views=7, opens=3, tickets=2, solved=1)
    ArticleDay.objects.create(article=article, day=today - timedelta(days=27), views=4)
    ArticleDay.objects.create(article=article, day=today - timedelta(days=28), views=90)
    ArticleFeedback.objects.create(article=article, voter="a", is_helpful=True)
    ArticleFeedback.objects.create(
        article=article, voter="b", is_helpful=False, reason="unclear", comment="El paso 3 no sale"
    )
    query = SearchQuery.objects.create(key="buzon", text="buzón nuevo", last_at=timezone.now())
    SearchOpening.objects.create(query=query, article=article, opens=5, last_on=today)
    page = text_of(ana.get(change(article)))
    numbers = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert numbers == [
        ("visitas", "11"),
        ("abierto desde una búsqueda", "3"),
        ("resuelto sin ticket", "1"),
        ("tickets abiertos desde aquí", "2"),
    ]
    assert "2 respuestas: 1 «Sí» y 1 «No del todo»." in page
    assert "El paso 3 no sale" in page
    assert "buzón nuevo" in page
    assert page.count("<rect ") == 28


@pytest.mark.parametrize("rows", [1, 3])
def test_editor_takes_the_same_queries_whatever_came_of_it(ana, rows, django_assert_max_num_queries):
    article = make_article()
    for number in range(rows):
        other = make_article(f"Guía {number}")
        article.related.add(other)
        make_file(article, ana.user)
        publishing.save_article(article=article)
        ArticleFeedback.objects.create(
            article=article, voter=str(number), is_helpful=False, comment="No sale"
        )
        query = SearchQuery.objects.create(key=str(number), text="buzón", last_at=timezone.now())
        SearchOpening.objects.create(query=query, article=article, opens=1, last_on=timezone.localdate())
    ana.get(change(article))
    with django_assert_max_num_queries(16):
        ana.get(change(article))


# --- Who may


def test_whoever_may_only_look_changes_nothing(client):
    article = make_article(body="Uno")
    client.force_login(someone_with("view_article"))
    page = client.get(change(article)).content.decode()
    assert "Guardar" not in page
    assert "disabled" in page
    assert client.post(change(article), typed(article, body="Otro", act="save")).status_code == 403
    assert client.get(ADD).status_code == 403
    assert (
        client.post(reverse("admin:docs_kb_article_upload"), {"new_file": make_upload()}).status_code == 403
    )
    assert (
        client.post(reverse("admin:docs_kb_article_preview", args=[article.pk]), typed(article)).status_code
        == 200
    )
    assert client.post(reverse("admin:docs_kb_article_new_preview"), typed()).status_code == 403
    article.refresh_from_db()
    assert (article.body, article.version) == ("Uno", 1)


@pytest.mark.parametrize(
    ("noun", "method"),
    [("change", "get"), ("change", "post"), ("preview", "post"), ("correction", "post"), ("versions", "get"),
     ("difference", "get")],
)  # fmt: skip
def test_nobody_without_a_right_sees_an_article(client, noun, method):
    article = make_article()
    address = reverse(f"admin:docs_kb_article_{noun}", args=[article.pk])
    client.force_login(someone_with())
    assert getattr(client, method)(address).status_code == 403
    client.logout()
    response = getattr(client, method)(address)
    assert response.status_code == 302
    assert "/admin/login/" in response.url


def test_files_need_their_own_right(client):
    article = make_article()
    client.force_login(someone_with("view_article", "change_article"))
    page = client.get(change(article)).content.decode()
    assert "Añadir archivo" not in page
    values = typed(article, add_file="1", new_alt="El panel", new_file=make_upload())
    assert client.post(change(article), values).status_code == 403


@pytest.mark.parametrize("noun", ["preview", "correction"])
def test_what_is_sent_is_never_asked_for(ana, noun):
    article = make_article()
    assert ana.get(reverse(f"admin:docs_kb_article_{noun}", args=[article.pk])).status_code == 405
    assert ana.get(reverse(f"admin:docs_kb_article_new_{noun}")).status_code == 405


# --- Guides to choose from


def test_picker_finds_what_readers_find(ana):
    article = make_article("Crear un buzón")
    make_article("Crear un borrador de buzón", status="draft")
    address = reverse("admin:docs_kb_article_guides")
    found = ana.get(address, {"q": "buzones"}).json()["guides"]
    assert found == [
        {
            "slug": article.slug,
            "title": "Crear un buzón",
            "topic": article.category.name,
            "address": article.get_absolute_url(),
        }
    ]
    assert ana.get(address, {"q": "  "}).json() == {"guides": []}
    assert ana.get(address, {"q": "'; DROP\x00 %_ \"" * 200}).status_code == 200
