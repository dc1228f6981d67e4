import struct
import zlib

import pytest

from docs_kb.file_types import Refused, clean_name, examine, fitting_name
from docs_kb.tests.factories import make_upload, picture_bytes

pytestmark = pytest.mark.once


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose header says so and which holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def webp_that_claims(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def film(kind: str, **options) -> bytes:
    import io

    from PIL import Image

    file = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], **options)
    return file.getvalue()


ADMITTED = "elige un archivo PNG, JPG, WebP, PDF o TXT"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" * 50
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("panel.png", picture_bytes("PNG"), "image/png"),
        ("panel.PNG", picture_bytes("PNG", mode="P", color=3), "image/png"),
        ("foto.jpg", picture_bytes("JPEG"), "image/jpeg"),
        ("foto.jpeg", picture_bytes("JPEG", mode="CMYK"), "image/jpeg"),
        ("foto.webp", picture_bytes("WEBP"), "image/webp"),
        ("foto.webp", picture_bytes("WEBP", lossless=True), "image/webp"),
        ("dibujo.gif", picture_bytes("GIF"), "image/gif"),
        ("ancha.png", picture_bytes("PNG", size=(16384, 2)), "image/png"),
        ("x.pdf", b"%PDF-1.4\n%\xe2\xe3", "application/pdf"),
        ("x.txt", "Acción\r\n".encode(), "text/plain"),
        ("x.txt", "Acción".encode("cp1252"), "text/plain"),
        ("x.txt", "Acción".encode("utf-16"), "text/plain"),
        ("x.txt", b"\xef\xbb\xbfhola", "text/plain"),
        ("x.TXT", b"\x1b[31mrojo\x1b[0m", "text/plain"),
    ],
)
def test_content_decides_the_type(name, content, content_type):
    found = examine(make_upload(name, content))
    assert (found.name, found.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"),
    [
        ("captura.tiff", b"II*\x00" + b"\0" * 50, "type", f"«captura.tiff» no se admite: {ADMITTED}"),
        ("dibujo.svg", b"<svg onload='alert(1)'/>", "type", f"«dibujo.svg» no se admite: {ADMITTED}"),
        ("página.html", b"<script>", "type", f"«página.html» no se admite: {ADMITTED}"),
        ("todo.zip", b"PK\x03\x04", "type", f"«todo.zip» no se admite: {ADMITTED}"),
        (
            "virus.txt",
            EXE,
            "mismatch",
            "«virus.txt» no parece un texto: vuelve a guardarlo y súbelo otra vez",
        ),
        (
            "factura.PDF",
            b"<html>",
            "mismatch",
            "«factura.PDF» no parece un PDF: vuelve a guardarlo y súbelo otra vez",
        ),
        (
            "panel.png",
            EXE,
            "mismatch",
            "«panel.png» no parece una imagen: vuelve a guardarla y súbela otra vez",
        ),
        (
            "panel.jpg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "mismatch",
            "«panel.jpg» no parece una imagen: vuelve a guardarla y súbela otra vez",
        ),
        ("panel.png", b"", "empty", "«panel.png» está vacío: vuelve a guardar la captura"),
        (
            "IMG_0012.HEIC",
            HEIC,
            "heic",
            "«IMG_0012.HEIC» es una foto HEIC de iPhone: compártela como JPG o envía una captura de pantalla",
        ),
        (
            "web.png",
            png_that_claims(20_000, 900),
            "dimensions",
            "«web.png» mide 20\u202f000 × 900 píxeles y el máximo es 16\u202f384 por lado: recórtala",
        ),
        (
            "web.png",
            png_that_claims(50_000, 50_000),
            "dimensions",
            "«web.png» mide 50\u202f000 × 50\u202f000 píxeles y el máximo es 16\u202f384 por lado: recórtala",
        ),
        (
            "web.png",
            png_that_claims(9000, 9000),
            "dimensions",
            "«web.png» mide 9000 × 9000 píxeles y el máximo es 50 megapíxeles: recórtala",
        ),
        (
            "web.webp",
            webp_that_claims(16_384, 16_384),
            "dimensions",
            "«web.webp» mide 16\u202f384 × 16\u202f384 píxeles y el máximo es 50 megapíxeles: recórtala",
        ),
        ("demo.webp", film("WEBP"), "animation", "«demo.webp» es una animación: envía una captura fija"),
        ("demo.gif", film("GIF"), "animation", "«demo.gif» es una animación: envía una captura fija"),
        ("demo.png", film("PNG"), "animation", "«demo.png» es una animación: envía una captura fija"),
        (
            "panel.png",
            picture_bytes("PNG", size=(400, 400))[:-40],
            "broken",
            "«panel.png» no se puede abrir y no se ha guardado: envíala otra vez",
        ),
    ],
)
def test_refusal_names_the_file_and_says_what_to_do(name, content, code, sentence):
    with pytest.raises(Refused) as refused:
        examine(make_upload(name, content))
    assert (refused.value.code, refused.value.sentence) == (code, sentence)


def test_file_over_the_limit_is_refused_with_its_weight():
    with pytest.raises(Refused) as refused:
        examine(make_upload("video.png", b"\0" * (14 * 1024 * 1024)))
    assert refused.value.sentence == (
        "«video.png» pesa 14\u00a0MB y el máximo es 10\u00a0MB. Recórtalo o guárdalo como JPG"
    )


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("panel.png", "panel.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Lucía\\mi captura.png", "mi captura.png"),
        ('"><svg onload=alert(1)>.png', '"><svg onload=alert(1)>.png'),
        ("factura\u202egnp.exe", "factura gnp.exe"),
        ("a\x00b\r\nc\t.png", "a b c .png"),
        ("%22mi%22 captura%0D%0A al 50%.png", '"mi" captura al 50%.png'),
        ("  .. ", "archivo"),
        (None, "archivo"),
        ("", "archivo"),
        ("\u200b\u2066.\u2069", "archivo"),
        ("😀" * 300 + ".png", "😀" * 96 + ".png"),
        ("n\u0303andu.png", "ñandu.png"),
        ("sin-punto" * 30, ("sin-punto" * 30)[:100]),
    ],
)
def test_name_is_kept_readable_and_harmless(sent, shown):
    assert clean_name(sent) == shown


@pytest.mark.parametrize(
    ("name", "content_type", "fitting"),
    [
        ("x.exe", "application/pdf", "x.exe.pdf"),
        ("captura", "image/png", "captura.png"),
        ("foto.jpg", "image/png", "foto.jpg"),
        ("x.html", "image/jpeg", "x.html.jpg"),
        ("x.gif", "image/png", "x.png"),
        ("x.gif", "image/gif", "x.gif"),
    ],
)
def test_name_ends_as_its_type_says(name, content_type, fitting):
    assert fitting_name(name, content_type) == fitting
