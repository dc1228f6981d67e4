"""A guide that begins with an answer says nothing of who asked and who answered."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.drafting import NoTopic, anonymous, draft_from_answer
from docs_kb.models import Article
from docs_kb.search import search
from docs_kb.tests.cpu_limit import cpu_limit
from docs_kb.tests.factories import make_article, make_category

ANSWER = """Hola, Lucía:

Para recuperar tu buzón, Lucía Ferrer, entra en el panel:

• Abre **Correo**.
• Pulsa «Restaurar».

Te llamamos al 612 345 678 o escribe a lucia@example.com. Tu DNI es 12345678Z.

> Ayer, Lucía escribió:
> no me funciona

Un saludo,
Ana Serrano
Soporte de Ejemplo
"""


@pytest.mark.django_db
def test_draft_from_answer_is_a_masked_draft(admin_user):
    category = make_category()
    names, title = ["Lucía Ferrer", "Ana Serrano"], "Recuperar el buzón de Lucía"
    article = draft_from_answer(text=ANSWER, title=title, names=names, author=admin_user, category=category)
    article.refresh_from_db()
    assert article.body.splitlines() == [
        "Para recuperar tu buzón, [nombre], entra en el panel:",
        "",
        "- Abre **Correo**.",
        "- Pulsa «Restaurar».",
        "",
        "Te llamamos al [teléfono] o escribe a [correo]. Tu DNI es [documento].",
    ]
    assert (article.title, article.slug) == ("Recuperar el buzón de [nombre]", "recuperar-el-buzon-de-nombre")
    assert (article.status, article.category) == ("draft", category)
    assert "<li>Abre <strong>Correo</strong>.</li>" in article.body_html
    revision = article.revisions.get()
    assert (revision.author, revision.note) == (admin_user, "Nace de una respuesta")
    assert not search("restaurar buzón").hits


@pytest.mark.django_db
def test_draft_goes_to_the_likeliest_topic_and_to_a_free_address():
    make_category("Dominios")
    correo = make_category("Correo")
    known = make_article("Restaurar un buzón", slug="restaurar-un-buzon", category=correo)
    article = draft_from_answer(text="Pulsa aquí.", title=known.title, author=None)
    assert (article.category, article.slug) == (correo, "restaurar-un-buzon-2")
    by_text = draft_from_answer(text="Para restaurar el buzón, pulsa.", title="Zepelines", author=None)
    assert by_text.category == correo
    assert draft_from_answer(text="", title=" ", author=None).title == "Guía sin título"


@pytest.mark.django_db
def test_draft_without_any_topic_is_refused():
    with pytest.raises(NoTopic):
        draft_from_answer(text="Texto", title="Título", author=None)
    assert not Article.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hola, Lucía: entra en el panel.", "Entra en el panel."),
        ("¡Hola!\n\nEntra.", "Entra."),
        ("Buenos días, señora Ferrer.\nEntra.", "Entra."),
        ("Buenas tardes\nEntra.", "Entra."),
        ("Estimada Lucía:\nEntra.", "Entra."),
        ("Hola, para entrar abre el panel: Correo.", "Para entrar abre el panel: Correo."),
        ("Hola de nuevo, Ana de la Rosa!\nEntra.", "Entra."),
        ("Hola\nEntra en tu panel y borra mensajes.", "Entra en tu panel y borra mensajes."),
        ("Entra.\n\nGracias", "Entra."),
        ("Entra.\nMuchas gracias y un saludo\nAna", "Entra."),
        ("Entra.\n-- \nAna\nTel. 910 000 000", "Entra."),
        ("Saludos\nAna", ""),
        ("Gracias a la copia de ayer puedes volver atrás sin perder ningún mensaje.", None),
        ("Entra.\n\nUn saludo\n\n" + "Y una cosa más que se nos olvidaba: cambia antes la contraseña.", None),
        ("Los holandeses no saludan.", None),
        ("1. Abre\n2. Cierra", None),
        ("", None),
    ],
)
def test_greeting_and_signature_go_and_nothing_else(text, kept):
    assert anonymous(text, names=[]) == (text if kept is None else kept)


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "name", "masked"),
    [
        ("Lucía entra, lucía también; LUCIA.", "Lucía Ferrer", "[nombre] entra, lucía también; [nombre]."),
        ("de lucia ferrer es", "Lucía Ferrer", "de [nombre] es"),
        ("De la Rosa y una rosa", "Ana de la Rosa", "De la [nombre] y una rosa"),
        ("Mira floristeria.example hoy", "floristeria.example", "Mira [dato] hoy"),
        ("El ticket ms-4f7k-29q sigue", "MS-4F7K-29Q", "El ticket [dato] sigue"),
        ("Ana y mañana", "Ana", "[nombre] y mañana"),
        ("Texto", "", "Texto"),
        ("Texto", "(", "Texto"),
    ],
)
def test_given_names_are_masked(text, name, masked):
    assert anonymous(text, names=[name]) == masked


@pytest.mark.once
def test_private_links_go_and_public_ones_stay():
    site = settings.SITE_URL
    text = (
        f"Mira {site}/documentacion/correo/buzon-lleno/#s-pasos, {site}/t/abc:def:ghi/ y "
        f"{site}/tickets/MS-1/ o https://example.org/t/x"
    )
    assert anonymous(text, names=[]) == (
        "Mira /documentacion/correo/buzon-lleno/#s-pasos, [enlace] y [enlace] o https://example.org/t/x"
    )


@pytest.mark.once
@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_taken(text, names):
    anonymous(text, names=names)


@pytest.mark.once
@pytest.mark.parametrize(
    "scrap", ["a", "Lucía ", "hola ", "hola, ", ">\n", "saludos\n", "http://", "¡", "- ", " "]
)
def test_long_text_is_masked_at_once(scrap):
    with cpu_limit(2):
        anonymous(scrap * (100_000 // len(scrap)), names=["Lucía Ferrer", "Ana"])
