"""Topics, their sections, and the order that readers see."""

from django.contrib import admin

from docs_kb.models import Category, Section


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "position", "published")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "description", "position")

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    @admin.display(description="guías publicadas", ordering="published_count")
    def published(self, category: Category) -> int:
        return category.published_count


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ("name", "category", "position")
    list_filter = ("category",)
    list_select_related = ("category",)
    prepopulated_fields = {"slug": ("name",)}
    fields = ("category", "name", "slug", "position")
