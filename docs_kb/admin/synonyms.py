"""The trade's synonyms."""

from django.contrib import admin

from docs_kb import publishing
from docs_kb.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ("words",)
    search_fields = ("words",)
    fields = ("words",)
    list_per_page = 100

    def save_model(self, request, obj, form, change):
        publishing.save_synonym(synonym=obj)
