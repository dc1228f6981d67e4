"""Exporting and importing again changes nothing, here or on an empty desk."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from docs_kb import article_files, publishing
from docs_kb.exporting import export_articles
from docs_kb.importing import import_articles
from docs_kb.models import Article, ArticleFile, Category, Section
from docs_kb.tests.factories import make_article, make_category, make_upload, picture_bytes

pytestmark = pytest.mark.django_db


def everything() -> list:
    """What an empty desk must have again after an import, by addresses instead of numbers."""
    skipped = ["id", "section", "category", "replacement", "version", "created_at", "modified_at"]
    names = [field.name for field in Article._meta.concrete_fields if field.name not in skipped]
    links = ("category__slug", "section__slug", "replacement__slug")
    related = Article.related.through.objects.values_list("from_article__slug", "to_article__slug")
    files = ("key", "article__slug", "name", "alt_text", "is_decorative", "content_type", "width", "height")
    sections = Section.objects.order_by("pk").values_list("category__slug", "slug", "name", "position")
    return [
        list(Article.objects.order_by("slug").values_list(*names, *links)),
        sorted(related),
        sorted(Category.objects.values_list("slug", "name", "description", "position")),
        sorted(sections),
        sorted(ArticleFile.objects.values_list(*files)),
        sorted(ArticleFile.objects.values_list("key", "shown_in__slug")),
    ]


def store(article: Article, name: str, content: bytes, alt_text: str = "") -> ArticleFile:
    upload, is_decorative = make_upload(name, content), not alt_text
    return article_files.store(
        upload=upload, article=article, alt_text=alt_text, is_decorative=is_decorative, by=None
    )


@pytest.fixture
def desk():
    """Articles in every state, with all that an article can have."""
    correo = make_category("Correo «y» más", slug="Correo_1", description="Con: dos puntos", position=7)
    make_category("Vacío", slug="vacio", position=3)
    altas = Section.objects.create(category=correo, name="Altas y bajas", slug="altas", position=20)
    Section.objects.create(category=correo, name="Otras", slug="otras", position=10)
    whole = make_article(
        'Con "comillas": y dos puntos',
        slug="Guia_1",
        category=correo,
        section=altas,
        summary="Uno\ndos  tres",
        keywords="rebota,\nimbox",
        body="\n\n---\nSin salto al final",
        position=3,
        is_featured=True,
        review_by=date(2027, 1, 2),
        source="Docs",
        licence="CC-BY-4.0",
        source_path="a/b.md",
        translation="machine",
        language="en",
    )
    html = make_article("HTML", category=correo, body="<p>Hola</p>\n", body_format="html")
    draft = make_article("Borrador", category=correo, status="draft", body="")
    make_article(
        "En revisión \u2028\x85\U0001f600",
        status="in_review",
        publish_at=timezone.now() + timedelta(days=3),
        category=correo,
    )
    old = make_article("Vieja", category=correo, status="archived", body="Antes\n")
    Article.objects.filter(pk=old.pk).update(replacement=whole)
    whole.related.add(html, draft)
    for file in (
        store(whole, "panel.png", picture_bytes(), "El panel"),
        store(whole, "foto 😀 (1).jpg", picture_bytes("JPEG", size=(64, 48)), "Una foto"),
        store(whole, "adorno.webp", picture_bytes("WEBP")),
        store(draft, "guía.pdf", b"%PDF-1.7\n1 0 obj\n"),
    ):
        whole.body += "\n" + article_files.markdown_for(file)
    publishing.save_article(article=whole)
    # Comes in before the picture that it shows.
    early = make_category("Altas", slug="Altas_1")
    picture = article_files.markdown_for(whole.files.get(name="panel.png"))
    make_article("Antes", category=early, body=picture)
    return whole


def test_export_and_import_again_changes_nothing(desk, tmp_path):
    before, versions = everything(), sorted(Article.objects.values_list("slug", "version", "modified_at"))
    done = export_articles(folder=tmp_path)
    assert (done.articles, done.files, done.missing, done.left_over) == (6, 4, [], [])
    report = import_articles(folder=tmp_path)
    assert (report.new, report.changed, report.refused, len(report.unchanged)) == ([], [], [], 6)
    assert everything() == before
    assert sorted(Article.objects.values_list("slug", "version", "modified_at")) == versions


def test_import_into_an_empty_desk_brings_everything_back(desk, tmp_path):
    before = everything()
    export_articles(folder=tmp_path / "a")
    as_it_came = tmp_path / "a" / "archivos" / f"{desk.files.get(name__startswith='foto').key}.jpg"
    as_it_came.write_bytes(picture_bytes("JPEG", size=(64, 48)))
    Article.objects.all().delete()
    Category.objects.all().delete()
    report = import_articles(folder=tmp_path / "a")
    assert (len(report.new), report.refused) == (6, [])
    after = everything()
    before[2] = [row for row in before[2] if row[0] != "vacio"]
    assert after == before
    report = import_articles(folder=tmp_path / "a")
    assert (report.changed, len(report.unchanged), report.refused) == ([], 6, [])
    export_articles(folder=tmp_path / "b")
    report = import_articles(folder=tmp_path / "b")
    assert (report.changed, len(report.unchanged), report.refused) == ([], 6, [])


def test_import_redraws_an_article_whose_picture_is_described_anew(desk, tmp_path):
    export_articles(folder=tmp_path)
    path = tmp_path / "Correo_1" / "Guia_1.md"
    path.write_text(path.read_text().replace('"alt": "El panel"', '"alt": "El panel nuevo"'))
    Article.objects.filter(pk=desk.pk).update(body=(body := desk.body.replace("![El panel]", "![]")))
    path.write_text(path.read_text().replace("![El panel]", "![]"))
    would = import_articles(folder=tmp_path, dry_run=True)
    assert would.changed == ["Guia_1"]
    assert ArticleFile.objects.filter(alt_text="El panel nuevo").count() == 0
    assert import_articles(folder=tmp_path) == would
    desk.refresh_from_db()
    assert desk.body == body
    assert 'alt="El panel nuevo"' in desk.body_html


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.write_bytes(picture_bytes(color="red")), "ha cambiado: dale una clave"),
        (lambda path: path.unlink(), "falta el archivo archivos/"),
        (
            lambda path: (path.unlink(), path.symlink_to("/etc/passwd")),
            "falta el archivo",
        ),
    ],
)
def test_import_refuses_files_that_are_not_what_they_were(desk, tmp_path, change, reason):
    export_articles(folder=tmp_path)
    change(tmp_path / "archivos" / f"{desk.files.get(name='panel.png').key}.png")
    before = everything()
    report = import_articles(folder=tmp_path)
    assert [name for name, _ in report.refused] == ["Correo_1/Guia_1.md"]
    assert reason in report.refused[0][1]
    assert everything() == before


def test_import_refuses_the_file_of_another_article(desk, tmp_path):
    export_articles(folder=tmp_path)
    draft = next((tmp_path / "Correo_1").glob("guia-*.md"))
    header = (tmp_path / "Correo_1" / "Guia_1.md").read_text()
    files = next(line for line in header.splitlines() if line.startswith("files: "))
    text = draft.read_text()
    empty = next(line for line in text.splitlines() if line.startswith("files: "))
    draft.write_text(text.replace(empty, files))
    ((_, reason),) = import_articles(folder=tmp_path).refused
    assert "ya es de otra guía" in reason


@pytest.mark.parametrize("content", [b"<svg onload=x>", b"", picture_bytes("JPEG")[:400]])
def test_import_keeps_nothing_of_an_article_whose_file_is_refused(desk, tmp_path, content):
    export_articles(folder=tmp_path)
    (tmp_path / "archivos" / f"{desk.files.get(name__startswith='foto').key}.jpg").write_bytes(content)
    Article.objects.all().delete()
    would = import_articles(folder=tmp_path, dry_run=True)
    report = import_articles(folder=tmp_path)
    assert [name for name, _ in report.refused] == ["Correo_1/Guia_1.md"]
    assert would.refused == report.refused
    assert set(ArticleFile.objects.values_list("name", flat=True)) == {"guía.pdf"}


def test_import_refused_for_its_text_keeps_no_file(desk, tmp_path):
    export_articles(folder=tmp_path)
    path = tmp_path / "Correo_1" / "Guia_1.md"
    path.write_text(path.read_text() + "[" * 20_000)
    Article.objects.all().delete()
    assert len(import_articles(folder=tmp_path).refused) == 1
    assert set(ArticleFile.objects.values_list("name", flat=True)) == {"guía.pdf"}


def test_export_names_what_was_there_before_and_leaves_it(desk, tmp_path):
    (tmp_path / "viejo").mkdir()
    (tmp_path / "viejo" / "guia.md").write_text("x")
    done = export_articles(folder=tmp_path)
    assert done.left_over == ["viejo/guia.md"]
    assert (tmp_path / "viejo" / "guia.md").exists()


def test_export_command_says_what_is_missing_and_ends_with_1(desk, tmp_path):
    default_storage.delete(desk.files.get(name="panel.png").stored_name)
    out = StringIO()
    with pytest.raises(CommandError, match=r"Faltan en el almacén: panel\.png") as ended:
        call_command("export_articles", str(tmp_path / "x" / "y"), stdout=out)
    assert ended.value.returncode == 1
    assert out.getvalue() == "Artículos exportados: 6. Archivos: 3.\n"


def test_export_command_into_a_place_that_cannot_be_written_says_so(desk, tmp_path):
    (tmp_path / "archivo").write_text("x")
    with pytest.raises(CommandError, match="No se puede escribir"):
        call_command("export_articles", str(tmp_path / "archivo"), stdout=StringIO())
