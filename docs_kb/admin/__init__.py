"""The documentation's part of the desk; importing a module registers what it has."""

from docs_kb.admin import articles, categories, opinions, searches, synonyms

__all__ = ["articles", "categories", "opinions", "searches", "synonyms"]
