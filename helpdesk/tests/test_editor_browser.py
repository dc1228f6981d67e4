"""Staff write guides in a real browser: text, preview, pictures, two people, publishing, versions, order."""

import base64
import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from docs_kb import publishing
from docs_kb.models import Article, ArticleDay, ArticleFeedback, ArticleFile, Section
from docs_kb.tests.factories import make_article, make_author, make_category, picture_bytes
from helpdesk.tests.looks import LOOKS, dress
from helpdesk.tests.staff_session import enter
from helpdesk.tests.voice import complaints, visible_text

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PASTE = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, { type }));
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""
BODY = (
    "## Antes de empezar\n\nEntra en tu panel.\n\n## Pasos\n\n1. Abre «Correo».\n2. Elige «Añadir buzón».\n"
)
NOT_OURS = "the server responded with a status of 4"


def editor(article: Article) -> str:
    return reverse("admin:docs_kb_article_change", args=[article.pk])


def press(page, name: str) -> None:
    """The last one of that name: what saves stands beside the text and at the foot."""
    page.get_by_role("button", name=name, exact=True).last.click()
    page.wait_for_load_state()


def said(page):
    return page.locator(".messagelist")


def body(page):
    return page.locator("#id_body")


FRAME = "document.querySelector('[data-preview-frame]').contentWindow"


def preview(page, script: str):
    """Ask the framed page something: nothing runs inside it, its window answers from outside."""
    return page.evaluate(f"{FRAME}.{script}")


def preview_shows(page, script: str) -> None:
    """Wait for it; the page's policy lets no expression be evaluated inside it."""
    for _ in range(100):
        if preview(page, script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the preview never showed {script}")


def paste_picture(page, name: str = "panel.png") -> None:
    page.evaluate(PASTE, [name, "image/png", base64.b64encode(picture_bytes()).decode()])


def test_guide_is_written_seen_and_published(page):
    ana = make_author()
    make_category("Correo", slug="correo")
    make_article("Recuperar la contraseña", slug="recuperar")
    enter(page, ana).goto("/admin/docs_kb/article/add/")
    page.get_by_label("Título", exact=True).fill("Crear un buzón")
    page.get_by_label("Tema").select_option(label="Correo")
    page.get_by_label("Resumen").fill("Un minuto, desde tu panel.")
    body(page).fill("Abre el panel\nElige Correo")
    body(page).press("Control+a")
    press(page, "Pasos")
    expect(body(page)).to_have_value("1. Abre el panel\n2. Elige Correo")
    body(page).press("Control+End")
    body(page).type("\n\nSi no puedes entrar: ")
    press(page, "Insertar enlace a una guía")
    page.get_by_label("Busca la guía").fill("contraseñas")
    expect(page.locator("#guide-dialog").get_by_role("status")).to_have_text("1 guía")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(body(page)).to_have_value(
        re.compile(r"entrar: \[Recuperar la contraseña\]\(/documentacion/correo/recuperar/\)$")
    )
    expect(body(page)).to_be_focused()
    preview_shows(page, "document.querySelectorAll('.prose ol li').length == 2")
    assert preview(page, "document.querySelector('h1').textContent") == "Crear un buzón"
    assert not Article.objects.filter(slug="crear-un-buzon").exists()

    press(page, "Publicar")
    expect(said(page)).to_contain_text("Publicado: los clientes ya pueden leerlo.")
    page.get_by_role("link", name="Ver la guía publicada").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crear un buzón")


def test_preview_stays_where_it_was_and_runs_nothing(page):
    ana = make_author()
    article = make_article("Crear un buzón", body="\n\n".join(f"## Parte {n}\n\ntexto" for n in range(30)))
    enter(page, ana).goto(editor(article))
    preview_shows(page, "document.querySelectorAll('.prose h2').length == 30")
    preview_shows(page, "scrollY > 0")  # it begins at the title
    preview(page, "scrollTo(0, 900)")
    body(page).press("Control+Home")
    body(page).type("Una entrada. ")
    preview_shows(page, "document.body.textContent.includes('Una entrada.')")
    assert preview(page, "scrollY") == 900
    assert preview(page, "document.scripts.length") == 0
    assert page.locator("[data-preview-frame]").get_attribute("sandbox") == "allow-same-origin"


def test_pasted_picture_is_described_sent_and_in_the_text(page):
    page.context.watch.expect(NOT_OURS)
    ana = make_author()
    article = make_article("Crear un buzón", body="Uno\n\nDos", status="draft")
    enter(page, ana).goto(editor(article))
    body(page).focus()
    body(page).evaluate("area => area.setSelectionRange(3, 3)")
    paste_picture(page)
    dialog = page.locator("#file-dialog")
    press(page, "Subir e insertar")
    expect(dialog.get_by_role("alert")).to_have_text(
        "Describe la imagen para quien no la ve, o marca que es decorativa"
    )
    dialog.get_by_label("Qué se ve en la imagen").fill("El panel")
    press(page, "Subir e insertar")
    expect(dialog).not_to_be_visible()
    file = ArticleFile.objects.get()
    assert (file.article, file.alt_text) == (article, "El panel")
    expect(body(page)).to_have_value(f"Uno\n\n![El panel]({file.get_absolute_url()})\n\nDos")
    expect(body(page)).to_be_focused()
    expect(page.locator("[data-files] .article-file")).to_have_count(1)
    page.get_by_role("button", name="Borrar panel.png").click()
    expect(page.locator(".errornote")).to_contain_text("«panel.png» sigue en el texto")
    expect(body(page)).to_have_value(re.compile("El panel"))
    press(page, "Guardar borrador")
    expect(said(page)).to_contain_text("Cambios guardados.")


def test_two_people_meet_in_one_article(open_context, axe):
    article = make_article("Crear un buzón", body=BODY, status="draft")
    ana, bea = (enter(open_context().new_page(), make_author(name)) for name in ("ana", "bea"))
    bea.context.watch.expect(NOT_OURS)
    for page in (ana, bea):
        page.goto(editor(article))
    body(ana).fill(BODY.replace("tu panel", "el panel"))
    press(ana, "Guardar borrador")
    expect(said(ana)).to_contain_text("Cambios guardados.")
    body(bea).fill(BODY.replace("tu panel", "tu área de cliente"))
    press(bea, "Guardar borrador")
    note = bea.locator(".errornote")
    expect(note).to_contain_text(
        re.compile(r"Ana guardó otra versión a las \d+:\d\d\sh mientras escribías\.")
    )
    expect(note).to_be_focused()
    expect(bea.locator(".difference ins")).to_have_text(["tu área de cliente"])
    expect(body(bea)).to_have_value(re.compile("tu área de cliente"))
    assert axe(bea) == {}
    press(bea, "Guardar la mía de todos modos")
    expect(said(bea)).to_contain_text("Cambios guardados.")
    article.refresh_from_db()
    assert (article.version, "tu área de cliente" in article.body) == (3, True)


def test_publishing_waits_for_a_missing_description(page):
    page.context.watch.expect(NOT_OURS)
    ana = make_author()
    article = make_article("Crear un buzón", body=BODY, status="draft")
    enter(page, ana).goto(editor(article))
    body(page).fill(f"{BODY}\n![](https://example.com/panel.png)")
    press(page, "Revisar el texto")
    expect(page.locator("[data-findings]")).to_contain_text("Impide publicar")
    page.locator("[data-findings]").get_by_role("link", name="panel.png").click()
    assert body(page).evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)") == "panel.png"
    press(page, "Publicar")
    note = page.locator(".errornote")
    expect(note).to_be_focused()
    expect(note).to_contain_text("Antes de publicar hay 1 cosa que corregir")
    article.refresh_from_db()
    assert article.status == Article.Status.DRAFT
    body(page).fill(body(page).input_value().replace("![]", "![El panel del correo]"))
    press(page, "Publicar")
    expect(said(page)).to_contain_text("Publicado: los clientes ya pueden leerlo.")


def test_earlier_version_comes_back_and_work_survives_a_lost_session(page):
    ana = make_author()
    article = make_article("Crear un buzón", body=BODY)
    article.body = "Otra cosa"
    publishing.save_article(article=article, author=ana, note="Lo acorto")
    enter(page, ana).goto(editor(article))
    page.get_by_role("link", name="Versiones", exact=True).click()
    expect(page.locator(".version")).to_have_count(2)
    page.get_by_role("link", name="Comparar con la de ahora").click()
    press(page, "Volver a esta versión, la 1")
    expect(said(page)).to_contain_text("Restaurada la versión 1: es la 3.")
    expect(body(page)).to_have_value(BODY.strip() + "\n")

    body(page).fill("Lo que estaba escribiendo")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    press(page, "Guardar cambios")
    page.get_by_label("Nombre de usuario").fill("ana")
    page.get_by_label("Contraseña").fill("secreto")
    page.locator("#login-form").get_by_role("button").click()
    page.wait_for_load_state()
    page.goto(editor(article))
    press(page, "Recuperarlo")
    expect(body(page)).to_have_value("Lo que estaba escribiendo")
    press(page, "Guardar cambios")
    expect(said(page)).to_contain_text("Cambios guardados.")


def test_articles_change_places_with_the_keyboard(page):
    ana = make_author()
    category = make_category("Correo", slug="correo")
    for title in ("Alfa", "Beta", "Gamma"):
        make_article(title, category=category)
    enter(page, ana).goto(reverse("admin:docs_kb_category_order", args=[category.pk]))
    page.get_by_role("button", name="Subir Gamma").press("Enter")
    moved = page.get_by_role("button", name="Subir Gamma")
    expect(moved).to_be_focused()
    moved.press("Enter")
    expect(page.get_by_role("button", name="Bajar Gamma")).to_be_focused()
    expect(page.locator(".order-row__name")).to_have_text(["Gamma", "Alfa", "Beta"])


def test_everything_works_without_scripts(page_without_js):
    page = page_without_js
    page.context.watch.expect("Blocked script execution")  # in the preview, as it should be
    ana = make_author()
    make_category("Correo", slug="correo")
    other = make_article("Recuperar la contraseña", slug="recuperar")
    enter(page, ana).goto("/admin/docs_kb/article/add/")
    page.get_by_label("Título", exact=True).fill("Crear un buzón")
    page.get_by_label("Tema").select_option(label="Correo")
    body(page).fill(BODY)
    page.get_by_label("Guías relacionadas").fill(other.get_absolute_url())
    page.locator("#new-file").set_input_files(
        {"name": "panel.png", "mimeType": "image/png", "buffer": picture_bytes()}
    )
    page.locator("#new-alt").fill("El panel")
    press(page, "Añadir archivo")
    expect(page.locator(".notice-sheet")).to_contain_text("«panel.png» se ha añadido")
    markdown = page.get_by_label("Para el texto").input_value()
    assert body(page).input_value().strip() == BODY.strip()
    body(page).fill(f"{BODY}\n{markdown}")
    with page.expect_popup() as opened:
        press(page, "Vista previa en otra pestaña")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Crear un buzón")
    press(page, "Publicar")
    expect(said(page)).to_contain_text("Publicado")
    article = Article.objects.get(slug="crear-un-buzon")
    assert list(article.related.all()) == [other]
    assert article.files.count() == 1


def test_pages_are_accessible_and_never_scroll_sideways(page, axe, overflow):
    page.context.watch.expect(NOT_OURS)
    ana = make_author()
    article = make_article("Crear un buzón", body=f"{BODY}\n{'Palabra_larga_' * 20}")
    section = Section.objects.create(category=article.category, name="Buzones", slug="buzones")
    make_article("Vaciar el buzón", section=section, status="draft")
    ArticleDay.objects.create(article=article, day=article.updated_on, views=9, opens=2)
    ArticleFeedback.objects.create(article=article, voter="a", is_helpful=False, comment="No sale el paso 2")
    article.body = BODY.replace("tu panel", "el panel")
    publishing.save_article(article=article, author=ana, note="Más claro")
    articles = reverse("admin:docs_kb_article_changelist")
    order = reverse("admin:docs_kb_category_order", args=[article.category_id])
    difference = reverse("admin:docs_kb_article_difference", args=[article.pk])
    problems = {}

    def look(where: str, looks=LOOKS[:2]) -> None:
        page.wait_for_load_state()
        found = dress(page, looks, axe, overflow)
        if spoken := complaints(visible_text(page.content())):
            found["voice"] = spoken
        if found:
            problems[where] = found

    enter(page, ana)
    for address in (articles, editor(article), difference, order):  # open all day long
        assert page.goto(address).status == 200, address
        look(address, LOOKS)
    for address in (
        f"{articles}?q=zzzzz",
        reverse("admin:docs_kb_article_add"),
        reverse("admin:docs_kb_article_versions", args=[article.pk]),
        reverse("admin:docs_kb_category_changelist"),
        reverse("admin:docs_kb_category_change", args=[article.category_id]),
        reverse("admin:docs_kb_category_topics"),
    ):
        assert page.goto(address).status == 200, address
        look(address)
    page.goto(editor(article))
    press(page, "Insertar enlace a una guía")
    look("guide dialog")
    page.keyboard.press("Escape")
    press(page, "Imagen o archivo")
    expect(page.get_by_role("button", name="Elegir archivo", exact=True)).to_be_visible()
    look("file dialog")
    page.keyboard.press("Escape")
    page.get_by_label("Título", exact=True).fill("")
    press(page, "Guardar cambios")
    look("errors")
    page.goto(articles)
    page.locator("#result_list .action-select").first.check()
    page.locator("select[name=action]").select_option(label="Archivar")
    press(page, "Ir")
    look("bulk")
    assert problems == {}
