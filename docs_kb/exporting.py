"""Articles -> a folder that `importing` reads back: texts, topics with their sections, and files.

`<folder>/<topic>/<article>.md`, `<folder>/archivos/<key>.<ending>` and `<folder>/categories.yaml`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.core.files.storage import default_storage

from docs_kb import front_matter
from docs_kb.file_types import ENDINGS
from docs_kb.models import Article, ArticleFile, Category

CHUNK = 200
CATEGORY_FILE = "categories.yaml"
# No topic can have this name: it is an address of the documentation already.
FILE_FOLDER = "archivos"
# The words that stand in a file -> what is stored.
TRANSLATIONS = {"original": "original", "humana": "human", "automática": "machine"}
STATUSES = {
    "borrador": "draft",
    "en revisión": "in_review",
    "publicado": "published",
    "archivado": "archived",
}
_WRITTEN = {value: word for word, value in [*TRANSLATIONS.items(), *STATUSES.items()]}


@dataclass
class Exported:
    """What an export wrote; files whose bytes are gone; and articles of the folder that are not ours (any
    more)."""

    articles: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)


def export_articles(*, folder: Path) -> Exported:
    """Write every article in whatever state, so that `import_articles` finds nothing changed in it.

    What stood in the folder before and is not written anew stays, and is named.
    """
    done, written = Exported(), set()
    folder.mkdir(parents=True, exist_ok=True)
    articles = Article.objects.select_related("category", "section", "replacement").order_by("pk")
    for article in articles.prefetch_related("related", "files").iterator(chunk_size=CHUNK):
        path = folder / article.category.slug / f"{article.slug}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(front_matter.join(_values(article), article.body), encoding="utf-8", newline="")
        written.add(path)
        done.articles += 1
        _write_files(article.files.all(), folder, done)
    _write_categories(folder / CATEGORY_FILE)
    done.left_over = sorted(str(path.relative_to(folder)) for path in {*folder.rglob("*.md")} - written)
    return done


def file_path(folder: Path, *, key: str, content_type: str) -> Path:
    """Where the bytes of an article's file stand in the folder."""
    return folder / FILE_FOLDER / (key + ENDINGS[content_type][0])


def _values(article: Article) -> dict[str, object]:
    """Everything that the editors decide about an article, empty values too: they say that it is empty."""
    return {
        "title": article.title,
        "slug": article.slug,
        "category": article.category.name,
        "section": article.section.name if article.section else "",
        "summary": article.summary,
        "updated": article.updated_on.isoformat(),
        "keywords": article.keywords,
        "related": ", ".join(sorted(other.slug for other in article.related.all())),
        "status": _WRITTEN[article.status],
        "format": article.body_format,
        "language": article.language,
        "source": article.source,
        "licence": article.licence,
        "original_path": article.source_path,
        "translation": _WRITTEN[article.translation],
        "position": str(article.position),
        "featured": "true" if article.is_featured else "false",
        "publish_at": article.publish_at.isoformat() if article.publish_at else "",
        "published": article.published_at.isoformat() if article.published_at else "",
        "review_by": article.review_by.isoformat() if article.review_by else "",
        "replacement": article.replacement.slug if article.replacement else "",
        "files": [_file_values(file) for file in article.files.all()],
    }


def _file_values(file: ArticleFile) -> dict[str, str]:
    return {
        "key": file.key,
        "name": file.name,
        "type": file.content_type,
        "alt": file.alt_text,
        "decorative": "true" if file.is_decorative else "false",
    }


def _write_files(files: Iterable[ArticleFile], folder: Path, done: Exported) -> None:
    for file in files:
        path = file_path(folder, key=file.key, content_type=file.content_type)
        try:
            with default_storage.open(file.stored_name) as content:
                data = content.read()
        except FileNotFoundError:
            done.missing.append(f"{file.name} ({file.key})")
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        done.files += 1


def _write_categories(path: Path) -> None:
    entries = [
        {
            "slug": category.slug,
            "name": category.name,
            "description": category.description,
            "position": str(category.position),
            "sections": [
                {"slug": section.slug, "name": section.name, "position": str(section.position)}
                for section in category.sections.all()
            ],
        }
        for category in Category.objects.prefetch_related("sections")
    ]
    listing = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, default_style='"', width=1000)
    path.write_text(listing, encoding="utf-8")
