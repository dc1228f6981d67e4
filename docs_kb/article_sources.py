"""A file of an import folder -> what it says about its article, checked and in our own types.

What a header does not say is not there, so that it stays as it is.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.text import slugify

from docs_kb import article_files, file_types, front_matter
from docs_kb.exporting import STATUSES, TRANSLATIONS, file_path
from docs_kb.front_matter import Refused
from docs_kb.models import Article
from docs_kb.models.category import RESERVED_SLUGS

LARGEST_FILE = 1_000_000
FORMATS = {value: value for value in Article.Format.values}
YES, NO = ("true", "1", "sí", "si", "yes"), ("", "false", "0", "no")
SLUG = re.compile(r"[-a-zA-Z0-9_]+")


@dataclass
class FileSource:
    """A picture or document that an article brings along."""

    key: str
    name: str
    alt_text: str
    is_decorative: bool
    path: Path


@dataclass
class Source:
    """One readable file; of `values`, `section_name`, `related` and `replacement` only what it says."""

    name: str
    category_slug: str
    category_name: str
    values: dict
    section_name: str | None
    related: list[str] | None
    replacement: str | None
    files: list[FileSource]

    @property
    def slug(self) -> str:
        return self.values["slug"]


def read_source(path: Path, *, folder: Path) -> Source:
    """Read one article's file. Raises Refused with the reason."""
    front, body = front_matter.split(read_text(path, folder=folder))
    return Fields(front).source(body, path, folder)


def printable(path: Path) -> str:
    """A file's name even where it is not UTF-8."""
    return str(path).encode(errors="replace").decode()


def read_text(path: Path, *, folder: Path) -> str:
    """The text of a file that really stands in the folder. Raises Refused."""
    if _is_elsewhere(path, folder):
        raise Refused("es un enlace simbólico")
    if not path.is_file():
        raise Refused("no es un archivo")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused("pasa de 1 MB")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("no está en UTF-8")
    except OSError as error:
        raise Refused(f"no se puede leer ({error.strerror})")
    return text.replace("\r\n", "\n")


def _is_elsewhere(path: Path, folder: Path) -> bool:
    """Whether a path leads out of the folder, or could, through a symbolic link."""
    inside = [path, *(parent for parent in path.parents if parent != folder and folder in parent.parents)]
    return any(part.is_symlink() for part in inside)


class Fields:
    """A header's values as what they mean. What the header does not have is not there."""

    def __init__(self, front: dict) -> None:
        self.front = front

    def source(self, body: str, path: Path, folder: Path) -> Source:
        title = self.line("title", 160)
        if not title:
            raise Refused("le falta el título («title»)")
        category_slug, category_name = self._category(path, folder)
        values = {"title": title, "slug": self._slug(path), "body": body} | self._said()
        return Source(
            name=printable(path.relative_to(folder)),
            category_slug=category_slug,
            category_name=category_name,
            values=values,
            section_name=self.line("section", 80) if "section" in self.front else None,
            related=self._slugs("related") if "related" in self.front else None,
            replacement=self.line("replacement", 100) if "replacement" in self.front else None,
            files=[self._file(entry, folder) for entry in self.items("files")],
        )

    def _said(self) -> dict:
        """The other attributes of the article that the header has."""
        read = {
            "summary": ("summary", lambda key: self.text(key, 400)),
            "keywords": ("keywords", lambda key: self.text(key, 1000)),
            "updated": ("updated_on", self._day),
            "language": ("language", lambda key: self.line(key, 8) or "es"),
            "source": ("source", lambda key: self.line(key, 200)),
            "licence": ("licence", lambda key: self.line(key, 60)),
            "original_path": ("source_path", lambda key: self.line(key, 300)),
            "translation": ("translation", lambda key: self._choice(key, TRANSLATIONS, "original")),
            "status": ("status", lambda key: self._choice(key, STATUSES, "publicado")),
            "format": ("body_format", lambda key: self._choice(key, FORMATS, "markdown")),
            "position": ("position", self.number),
            "featured": ("is_featured", lambda key: self._flag(self.front, key)),
            "publish_at": ("publish_at", self._moment),
            "published": ("published_at", self._moment),
            "review_by": ("review_by", self._day),
        }
        said = {name: parse(key) for key, (name, parse) in read.items() if key in self.front}
        if said.get("updated_on", "") is None:
            del said["updated_on"]
        return said

    def text(self, key: str, longest: int, *, values: dict | None = None) -> str:
        value = (self.front if values is None else values).get(key) or ""
        if not isinstance(value, str):
            raise Refused(f"«{key}» tiene que ser un texto")
        value = value.replace("\r\n", "\n").strip()
        if len(value) > longest:
            raise Refused(f"«{key}» pasa de {longest} caracteres")
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Refused(f"«{key}» contiene caracteres que no se pueden guardar")
        return value

    def line(self, key: str, longest: int, *, values: dict | None = None) -> str:
        value = self.text(key, longest, values=values)
        return " ".join(value.split()) if "\n" in value else value

    def _slug(self, path: Path) -> str:
        slug = self.line("slug", 200) or printable(Path(path.stem))
        if len(slug) > 100:
            raise Refused("la dirección pasa de 100 caracteres")
        if not SLUG.fullmatch(slug):
            raise Refused(f"la dirección «{slug[:60]}» solo puede tener letras sin acentos, cifras y guiones")
        return slug

    def _category(self, path: Path, folder: Path) -> tuple[str, str]:
        """Slug and name of the topic: from the folder that the file is in, else from its header."""
        in_folder = path.parent != folder
        place = printable(Path(path.parent.name)) if in_folder else ""
        name = self.line("category", 80) or place.replace("-", " ").capitalize()[:80]
        slug = place if SLUG.fullmatch(place) else slugify(place or name)
        if not slug:
            raise Refused("le falta el tema («category»)")
        if slug.lower() in RESERVED_SLUGS:
            raise Refused(f"el tema no puede llamarse «{slug}»: es otra página de la documentación")
        return slug[:80], name

    def _slugs(self, key: str) -> list[str]:
        value = self.front[key]
        parts = value if isinstance(value, list) else self.line(key, 5000).strip("[]").split(",")
        slugs = [part.strip().strip("\"'") if isinstance(part, str) else "" for part in parts]
        return [slug for slug in slugs if SLUG.fullmatch(slug)]

    def items(self, key: str) -> list:
        value = self.front.get(key) or []
        if not isinstance(value, list):
            raise Refused(f"«{key}» tiene que ser una lista")
        return value

    def _file(self, values: object, folder: Path) -> FileSource:
        if not isinstance(values, dict):
            raise Refused("cada archivo de «files» necesita «key», «name», «type» y «alt»")
        key, kind = self.line("key", 32, values=values), self.line("type", 50, values=values)
        if not article_files.KEY.fullmatch(key) or kind not in file_types.ENDINGS:
            raise Refused("cada archivo de «files» necesita una «key» de 32 cifras de 0 a f y su «type»")
        path = file_path(folder, key=key, content_type=kind)
        if _is_elsewhere(path, folder) or not path.is_file():
            raise Refused(f"falta el archivo {printable(path.relative_to(folder))}")
        return FileSource(
            key=key,
            name=self.line("name", 120, values=values) or path.name,
            alt_text=self.line("alt", article_files.LONGEST_ALT_TEXT, values=values),
            is_decorative=self._flag(values, "decorative"),
            path=path,
        )

    def _day(self, key: str) -> date | None:
        value = self.line(key, 40)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise Refused(f"la fecha «{value[:20]}» no se entiende: se espera AAAA-MM-DD")

    def _moment(self, key: str) -> datetime | None:
        value = self.line(key, 40)
        try:
            moment = datetime.fromisoformat(value) if value else None
            return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
        except (ValueError, OverflowError):
            raise Refused(f"la hora «{value[:20]}» no se entiende: se espera AAAA-MM-DDTHH:MM")

    def number(self, key: str) -> int:
        value = self.line(key, 20) or "0"
        if not (value.isascii() and value.isdecimal()) or int(value) > 99_999:
            raise Refused(f"«{key}» tiene que ser un número entre 0 y 99999")
        return int(value)

    def _flag(self, values: dict, key: str) -> bool:
        value = self.line(key, 20, values=values).lower()
        if value not in YES + NO:
            raise Refused(f"«{key}» tiene que ser «true» o «false»")
        return value in YES

    def _choice(self, key: str, names: dict[str, str], default: str) -> str:
        value = self.line(key, 40).lower() or default
        if value not in names:
            raise Refused(f"«{key}» tiene que ser {', '.join(f'«{name}»' for name in names)}")
        return names[value]
