"""Files of articles: what is taken, how it is kept, and when it goes."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image, PngImagePlugin

from docs_kb import article_files, file_types, pictures, publishing
from docs_kb.article_files import Refused
from docs_kb.models import Article, ArticleFile
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_upload, picture_bytes

pytestmark = pytest.mark.django_db


def store(upload=None, *, article=None, alt_text="El panel", is_decorative=False, **values) -> ArticleFile:
    upload = upload or make_upload()
    return article_files.store(
        upload=upload, article=article, alt_text=alt_text, is_decorative=is_decorative, by=None, **values
    )


def kept(file: ArticleFile) -> bytes:
    with default_storage.open(file.stored_name) as content:
        return content.read()


def on_disk() -> set[str]:
    root = Path(default_storage.location)
    return {str(p.relative_to(root)) for p in root.glob("articles/**/*") if p.is_file()}


@pytest.mark.parametrize(
    ("kind", "name", "kept_as", "kept_name"),
    [
        ("PNG", "panel.png", "image/png", "panel.png"),
        ("JPEG", "panel.jpg", "image/jpeg", "panel.jpg"),
        ("WEBP", "panel.webp", "image/webp", "panel.webp"),
        ("GIF", "panel.gif", "image/png", "panel.png"),
    ],
)
def test_store_encodes_a_picture_anew(kind, name, kept_as, kept_name):
    file = store(make_upload(name, picture_bytes(kind, size=(64, 48))))
    assert (file.content_type, file.name, file.width, file.height) == (kept_as, kept_name, 64, 48)
    image = Image.open(io.BytesIO(kept(file)))
    assert Image.MIME[image.format] == kept_as
    assert file.size == len(kept(file))


def test_store_drops_what_is_not_pixels():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Lucía vive en la calle Mayor")
    file = store(make_upload("panel.png", picture_bytes("PNG", pnginfo=notes) + b"<script>alert(1)</script>"))
    assert b"calle Mayor" not in kept(file)
    assert b"<script>" not in kept(file)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("guía.pdf", b"%PDF-1.7\n1 0 obj\n", "application/pdf"),
        ("notas.txt", "Acción".encode("cp1252"), "text/plain"),
        ("guía.png", b"%PDF-1.7\n1 0 obj\n", "application/pdf"),
    ],
)
def test_store_keeps_documents_as_they_came_and_asks_no_description(name, content, content_type):
    file = store(make_upload(name, content), alt_text="")
    assert (file.content_type, kept(file), file.alt_text) == (content_type, content, "")
    assert file.name.endswith((".pdf", ".txt"))


@pytest.mark.parametrize("alt_text", ["", " \n ", "\u200b"])
def test_store_wants_a_description_or_the_word_that_none_is_needed(alt_text):
    with pytest.raises(Refused, match="Describe la imagen para quien no la ve, o marca que es decorativa"):
        store(alt_text=alt_text)
    assert not on_disk()
    decorative = store(alt_text=alt_text, is_decorative=True)
    assert (decorative.is_decorative, decorative.alt_text) == (True, "")


def test_store_writes_descriptions_in_one_line_of_300_characters():
    assert store(alt_text=" El\npanel\x00 \u202eazul ").alt_text == "El panel azul"
    with pytest.raises(Refused, match="300 caracteres o menos"):
        store(alt_text="a" * 301)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("dibujo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "type"),
        ("dibujo.png", b"<svg onload='alert(1)'/>", "mismatch"),
        ("guía.html", b"<script>alert(1)</script>", "type"),
        ("foto.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100, "heic"),
        ("vacía.png", b"", "empty"),
        ("todo.zip", b"PK\x03\x04", "type"),
        ("grande.txt", b"a" * (10 * 1024 * 1024 + 1), "large"),
    ],
)
def test_store_refuses_what_is_no_picture_or_document(name, content, code):
    with pytest.raises(Refused) as refused:
        store(make_upload(name, content))
    assert refused.value.code == code
    assert f"«{name}»" in refused.value.sentence
    assert (ArticleFile.objects.count(), on_disk()) == (0, set())


def test_store_refuses_a_picture_whose_end_is_missing():
    whole = picture_bytes("JPEG", size=(300, 300))
    with pytest.raises(Refused) as refused:
        store(make_upload("foto.jpg", whole[: len(whole) // 2]))
    assert (refused.value.code, on_disk()) == ("broken", set())


def test_store_says_to_try_again_when_it_was_not_the_picture(monkeypatch):
    monkeypatch.setattr(pictures, "PATIENCE_SECONDS", 0)
    with pytest.raises(Refused, match="No hemos podido preparar «panel"):
        store()


def test_store_names_the_file_at_random_and_the_person(admin_user):
    file = article_files.store(
        upload=make_upload('../<b>"pa nel.png'),
        article=None,
        alt_text="a",
        is_decorative=False,
        by=admin_user,
    )
    assert file.name == '<b>"pa nel.png'
    assert file.stored_name.startswith("articles/")
    assert "nel" not in file.stored_name
    assert len(file.key) == 32
    assert file.uploaded_by == admin_user


def test_claim_takes_files_without_an_article_and_no_others():
    ours, other = make_article(), make_article()
    free, taken = store(), store(article=other)
    assert article_files.claim(article=ours, keys=[free.key, taken.key, "0" * 32]) == 1
    assert list(ours.files.all()) == [free]
    assert list(other.files.all()) == [taken]


def test_delete_takes_the_bytes_after_the_commit(django_capture_on_commit_callbacks):
    file = store()
    with django_capture_on_commit_callbacks(execute=True):
        article_files.delete(file=file)
        assert on_disk() == {file.stored_name}
    assert on_disk() == set()


@pytest.mark.django_db(transaction=True)
def test_remove_orphans_leaves_what_an_article_took_and_what_is_young():
    article = make_article()
    taken, _free, without_row, shown = store(article=article), store(), store(), store()
    article.body = article_files.markdown_for(shown)
    article_files.note_shown(articles=[article])
    ArticleFile.objects.filter(pk=without_row.pk).delete()
    assert article_files.remove_orphans() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert article_files.remove_orphans() == 2
        assert article_files.remove_orphans() == 0
    assert list(ArticleFile.objects.all()) == [taken, shown]
    assert on_disk() == {taken.stored_name, shown.stored_name}


def test_markdown_for_shows_pictures_and_links_documents():
    picture = store(make_upload("a (1).png"), alt_text="El [panel] *azul*")
    document = store(make_upload("guía_1.pdf", b"%PDF-1.7\n1 0 obj\n"))
    assert article_files.markdown_for(picture) == (
        rf"![El \[panel\] \*azul\*](/documentacion/archivos/{picture.key}/a%20%281%29.png)"
    )
    assert article_files.markdown_for(document).startswith(r"[guía\_1.pdf](/documentacion/archivos/")


def test_refusals_are_those_of_every_upload():
    assert article_files.Refused is file_types.Refused


# --- In the text of an article --------------------------------------------------------------------


def test_saved_article_shows_its_pictures_and_takes_those_that_nobody_has():
    free, other = store(), store(article=make_article("Otra"))
    body = "\n\n".join(article_files.markdown_for(file) for file in (free, other))
    article = make_article(body=body)
    assert article.body_html.count('<figure><img src="/documentacion/archivos/') == 2
    assert list(article.files.all()) == [free]


def test_picture_of_another_guide_outlives_its_own(django_capture_on_commit_callbacks):
    article = make_article("La primera")
    file, alone = store(article=article), store(article=article)
    article.body = article_files.markdown_for(file) + article_files.markdown_for(alone)
    publishing.save_article(article=article)
    other = make_article("La otra", body=article_files.markdown_for(file))
    with pytest.raises(Refused, match=r"«panel\.png» sigue en el texto de «La"):
        article_files.delete(file=file)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.delete_articles(articles=[article])
    assert list(ArticleFile.objects.all()) == list(other.files.all()) == [file]
    assert kept(file)
    publishing.delete_articles(articles=[other])
    assert not ArticleFile.objects.exists()


def test_saved_article_without_files_asks_for_none():
    article = make_article()
    with CaptureQueriesContext(connection) as asked:
        publishing.save_article(article=article)
    assert not [q["sql"] for q in asked if '"docs_kb_articlefile"' in q["sql"]]


def test_saved_article_asks_as_often_for_one_file_as_for_three():
    def queries(count: int) -> int:
        body = "\n\n".join(article_files.markdown_for(store()) for _ in range(count))
        with CaptureQueriesContext(connection) as asked:
            make_article(body=body)
        return len([q["sql"] for q in asked if "docs_kb_articlefile" in q["sql"]])

    assert queries(1) == queries(3)


def test_html_article_is_rendered_and_found_by_its_words_alone():
    body = "<h2>Zepelín</h2><p class='alcachofa'>Vuela <b>alto</b></p><script>berenjena</script>"
    article = make_article("Globos", body=body, body_format=Article.Format.HTML)
    assert article.body_html == '<h2 id="s-zepelin">Zepelín</h2>\n<p>Vuela <strong>alto</strong></p>\n'
    assert [hit.article for hit in search("zepelín alto").hits] == [article]
    assert not search("alcachofa").hits
    assert not search("berenjena").hits
