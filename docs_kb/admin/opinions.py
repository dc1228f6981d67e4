"""What readers say about guides: to read, and to delete for whoever may."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from docs_kb import dates
from docs_kb.long_lists import BoundedPaginator
from docs_kb.models import ArticleFeedback


class AnswerFilter(admin.SimpleListFilter):
    """What readers answered, in the words of the buttons."""

    title = "respuesta"
    parameter_name = "respuesta"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("si", "Sí, gracias"), ("no", "No del todo")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(is_helpful=self.value() == "si") if self.value() else queryset


class CommentFilter(admin.SimpleListFilter):
    """Those that say something in words."""

    title = "comentario"
    parameter_name = "comentario"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("si", "Con comentario"), ("no", "Sin comentario")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "si":
            return queryset.exclude(comment="")
        return queryset.filter(comment="") if self.value() == "no" else queryset


@admin.register(ArticleFeedback)
class OpinionAdmin(admin.ModelAdmin):
    """Readers alone write these; nobody puts words into their mouths."""

    list_display = ("article", "answer", "reason", "comment", "moment")
    list_display_links = ("answer",)
    list_filter = (AnswerFilter, "reason", CommentFilter)
    list_per_page = 50
    empty_value_display = "—"
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("article__title", "comment")
    search_help_text = "Título de la guía o palabras del comentario"
    ordering = ("-pk",)
    fields = ("article", "answer", "reason", "comment", "moment")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description="¿Ha servido?", ordering="is_helpful")
    def answer(self, opinion: ArticleFeedback) -> str:
        return str(opinion)

    @admin.display(description="Cuándo", ordering="pk")
    def moment(self, opinion: ArticleFeedback) -> str:
        return dates.moment(opinion.created_at)
