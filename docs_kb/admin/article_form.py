"""What staff write of an article: validated here, stored by `docs_kb.publishing`."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.text import slugify

from docs_kb import markup
from docs_kb.models import Article, Category, Section

MOST_RELATED = 10
# Whatever is set for later than this is a slip of the finger.
HORIZON = timedelta(days=2 * 366)
LANGUAGES = {
    "es": "Español",
    "ca": "Catalán",
    "eu": "Euskera",
    "gl": "Gallego",
    "en": "Inglés",
    "pt": "Portugués",
    "fr": "Francés",
    "de": "Alemán",
    "it": "Italiano",
}
DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
# What a reader sees: a change of any of these is a new date under the title.
READ = {"title", "summary", "body"}


class GuidesField(forms.CharField):
    """Guides by their slugs, one a line; whole addresses are understood too."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"})

    def clean(self, value: object) -> list[Article]:
        wanted = list(dict.fromkeys(filter(None, map(slug_of, super().clean(value).splitlines()))))
        if len(wanted) > MOST_RELATED:
            raise forms.ValidationError(f"Elige {MOST_RELATED} guías como mucho")
        found = {a.slug: a for a in Article.objects.for_lists().filter(slug__in=wanted)}
        missing = [f"«{slug}»" for slug in wanted if slug not in found]
        if missing:
            raise forms.ValidationError(f"No hay ninguna guía con la dirección {', '.join(missing)}")
        return [found[slug] for slug in wanted]

    def has_changed(self, initial: object, data: object) -> bool:
        return (initial or "").split() != (data or "").split()


class GuideField(GuidesField):
    """One guide, or none."""

    widget = forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"})

    def clean(self, value: object) -> Article | None:
        found = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError("Elige una sola guía")
        return found[0] if found else None


class SectionChoices(forms.models.ModelChoiceIterator):
    """The sections under the names of their topics."""

    def __iter__(self):
        yield "", self.field.empty_label
        groups: dict[str, list] = {}
        for section in self.queryset.select_related("category"):
            groups.setdefault(section.category.name, []).append(self.choice(section))
        yield from groups.items()


class SectionField(forms.ModelChoiceField):
    iterator = SectionChoices


class ArticleForm(forms.ModelForm):
    """An article's words and what goes with them. `version` is the one that its author had before them."""

    use_required_attribute = False
    error_css_class = "errors"

    section = SectionField(
        label="Apartado",
        queryset=Section.objects.order_by("category__position", "category__name", "position", "name"),
        required=False,
        empty_label="Sin apartado",
    )
    related = GuidesField(
        label="Guías relacionadas", required=False, help_text="La dirección de cada una, en una línea."
    )
    replacement = GuideField(
        label="Guía que la sustituye",
        required=False,
        help_text="Adónde se manda a quien llegue cuando esté archivada. Puede quedar vacía.",
    )
    language = forms.ChoiceField(label="Idioma", choices=LANGUAGES.items())
    note = forms.CharField(
        label="Qué has cambiado (opcional)",
        max_length=200,
        required=False,
        help_text="Se lee en la lista de versiones.",
    )
    is_minor = forms.BooleanField(
        label="Corrección menor: dejar la fecha que leen los clientes", required=False
    )
    version = forms.Field(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = (
            "title", "slug", "category", "section", "summary", "body", "keywords", "is_featured",
            "publish_at", "review_by", "language", "source", "licence", "source_path", "translation",
        )  # fmt: skip
        widgets = {
            "title": forms.TextInput(attrs={"data-counter": 70, "autocomplete": "off"}),
            "slug": forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
            "summary": forms.Textarea(attrs={"rows": 3, "spellcheck": "true"}),
            "body": forms.Textarea(attrs={"rows": 26, "spellcheck": "true"}),
            "keywords": forms.Textarea(attrs={"rows": 3}),
            "publish_at": MOMENT,
            "review_by": DATE,
        }
        labels = {
            "title": "Título",
            "slug": "Dirección",
            "category": "Tema",
            "summary": "Resumen",
            "body": "Texto",
            "keywords": "Palabras que usaría el cliente",
            "is_featured": "Está en «Para empezar» de la portada",
            "publish_at": "Publicar el",
            "review_by": "Revisar antes de",
        }
        help_texts = {
            "title": "Una pregunta o una acción con las palabras del cliente, en 70 caracteres.",
            "summary": "La respuesta en una o dos frases; es lo que se lee en los resultados.",
            "keywords": "Otras palabras para lo mismo, separadas por comas. Solo las lee el buscador.",
            "publish_at": "",
        }
        error_messages = {
            "title": {"required": "Escribe un título"},
            "category": {"required": "Elige un tema", "invalid_choice": "Elige un tema de la lista"},
            "publish_at": {"invalid": "Escribe un día y una hora"},
            "review_by": {"invalid": "Escribe un día del calendario"},
            "slug": {
                "unique": "Otra guía tiene ya esta dirección. Escribe otra",
                "invalid": "Usa solo letras sin tilde, números y guiones",
            },
        }
        field_classes = {"publish_at": forms.DateTimeField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        self.fields["category"].empty_label = "Elige un tema"
        self.fields["slug"].required = False
        self.fields["slug"].help_text = (
            "Si la cambias, la antigua sigue llevando aquí." if article.pk else "Vacía, se hace del título."
        )
        if article.language not in LANGUAGES:
            self.fields["language"].choices = [*LANGUAGES.items(), (article.language, article.language)]
        self.fields["body"].widget.attrs["lang"] = article.language
        self.initial["version"] = article.version
        if article.pk and "related" not in self.initial:
            self.initial["related"] = "\n".join(article.related.values_list("slug", flat=True))
        if article.replacement_id and "replacement" not in self.initial:
            self.initial["replacement"] = article.replacement.slug

    def disable(self) -> None:
        """For whoever may only look."""
        for field in self.fields.values():
            field.disabled = True

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_version(self) -> int:
        """A version that cannot be the stored one, 0, where none that we wrote came back."""
        text = str(self.cleaned_data["version"] or "")
        return int(text[:9]) if text.isascii() and text.isdecimal() else 0

    def clean_review_by(self) -> date | None:
        day = self.cleaned_data["review_by"]
        if day and "review_by" in self.changed_data and day > timezone.localdate() + HORIZON:
            raise forms.ValidationError("Elige un día de los próximos dos años")
        return day

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        try:
            markup.render(body, body_format=self.instance.body_format)
        except markup.MarkupRefused as refusal:
            raise forms.ValidationError(str(refusal))
        return body

    def clean(self) -> dict:
        cleaned = super().clean()
        self._settle_slug(cleaned)
        section, category = cleaned.get("section"), cleaned.get("category")
        if section and category and section.category_id != category.pk:
            self.add_error("section", f"«{section.name}» es de otro tema. Elige un apartado de «{category}».")
        if self.instance.pk:
            self._refuse_itself(cleaned)
        return cleaned

    def _settle_slug(self, cleaned: dict) -> None:
        if "slug" not in cleaned:
            return
        slug = cleaned["slug"].lower() or slugify(cleaned.get("title", ""))[:100].strip("-")
        if not slug and cleaned.get("title"):
            self.add_error("slug", "Del título no sale ninguna dirección. Escribe una")
        cleaned["slug"] = slug

    def _refuse_itself(self, cleaned: dict) -> None:
        if cleaned.get("replacement") == self.instance:
            self.add_error("replacement", "Una guía no puede sustituirse a sí misma")
        cleaned["related"] = [guide for guide in cleaned.get("related") or [] if guide != self.instance]

    def _post_clean(self) -> None:
        super()._post_clean()
        if "replacement" in self.cleaned_data:
            self.instance.replacement = self.cleaned_data["replacement"]
        if READ & set(self.changed_data) and not self.cleaned_data.get("is_minor"):
            self.instance.updated_on = timezone.localdate()

    def shown(self) -> Article:
        """The article as it is being written, right or wrong: for a preview, never to be stored."""
        self.is_valid()
        draft = self.instance
        for name in ("title", "summary", "body"):
            setattr(draft, name, (self[name].value() or "").replace("\r\n", "\n"))
        draft.title = draft.title.strip() or "Sin título"
        draft.slug = draft.slug or "vista-previa"
        if draft.category_id is None:
            draft.category = Category(name="Sin tema", slug="sin-tema")
        return draft

    def guides(self, name: str) -> list[Article]:
        """The guides that a field names, for the list beside it; those that exist not are left out."""
        slugs = [slug_of(line) for line in (self[name].value() or "").splitlines()]
        found = {a.slug: a for a in Article.objects.for_lists().filter(slug__in=slugs[: 2 * MOST_RELATED])}
        return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]


def slug_of(text: str) -> str:
    """The slug in what somebody wrote for a guide: the slug itself, a path or a whole address."""
    return text.strip().split("#")[0].split("?")[0].rstrip("/").rpartition("/")[2].lower()
