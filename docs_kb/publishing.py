"""The doors through which articles are stored: text, HTML, table of contents and search index go together."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from docs_kb import markup, search_index
from docs_kb.models import Article, Synonym
from docs_kb.words import stems

WORDS_PER_MINUTE = 200


def prepare(*, article: Article) -> Article:
    """Fill in what is computed from the text. Raises markup.MarkupRefused; stores nothing."""
    rendered = markup.render(article.body)
    article.body_html = str(rendered.html)
    article.toc = rendered.toc
    article.reading_minutes = max(1, round(rendered.word_count / WORDS_PER_MINUTE))
    if article.is_published() and article.published_at is None:
        article.published_at = timezone.now()
    return article


@transaction.atomic
def save_article(*, article: Article) -> Article:
    """Store an article, new or changed; a published one is findable at once.

    Raises markup.MarkupRefused for a text that is no article, before anything is stored.
    """
    prepare(article=article)
    article.save()
    search_index.refresh([article])
    return article


@transaction.atomic
def save_articles(*, new: list[Article], changed: list[Article]) -> None:
    """Store many prepared articles at once; for imports."""
    Article.objects.bulk_create(new, batch_size=200)
    if changed:
        fields = [f.name for f in Article._meta.concrete_fields if not f.primary_key]
        Article.objects.bulk_update(changed, fields, batch_size=50)
    search_index.refresh([*new, *changed])


def publish(*, article: Article) -> Article:
    """Show an article to everybody; the first time dates it."""
    article.status = Article.Status.PUBLISHED
    return save_article(article=article)


def archive(*, article: Article) -> Article:
    """Take an article away from readers and from the search; its text stays."""
    article.status = Article.Status.ARCHIVED
    return save_article(article=article)


@transaction.atomic
def delete_articles(*, articles: Iterable[Article]) -> int:
    """Delete articles and what the index knows of them; the number deleted."""
    keys = [article.pk for article in articles]
    search_index.remove(keys)
    Article.objects.filter(pk__in=keys).delete()
    return len(keys)


def save_synonym(*, synonym: Synonym) -> Synonym:
    """Store a group of words; it counts from the next search on."""
    phrases = dict.fromkeys(" ".join(stems(phrase)) for phrase in synonym.words.replace("\n", ",").split(","))
    synonym.stems = "\n".join(phrase for phrase in phrases if phrase)
    synonym.save()
    return synonym
