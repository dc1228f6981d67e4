"""Articles in the admin: the list, and the addresses of everything that is done to one."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from docs_kb import dates, publishing
from docs_kb.admin import bulk, editor, guide_picker, preview, proofs, uploads, versions
from docs_kb.admin.article_form import slug_of
from docs_kb.models import Article, ArticleDay, ArticleFeedback
from docs_kb.outcomes import DAYS
from docs_kb.search import MOST_HITS, search
from docs_kb.words import fold

Status = Article.Status


class ReviewFilter(admin.SimpleListFilter):
    """Articles whose day to be looked at again has come, or comes soon."""

    title = "revisión"
    parameter_name = "revision"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("pasada", "Por revisar"), ("mes", "En los próximos 30 días"), ("sin", "Sin fecha")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        conditions = {
            "pasada": Q(review_by__lte=today),
            "mes": Q(review_by__gt=today, review_by__lte=today + timezone.timedelta(days=30)),
            "sin": Q(review_by=None),
        }
        if self.value() not in conditions:
            return queryset
        return queryset.filter(conditions[self.value()]).exclude(status=Status.ARCHIVED)


class KeywordsFilter(admin.SimpleListFilter):
    """Articles that the search knows by their own words alone."""

    title = "palabras del cliente"
    parameter_name = "palabras"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("sin", "Sin palabras"), ("con", "Con palabras")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "sin":
            return queryset.filter(keywords="")
        return queryset.exclude(keywords="") if self.value() == "con" else queryset


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ("guide", "state", "updated", "visits", "helpful", "review")
    list_display_links = None
    list_filter = ("status", "category", ReviewFilter, KeywordsFilter)
    list_select_related = ("category", "section")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("title",)  # how it is searched says get_search_results
    search_help_text = "En las publicadas busca como los clientes; en las demás, en el título y la dirección"
    ordering = ("-modified_at", "-pk")
    actions = ("publish_chosen", "archive_chosen", admin.actions.delete_selected)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        since = timezone.localdate() - timezone.timedelta(days=DAYS - 1)
        days = ArticleDay.objects.filter(article=OuterRef("pk"), day__gte=since).order_by().values("article")
        votes = ArticleFeedback.objects.filter(article=OuterRef("pk")).order_by().values("article")
        return (
            super()
            .get_queryset(request)
            .defer("body", "body_html", "toc", "summary")
            .annotate(
                month_views=Coalesce(Subquery(days.annotate(n=Sum("views")).values("n")), 0),
                answers=Coalesce(Subquery(votes.annotate(n=Count("pk")).values("n")), 0),
                yeses=Coalesce(
                    Subquery(votes.filter(is_helpful=True).annotate(n=Count("pk")).values("n")), 0
                ),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Published articles as readers find them, best first; the others by title, address and keywords,
        accents and case apart."""
        if not search_term.strip():
            return queryset, False
        ranked = [hit.article.pk for hit in search(search_term, limit=MOST_HITS).hits]
        found = queryset.filter(
            Q(pk__in=[*ranked, *_unpublished(search_term)]) | Q(slug=slug_of(search_term))
        )
        if "o" in request.GET:
            return found, False
        places = [When(pk=pk, then=place) for place, pk in enumerate(ranked)]
        rank = Case(*places, default=MOST_HITS, output_field=IntegerField()) if places else F("pk")
        return found.order_by(rank, "-modified_at", "-pk"), False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        can_undo = request.method == "GET" and request.user.has_perm("docs_kb.change_article")
        context = {"is_undoable": can_undo and bulk.is_undoable(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        return editor.new(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return editor.edit(request, int(object_id))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Every save is a version: they tell the history better than Django's log."""
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("admin:docs_kb_article_versions", object_id)

    def get_urls(self) -> list:
        nouns = [
            ("nueva/vista-previa/", preview.new_preview, "new_preview"),
            ("nueva/correccion/", proofs.new_correction, "new_correction"),
            ("archivos/", uploads.upload, "upload"),
            ("deshacer/", bulk.undo, "undo"),
            ("guias/", guide_picker.guides, "guides"),
            ("<int:pk>/vista-previa/", preview.preview, "preview"),
            ("<int:pk>/correccion/", proofs.correction, "correction"),
            ("<int:pk>/versiones/", versions.versions, "versions"),
            ("<int:pk>/versiones/diferencia/", versions.difference, "difference"),
            ("<int:pk>/versiones/<int:number>/restauracion/", versions.restoration, "restoration"),
        ]
        return [
            path(address, self._signed_in(view), name=f"docs_kb_article_{name}")
            for address, view, name in nouns
        ] + super().get_urls()

    def _signed_in(self, view: Callable) -> Callable:
        """The view for staff; whoever has to sign in first comes back to the article, not to its noun."""
        guarded = self.admin_site.admin_view(view)

        def wrapped(request: HttpRequest, pk: int | None = None, **noun) -> HttpResponse:
            arguments = noun if pk is None else {"pk": pk, **noun}
            if self.admin_site.has_permission(request):
                return guarded(request, **arguments)
            page = reverse("admin:docs_kb_article_change", args=[pk]) if pk else reverse("admin:index")
            return redirect_to_login(page, reverse("admin:login"))

        return wrapped

    def get_deleted_objects(
        self, objs: QuerySet[Article] | list[Article], request: HttpRequest
    ) -> tuple[list, dict, set, list]:
        """What goes with an article is counted in one sentence, not listed row by row."""
        articles = list(objs)
        versions = sum(article.version for article in articles)
        counts = {"artículos": len(articles), "versiones": versions}
        return [str(article) for article in articles], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        publishing.delete_articles(articles=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        publishing.delete_articles(articles=queryset)

    @admin.action(description="Publicar", permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        return bulk.ask_or_do(request, queryset, bulk.PUBLICATION)

    @admin.action(description="Archivar", permissions=["change"])
    def archive_chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        return bulk.ask_or_do(request, queryset, bulk.ARCHIVING)

    @admin.display(description="Artículo", ordering="title")
    def guide(self, article: Article) -> str:
        place = f"{article.category} › {article.section}" if article.section else article.category
        return format_html(
            '<a class="subject" href="{}">{}</a> <br><span class="meta">{}</span>',
            reverse("admin:docs_kb_article_change", args=[article.pk]),
            article.title,
            place,
        )

    @admin.display(description="Estado", ordering="status")
    def state(self, article: Article) -> str:
        label = format_html(
            '<span class="status status--{}">{}</span>',
            editor.TONES[article.status],
            article.get_status_display(),
        )
        if editor.is_scheduled(article):
            return format_html(
                '{} <br><span class="meta">se publica {}</span>', label, dates.moment(article.publish_at)
            )
        return label

    @admin.display(description="Actualizado", ordering="modified_at")
    def updated(self, article: Article) -> str:
        return format_html(
            '{} <br><span class="meta">versión {}</span>', dates.moment(article.modified_at), article.version
        )

    @admin.display(description="Visitas, 28 días", ordering="month_views")
    def visits(self, article: Article) -> int:
        return article.month_views

    @admin.display(description="Ha servido")
    def helpful(self, article: Article) -> str:
        if not article.answers:
            return "—"
        share = round(100 * article.yeses / article.answers)
        return format_html(
            '{}\u00a0% <br><span class="meta">{} de {}</span>', share, article.yeses, article.answers
        )

    @admin.display(description="Revisar antes de", ordering="review_by")
    def review(self, article: Article) -> str:
        if article.review_by is None:
            return "—"
        said = dates.long_date(article.review_by)
        if article.review_by <= timezone.localdate() and article.status != Status.ARCHIVED:
            return format_html('{} <br><span class="late">Por revisar</span>', said)
        return said


def _unpublished(text: str) -> list[int]:
    """Articles that readers do not find, in whose title, address or keywords each word of a text occurs."""
    wanted = fold(text).split()
    rows = Article.objects.exclude(status=Status.PUBLISHED).values_list("pk", "title", "slug", "keywords")
    return [pk for pk, *texts in rows if all(word in fold(" ".join(texts)) for word in wanted)]
