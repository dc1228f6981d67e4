"""Where staff write articles."""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from docs_kb import markup, publishing
from docs_kb.models import Article, Section


class ArticleForm(forms.ModelForm):
    class Meta:
        model = Article
        fields = (
            "title", "slug", "category", "section", "summary", "body", "keywords", "status", "is_featured",
            "position", "updated_on", "language", "source", "licence", "source_path", "translation",
        )  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 28, "spellcheck": "true", "lang": "es"}),
            "keywords": forms.Textarea(attrs={"rows": 2}),
            "title": forms.TextInput(attrs={"size": 70}),
        }
        help_texts = {
            "title": "Una pregunta o una acción con las palabras del cliente, en 70 caracteres como mucho.",
            "summary": "La respuesta en una o dos frases; aparece en los resultados.",
            "body": "En Markdown. Los títulos empiezan por «## »; las imágenes de fuera se ven como enlaces.",
            "keywords": "Otras palabras para lo mismo, separadas por comas. Solo las lee el buscador.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        section = self.fields.get("section")
        if section:
            section.queryset = Section.objects.select_related("category").order_by("category", "position")
            section.label_from_instance = lambda item: f"{item.category.name}: {item.name}"

    def clean_body(self):
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        try:
            markup.render(body)
        except markup.MarkupRefused as refusal:
            raise forms.ValidationError(str(refusal))
        return body

    def clean(self):
        cleaned = super().clean()
        section, category = cleaned.get("section"), cleaned.get("category")
        if section and category and section.category_id != category.pk:
            self.add_error("section", f"«{section.name}» es de otro tema. Elige un apartado de «{category}».")
        return cleaned


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ("title", "category", "status", "updated_on", "is_featured")
    list_filter = ("status", "category", "translation")
    list_select_related = ("category",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "slug", "keywords")
    prepopulated_fields = {"slug": ("title",)}
    actions = ("publish_chosen", "archive_chosen")
    readonly_fields = ("on_the_site",)
    fieldsets = (
        (None, {"fields": ("title", "slug", ("category", "section"), "status", "on_the_site")}),
        ("Contenido", {"fields": ("summary", "body", "keywords")}),
        ("En la portada y en su tema", {"fields": (("is_featured", "position"), ("updated_on", "language"))}),
        ("Procedencia", {"fields": (("source", "licence"), ("source_path", "translation"))}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"updated_on": timezone.localdate()}

    @admin.display(description="en la web")
    def on_the_site(self, article: Article):
        if not article.pk or not article.is_published():
            return "Los clientes no lo ven."
        return format_html('<a href="{}">Ver la guía publicada</a>', article.get_absolute_url())

    def save_model(self, request, obj, form, change):
        publishing.save_article(article=obj)

    def delete_model(self, request, obj):
        publishing.delete_articles(articles=[obj])

    def delete_queryset(self, request, queryset):
        publishing.delete_articles(articles=queryset)

    @admin.action(description="Publicar los artículos elegidos", permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            publishing.publish(article=article)
        self.message_user(request, f"Publicados: {len(queryset)}.", messages.SUCCESS)

    @admin.action(description="Archivar los artículos elegidos", permissions=["change"])
    def archive_chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            publishing.archive(article=article)
        self.message_user(request, f"Archivados: {len(queryset)}.", messages.SUCCESS)
