"""What is behind an address of our own documentation that an article names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.urls import Resolver404, resolve

from docs_kb.models import Article, ArticleFile, Category, Redirect

FILE_PATH = re.compile(r"/documentacion/archivos/([^/]*)/[^/]*")
ARTICLE_PATH = re.compile(r"/documentacion/([-\w]+)/([-\w]+)/?")
CATEGORY_PATH = re.compile(r"/documentacion/([-\w]+)/?")
NOWHERE = SplitResult("", "", "", "", "")


@dataclass(frozen=True)
class OwnPages:
    """What readers of one article would find: its files, published articles (HTML by slug) and topics."""

    article: Article
    files: Mapping[str, ArticleFile]
    articles: Mapping[str, str]
    topics: frozenset[str]

    @classmethod
    def behind(
        cls, addresses: Iterable[str], *, article: Article, files: Mapping[str, ArticleFile]
    ) -> "OwnPages":
        """Look everything up at once, in at most four queries; `files` by key."""
        paths = {_split(address).path for address in addresses}
        slugs = {match[2] for path in paths if (match := ARTICLE_PATH.fullmatch(path))}
        topics = {match[1] for path in paths if (match := CATEGORY_PATH.fullmatch(path))}
        return cls(article, files, _published(slugs), _not_empty(topics))

    def why_dead(self, address: str) -> str:
        """Why a link of the article leads nowhere; nothing when it does not, or leads to another site."""
        parts = _split(address)
        if not address.startswith("/"):
            return ""
        if FILE_PATH.fullmatch(parts.path):
            return "Ese archivo no existe: súbelo otra vez" if self.is_missing_file(address) else ""
        if not self._has_page(parts.path):
            return "El enlace lleva a una página que no está publicada"
        if parts.fragment and not self._has_anchor(parts.path, parts.fragment):
            return "La guía enlazada no tiene ese apartado"
        return ""

    def is_missing_file(self, address: str) -> bool:
        """Whether an address is one of our files and nothing is there."""
        match = FILE_PATH.fullmatch(_split(address).path)
        return match is not None and match[1] not in self.files

    def _has_page(self, path: str) -> bool:
        path = path if path.endswith("/") else f"{path}/"
        try:
            view = resolve(path).view_name
        except Resolver404:
            return False
        if view == "docs_kb:article":
            return ARTICLE_PATH.fullmatch(path)[2] in {*self.articles, self.article.slug}
        return view != "docs_kb:category" or CATEGORY_PATH.fullmatch(path)[1] in self.topics

    def _has_anchor(self, path: str, fragment: str) -> bool:
        match = ARTICLE_PATH.fullmatch(path)
        html = self.articles.get(match[2]) if match else None
        return html is None or f'id="{fragment}"' in html


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # «http://[»
        return NOWHERE


def _published(slugs: set[str]) -> dict[str, str]:
    """The HTML of published articles by slug, and by the slugs that they had before."""
    if not slugs:
        return {}
    former = Redirect.objects.filter(
        kind=Redirect.Kind.ARTICLE, slug__in=slugs, article__status=Article.Status.PUBLISHED
    )
    published = Article.objects.published().filter(slug__in=slugs)
    return dict(former.values_list("slug", "article__body_html")) | dict(
        published.values_list("slug", "body_html")
    )


def _not_empty(slugs: set[str]) -> frozenset[str]:
    """The topics in which a reader finds something, also by the slugs that they had before."""
    if not slugs:
        return frozenset()
    former = Redirect.objects.filter(kind=Redirect.Kind.CATEGORY, slug__in=slugs)
    topics = Category.objects.not_empty().filter(slug__in=slugs)
    return frozenset([*former.values_list("slug", flat=True), *topics.values_list("slug", flat=True)])
