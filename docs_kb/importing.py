"""A folder of Markdown files with front matter <-> articles.

`<folder>/<category slug>/<article slug>.md`; a `categories.yaml` beside the folder or in it gives order,
names and descriptions. A file that is refused stops neither the rest nor leaves half of itself behind.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from django.db import transaction
from django.utils.text import slugify

from docs_kb import publishing
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article, Category, Section

CHUNK = 100
LARGEST_FILE = 1_000_000
MARK = "---"
TRANSLATIONS = {"original": "original", "humana": "human", "automática": "machine"}
TRANSLATION_NAMES = {value: key for key, value in TRANSLATIONS.items()}
STATUS_NAMES = {
    "borrador": "draft",
    "en revisión": "in_review",
    "publicado": "published",
    "archivado": "archived",
}
CATEGORY_FILE = "categories.yaml"


class Refused(ValueError):
    """A file that is no article; the text says why."""


@dataclass
class Report:
    """What an import did, or would do: slugs, and for refused files the path with the reason."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Source:
    """One readable file."""

    path: Path
    category_slug: str
    category_name: str
    section_name: str
    related: list[str]
    values: dict


def import_articles(
    *, folder: Path, dry_run: bool = False, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Bring every article of a folder in, published unless its front matter says otherwise.

    Running it again changes nothing; a file whose text changed updates its article, found by slug. Raises
    FileNotFoundError when there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    report = Report()
    sources = list(_readable(folder, report))
    with transaction.atomic():
        shelves = _Shelves(read_categories(folder), dry_run=dry_run)
        for start in range(0, len(sources), CHUNK):
            _import_chunk(sources[start : start + CHUNK], shelves, report, dry_run=dry_run)
            if progress:
                progress(min(start + CHUNK, len(sources)), len(sources))
        if not dry_run:
            _relate(sources)
    return report


def export_articles(*, folder: Path) -> int:
    """Write every article as a file that `import_articles` reads back unchanged; the number written."""
    count = 0
    articles = Article.objects.select_related("category", "section").prefetch_related("related")
    for article in articles.order_by("pk"):
        path = folder / article.category.slug / f"{article.slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_to_text(article), encoding="utf-8", newline="\n")
        count += 1
    entries = list(Category.objects.values("slug", "name", "description"))
    folder.mkdir(parents=True, exist_ok=True)
    listing = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, default_style='"')
    (folder / CATEGORY_FILE).write_text(listing, encoding="utf-8")
    return count


def read_categories(folder: Path) -> list[dict[str, str]]:
    """The entries of `categories.yaml` in the folder or beside it, in order; none without such a file."""
    for place in (folder / CATEGORY_FILE, folder.parent / CATEGORY_FILE):
        if place.is_file():
            try:
                entries = yaml.safe_load(place.read_text(encoding="utf-8"))
            except (yaml.YAMLError, UnicodeDecodeError):
                return []
            entries = entries.get("categories", []) if isinstance(entries, dict) else entries
            return [e for e in entries or [] if isinstance(e, dict) and e.get("slug")]
    return []


def _readable(folder: Path, report: Report) -> Iterator[_Source]:
    seen: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.md")):
        name = str(path.relative_to(folder))
        try:
            source = _read(path, folder)
            slug = source.values["slug"]
            if slug in seen:
                raise Refused(f"la dirección «{slug}» ya es de {seen[slug].relative_to(folder)}")
        except Refused as refusal:
            report.refused.append((name, str(refusal)))
        else:
            seen[slug] = path
            yield source


def _read(path: Path, folder: Path) -> _Source:
    if path.is_symlink() or path.stat().st_size > LARGEST_FILE:
        raise Refused("es un enlace o pasa de 1 MB")
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Refused("no está en UTF-8")
    front, body = _split(text)
    return _source(front, body, path, folder)


def _split(text: str) -> tuple[dict, str]:
    lines = text.split("\n")
    if lines[0].rstrip() != MARK or MARK not in (line.rstrip() for line in lines[1:]):
        raise Refused("le falta la cabecera entre «---»")
    end = next(i for i, line in enumerate(lines[1:], 1) if line.rstrip() == MARK)
    try:
        front = yaml.safe_load("\n".join(lines[1:end]))
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Refused("la cabecera no se puede leer")
    if not isinstance(front, dict):
        raise Refused("la cabecera no se puede leer")
    return front, "\n".join(lines[end + 1 :]).strip("\n") + "\n"


def _source(front: dict, body: str, path: Path, folder: Path) -> _Source:
    def text(key: str, longest: int) -> str:
        value = front.get(key)
        value = " ".join(str("" if value is None else value).split())
        if len(value) > longest:
            raise Refused(f"«{key}» pasa de {longest} caracteres")
        if "\x00" in value:
            raise Refused(f"«{key}» contiene caracteres nulos")
        return value

    title = text("title", 160)
    slug = text("slug", 100) or path.stem
    if not title:
        raise Refused("le falta el título («title»)")
    if slug != slugify(slug):
        raise Refused(f"la dirección «{slug[:60]}» solo puede tener letras sin acentos, cifras y guiones")
    in_folder = path.parent != folder
    name = text("category", 80) or (path.parent.name.replace("-", " ").capitalize() if in_folder else "")
    category_slug = slugify(path.parent.name if in_folder else name)[:80]
    if not category_slug:
        raise Refused("le falta el tema («category»)")
    values = {
        "slug": slug,
        "title": title,
        "summary": text("summary", 400),
        "keywords": text("keywords", 1000),
        "body": body,
        "updated_on": _day(front.get("updated")),
        "language": text("language", 8) or "es",
        "source": text("source", 200),
        "licence": text("licence", 60),
        "source_path": text("original_path", 300),
        "translation": _choice(front, "translation", TRANSLATIONS, "original"),
        "status": _choice(front, "status", STATUS_NAMES, "publicado"),
        "position": _number(front.get("position")),
        "is_featured": text("featured", 10).lower() in ("true", "1", "sí", "si"),
    }
    related = [slugify(part) for part in text("related", 1000).strip("[]").split(",")]
    return _Source(path, category_slug, name, text("section", 80), [r for r in related if r], values)


def _day(value: object) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Refused(f"la fecha «{str(value)[:20]}» no se entiende: se espera AAAA-MM-DD")


def _number(value: object) -> int:
    try:
        number = int(str(value or 0))
    except ValueError:
        number = -1
    if not 0 <= number < 100_000:
        raise Refused("«position» tiene que ser un número entre 0 y 99999")
    return number


def _choice(front: dict, key: str, names: dict[str, str], default: str) -> str:
    value = str(front.get(key) or default).strip().lower()
    if value not in names:
        raise Refused(f"«{key}» tiene que ser {', '.join(f'«{name}»' for name in names)}")
    return names[value]


class _Shelves:
    """Categories and sections by slug, made when an article first needs them."""

    def __init__(self, entries: list[dict[str, str]], *, dry_run: bool):
        self.dry_run = dry_run
        self.categories = {category.slug: category for category in Category.objects.all()}
        self.sections = {(s.category_id, s.slug): s for s in Section.objects.all()}
        self.order = {entry["slug"]: (number, entry) for number, entry in enumerate(entries, 1)}
        for slug, (number, entry) in self.order.items():
            if slug in self.categories:
                self._describe(self.categories[slug], number, entry)

    def _describe(self, category: Category, position: int, entry: dict[str, str]) -> None:
        name, description = str(entry.get("name") or category.name), str(entry.get("description") or "")
        if (category.name, category.description, category.position) != (name, description, position):
            category.name, category.description, category.position = name[:80], description[:200], position
            if not self.dry_run:
                category.save()

    def category(self, source: _Source) -> Category:
        slug = source.category_slug
        if slug not in self.categories:
            number, entry = self.order.get(slug, (self._last_position() + 1, {}))
            category = Category(
                slug=slug,
                name=str(entry.get("name") or source.category_name)[:80],
                description=str(entry.get("description") or "")[:200],
                position=number,
            )
            if not self.dry_run:
                category.save()
            self.categories[slug] = category
        return self.categories[slug]

    def _last_position(self) -> int:
        return max([len(self.order), *(category.position for category in self.categories.values())])

    def section(self, category: Category, name: str) -> Section | None:
        slug = slugify(name)[:80]
        if not slug:
            return None
        key = (category.pk, slug)
        if key not in self.sections:
            position = sum(1 for owner, _ in self.sections if owner == category.pk) + 1
            section = Section(category=category, slug=slug, name=name, position=position)
            if not self.dry_run:
                section.save()
            self.sections[key] = section
        return self.sections[key]


def _import_chunk(sources: list[_Source], shelves: _Shelves, report: Report, *, dry_run: bool) -> None:
    known = Article.objects.in_bulk([s.values["slug"] for s in sources], field_name="slug")
    new, changed = [], []
    for source in sources:
        slug = source.values["slug"]
        article = known.get(slug) or Article(slug=slug)
        try:
            is_different = _apply(article, source, shelves)
            if is_different:
                publishing.prepare(article=article)
        except MarkupRefused as refusal:
            report.refused.append((str(source.path.name), str(refusal)))
            continue
        if article.pk is None:
            new.append(article)
            report.new.append(slug)
        elif is_different:
            changed.append(article)
            report.changed.append(slug)
        else:
            report.unchanged.append(slug)
    if not dry_run:
        publishing.save_articles(new=new, changed=changed)


def _apply(article: Article, source: _Source, shelves: _Shelves) -> bool:
    """Put a file's values into its article; whether anything is different."""
    category = shelves.category(source)
    values = source.values | {"category": category, "section": shelves.section(category, source.section_name)}
    if values["updated_on"] is None:
        del values["updated_on"]
    different = article.pk is None
    for name, value in values.items():
        stored = name + "_id" if name in ("category", "section") else name
        wanted = getattr(value, "pk", None) if stored != name else value
        if getattr(article, stored) != wanted or article.pk is None:
            setattr(article, name, value)
            different = True
    return different


def _relate(sources: list[_Source]) -> None:
    """Link related articles, now that all of them are there."""
    wanted = {source.values["slug"]: source.related for source in sources if source.related}
    slugs = set(wanted) | {slug for related in wanted.values() for slug in related}
    articles = Article.objects.in_bulk(list(slugs), field_name="slug")
    link = Article.related.through
    pairs = {
        (articles[slug].pk, articles[other].pk)
        for slug, related in wanted.items()
        for other in related
        if slug in articles and other in articles and slug != other
    }
    pairs |= {(right, left) for left, right in pairs}
    known = set(link.objects.values_list("from_article_id", "to_article_id"))
    link.objects.bulk_create(
        [link(from_article_id=left, to_article_id=right) for left, right in sorted(pairs - known)],
        batch_size=500,
    )


def _to_text(article: Article) -> str:
    statuses = {value: key for key, value in STATUS_NAMES.items()}
    front = {
        "title": article.title,
        "slug": article.slug,
        "category": article.category.name,
        "section": article.section.name if article.section else "",
        "summary": article.summary,
        "updated": article.updated_on.isoformat(),
        "keywords": article.keywords,
        "related": ", ".join(sorted(other.slug for other in article.related.all())),
        "status": statuses[article.status],
        "language": article.language,
        "source": article.source,
        "licence": article.licence,
        "original_path": article.source_path,
        "translation": TRANSLATION_NAMES[article.translation],
        "position": str(article.position),
        "featured": "true" if article.is_featured else "",
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items() if value]
    return "\n".join([MARK, *lines, MARK, "", article.body])
