"""Where a customer came from when they opened the form, as lines that they can take off."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from docs_kb.models import Article, Category

QUERY_CHARACTERS = 200


@dataclass(frozen=True)
class Line:
    """One removable line of the form: the parameter that made it, its value, and what it says."""

    name: str
    value: str
    text: str


@dataclass(frozen=True)
class Origin:
    article: Article | None = None
    category: Category | None = None
    search_query: str = ""
    is_urgent: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str], *, without: str | None = None) -> "Origin":
        """From the address or the hidden fields, which have the same names. What is unknown is ignored."""

        def value(name: str) -> str:
            return "" if name == without else parameters.get(name, "").strip()[:QUERY_CHARACTERS]

        article, topic = value("articulo"), value("tema")
        return cls(
            article=Article.objects.published().filter(slug=article).first() if article else None,
            category=Category.objects.filter(slug=topic).first() if topic else None,
            search_query=value("busqueda").replace("\0", ""),
            is_urgent=value("motivo") == "urgente",
        )

    @property
    def lines(self) -> list[Line]:
        lines = []
        if self.article:
            text = _("Antes has leído la guía «%s»") % self.article.title
            lines.append(Line("articulo", self.article.slug, text))
        if self.category:
            lines.append(Line("tema", self.category.slug, _("Tema: %s") % self.category.name))
        if self.search_query:
            lines.append(Line("busqueda", self.search_query, _("Has buscado «%s»") % self.search_query))
        if self.is_urgent:
            lines.append(Line("motivo", "urgente", _("Marcado como urgente")))
        return lines
