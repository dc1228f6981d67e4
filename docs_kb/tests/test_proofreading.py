"""What is found in an article before it is published."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from docs_kb import article_files, publishing
from docs_kb.models import Article, ArticleFile, Category
from docs_kb.proofreading import Finding, proofread
from docs_kb.tests.cpu_limit import cpu_limit
from docs_kb.tests.factories import make_article, make_category, make_upload
from docs_kb.voice import BANNED, RULES, advice

pytestmark = pytest.mark.django_db


def draft(body: str = "Primero esto.", **values) -> Article:
    """An article without a fault that nobody stored yet."""
    values = {
        "title": "No recibo correos",
        "slug": "no-recibo-correos",
        "summary": "Mira el espacio.",
        "keywords": "rebota",
        "category": Category.objects.first() or make_category(),
    } | values
    return Article(body=body, **values)


def found(article: Article, level: str) -> list[tuple[str, str]]:
    return [(finding.text, finding.place) for finding in proofread(article=article) if finding.level == level]


def errors(body: str, **values) -> list[tuple[str, str]]:
    return found(draft(body, **values), "error")


def warnings(body: str, **values) -> list[tuple[str, str]]:
    return found(draft(body, **values), "warning")


def store(alt_text: str = "El panel", *, article: Article | None = None, **changes) -> ArticleFile:
    file = article_files.store(
        upload=make_upload(), article=article, alt_text=alt_text, is_decorative=not alt_text, by=None
    )
    ArticleFile.objects.filter(pk=file.pk).update(**changes)
    return file


def test_article_without_a_fault_has_no_findings():
    target = make_article("Otra", slug="otra", body="## Los pasos\n\nUno.")
    body = (
        f"Mira [la otra guía]({target.get_absolute_url()}#s-los-pasos), [arriba](#primero) o "
        f"[otra web](https://example.org/).\n\n{article_files.markdown_for(store())}\n\n## Primero\n\n"
        f"### Luego\n\n[Escríbenos](/contacto/) o [abre un ticket](/tickets/nuevo/?x=1). `por favor`\n\n"
        f"[Todas](/documentacion/), [buscar](/documentacion/buscar/?q=a), "
        f"[tema]({target.category.get_absolute_url()}), [yo](/documentacion/x/no-recibo-correos/)\n\n"
        f"```\nseleccione su cuenta\n```\n"
    )
    assert proofread(article=draft(body)) == []


@pytest.mark.parametrize(
    "raw",
    ["[el panel](javascript:alert(1))", "[la factura](mi factura.pdf)", "[panel] (https://example.org/)"],
)
def test_link_that_markdown_does_not_take_is_told(raw):
    ((advice, place),) = warnings(f"Abre {raw}")
    assert advice.startswith("Se leería tal cual")
    assert place == raw
    assert warnings(f"Abre `{raw}` [1] (o no).") == []


def test_article_without_a_text_blocks():
    assert errors(" \n") == [("Falta el texto: escribe qué tiene que hacer quien lee", "")]


@pytest.mark.parametrize("title", ["NO RECIBO CORREOS", "CÓMO CONFIGURAR EL CORREO en Outlook", "ERROR 500"])
def test_title_in_capitals_blocks(title):
    assert errors("x", title=title) == [("Escribe el título en minúsculas, con mayúscula inicial", title)]


@pytest.mark.parametrize("title", ["DNS, MX y TXT", "Qué es HTTPS", "FTP", "Error 500 en mi web", "¿2FA?"])
def test_title_with_acronyms_is_fine(title):
    assert errors("x", title=title) == []


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        ("## Uno\n\n#### Dos", "markdown"),
        ("### Dos", "markdown"),
        ("# Uno\n\n##### Dos", "markdown"),
        ("<h2>Uno</h2><h4>Dos</h4>", "html"),
    ],
)
def test_skipped_heading_level_blocks(body, body_format):
    ((text, place),) = errors(body, body_format=body_format)
    assert text.startswith("Este apartado se salta un nivel: ponle «")
    assert place == "Dos"


def test_headings_that_go_down_one_by_one_and_up_at_once_are_fine():
    assert errors("# Uno\n\n## Dos\n\n### Tres\n\n#### Cuatro\n\n## Cinco\n\n### Seis") == []


@pytest.mark.parametrize("words", ["aquí", "Pincha aquí.", "haz clic **aquí**", "Este enlace", "AQUÍ"])
def test_link_that_does_not_say_where_it_leads_blocks(words):
    ((text, _),) = errors(f"Entra [{words}](https://example.org/).")
    assert text == "Di en el enlace adónde lleva"


def test_picture_without_a_description_blocks():
    ArticleFile.objects.filter(pk=store().pk).update(alt_text="")
    address = ArticleFile.objects.get().get_absolute_url()
    sentence = "Describe la imagen para quien no la ve, o marca que es decorativa"
    assert errors(f"![]({address})") == [(sentence, "panel.png")]
    assert errors("![](https://example.org/foto.png)") == [(sentence, "foto.png")]
    assert errors(f'![El panel]({address}) ![]({address} "decorativa")') == []
    assert errors(f'<img src="{address}" alt="">', body_format="html") == [(sentence, "panel.png")]


def test_decorative_picture_needs_no_description():
    assert errors(article_files.markdown_for(store(alt_text=""))) == []


def test_picture_or_file_that_is_not_there_blocks():
    address = f"/documentacion/archivos/{'0' * 32}/a.png"
    assert errors(f"![Foto]({address})") == [("Esa imagen no existe: súbela otra vez", "Foto")]
    assert errors(f"[guía]({address})") == [("Ese archivo no existe: súbelo otra vez", "guía")]
    assert errors("[guía](/documentacion/archivos/x/a.png)")


def test_file_of_an_article_that_readers_do_not_see_is_theirs_here():
    other = make_article("Otra", status="draft")
    assert errors(article_files.markdown_for(store(article=other))) == []


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/documentacion/correo/no-existe/", "El enlace lleva a una página que no está publicada"),
        ("/documentacion/correo/borrador/", "El enlace lleva a una página que no está publicada"),
        ("/documentacion/no-existe/", "El enlace lleva a una página que no está publicada"),
        ("/documentacion/a/b/c/d/", "El enlace lleva a una página que no está publicada"),
        ("/contacto/nada/", "El enlace lleva a una página que no está publicada"),
        ("/documentacion/correo/publicada/#s-nada", "La guía enlazada no tiene ese apartado"),
        ("#nada", "La guía no tiene ningún apartado con ese nombre"),
        ("../otra.md", "El enlace no lleva a ninguna parte: escribe la dirección completa"),
        ("/admin/", "El enlace no lleva a ninguna parte: escribe la dirección completa"),
        ("javascript:x", "El enlace no lleva a ninguna parte: escribe la dirección completa"),
    ],
)
def test_dead_link_blocks(address, reason):
    make_article("Publicada", slug="publicada", body="## Pasos")
    make_article("Borrador", slug="borrador", status=Article.Status.DRAFT)
    assert errors(f"[palabras](<{address}>)", body_format="markdown") in ([(reason, "palabras")], [])
    assert errors(f'<a href="{address}">palabras</a>', body_format="html") == [(reason, "palabras")]


def test_link_to_a_former_address_is_alive():
    article = make_article("Uno", slug="antes")
    article.slug = "ahora"
    publishing.save_article(article=article)
    category = article.category
    category.slug = "nuevo-tema"
    publishing.save_category(category=category)
    assert errors("[a](/documentacion/otro-tema/antes/) [b](/documentacion/nuevo-tema/ahora)") == []
    article.status = Article.Status.ARCHIVED
    publishing.save_article(article=article)
    assert len(errors("[a](/documentacion/nuevo-tema/antes/) [b](/documentacion/nuevo-tema/ahora)")) == 2


def test_our_voice_blocks_and_says_what_to_write():
    assert errors("Por favor, seleccione **su cuenta**.") == [
        ("Quita «por favor»: la instrucción basta", "Por favor, seleccione su cuenta."),
        ("Da la instrucción de «tú»: «haz clic», «pulsa», «elige»", "Por favor, seleccione su cuenta."),
        ("Trata de «tú» a quien lee: escribe «tu»", "Por favor, seleccione su cuenta."),
    ]
    assert errors("x", summary="Usted puede.") == [("Trata de «tú» a quien lee", "Usted puede.")]
    assert errors("Escribe a soporte.email@example.com o mira https://example.com/e-mail.") == []


def test_voice_of_what_came_from_elsewhere_only_warns():
    assert errors("Seleccione su cuenta.", source="MicrosoftDocs") == []
    assert len(warnings("Seleccione su cuenta.", source="MicrosoftDocs")) == 2


def test_every_banned_word_has_its_advice():
    for words in ("usted", "su ticket", "Por favor", "inválido", "no válida", "ups", "E-mail", "haga clic"):
        assert BANNED.search(words)
        assert advice(words)
    assert len({text for _, text in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"title": "a " * 36}, "El título tiene 72 caracteres: se lee mejor con 70 o menos"),
        ({"summary": " "}, "Falta el resumen: escribe la respuesta en una o dos frases"),
        ({"keywords": ""}, "Sin palabras del cliente: añade cómo lo llamaría quien lo busca"),
        ({"body": "¡Ya está! Funciona?"}, "Falta «¿» al principio"),
        ({"body": "Corto. " + "palabra " * 31}, "Frase de 31 palabras: divídela"),
        ({"body": "1. paso\n" * 13}, "Hay 13 pasos seguidos: repártelos en apartados"),
        ({"body": "<ol>" + "<li>paso" * 13, "body_format": "html"}, "Hay 13 pasos seguidos: repártelos"),
    ],
)
def test_what_could_be_better_only_warns(values, text):
    article = draft(**values)
    ((said, _),) = found(article, "warning")
    assert said.startswith(text)
    assert found(article, "error") == []


@pytest.mark.parametrize(
    "body",
    [
        "palabra " * 30 + ".",
        "1. paso\n" * 12,
        "- punto\n" * 40,
        "1. uno\n   1. a\n   2. b\n" * 7,
        "¿Sí? ¡Sí!",
    ],
)
def test_what_is_good_enough_is_not_mentioned(body):
    assert proofread(article=draft(body)) == []


def test_heavy_picture_only_warns():
    file = store()
    ArticleFile.objects.update(size=420 * 1024)
    assert warnings(article_files.markdown_for(file)) == [
        ("La imagen pesa 420\u00a0KB: redúcela a menos de 300\u00a0KB", "panel.png")
    ]


def test_text_that_is_no_article_is_one_finding():
    assert proofread(article=draft("[" * 20_000)) == [
        Finding("error", "Hay cientos de signos seguidos que no forman un texto.")
    ]


def test_errors_come_first_and_each_once():
    findings = proofread(article=draft("[aquí](https://a.b/) [aquí](https://a.b/)", summary=""))
    assert [finding.level for finding in findings] == ["error", "warning"]


@pytest.mark.parametrize("body", ["", "[](http://[)", "![](", "# \n\n", "[a](</documentacion/[x/>)"])
def test_odd_text_is_read_too(body):
    proofread(article=draft(body))


@pytest.mark.parametrize(
    "scrap", ["-", "a", "@", "por favor, ", "¿", "? ", "[a](#b)\n\n", "[aquí](x)\n\n", "1. "]
)
def test_long_text_is_read_at_once(scrap):
    article = draft(scrap * (50_000 // len(scrap)))
    with cpu_limit(2):
        assert len(proofread(article=article)) <= 100


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_links_and_pictures(count):
    targets = [make_article(f"Guía {n}") for n in range(count)]
    links = [f"[guía {article.pk}]({article.get_absolute_url()})" for article in targets]
    topics = [f"[tema]({article.category.get_absolute_url()})" for article in targets]
    files = [article_files.markdown_for(store(article=article)) for article in targets]
    article = draft("\n\n".join(links + topics + files))
    with CaptureQueriesContext(connection) as asked:
        assert proofread(article=article) == []
    assert len(asked) == 5
