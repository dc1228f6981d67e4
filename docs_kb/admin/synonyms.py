"""The trade's synonyms: groups of words that customers use for the same thing."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from docs_kb import publishing
from docs_kb.models import Synonym
from docs_kb.search import search
from docs_kb.synonyms import ONE_WAY
from docs_kb.words import stems

LONGEST_GROUP = 1000
MOST_WORDS = 40


class SynonymForm(forms.ModelForm):
    class Meta:
        model = Synonym
        fields = ("words",)
        widgets = {"words": forms.Textarea(attrs={"rows": 4, "spellcheck": "true", "lang": "es"})}
        help_texts = {
            "words": "Separa las palabras con comas: «correo, buzón, bandeja». Valen también frases cortas. "
            "Quien busca una encuentra las guías que dicen las otras. Detrás de un «>» va lo que solo dicen "
            "las guías: «se cuelga, se congela > bloqueo»."
        }

    def clean_words(self) -> str:
        said, arrow, meant = self.cleaned_data["words"].partition(ONE_WAY)
        words = _tidy(said) + _tidy(meant)
        if len(words) < 2:
            raise forms.ValidationError("Escribe al menos dos palabras o frases, separadas con comas.")
        phrases = {phrase for word in words if (phrase := " ".join(stems(word)))}
        if len(phrases) < 2:
            raise forms.ValidationError("El buscador no distingue esas palabras. Escribe otras.")
        if any(phrases <= other for other in self._other_groups()):
            raise forms.ValidationError("Esas palabras ya están juntas en otro grupo.")
        text = ", ".join(_tidy(said)) + (f" {ONE_WAY} {', '.join(_tidy(meant))}" if arrow else "")
        if len(words) > MOST_WORDS or len(text) > LONGEST_GROUP:
            raise forms.ValidationError(
                f"Deja como mucho {MOST_WORDS} palabras; haz otro grupo con el resto."
            )
        return text

    def _other_groups(self) -> list[set[str]]:
        others = Synonym.objects.exclude(pk=self.instance.pk).values_list("words", flat=True)
        return [{" ".join(stems(word)) for word in _split(text)} for text in others]


def _split(text: str) -> list[str]:
    return [word for word in text.replace("\n", ",").replace(ONE_WAY, ",").split(",") if word.strip()]


def _tidy(text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(word.split()) for word in _split(text)))


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    form = SynonymForm
    list_display = ("words",)
    search_fields = ("words",)
    search_help_text = "Una palabra de algún grupo"
    fields = ("words",)
    list_per_page = 100
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Synonym, form: SynonymForm, change: bool) -> None:
        publishing.save_synonym(synonym=obj)
        first = _split(obj.words)[0].strip()
        found = search(first).total
        text = ngettext(
            "La búsqueda «%(word)s» encuentra ahora %(total)d guía.",
            "La búsqueda «%(word)s» encuentra ahora %(total)d guías.",
            found,
        )
        messages.info(request, text % {"word": first, "total": found})
