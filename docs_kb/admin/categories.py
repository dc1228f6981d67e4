"""Topics, their sections, and the order that readers see."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from docs_kb import ordering, publishing
from docs_kb.admin import shelves
from docs_kb.models import Category, Section
from docs_kb.models.category import RESERVED_SLUGS


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ("name", "slug", "description")
        help_texts = {
            "slug": "Si la cambias, la antigua sigue llevando aquí.",
            "description": "Una frase, bajo el nombre: qué se encuentra aquí.",
        }

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        if slug in RESERVED_SLUGS:
            raise forms.ValidationError(
                f"«{slug}» ya es otra página de la documentación. Escribe otra dirección"
            )
        return slug


class MergeForm(forms.Form):
    """Which topic the articles of others go to."""

    into = forms.ModelChoiceField(
        label="Pasarlos a",
        queryset=Category.objects.none(),
        empty_label="Elige un tema",
        error_messages={"required": "Elige un tema", "invalid_choice": "Elige un tema de la lista"},
    )

    def __init__(self, *args, chosen: list[Category], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        others = Category.objects.exclude(pk__in=[category.pk for category in chosen])
        self.fields["into"].queryset = others


class ShelfAdmin(admin.ModelAdmin):
    """Something that holds articles: it cannot be deleted while it does, and says so in a sentence."""

    actions = ("delete_selected",)
    show_facets = admin.ShowFacets.NEVER

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        shelf = self.get_object(request, object_id)
        if shelf and self.has_delete_permission(request, shelf) and self.refused(request, [shelf]):
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", shelf.pk)
        return super().delete_view(request, object_id, extra_context)

    @admin.action(description="Borrar", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Under Django's own name: its page of confirmation comes back to that."""
        if self.refused(request, queryset):
            return None
        return admin.actions.delete_selected(self, request, queryset)

    def refused(self, request: HttpRequest, shelves: list | QuerySet) -> bool:
        """Whether any of them holds articles; says which and how many."""
        keys = [shelf.pk for shelf in shelves]
        full = self.model.objects.filter(pk__in=keys, articles__isnull=False)
        for shelf in full.annotate(number=Count("articles")).order_by("name"):
            messages.error(request, self.refusal(shelf, shelf.number))
        return bool(full)

    def refusal(self, shelf: Category | Section, number: int) -> str:
        raise NotImplementedError


@admin.register(Category)
class CategoryAdmin(ShelfAdmin):
    form = CategoryForm
    list_display = ("name", "slug", "published", "order")
    list_display_links = ("name",)
    ordering = ("position", "name", "pk")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "description")
    actions = ("merge_chosen", "delete_selected")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).with_counts()

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("orden/", wrap(shelves.topics), name="docs_kb_category_topics"),
            path("<int:pk>/orden/", wrap(shelves.topic), name="docs_kb_category_order"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool) -> None:
        if not change:
            obj.position = ordering.next_place(ordering.topics())
        publishing.save_category(category=obj)

    def view_on_site(self, category: Category) -> str:
        return category.get_absolute_url()

    @admin.display(description="guías publicadas", ordering="published_count")
    def published(self, category: Category) -> int:
        return category.published_count

    @admin.display(description="orden")
    def order(self, category: Category) -> str:
        return format_html(
            '<a href="{}" aria-label="Ordenar «{}»">Ordenar</a>',
            reverse("admin:docs_kb_category_order", args=[category.pk]),
            category.name,
        )

    def refusal(self, shelf: Category, number: int) -> str:
        return ngettext(
            "«%(name)s» no se puede borrar: tiene %(number)d artículo. Pásalo antes a otro tema.",
            "«%(name)s» no se puede borrar: tiene %(number)d artículos. Pásalos antes a otro tema.",
            number,
        ) % {"name": shelf.name, "number": number}

    @admin.action(description="Pasar sus artículos a otro tema", permissions=["change"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Category]) -> HttpResponse | None:
        chosen = list(queryset.annotate(number=Count("articles")))
        form = MergeForm(request.POST if "confirmed" in request.POST else None, chosen=chosen)
        if form.is_valid():
            into = form.cleaned_data["into"]
            moved = publishing.merge_categories(categories=chosen, into=into, author=request.user)
            said = ngettext("%(n)d artículo pasa a «%(into)s».", "%(n)d artículos pasan a «%(into)s».", moved)
            messages.success(request, said % {"n": moved, "into": into})
            return None
        context = self.admin_site.each_context(request) | {
            "title": "Pasar artículos a otro tema",
            "opts": self.opts,
            "chosen": chosen,
            "form": form,
            "errors": bool(form.errors),
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return render(request, "admin/docs_kb/category/merge.html", context)


@admin.register(Section)
class SectionAdmin(ShelfAdmin):
    list_display = ("name", "category", "number")
    list_filter = ("category",)
    list_select_related = ("category",)
    ordering = ("category__position", "category__name", "position", "name")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("category", "name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def save_model(self, request: HttpRequest, obj: Section, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.position = ordering.next_place(ordering.sections(obj.category))
        super().save_model(request, obj, form, change)

    @admin.display(description="artículos", ordering="article_count")
    def number(self, section: Section) -> int:
        return section.article_count

    def refusal(self, shelf: Section, number: int) -> str:
        return ngettext(
            "«%(name)s» no se puede borrar: tiene %(number)d artículo. Pásalo antes a otro apartado.",
            "«%(name)s» no se puede borrar: tiene %(number)d artículos. Pásalos antes a otro apartado.",
            number,
        ) % {"name": shelf.name, "number": number}
