"""The team's accounts: who may sign in and in which groups, kept by superusers alone."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from helpdesk import second_factor

admin.site.unregister(User)
# The groups and their rights come with migrations: the code knows them by name.
admin.site.unregister(Group)
# Kept by the library; addresses of customers are in their own table.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Rights come with groups, never one by one. Whoever hands them out could take them: superusers only."""

    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "groups"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Persona", {"fields": ["first_name", "last_name", "email"]}),
        ("Acceso", {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        ("Fechas", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    actions = ["forget_second_factor"]
    add_form = UserCreationForm
    add_fieldsets = [(None, {"fields": ["username", "password1", "password2"]})]

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Whoever gets an account here is one of the team."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """The team: whoever entered Mi Cuenta with a code is no account to be given rights."""
        return super().get_queryset(request).filter(requester=None)

    @admin.action(description="Quitar el segundo factor a quien lo ha perdido")
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        number = sum(bool(second_factor.reset(user, by=request.user)) for user in queryset)
        text = ngettext(
            "Segundo factor quitado a %(number)s persona.",
            "Segundo factor quitado a %(number)s personas.",
            number,
        )
        self.message_user(request, text % {"number": number}, messages.SUCCESS)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple, help_text="", **kwargs
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser
