"""The nouns of the knowledge base, one file each."""

from docs_kb.models.article import Article
from docs_kb.models.article_day import ArticleDay
from docs_kb.models.article_file import ArticleFile
from docs_kb.models.category import Category, Section
from docs_kb.models.feedback import ArticleFeedback
from docs_kb.models.redirect import Redirect
from docs_kb.models.revision import ArticleRevision
from docs_kb.models.search_index import Posting, SearchDocument, VocabularyTerm
from docs_kb.models.search_query import SearchOpening, SearchQuery, SearchQueryDay
from docs_kb.models.stamp import Stamp
from docs_kb.models.synonym import Synonym, SynonymWord
from docs_kb.models.throttle_count import ThrottleCount

__all__ = [
    "Article",
    "ArticleDay",
    "ArticleFeedback",
    "ArticleFile",
    "ArticleRevision",
    "Category",
    "Posting",
    "Redirect",
    "SearchDocument",
    "SearchOpening",
    "SearchQuery",
    "SearchQueryDay",
    "Section",
    "Stamp",
    "Synonym",
    "SynonymWord",
    "ThrottleCount",
    "VocabularyTerm",
]
