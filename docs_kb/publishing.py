"""The doors through which articles are stored: text, HTML, revision, address and search index together."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from docs_kb import article_files, markup, search_index, synonyms
from docs_kb.models import (
    Article,
    ArticleFile,
    ArticleRevision,
    Category,
    Redirect,
    Section,
    Synonym,
    SynonymWord,
)

log = logging.getLogger(__name__)

WORDS_PER_MINUTE = 200
AT_ONCE = 25
KEPT_IN_REVISIONS = ("title", "slug", "summary", "body", "body_format", "keywords", "status")
# Others write these while somebody has the text open: they are no part of it.
NOT_OF_THE_TEXT = ("position", "popularity", "created_at")


class EditConflict(Exception):
    """Somebody else saved the article meanwhile; `latest` is their revision, nothing was stored."""

    def __init__(self, latest: ArticleRevision | None) -> None:
        super().__init__("the article was changed meanwhile")
        self.latest = latest


def prepare(*, article: Article) -> Article:
    """Fill in what is computed from the text. Raises markup.MarkupRefused; stores nothing."""
    keys = markup.file_keys(article.body)
    pictures = ArticleFile.objects.in_bulk(keys, field_name="key") if keys else {}
    rendered = markup.render(article.body, body_format=article.body_format, pictures=pictures)
    article.body_html = str(rendered.html)
    article.toc = rendered.toc
    article.reading_minutes = max(1, round(rendered.word_count / WORDS_PER_MINUTE))
    if article.is_published():
        article.publish_at = None
        article.published_at = article.published_at or timezone.now()
    return article


@transaction.atomic
def save_article(
    *,
    article: Article,
    author: AbstractUser | None = None,
    note: str = "",
    expected_version: int | None = None,
) -> Article:
    """Store an article, new or changed, as its next revision; a published one is findable at once.

    With `expected_version` (the version that the author had before them) raises EditConflict when somebody
    else saved meanwhile. A changed slug leaves a redirect. Raises markup.MarkupRefused for a text that is
    no article. Either way nothing is stored. The place of a stored article (`ordering`) is left alone.
    A draft that is published for the first time is of that day; one that was archived keeps its date.
    Files in the text that no article has yet become this one's, and others' are readable with this one too.
    """
    prepare(article=article)
    stored = _lock(article)
    if expected_version is not None and (stored.version if stored else 0) != expected_version:
        raise EditConflict(stored.revisions.first() if stored else None)
    if stored and stored.slug != article.slug:
        _take_turn(Article.objects.filter(pk=article.pk))
    if stored and article.is_published() and not stored.published_at:
        article.updated_on = timezone.localdate()
    article.version = (stored.version if stored else 0) + 1
    article.modified_at = timezone.now()
    article.save(update_fields=_fields_of_the_text() if stored else None)
    _keep_addresses([(article, stored.slug if stored else None)])
    article_files.note_shown(articles=[article])
    article_files.claim(article=article, keys=markup.file_keys(article.body))
    ArticleRevision.objects.create(**_revision_values(article, author=author, note=note))
    search_index.refresh([article])
    return article


@transaction.atomic
def save_articles(
    *,
    new: list[Article],
    changed: list[Article],
    author: AbstractUser | None = None,
    note: str = "Importación",
) -> None:
    """Store many prepared articles at once, each as its next revision; for imports (slugs stay).

    Whoever saves another one waits until the transaction ends: twenty-five take a third of a second.
    """
    _store_revisions(new=new, changed=changed, author=author, note=note)
    article_files.note_shown(articles=[*new, *changed])
    search_index.refresh([*new, *changed])


@transaction.atomic
def redraw(*, article: Article) -> None:
    """Store the HTML of an article anew, now that a file is there which its text shows; no new version."""
    lock(Article.objects.only("pk").filter(pk=article.pk))
    article.refresh_from_db()
    prepare(article=article)
    article.save(update_fields=["body_html", "toc", "reading_minutes"])
    article_files.note_shown(articles=[article])


def publish(*, article: Article, author: AbstractUser | None = None, note: str = "") -> Article:
    """Show an article to everybody."""
    article.status = Article.Status.PUBLISHED
    return save_article(article=article, author=author, note=note)


def archive(*, article: Article, author: AbstractUser | None = None) -> Article:
    """Take an article away from readers and from the search; its text stays."""
    article.status = Article.Status.ARCHIVED
    return save_article(article=article, author=author)


def publish_due(*, at: datetime | None = None) -> int:
    """Publish the articles in review whose hour has come; how many. One that cannot be read any more waits,
    with a line in the log, and keeps none of the others waiting."""
    at = at or timezone.now()
    due = Article.objects.filter(status=Article.Status.IN_REVIEW, publish_at__lte=at)
    count = 0
    for article_id in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                article = due.select_for_update(no_key=True).filter(pk=article_id).first()
                if article:
                    publish(article=article, note="Publicación programada")
                    count += 1
        except markup.MarkupRefused as refusal:
            log.error("article %s was not published at its hour: %s", article_id, refusal)
    return count


def delete_articles(*, articles: Iterable[Article]) -> int:
    """Delete articles and what the index knows of them; the number deleted. Files that other articles show
    stay with these.

    Some at a time, each time all or nothing, so that nobody who saves another one waits for all of them.
    """
    keys = sorted(article.pk for article in articles)
    for start in range(0, len(keys), AT_ONCE):
        _delete(keys[start : start + AT_ONCE])
    return len(keys)


@transaction.atomic
def _delete(keys: list[int]) -> None:
    """The articles' rows first and the index after, as every other door does: no two wait for each other."""
    articles = Article.objects.filter(pk__in=keys)
    heirs = Article.objects.filter(shown_files__article__in=keys)
    lock(Article.objects.only("pk").filter(Q(pk__in=keys) | Q(pk__in=heirs.values("pk"))))
    _take_turn(articles)
    article_files.pass_on(articles=keys)
    search_index.remove(keys)
    articles.delete()


@transaction.atomic
def save_category(*, category: Category) -> Category:
    """Store a topic, new or changed; a changed slug leaves a redirect."""
    stored = Category.objects.select_for_update(no_key=True).filter(pk=category.pk).first()
    if stored and stored.slug != category.slug:
        _take_turn(Category.objects.filter(pk=category.pk))
    category.save()
    Redirect.objects.filter(kind=Redirect.Kind.CATEGORY, slug=category.slug).delete()
    if stored and stored.slug != category.slug:
        _lead_to(category, [stored.slug])
    return category


@transaction.atomic
def merge_categories(
    *, categories: Iterable[Category], into: Category, author: AbstractUser | None = None
) -> int:
    """Move the articles and sections of some topics to another one; how many articles.

    A section whose slug the other topic has already gives it its articles. The topics stay, empty and unseen
    by readers, until somebody deletes them; their addresses lead to the other topic from now on.
    """
    emptied = [category for category in categories if category.pk != into.pk]
    moved = lock(Article.objects.filter(category__in=emptied))
    lock(Section.objects.filter(category__in=emptied))
    sections = _merge_sections(emptied, into)
    for article in moved:
        article.category, article.section = into, sections.get(article.section_id)
    names = ", ".join(f"«{category}»" for category in emptied)
    # No word of them is another one: the search need not know.
    _store_revisions(new=[], changed=moved, author=author, note=f"De {names} a «{into}»"[:200])
    Redirect.objects.filter(kind=Redirect.Kind.CATEGORY, slug=into.slug).delete()
    Redirect.objects.filter(category__in=emptied).update(category=into)
    _lead_to(into, [category.slug for category in emptied])
    return len(moved)


def _merge_sections(emptied: list[Category], into: Category) -> dict[int, Section]:
    """Each section of the emptied topics -> the one that its articles have from now on."""
    known = {section.slug: section for section in into.sections.all()}
    after = max((section.position for section in known.values()), default=0)
    heirs = {}
    for section in Section.objects.filter(category__in=emptied).order_by("position", "name", "pk"):
        heir = known.get(section.slug)
        if heir is None:
            after += 1
            section.category, section.position = into, after
            section.save()
            heir = known[section.slug] = section
        heirs[section.pk] = heir
    return heirs


def _lead_to(category: Category, slugs: list[str]) -> None:
    for slug in slugs:
        Redirect.objects.update_or_create(
            kind=Redirect.Kind.CATEGORY, slug=slug, defaults={"category": category, "article": None}
        )


@transaction.atomic
def save_synonym(*, synonym: Synonym) -> Synonym:
    """Store a group of words; it counts from the next search on."""
    synonym.stems = "\n".join(synonyms.lines_of(synonym.words))
    synonym.save()
    synonym.occurring_words.all().delete()
    SynonymWord.objects.bulk_create(
        SynonymWord(synonym=synonym, **values) for values in synonyms.words_of(synonym.words)
    )
    return synonym


def _lock(article: Article) -> Article | None:
    """The article as it is stored, kept from others until the transaction ends."""
    if article.pk is None:
        return None
    return next(
        iter(lock(Article.objects.only("version", "slug", "published_at").filter(pk=article.pk))), None
    )


def lock(rows: QuerySet) -> list:
    """The rows, kept from other writers until the transaction ends; readers' votes and counts go on.

    Always by key, and before the first write: two who want the same rows never wait for each other.
    """
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))


def _take_turn(rows: QuerySet) -> None:
    """Wait for whoever writes now (the mark of `stamps` has one writer at a time), before an address
    changes: from then on nobody else may refer to the row, and the one we wait for might want to."""
    rows.update(position=F("position"))


def _store_revisions(
    *, new: list[Article], changed: list[Article], author: AbstractUser | None, note: str
) -> None:
    now = timezone.now()
    for article in [*new, *changed]:
        article.version += 1
        article.modified_at = now
    Article.objects.bulk_create(new, batch_size=200)
    fields = [*_fields_of_the_text(), "position"]
    for article in changed:
        article.save(update_fields=fields)
    _keep_addresses([(article, None) for article in new])
    revisions = [
        ArticleRevision(**_revision_values(article, author=author, note=note)) for article in [*new, *changed]
    ]
    ArticleRevision.objects.bulk_create(revisions, batch_size=200)


def _keep_addresses(moved: list[tuple[Article, str | None]]) -> None:
    """A former slug leads to its article from now on; a slug in use leads nowhere else."""
    taken = [article.slug for article, _ in moved]
    Redirect.objects.filter(kind=Redirect.Kind.ARTICLE, slug__in=taken).delete()
    for article, former in moved:
        if former and former != article.slug:
            Redirect.objects.update_or_create(
                kind=Redirect.Kind.ARTICLE, slug=former, defaults={"article": article, "category": None}
            )


def _fields_of_the_text() -> list[str]:
    fields = (field for field in Article._meta.concrete_fields if not field.primary_key)
    return [field.name for field in fields if field.name not in NOT_OF_THE_TEXT]


def _revision_values(article: Article, *, author: AbstractUser | None = None, note: str = "") -> dict:
    return {name: getattr(article, name) for name in KEPT_IN_REVISIONS} | {
        "article": article,
        "number": article.version,
        "author": author,
        "author_name": (author.get_full_name() or author.get_username())[:150] if author else "",
        "note": note,
        "created_at": article.modified_at,
    }
