"""A folder of Markdown files with front matter -> articles; `exporting` writes such a folder.

`<folder>/<topic slug>/<article slug>.md`; a `categories.yaml` in the folder or beside it gives names, order,
descriptions and sections; `archivos/<key>.<ending>` are the files that articles show. What a header does not
say stays as it is. A file that is refused stops neither the rest nor leaves half of itself behind.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from docs_kb import article_files, file_types, markup, publishing
from docs_kb.article_sources import FileSource, Source, printable, read_source
from docs_kb.exporting import CATEGORY_FILE, FILE_FOLDER
from docs_kb.front_matter import Refused
from docs_kb.import_shelves import Shelves, read_categories
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article, ArticleFile

CHUNK = 25
ATTEMPTS = 3
OVERTAKEN = "alguien la ha cambiado mientras tanto: repite la importación"
REFUSALS = (Refused, MarkupRefused, article_files.Refused)


@dataclass
class Report:
    """What an import did, or would do: slugs, and for refused files the path with the reason."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def mark_changed(self, slugs: set[str]) -> None:
        """Some articles turned out to be changed after all."""
        self.changed += [slug for slug in self.unchanged if slug in slugs]
        self.unchanged = [slug for slug in self.unchanged if slug not in slugs]


def import_articles(
    *,
    folder: Path,
    dry_run: bool = False,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring every article of a folder in; a new one is published unless its header says otherwise.

    Running it again changes nothing; a file whose text changed updates its article, found by slug. An article
    that came from another source keeps its slug unless `replace` is set. Twenty-five files make a
    transaction, for which whoever saves an article may have to wait.
    Raises FileNotFoundError when there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    report = Report()
    shelves = Shelves(_categories(folder, report), dry_run=dry_run)
    paths = sorted(set(folder.rglob("*.md")) - set((folder / FILE_FOLDER).rglob("*.md")))
    seen: dict[str, str] = {}
    accepted: list[Source] = []
    for start in range(0, len(paths), CHUNK):
        sources = list(_readable(paths[start : start + CHUNK], folder, seen, report))
        accepted += _import_chunk(sources, shelves, report, dry_run=dry_run, replace=replace)
        if progress:
            progress(min(start + CHUNK, len(paths)), len(paths))
    report.mark_changed(_link(accepted, dry_run=dry_run))
    if not dry_run:
        _show_late_files(accepted)
    return report


def _categories(folder: Path, report: Report) -> list[dict]:
    try:
        return read_categories(folder)
    except Refused as refusal:
        report.refused.append((CATEGORY_FILE, str(refusal)))
        return []


def _readable(paths: Iterable[Path], folder: Path, seen: dict[str, str], report: Report) -> Iterator[Source]:
    for path in paths:
        name = printable(path.relative_to(folder))
        try:
            source = read_source(path, folder=folder)
            if source.slug in seen:
                raise Refused(f"la dirección «{source.slug}» ya es de {seen[source.slug]}")
        except Refused as refusal:
            report.refused.append((name, str(refusal)))
        else:
            seen[source.slug] = name
            yield source


# --- Some files at once -----------------------------------------------------------------------------


@dataclass
class _Plan:
    """An article as its file wants it, not stored yet; files of it with another description than before."""

    article: Article
    source: Source
    is_new: bool
    is_different: bool
    described: list[ArticleFile]


def _import_chunk(
    sources: list[Source], shelves: Shelves, report: Report, *, dry_run: bool, replace: bool
) -> list[Source]:
    """Bring some files in, in one transaction; those that were accepted."""
    for _ in range(ATTEMPTS):
        plans, refused = _plan_all(sources, dry_run=dry_run, replace=replace)
        try:
            plans, overtaken = (plans, []) if dry_run else _store(plans, shelves)
        except IntegrityError:  # somebody took an address between our look and our write: look again
            shelves.read()
        else:
            break
    else:
        plans, refused, overtaken = [], [], [(source.name, OVERTAKEN) for source in sources]
    report.refused += refused + overtaken
    for plan in plans:
        done = report.new if plan.is_new else report.changed if plan.is_different else report.unchanged
        done.append(plan.source.slug)
    return [plan.source for plan in plans]


def _plan_all(
    sources: list[Source], *, dry_run: bool, replace: bool
) -> tuple[list[_Plan], list[tuple[str, str]]]:
    """The plans of some files, and those that are refused with the reason."""
    slugs = [source.slug for source in sources]
    known = Article.objects.select_related("category", "section").in_bulk(slugs, field_name="slug")
    plans, refused = [], []
    for source in sources:
        try:
            plans.append(_plan(source, known.get(source.slug), dry_run=dry_run, replace=replace))
        except REFUSALS as refusal:
            refused.append((source.name, str(refusal)))
    return plans, refused


def _plan(source: Source, known: Article | None, *, dry_run: bool, replace: bool) -> _Plan:
    """Put a file's values into its article. Raises one of REFUSALS, and then leaves no file behind.

    New files are stored here already, without an article, as if their author had just uploaded them.
    """
    article = known or Article(slug=source.slug, status=Article.Status.PUBLISHED)
    if known and not replace:
        _refuse_other_source(source, known)
    is_different = _apply(article, source)
    new, described = _compare_files(source, article)
    stored: list[ArticleFile] = []
    try:
        for file in new:
            stored += _bring(file, dry_run=dry_run)
        if is_different or new or described:
            _refuse_empty(article)
            publishing.prepare(article=article)
    except REFUSALS:
        for file in stored:
            article_files.delete(file=file)
        raise
    return _Plan(article, source, known is None, bool(is_different or new or described), described)


def _refuse_other_source(source: Source, known: Article) -> None:
    """The same slug from another source is another article, not a new version of this one."""
    theirs = source.values.get("source", ""), source.values.get("source_path", "")
    if theirs != (known.source, known.source_path):
        origin = known.source or "escrita aquí"
        raise Refused(f"la dirección «{known.slug}» ya es de otra guía ({origin}); --replace la sustituye")


def _refuse_empty(article: Article) -> None:
    if article.is_published() and not article.body.strip():
        raise Refused("le falta el texto: sin él solo puede ser un borrador")


def _apply(article: Article, source: Source) -> bool:
    """Put a file's values into its article, all but topic and section; whether anything is different."""
    wanted = dict(source.values)
    if wanted.get("status", article.status) == Article.Status.PUBLISHED:
        wanted.pop("publish_at", None)
    if wanted.get("published_at", "") is None:
        del wanted["published_at"]
    changed = {name: value for name, value in wanted.items() if getattr(article, name) != value}
    for name, value in changed.items():
        setattr(article, name, value)
    return article.pk is None or bool(changed) or not _is_in_place(article, source)


def _is_in_place(article: Article, source: Source) -> bool:
    """Whether a stored article is in the topic and section that its file says."""
    if article.category.slug != source.category_slug:
        return False
    if source.section_name is None:
        return True
    slug = slugify(source.section_name)[:80]
    return (
        not slug
        if article.section is None
        else article.section.name == source.section_name or article.section.slug == slug
    )


def _store(plans: list[_Plan], shelves: Shelves) -> tuple[list[_Plan], list[tuple[str, str]]]:
    """Store what is different, all or nothing; the plans that nobody else's change overtook, and the files
    of the others with the reason."""
    with transaction.atomic():
        plans, overtaken = _not_overtaken(plans)
        different = [plan for plan in plans if plan.is_different]
        for plan in different:
            _put_in_place(plan, shelves)
            for file in plan.described:
                file.save(update_fields=["alt_text", "is_decorative"])
            if plan.described:
                publishing.prepare(article=plan.article)
        new = [plan.article for plan in different if plan.article.pk is None]
        changed = [plan.article for plan in different if plan.article.pk is not None]
        publishing.save_articles(new=new, changed=changed)
        for plan in different:
            if plan.source.files:
                article_files.claim(article=plan.article, keys=[file.key for file in plan.source.files])
    return plans, overtaken


def _not_overtaken(plans: list[_Plan]) -> tuple[list[_Plan], list[tuple[str, str]]]:
    """Without the articles that somebody saved or created since they were read."""
    slugs = [plan.source.slug for plan in plans if plan.is_different]
    versions = {row.slug: row.version for row in publishing.lock(_bare().filter(slug__in=slugs))}
    kept, overtaken = [], []
    for plan in plans:
        version = plan.article.version if plan.article.pk else None
        if plan.is_different and versions.get(plan.source.slug) != version:
            overtaken.append((plan.source.name, OVERTAKEN))
        else:
            kept.append(plan)
    return kept, overtaken


def _bare():
    return Article.objects.only("slug", "version")


def _put_in_place(plan: _Plan, shelves: Shelves) -> None:
    """Topic and section, made if need be; a section of the former topic is left."""
    article, source = plan.article, plan.source
    article.category = shelves.category(source)
    if source.section_name is not None:
        article.section = shelves.section(article.category, source.section_name)
    elif article.section and article.section.category_id != article.category_id:
        article.section = None


# --- Files ----------------------------------------------------------------------------------------


def _compare_files(source: Source, article: Article) -> tuple[list[FileSource], list[ArticleFile]]:
    """Files that are new, and known ones (not stored yet) whose description changed.

    Raises Refused for a key that leads to something else already: what it leads to never changes.
    """
    if not source.files:
        return [], []
    known = ArticleFile.objects.in_bulk([file.key for file in source.files], field_name="key")
    described = []
    for file in source.files:
        row = known.get(file.key)
        if row is None:
            continue
        if row.article_id and row.article_id != article.pk:
            raise Refused(f"el archivo «{file.name}» ya es de otra guía")
        if not _has_content(row, file):
            raise Refused(f"el archivo «{file.name}» ha cambiado: dale una clave («key») nueva")
        if (row.alt_text, row.is_decorative) != (file.alt_text, file.is_decorative):
            row.alt_text, row.is_decorative = file.alt_text, file.is_decorative
            described.append(row)
    return [file for file in source.files if file.key not in known], described


def _has_content(row: ArticleFile, file: FileSource) -> bool:
    """Whether a stored file is what the folder brings: the bytes that we keep, or those that it came as."""
    digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
    return digest in (row.sha256, row.original_sha256)


def _bring(file: FileSource, *, dry_run: bool) -> list[ArticleFile]:
    """Store a new file under its old key; a dry run only looks at it. Raises article_files.Refused."""
    with file.path.open("rb") as content:
        upload = File(content, name=file.name)
        if dry_run:
            file_types.examine(upload)
            return []
        return [
            article_files.store(
                upload=upload,
                article=None,
                alt_text=file.alt_text,
                is_decorative=file.is_decorative,
                by=None,
                key=file.key,
            )
        ]


def _show_late_files(sources: list[Source]) -> None:
    """Draw the texts anew that came in before a file of another article which they show."""
    slugs = [source.slug for source in sources if markup.file_keys(source.values["body"])]
    articles = Article.objects.filter(slug__in=slugs).prefetch_related("shown_files")
    for article in articles.iterator(chunk_size=CHUNK):
        drawn = {file.key for file in article.shown_files.all() if file.key in article.body_html}
        late = markup.file_keys(article.body) - drawn
        if late and ArticleFile.objects.filter(key__in=late).exists():
            publishing.redraw(article=article)


# --- Between articles -----------------------------------------------------------------------------


def _link(sources: list[Source], *, dry_run: bool) -> set[str]:
    """Related guides and replacements, now that all are there; the slugs whose links are others now."""
    with transaction.atomic():
        slugs = {source.slug for source in sources} | set(Article.objects.values_list("slug", flat=True))
        return _replace(sources, slugs, dry_run=dry_run) | _relate(sources, slugs, dry_run=dry_run)


def _relate(sources: list[Source], slugs: set[str], *, dry_run: bool) -> set[str]:
    """Two guides are related when either file says so, and no longer when both could and neither does."""
    said = {source.slug: source.related for source in sources if source.related is not None}
    if not said:
        return set()
    pairs = {(slug, other) for slug, others in said.items() for other in others if other in slugs - {slug}}
    pairs |= {(right, left) for left, right in pairs}
    through = Article.related.through
    known = set(through.objects.values_list("from_article__slug", "to_article__slug"))
    gone = {pair for pair in known - pairs if said.keys() >= set(pair)}
    new = pairs - known
    if not dry_run and (new or gone):
        ids = dict(Article.objects.values_list("slug", "pk"))
        rows = [through(from_article_id=ids[a], to_article_id=ids[b]) for a, b in sorted(new)]
        through.objects.bulk_create(rows, batch_size=500)
        for left, right in gone:
            through.objects.filter(from_article=ids[left], to_article=ids[right]).delete()
    return {slug for pair in new | gone for slug in pair}


def _replace(sources: list[Source], slugs: set[str], *, dry_run: bool) -> set[str]:
    """Which guide stands in for an archived one."""
    said = {source.slug: source.replacement for source in sources if source.replacement is not None}
    wanted = {slug: other if other in slugs - {slug} else "" for slug, other in said.items()}
    known = dict(Article.objects.exclude(replacement=None).values_list("slug", "replacement__slug"))
    changed = {slug for slug, other in wanted.items() if known.get(slug, "") != other}
    if not dry_run and changed:
        rows = publishing.lock(_bare().filter(slug__in=changed))
        targets = Article.objects.in_bulk(set(wanted.values()) - {""}, field_name="slug")
        for article in rows:
            Article.objects.filter(pk=article.pk).update(replacement=targets.get(wanted[article.slug]))
    return changed
