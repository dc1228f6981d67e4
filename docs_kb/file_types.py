"""What a file is, judged by its content, and the sentences for those that we cannot take."""

import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from docs_kb import pictures
from docs_kb.dates import NARROW_NBSP, file_size
from docs_kb.pdf_lock import is_locked

ADMITTED = "elige un archivo PNG, JPG, WebP, PDF o TXT"
# The endings that a name may have for each type; the first one is appended where none fits.
ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    "text/plain": (".txt",),
}
PICTURE_ENDINGS = tuple(end for kind, ends in ENDINGS.items() if kind.startswith("image/") for end in ends)
HEIC_ENDINGS = (".heic", ".heif", ".hif")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
NAME_LENGTH = 100
# Control, format (direction marks), surrogate and private characters, line and paragraph ends.
_NO_LETTER = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SEPARATORS = re.compile(r"[/\\]")
_TEXT_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Refused(Exception):
    """A file that we do not take: the sentence for whoever sent it, and a code for the program."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass(frozen=True)
class FileType:
    """What the content turned out to be, under the name that it is shown with."""

    name: str
    content_type: str
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


def examine(upload: UploadedFile) -> FileType:
    """Judge an upload by what is cheap to know: size, magic, header, dimensions, integrity.

    Raises Refused. Reads the file, leaves it at no particular place.
    """
    name = clean_name(upload.name)
    if not upload.size:
        raise Refused(f"«{name}» está vacío: vuelve a guardar la captura", "empty")
    if upload.size > settings.MAX_FILE_BYTES:
        raise Refused(too_large(name, file_size(upload.size)), "large")
    upload.seek(0)
    head = upload.read(16)
    if _is_heic(name, head):
        raise Refused(
            f"«{name}» es una foto HEIC de iPhone: compártela como JPG o envía una captura de pantalla",
            "heic",
        )
    if head.startswith(b"%PDF-"):
        return _pdf(name, upload)
    if name.lower().endswith(ENDINGS["text/plain"]):
        return _text(name, upload)
    return _picture(name, upload)


def clean_name(name: str | None) -> str:
    """The name as it is shown: no folders, control or direction characters, at most 100 characters."""
    name = unicodedata.normalize("NFC", _SEPARATORS.split(name or "")[-1])
    # So browsers write a quotation mark and a line break in the name of an upload.
    name = name.replace("%22", '"').replace("%0D", " ").replace("%0A", " ")
    name = "".join(" " if unicodedata.category(c) in _NO_LETTER else c for c in name)
    name = " ".join(name.split()).strip(". ") or "archivo"
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"
    return name[:NAME_LENGTH]


def fitting_name(name: str, content_type: str) -> str:
    """The name with an ending that fits its type, so that nobody's computer takes it for another one.

    A picture that is called after another kind of picture keeps its name, but for a GIF, which we turn
    into a PNG.
    """
    allowed = PICTURE_ENDINGS if content_type.startswith("image/") else ENDINGS[content_type]
    if content_type == "image/png" and name.lower().endswith(".gif"):
        return name[:-4] + ".png"
    return name if name.lower().endswith(allowed) else f"{name}{ENDINGS[content_type][0]}"


def too_large(name: str, size: str) -> str:
    """The sentence for a file above the limit, also for a page to say before it sends one."""
    most = file_size(settings.MAX_FILE_BYTES)
    return f"«{name}» pesa {size} y el máximo es {most}. Recórtalo o guárdalo como JPG"


def broken(name: str) -> str:
    """The sentence for a picture whose header is right and whose rest is not."""
    return f"«{name}» no se puede abrir y no se ha guardado: envíala otra vez"


def _is_heic(name: str, head: bytes) -> bool:
    is_container = head[4:8] == b"ftyp"
    return is_container and (head[8:12] in HEIC_BRANDS or name.lower().endswith(HEIC_ENDINGS))


def _wrong_type(name: str) -> Refused:
    """Nobody who sent a file by such a name is told to choose one: it is not what its name says."""
    for kind, noun in (("application/pdf", "un PDF"), ("text/plain", "un texto")):
        if name.lower().endswith(ENDINGS[kind]):
            return Refused(f"«{name}» no parece {noun}: vuelve a guardarlo y súbelo otra vez", "mismatch")
    if name.lower().endswith(PICTURE_ENDINGS):
        return Refused(f"«{name}» no parece una imagen: vuelve a guardarla y súbela otra vez", "mismatch")
    return Refused(f"«{name}» no se admite: {ADMITTED}", "type")


def _pdf(name: str, upload: UploadedFile) -> FileType:
    upload.seek(0)
    if is_locked(upload.read()):
        raise Refused(f"«{name}» tiene contraseña: súbelo sin ella", "protected")
    return FileType(fitting_name(name, "application/pdf"), "application/pdf")


def _text(name: str, upload: UploadedFile) -> FileType:
    """Text is what decodes as UTF-8, UTF-16 with its mark or Windows-1252, without control characters."""
    upload.seek(0)
    data = upload.read()
    codings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for coding in codings:
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if not _TEXT_CONTROL.search(text):
            return FileType(name, "text/plain")
    raise _wrong_type(name)


def _picture(name: str, upload: UploadedFile) -> FileType:
    try:
        header = pictures.read_header(upload)
    except pictures.NotAPicture:
        raise _wrong_type(name)
    except pictures.TooLarge as size:
        raise _too_many_pixels(name, size.width, size.height)
    except pictures.Animated:
        raise Refused(f"«{name}» es una animación: envía una captura fija", "animation")
    except pictures.Damaged:
        raise Refused(broken(name), "broken")
    name = fitting_name(name, header.content_type)
    return FileType(name, header.content_type, header.width, header.height)


def _too_many_pixels(name: str, width: int, height: int) -> Refused:
    is_too_long = max(width, height) > pictures.MAX_SIDE
    limit = f"{_figure(pictures.MAX_SIDE)} por lado" if is_too_long else "50 megapíxeles"
    return Refused(
        f"«{name}» mide {_figure(width)} × {_figure(height)} píxeles y el máximo es {limit}: recórtala",
        "dimensions",
    )


def _figure(number: int) -> str:
    """«9000», «16 384»: a thin space from five digits on."""
    return f"{number:,}".replace(",", NARROW_NBSP) if number >= 10_000 else str(number)
