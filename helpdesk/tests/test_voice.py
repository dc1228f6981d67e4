"""The lint itself: it hears what it must and leaves the rest in peace."""

import pytest

from helpdesk.tests.voice import complaints, visible_text


@pytest.mark.parametrize(
    "text",
    [
        "Usted puede escribirnos",
        "Revise su correo",
        "Espera, por favor",
        "Dirección inválida",
        "Ese valor no es no válido",
        "Ups, algo falló",
        "Tu email",
        "Escribe tu e-mail",
        "Introduzca el código",
        "Seleccione una opción",
        "Pulse el botón",
        "Cerramos a las 18:00",
        "Cerramos a las 18:00 h",
        "Abrimos a las 09:00\u00a0h",
        "Pesa 1.2\u00a0MB",
        "Pesa 12 MB",
        'Mira en "Mi perfil"',
        "Mira en “Mi perfil”",
        "Hay 1 resultados",
        "Necesitas ayuda?",
        "Bienvenida!",
    ],
)
def test_voice_hears(text):
    assert complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        "Te responderemos antes de las 13:14\u00a0h de hoy.",
        "De lunes a jueves, de 9:00 a 14:00\u00a0h y de 15:30 a 18:00\u00a0h",
        "«panel.png» pesa 1,2\u00a0MB y el máximo es 10\u00a0MB",
        "¿Necesitas ayuda? ¡Claro!",
        "Escribe a email@example.com o mira https://example.com/?q=1",
        "Hay 1 resultado para «factura» y 21 días de plazo",
        "Revisa tu texto y pulsa «Enviar ticket»",
        "«Reservado “el martes” por Marta»",
    ],
)
def test_voice_leaves_alone(text):
    assert complaints(text) == []


def test_visible_text_keeps_words_and_drops_code():
    html = """<title>Uno</title><p>Dos <b>tres</b><p>Cuatro<img alt="Cinco"><script>su correo</script>
    <pre>usted</pre><div class="message__body"><p>usted<br>otra</p></div><span aria-label="Seis"></span>"""
    assert visible_text(html).split("\n") == ["Uno", "Dos tres", "Cuatro", "Cinco", "Seis"]


def test_visible_text_drops_what_others_wrote():
    assert visible_text("<p data-not-ours>usted</p><p>tú</p>") == "tú"
