import json
import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from docs_kb import importing, publishing
from docs_kb.importing import import_articles
from docs_kb.models import Article, Category, Section, VocabularyTerm
from docs_kb.models.category import RESERVED_SLUGS
from docs_kb.search import search
from docs_kb.tests.cpu_limit import cpu_limit
from docs_kb.tests.factories import make_article
from docs_kb.urls import urlpatterns

pytestmark = pytest.mark.django_db

GOOD = """---
title: "No recibo correos"
slug: "no-recibo-correos"
category: "Correo y móviles"
section: "Problemas frecuentes"
summary: "Mira el espacio."
updated: "2026-10-14"
keywords: "imbox, rebota"
related: "otra-guia"
---

Primero **esto**.

## Después

Lo otro.
"""


def write(folder: Path, name: str, text: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "articles/correo-y-moviles/no-recibo-correos.md", GOOD)
    other = GOOD.replace("no-recibo-correos", "otra-guia").replace("No recibo", "No envío")
    write(tmp_path, "articles/correo-y-moviles/otra-guia.md", other.replace('related: "otra-guia"\n', ""))
    return tmp_path / "articles"


def snapshot() -> list:
    """Everything that an import could change."""
    names = [field.name for field in Article._meta.concrete_fields]
    related = Article.related.through.objects.values_list("from_article__slug", "to_article__slug")
    rows = [
        Article.objects.values_list(*names),
        Category.objects.values_list(),
        Section.objects.values_list(),
    ]
    return [*(sorted(row, key=str) for row in rows), sorted(related)]


def article(slug: str) -> Article:
    return Article.objects.get(slug=slug)


def headed(body: str = "Texto.", **values) -> str:
    """A file with these values in its header, `title` among them."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return "\n".join(["---", 'title: "Título"', *lines, "---", "", body])


def test_import_brings_articles_in_and_publishes_them(folder):
    report = import_articles(folder=folder)
    assert (sorted(report.new), report.refused) == (["no-recibo-correos", "otra-guia"], [])
    found = article("no-recibo-correos")
    assert found.category.slug == "correo-y-moviles"
    assert found.category.name == "Correo y móviles"
    assert found.section.name == "Problemas frecuentes"
    assert found.updated_on.isoformat() == "2026-10-14"
    assert "<strong>esto</strong>" in found.body_html
    assert [other.slug for other in found.related.all()] == ["otra-guia"]
    assert {hit.article.slug for hit in search("imbox").hits} == {"no-recibo-correos", "otra-guia"}
    assert found.revisions.get().note == "Importación"


def test_import_again_changes_nothing(folder):
    import_articles(folder=folder)
    before = snapshot()
    report = import_articles(folder=folder)
    assert (report.new, report.changed, len(report.unchanged)) == ([], [], 2)
    assert snapshot() == before


def test_import_updates_a_changed_file_and_the_search(folder):
    import_articles(folder=folder)
    changed = GOOD.replace("no-recibo-correos", "otra-guia").replace('related: "otra-guia"\n', "")
    write(folder, "correo-y-moviles/otra-guia.md", changed + "Zepelín.")
    report = import_articles(folder=folder)
    assert (report.changed, report.unchanged) == (["otra-guia"], ["no-recibo-correos"])
    assert [hit.article.slug for hit in search("zepelin").hits] == ["otra-guia"]
    assert article("otra-guia").version == 2


def test_import_leaves_alone_what_a_header_does_not_say(folder):
    write(folder, "correo-y-moviles/otra-guia.md", headed())
    import_articles(folder=folder)
    values = {
        "status": "archived", "keywords": "rebota", "position": 7, "is_featured": True,
        "review_by": date(2027, 1, 2),
    }  # fmt: skip
    Article.objects.filter(slug="otra-guia").update(**values, replacement=article("no-recibo-correos"))
    before = snapshot()
    assert import_articles(folder=folder).changed == []
    assert snapshot() == before


def test_import_empties_what_a_header_says_is_empty(folder):
    import_articles(folder=folder)
    text = (
        GOOD.replace('"imbox, rebota"', '""').replace('"Problemas frecuentes"', "").replace("otra-guia", "")
    )
    write(folder, "correo-y-moviles/no-recibo-correos.md", text)
    write(folder, "correo-y-moviles/otra-guia.md", headed(related=""))
    assert len(import_articles(folder=folder).changed) == 2
    found = article("no-recibo-correos")
    assert (found.keywords, found.section, list(found.related.all())) == ("", None, [])


def test_import_links_what_files_say_and_leaves_the_rest(folder):
    import_articles(folder=folder)
    ours, theirs = make_article("De Ana", slug="de-ana"), make_article("De Eva", slug="de-eva")
    ours.related.add(theirs, article("no-recibo-correos"))
    name = "correo-y-moviles/no-recibo-correos.md"
    links = 'related: "no-recibo-correos, no-existe"\nreplacement: "no-recibo-correos"'
    write(folder, name, GOOD.replace('related: "otra-guia"', links))
    before = snapshot()
    assert import_articles(folder=folder).changed == []
    assert snapshot() == before
    name, text = "correo-y-moviles/otra-guia.md", (folder / "correo-y-moviles/otra-guia.md").read_text()
    write(folder, name, text.replace("keywords:", 'related: ""\nkeywords:'))
    assert sorted(import_articles(folder=folder).changed) == ["no-recibo-correos", "otra-guia"]
    assert list(article("no-recibo-correos").related.all()) == [ours]
    assert ours.related.count() == 2


def test_import_leaves_the_date_of_what_is_published(folder):
    write(folder, "correo-y-moviles/otra-guia.md", headed(publish_at="2030-01-02T09:00", published=""))
    import_articles(folder=folder)
    before = snapshot()
    assert import_articles(folder=folder).changed == []
    assert snapshot() == before


def test_import_dry_run_stores_nothing_and_counts_the_same(folder):
    write(folder, "a/monstruo.md", headed("[" * 20_000))
    would = import_articles(folder=folder, dry_run=True)
    assert (len(would.new), len(would.refused)) == (2, 1)
    assert not Article.objects.exists()
    assert not Category.objects.exists()
    assert not VocabularyTerm.objects.exists()
    assert import_articles(folder=folder) == would
    write(folder, "correo-y-moviles/otra-guia.md", headed(related="", replacement="no-recibo-correos"))
    before = snapshot()
    would = import_articles(folder=folder, dry_run=True)
    assert snapshot() == before
    assert import_articles(folder=folder) == would


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a/sin-cabecera.md", "Solo texto", "le falta la cabecera"),
        ("a/sin-final.md", "---\ntitle: x\n", "le falta la cabecera"),
        ("a/vacia.md", "", "le falta la cabecera"),
        ("a/cabecera-rota.md", "---\ntitle: Dos: puntos\n---\nx", "no se puede leer como YAML, línea 1"),
        ("a/cabecera-lista.md", "---\n- a\n---\nx", "la cabecera tiene que decir «nombre: valor»"),
        ("a/cabecera-enorme.md", "---\ntitle: x\nz: " + "x" * 30_001 + "\n---\n", "pasa de 30000"),
        ("a/anidada.md", "---\ntitle: x\nz: " + "[" * 9000 + "\n---\n", "no se puede leer"),
        ("a/bomba.md", "---\na: &a [x,x]\nb: &b [*a,*a]\ntitle: *b\n---\nx", "referencias"),
        ("a/sin-titulo.md", '---\nslug: "sin-titulo"\n---\nx', "le falta el título"),
        ("a/sin-texto.md", headed(" \n"), "le falta el texto"),
        ("a/titulo-lista.md", "---\ntitle: [a]\n---\nx", "«title» tiene que ser un texto"),
        ("a/titulo-medio.md", '---\ntitle: "a\\ud800"\n---\nx', "no se pueden guardar"),
        ("a/titulo-largo.md", f"---\ntitle: {'x' * 161}\n---\nx", "«title» pasa de 160 caracteres"),
        ("a/latin.md", "---\ntitle: «Año»\n---\nx".encode("latin-1"), "no está en UTF-8"),
        ("a/larga.md", headed("a " * 100_001), "pasa de 200 000 caracteres"),
        ("a/enorme.md", b"x" * 1_000_001, "pasa de 1 MB"),
        ("a/monstruo.md", headed("[" * 20_000), "Hay cientos de signos"),
        ("a/nulo.md", headed("a\x00b"), "caracteres nulos"),
        ("a/html.md", headed("<ul>" * 100, format="html"), "Más de 30 niveles"),
        ("a/repetido.md", GOOD, None),
        ("a/direccion.md", headed(slug="../x"), "solo puede tener letras"),
        ("a/Año nuevo.md", headed(), "solo puede tener letras"),
        ("a/fecha.md", headed(updated="ayer"), "la fecha «ayer» no se entiende"),
        ("a/hora.md", headed(publish_at="luego"), "la hora «luego» no se entiende"),
        ("a/formato.md", headed(format="docx"), "«format» tiene que ser «markdown», «html»"),
        ("a/estado.md", headed(status="listo"), "«status» tiene que ser «borrador»"),
        ("a/lugar.md", headed(position="-1"), "«position» tiene que ser un número"),
        ("a/portada.md", headed(featured="quizá"), "«featured» tiene que ser «true» o «false»"),
        ("buscar/a.md", headed(), "es otra página de la documentación"),
        ("Senales/a.md", headed(), "es otra página de la documentación"),
        ("a/archivo.md", headed(files="x"), "«files» tiene que ser una lista"),
        ("a/archivo.md", headed(files=["x"]), "cada archivo de «files»"),
        ("a/archivo.md", headed(files=[{"key": "../x", "type": "image/png"}]), "una «key» de 32 cifras"),
        (
            "a/archivo.md",
            headed(files=[{"key": "0" * 32, "type": "image/png"}]),
            "falta el archivo archivos/0",
        ),
    ],
)
def test_import_refuses_a_bad_file_and_takes_the_rest(folder, name, text, reason):
    write(folder, name, text)
    with cpu_limit(5):
        report = import_articles(folder=folder)
    ((refused, said),) = report.refused
    assert (reason or "la dirección «no-recibo-correos» ya es de a/repetido.md") in said
    assert refused == (name if reason else "correo-y-moviles/no-recibo-correos.md")
    assert len(report.new) == 2
    assert Article.objects.count() == 2
    assert Category.objects.count() == (1 if reason else 2)


def test_import_follows_no_links_and_reads_no_devices(folder, tmp_path):
    secret = tmp_path / "secreto.md"
    secret.write_text(headed())
    (folder / "correo-y-moviles/enlace.md").symlink_to(secret)
    (folder / "carpeta").symlink_to(tmp_path)
    os.mkfifo(folder / "correo-y-moviles/tubo.md")
    (folder / "correo-y-moviles/directorio.md").mkdir()
    reasons = dict(import_articles(folder=folder).refused)
    assert reasons == {
        "correo-y-moviles/enlace.md": "es un enlace simbólico",
        "correo-y-moviles/tubo.md": "no es un archivo",
        "correo-y-moviles/directorio.md": "no es un archivo",
    }


def test_import_names_files_whose_name_is_not_utf8(folder):
    try:
        (folder / os.fsdecode(b"correo-y-moviles/a\xf1o.md")).write_text("x")
    except OSError:
        pytest.skip("this disk takes UTF-8 names only")
    ((name, _),) = import_articles(folder=folder).refused
    assert name == "correo-y-moviles/a?o.md"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {"source": "Docs"}),
        ({"source": "Docs"}, {}),
        ({"source": "Docs", "source_path": "a.md"}, {"source": "Docs", "original_path": "b.md"}),
    ],
)
def test_import_never_takes_the_address_of_an_article_from_elsewhere(folder, ours, theirs):
    kept = make_article("La de antes", slug="nueva", **ours)
    write(folder, "correo-y-moviles/nueva.md", headed(**theirs))
    report = import_articles(folder=folder)
    assert [name for name, _ in report.refused] == ["correo-y-moviles/nueva.md"]
    assert "ya es de otra guía" in report.refused[0][1]
    kept.refresh_from_db()
    assert kept.title == "La de antes"
    report = import_articles(folder=folder, replace=True)
    assert (report.refused, report.changed) == ([], ["nueva"])
    kept.refresh_from_db()
    assert kept.title == "Título"
    assert kept.revisions.count() == 2


def test_import_refuses_what_somebody_changes_meanwhile(folder, monkeypatch):
    import_articles(folder=folder)
    write(folder, "correo-y-moviles/otra-guia.md", headed("Otro texto."))
    prepare = publishing.prepare

    def interrupted(*, article):
        Article.objects.filter(pk=article.pk).update(version=9, title="De Ana")
        return prepare(article=article)

    monkeypatch.setattr(publishing, "prepare", interrupted)
    report = import_articles(folder=folder)
    assert report.refused == [
        ("correo-y-moviles/otra-guia.md", "alguien la ha cambiado mientras tanto: repite la importación")
    ]
    assert article("otra-guia").title == "De Ana"


def test_import_looks_again_when_an_address_is_taken_while_it_writes(folder, monkeypatch):
    lock, waiting = publishing.lock, ["otra-guia"]

    def interrupted(rows):
        found = lock(rows)
        while waiting:  # in the same transaction, which the clash undoes
            make_article("De Ana", slug=waiting.pop())
        return found

    monkeypatch.setattr(publishing, "lock", interrupted)
    report = import_articles(folder=folder)
    assert (report.new, report.refused) == (["no-recibo-correos", "otra-guia"], [])
    assert article("otra-guia").title == "No envío correos"
    assert [hit.article.slug for hit in search("ana").hits] == []


def test_import_takes_names_order_and_sections_of_topics_from_the_list_beside(folder):
    listing = """
- slug: "otro"
  name: "Otro"
- slug: "correo-y-moviles"
  name: "Correo"
  description: "D"
  sections:
  - {slug: "problemas-frecuentes", name: "Problemas", position: 5}
  - {slug: "vacio", name: "Vacío", position: 6}
"""
    write(folder.parent, "categories.yaml", listing)
    import_articles(folder=folder)
    category = Category.objects.get()
    assert (category.name, category.description, category.position) == ("Correo", "D", 2)
    assert list(category.sections.values_list("name", "position")) == [("Problemas", 5), ("Vacío", 6)]
    assert article("otra-guia").section.name == "Problemas"


@pytest.mark.parametrize(
    "listing",
    [
        "- [",
        "x: 1",
        '- name: "a"',
        "- slug: buscar",
        "- a",
        "- slug: a\n  sections: [x]",
        b"\xff",
        "a: &a 1\nb: *a",
    ],
)
def test_import_names_a_list_of_topics_that_makes_no_sense(folder, listing):
    write(folder, "categories.yaml", listing)
    report = import_articles(folder=folder)
    assert [name for name, _ in report.refused] == ["categories.yaml"]
    assert Article.objects.count() == 2


def test_import_moves_an_article_with_its_file(folder):
    write(folder, "correo-y-moviles/otra-guia.md", headed(section="Altas"))
    import_articles(folder=folder)
    (folder / "correo-y-moviles/otra-guia.md").unlink()
    write(folder, "dominios/otra-guia.md", headed())
    assert import_articles(folder=folder).changed == ["otra-guia"]
    assert (article("otra-guia").category.slug, article("otra-guia").section) == ("dominios", None)


def test_import_takes_html(folder):
    write(folder, "correo-y-moviles/otra-guia.md", headed("<h2>Uno</h2><script>x</script>", format="html"))
    import_articles(folder=folder)
    found = article("otra-guia")
    assert (found.body_format, found.body_html) == ("html", '<h2 id="s-uno">Uno</h2>\n')
    assert import_articles(folder=folder).changed == []


def test_import_command_reports_what_it_did_and_ends_with_1(folder):
    write(folder, "a/sin-cabecera.md", "Solo texto")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("import_articles", str(folder), stdout=out, stderr=err, verbosity=2)
    assert ended.value.returncode == 1
    assert "Nuevos: 2. Cambiados: 0. Sin cambios: 0. Rechazados: 1." in out.getvalue()
    assert "Nuevo otra-guia\n" in out.getvalue()
    assert "sin-cabecera.md: le falta la cabecera" in err.getvalue()


def test_import_command_tells_each_tenth_where_there_is_no_terminal(folder, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 100)
    for number in range(250):
        write(folder, f"a/g{number}.md", headed())
    out = StringIO()
    call_command("import_articles", str(folder), "--dry-run", stdout=out)
    assert out.getvalue().splitlines() == [
        "30 % (100 de 252)",
        "70 % (200 de 252)",
        "100 % (252 de 252)",
        "Simulación, nada guardado. Nuevos: 252. Cambiados: 0. Sin cambios: 0. Rechazados: 0.",
    ]


def test_import_command_of_a_missing_folder_says_so(tmp_path):
    with pytest.raises(CommandError, match="No existe la carpeta"):
        call_command("import_articles", str(tmp_path / "nada"))


def test_every_other_page_of_the_documentation_is_reserved():
    fixed = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns}
    assert {name for name in fixed if name and "<" not in name} == RESERVED_SLUGS
