import json
from itertools import permutations

import pytest

from docs_kb import publishing
from docs_kb.models import Article, Category, Synonym
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_category
from docs_kb.tests.shared_data import shared_file

pytestmark = pytest.mark.django_db

TEXTS = {
    "buzon-lleno": (
        "Mi buzón está lleno",
        "Libera espacio y vuelve a recibir mensajes.",
        "Vacía la papelera.",
    ),
    "no-recibo": ("No recibo correos", "Suele ser un filtro o un registro MX.", "Mira la carpeta de spam."),
    "contrasena": ("Recuperar la contraseña del panel", "Pide un enlace nuevo.", "Te llega por correo."),
    "copias": ("Restaurar una copia de seguridad", "Elige el día en el panel.", "Guardamos 14 días."),
    "factura": ("Descargar una factura", "Están en tu área de facturación.", "En PDF. Pago con tarjeta."),
    "ssl": ("Activar el certificado SSL", "Es gratuito y se renueva solo.", "El candado del navegador."),
    "lenta": ("Mi web va lenta", "Mira el tamaño de las imágenes.", "Activa la caché en el panel de tu web."),
    "ftp": ("Subir archivos por FTP", "Usa FTPS con tu usuario.", "FileZilla sirve. Puerto 21."),
}


@pytest.fixture
def shelf(db):
    category = make_category()
    for slug, (title, summary, body) in TEXTS.items():
        make_article(title, slug=slug, summary=summary, body=body, category=category)
    return category


def first(query: str) -> str | None:
    hits = search(query).hits
    return hits[0].article.slug if hits else None


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("buzon lleno", "buzon-lleno"),
        ("BUZONES LLENOS", "buzon-lleno"),
        ("contrasena", "contrasena"),
        ("recuperacion contraseñas", "contrasena"),
        ("contrasseña", "contrasena"),
        ("recuprear", "contrasena"),
        ("ocntraseña", "contrasena"),
        ("clave olvidada", "contrasena"),
        ("backup", "copias"),
        ("respaldos", "copias"),
        ("certificaod", "ssl"),
        ("https candado", "ssl"),
        ("invoice", "factura"),
        ("facturas", "factura"),
        ("facturacion", "factura"),
        ("no me llegan emails", "no-recibo"),
        ("filezila", "ftp"),
        ("subir ficheros", "ftp"),
        ("web lentitud", "lenta"),
        ("imagen grande cache", "lenta"),
    ],
)
def test_search_puts_the_answer_first(shelf, query, slug):
    assert first(query) == slug


def test_search_reads_a_whole_description(shelf):
    text = (
        "Hola, buenas tardes: desde ayer intento entrar y me dice que la clave no es correcta. He probado "
        "tres veces y ya no recuerdo cuál era mi contraseña del panel. ¿Me podéis ayudar? Gracias"
    )
    assert first(text) == "contrasena"


def test_search_never_demands_every_word(shelf):
    assert first("factura zanahoria helicóptero") == "factura"


def test_search_ranks_title_over_body(shelf):
    make_article("Otra cosa", slug="otra", body="Aquí se habla de una factura y de otra factura.")
    assert [hit.article.slug for hit in search("factura").hits] == ["factura", "otra"]


def test_search_puts_the_very_title_first(shelf):
    for slug, title in (
        ("a", "Cómo pagar una factura"),
        ("b", "Pagar la factura"),
        ("c", "Pagar una factura"),
    ):
        make_article(title, slug=slug)
    assert [first("pagar una factura"), first("pagar la factura")] == ["c", "b"]


def test_search_finds_the_words_customers_would_use(shelf):
    make_article("Mensajes devueltos", slug="rebote", keywords="bounce, mailer daemon")
    assert first("mailer-daemon") == "rebote"


def test_search_says_what_it_corrected(shelf):
    results = search("Recuperar la contrasenya")
    assert results.corrected == "Recuperar la contraseña"
    assert search("Recuperar la contraseña").corrected is None


def test_search_marks_matches_and_escapes_everything(shelf):
    make_article("Usar <b>etiquetas</b> & «comillas»", slug="etiquetas", summary="Escribe <script> así.")
    hit = search("etiqueta script").hits[0]
    assert hit.title_html == "Usar &lt;b&gt;<mark>etiquetas</mark>&lt;/b&gt; &amp; «comillas»"
    assert "<script>" not in hit.excerpt_html
    assert "<mark>script</mark>" in hit.excerpt_html


def test_search_shows_the_passage_that_matched(shelf):
    long_body = "Relleno. " * 90 + "\n\nEl error 421 significa demasiadas conexiones.\n\n" + "Fin. " * 90
    make_article("Errores frecuentes", slug="errores", summary="Lista de errores.", body=long_body)
    excerpt = search("421 conexiones").hits[0].excerpt_html
    assert "<mark>421</mark>" in excerpt
    assert len(excerpt) < 400


def test_search_shows_no_blank_before_punctuation(shelf):
    make_article(
        "Escríbete", slug="escribete", body="Abre [el **zurrón**](https://example.com). Envíate algo."
    )
    assert "<mark>zurrón</mark>. Envíate" in search("zurrón").hits[0].excerpt_html


def test_search_pages_add_up_to_the_whole(shelf):
    for number in range(15):
        make_article(f"Panel, parte {number}", slug=f"parte-{number}")
    whole = [hit.article.slug for hit in search("panel", limit=100).hits]
    pages = [hit.article.slug for page in range(0, 30, 10) for hit in search("panel", offset=page).hits]
    assert pages == whole
    assert search("panel").total == len(whole) >= 15


def test_search_stays_within_a_category(shelf):
    other = make_category("Otro")
    make_article("Descargar facturas antiguas", slug="antiguas", category=other)
    assert [hit.article.slug for hit in search("factura", category=other).hits] == ["antiguas"]
    assert search("factura", category=other).total == 1
    assert search("factura", category=shelf).total == search("factura").total - 1
    assert {hit.article.category for hit in search("factura").hits} == {shelf, other}


@pytest.mark.parametrize(
    "query",
    ["", " ", "a", "el la de", "¿?!", "\x00", "' OR 1=1 --", '"', "NEAR(", "head:x", "a* OR b", "!& |", "<->",
     "%", "_", "\\", "🙂", "مرحبا بالعالم", "x" * 10_000, "palabra " * 1500, "1.2.3", "NOT AND", "(", "^",
     "\ud800", "factura \udcff", "ﬁrma", "１２３", "factura" * 1000, "á́́" * 500, "-", ">", "+", "- dominio"],
)  # fmt: skip
def test_search_takes_any_text(shelf, query):
    results = search(query)
    assert results.total >= len(results.hits)
    assert results.truncated == (len(" ".join(query.split())) > 2000)


def test_search_with_nothing_to_find_has_no_hits(shelf):
    results = search("zzzzqqq")
    assert (results.hits, results.total, results.corrected, results.suggestion) == ([], 0, None, None)


def test_search_as_typed_corrects_nothing(shelf):
    results = search("ocntraseña", literal=True)
    assert (results.corrected, results.total) == (None, 0)
    assert search("ocntraseña").total > 0


def test_search_suggests_what_does_find_something(shelf):
    results = search("ocntraseña", literal=True)
    assert (results.total, results.suggestion) == (0, "contraseña")
    assert search(results.suggestion).total > 0


def test_search_suggests_nothing_that_finds_nothing_in_the_category(shelf):
    empty = make_category("Vacío")
    assert search("ocntraseña", literal=True, category=empty).suggestion is None


def test_search_corrects_no_known_word(shelf):
    make_article("Cobros y cobras", slug="cobras")
    for known in ("cobros", "cobras", "facturas", "web", "incidencia", "respaldo"):
        assert search(known).corrected is None, known


def test_search_corrects_towards_words_of_synonyms_too(shelf):
    results = search("respalod")
    assert (results.corrected, results.hits[0].article.slug) == ("respaldo", "copias")


def test_search_leaves_right_words_of_a_description_alone(shelf):
    text = "El tren de mi hermano llega tarde y yo sin poder bajar el acta ni la factura del mes pasado"
    assert search(text).corrected is None
    assert first(text) == "factura"


def test_search_puts_words_before_what_means_the_same(shelf):
    make_article("Mis correos llegan a la carpeta de spam", slug="spam", summary="Revisa SPF y DKIM.")
    assert first("no me llega el correo") == "no-recibo"
    make_article("Cambiar la clave del router", slug="router", summary="La clave de la wifi.")
    make_article("Cambiar la contraseña", slug="cambiar", summary="En tu perfil.")
    assert first("cambiar contraseña") == "cambiar"


def test_search_counts_no_further_than_a_hundred_and_says_so(shelf):
    category = make_category("Muchos")
    for number in range(104):
        make_article(f"Panel {number}", slug=f"panel-{number}", category=category)
    results = search("panel", limit=200)
    assert (results.total, results.is_capped, len(results.hits)) == (100, True, 100)
    assert search("buzón").is_capped is False


def test_search_takes_the_words_of_synonyms_as_written(shelf):
    publishing.save_synonym(synonym=Synonym(words="kubernetes, contenedor, forja"))
    make_article("Forma de pago", slug="forma")
    make_article("Forma de la factura", slug="formas")
    for word in ("kubernetes", "contenedor", "forja"):
        results = search(word)
        assert (results.corrected, results.suggestion) == (None, None)
    assert search("forka").corrected in ("forja", "forma")


def test_search_offers_what_many_articles_say_instead_of_a_slip_in_one(shelf):
    make_article("Otra", slug="otra", body="Cambia la contrasela.")
    for number in range(10):
        make_article(f"Contraseña {number}", slug=f"contrasena-{number}")
    results = search("contrasela", for_page=True)
    assert (results.corrected, results.hits[0].article.slug, results.suggestion) == (
        None,
        "otra",
        "contraseña",
    )
    assert search("contrasela").suggestion is None
    assert search("contraseña", for_page=True).suggestion is None


def test_search_never_asks_for_a_word_that_nobody_looks_for(shelf):
    make_article("Otra", slug="otra", body="Un juego nuevo.")
    for number in range(10):
        body = "Luego, quizás, cualquier panel."
        make_article(f"Contraseña {number}", slug=f"contrasena-{number}", body=body)
    results = search("juego", for_page=True)
    assert (results.hits[0].article.slug, results.suggestion) == ("otra", None)
    for word in ("cuizas", "qualquer", "quizasss"):
        assert search(word, literal=True, for_page=True).suggestion is None


def test_search_as_typed_offers_the_correction(shelf):
    results = search("facutra panel", literal=True, for_page=True)
    assert (results.corrected, results.total > 0, results.suggestion) == (None, True, "factura panel")


def test_search_counts_topics_of_all_that_it_found(shelf):
    other = make_category("Otro")
    for number in range(3):
        make_article(f"Facturas {number}", slug=f"facturas-{number}", category=other)
    expected = {shelf.pk: 2, other.pk: 3}
    assert search("factura panel tarjeta facturas", for_page=True, limit=1).topics[other.pk] == 3
    found = search("facturas", for_page=True, limit=1)
    assert found.topics == {shelf.pk: expected[shelf.pk] - 1, other.pk: 3}
    assert search("facturas", for_page=True, category=other).topics == found.topics
    assert search("facturas").topics == {}


def test_search_puts_the_guide_about_a_failure_before_its_opposite(shelf):
    make_article("Recibo correos, pero no puedo enviar", slug="no-enviar", summary="Revisa la salida.")
    make_article("Mi cuenta envía correos que no escribí", slug="intruso", summary="Cambia la clave.")
    make_article("Mis correos llegan a la carpeta de spam", slug="spam", summary="Revisa el SPF.")
    assert first("no puedo enviar correos") == "no-enviar"
    assert first("no me llega el correo") == "no-recibo"


def test_search_counts_synonyms_of_a_word_once(shelf):
    """Not once for each group that has the word."""
    make_article("Móvil, tableta y teléfono con la aplicación de correo para Android", slug="movil")
    make_article("Configurar el correo en un iPhone", slug="iphone", summary="En los ajustes.")
    assert first("configurar correo iphone") == "iphone"


def test_search_without_articles_has_no_hits(db):
    assert search("correo").total == 0


def test_search_takes_the_same_number_of_queries_for_any_corpus(shelf, django_assert_num_queries):
    for number in range(30):
        make_article(f"Factura número {number}")
    with django_assert_num_queries(3):
        assert search("factura").total > 30
    with django_assert_num_queries(5):
        search("facutra ftp panle")
    with django_assert_num_queries(4):
        search("factura", category=shelf)
    with django_assert_num_queries(4):
        search("factura", for_page=True)
    with django_assert_num_queries(3):
        search("Hola, desde ayer no me llegan las facturas al correo y no sé qué hacer. " * 25)


def test_search_families_match_within_and_never_across(db):
    families = json.loads(shared_file("word_families.json").read_text(encoding="utf-8"))
    category = make_category()
    for number, family in enumerate(families):
        for word in family:
            article = Article(title=f"Sobre {word}", slug=f"{number}-{family.index(word)}", category=category)
            article.status = Article.Status.PUBLISHED
            publishing.save_article(article=article)
    pairs = matched = 0
    for number, family in enumerate(families):
        for typed, written in permutations(range(len(family)), 2):
            found = {hit.article.slug for hit in search(family[typed], limit=200).hits}
            pairs += 1
            matched += f"{number}-{written}" in found
            assert {slug.split("-")[0] for slug in found} == {str(number)}, family[typed]
    assert (matched, pairs) == (226, 226)


def test_synonym_table_of_the_trade_comes_with_the_migration(db):
    assert Synonym.objects.count() > 120
    assert all(Synonym.objects.values_list("stems", flat=True))
    assert not Category.objects.exists()
