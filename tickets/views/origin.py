"""Where a customer came from when they opened the form, as lines that they can take off."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from docs_kb.addressed import text_in
from docs_kb.models import Article, Category
from tickets import access
from tickets.models import Ticket
from tickets.models.ticket import normalise_reference

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
    continues: Ticket | None = None
    claimed_reference: str = ""

    @classmethod
    def read(cls, request: HttpRequest, *, without: str | None = None) -> "Origin":
        """From the hidden fields, or from the address, which has the same names. What is unknown is ignored.

        A ticket that this session may not see is kept as the bare reference, whether or not there is one.
        """

        def value(name: str) -> str:
            is_sent = request.method == "POST"
            text = request.POST.get(name, "") if is_sent else text_in(request, name)
            return "" if name == without else text.strip()[:QUERY_CHARACTERS]

        article, topic = value("articulo"), value("tema")
        reference = normalise_reference(value("relacionado"))
        continues = access.continued_ticket(request, reference) if reference else None
        return cls(
            article=Article.objects.published().filter(slug=article).first() if article else None,
            category=Category.objects.filter(slug=topic).first() if topic else None,
            search_query=value("busqueda").replace("\0", ""),
            is_urgent=value("motivo") == "urgente",
            continues=continues,
            claimed_reference="" if continues else reference,
        )

    @property
    def lines(self) -> list[Line]:
        lines = []
        if self.continues:
            reference = self.continues.reference
            lines.append(Line("relacionado", reference, _("Este ticket quedará unido a %s") % reference))
        if self.claimed_reference:
            text = (
                _("Dices que es continuación de %s; el equipo lo tendrá en cuenta") % self.claimed_reference
            )
            lines.append(Line("relacionado", self.claimed_reference, text))
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
