"""The doors through which articles are stored: text, HTML, revision, address and search index together."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from docs_kb import markup, search_index
from docs_kb.models import Article, ArticleRevision, Redirect, Synonym, SynonymStem
from docs_kb.words import stems

WORDS_PER_MINUTE = 200
KEPT_IN_REVISIONS = ("title", "slug", "summary", "body", "body_format", "keywords", "status")


class EditConflict(Exception):
    """Somebody else saved the article meanwhile; `latest` is their revision, nothing was stored."""

    def __init__(self, latest: ArticleRevision | None) -> None:
        super().__init__("the article was changed meanwhile")
        self.latest = latest


def prepare(*, article: Article) -> Article:
    """Fill in what is computed from the text. Raises markup.MarkupRefused; stores nothing."""
    rendered = markup.render(article.body)
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
    no article. Either way nothing is stored.
    """
    prepare(article=article)
    stored = _lock(article)
    if expected_version is not None and stored and stored.version != expected_version:
        raise EditConflict(stored.revisions.first())
    article.version = (stored.version if stored else 0) + 1
    article.modified_at = timezone.now()
    article.save()
    _keep_addresses([(article, stored.slug if stored else None)])
    ArticleRevision.objects.create(**_revision_values(article, author=author, note=note))
    search_index.refresh([article])
    return article


@transaction.atomic
def save_articles(*, new: list[Article], changed: list[Article], note: str = "Importación") -> None:
    """Store many prepared articles at once, each as its next revision; for imports (slugs stay)."""
    now = timezone.now()
    for article in [*new, *changed]:
        article.version += 1
        article.modified_at = now
    Article.objects.bulk_create(new, batch_size=200)
    if changed:
        fields = [f.name for f in Article._meta.concrete_fields if not f.primary_key]
        Article.objects.bulk_update(changed, fields, batch_size=50)
    _keep_addresses([(article, None) for article in new])
    revisions = [ArticleRevision(**_revision_values(article, note=note)) for article in [*new, *changed]]
    ArticleRevision.objects.bulk_create(revisions, batch_size=200)
    search_index.refresh([*new, *changed])


def publish(*, article: Article, author: AbstractUser | None = None, note: str = "") -> Article:
    """Show an article to everybody; the first time dates it."""
    article.status = Article.Status.PUBLISHED
    return save_article(article=article, author=author, note=note)


def archive(*, article: Article, author: AbstractUser | None = None) -> Article:
    """Take an article away from readers and from the search; its text stays."""
    article.status = Article.Status.ARCHIVED
    return save_article(article=article, author=author)


def publish_due(*, at: datetime | None = None) -> int:
    """Publish the articles in review whose hour has come; how many."""
    at = at or timezone.now()
    due = Article.objects.filter(status=Article.Status.IN_REVIEW, publish_at__lte=at)
    count = 0
    for article_id in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            article = due.select_for_update().filter(pk=article_id).first()
            if article:
                publish(article=article, note="Publicación programada")
                count += 1
    return count


@transaction.atomic
def delete_articles(*, articles: Iterable[Article]) -> int:
    """Delete articles and what the index knows of them; the number deleted."""
    keys = [article.pk for article in articles]
    search_index.remove(keys)
    Article.objects.filter(pk__in=keys).delete()
    return len(keys)


@transaction.atomic
def save_synonym(*, synonym: Synonym) -> Synonym:
    """Store a group of words; it counts from the next search on."""
    phrases = dict.fromkeys(" ".join(stems(phrase)) for phrase in synonym.words.replace("\n", ",").split(","))
    synonym.stems = "\n".join(phrase for phrase in phrases if phrase)
    synonym.save()
    synonym.occurring_stems.all().delete()
    SynonymStem.objects.bulk_create(
        SynonymStem(synonym=synonym, stem=stem) for stem in sorted(set(synonym.stems.split()))
    )
    return synonym


def _lock(article: Article) -> Article | None:
    """The article as it is stored, kept from others until the transaction ends."""
    if article.pk is None:
        return None
    return Article.objects.select_for_update().only("version", "slug").filter(pk=article.pk).first()


def _keep_addresses(moved: list[tuple[Article, str | None]]) -> None:
    """A former slug leads to its article from now on; a slug in use leads nowhere else."""
    taken = [article.slug for article, _ in moved]
    Redirect.objects.filter(kind=Redirect.Kind.ARTICLE, slug__in=taken).delete()
    for article, former in moved:
        if former and former != article.slug:
            Redirect.objects.update_or_create(
                kind=Redirect.Kind.ARTICLE, slug=former, defaults={"article": article, "category": None}
            )


def _revision_values(article: Article, *, author: AbstractUser | None = None, note: str = "") -> dict:
    return {name: getattr(article, name) for name in KEPT_IN_REVISIONS} | {
        "article": article,
        "number": article.version,
        "author": author,
        "author_name": (author.get_full_name() or author.get_username())[:150] if author else "",
        "note": note,
        "created_at": article.modified_at,
    }
