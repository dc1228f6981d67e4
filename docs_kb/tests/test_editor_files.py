"""Pictures and documents on the page on which articles are written."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import escape

from docs_kb import article_files
from docs_kb.models import (
    Article,
    ArticleFile,
)
from docs_kb.tests.editing import ADD, change, field_value, make_file, text_of, typed
from docs_kb.tests.factories import make_article, make_author, make_upload

pytestmark = pytest.mark.django_db
Status = Article.Status


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
