"""How the team signs in: name and password, through the library, before any second factor."""

import time

from allauth.account import app_settings
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import LoginView, ReauthenticateView
from django import forms
from django.contrib.auth import get_user, logout
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from helpdesk import passkeys
from tickets.sign_in import CustomerAdapter


class StaffBackend(ModelBackend):
    """The team's passwords; whoever leaves the team is out at the next page."""

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and (user.is_staff or user.is_superuser)


class Adapter(CustomerAdapter):
    """The library's questions, answered for customers and for the team."""

    error_messages = CustomerAdapter.error_messages | {
        "username_password_mismatch": _(
            "Ese nombre de usuario y esa contraseña no coinciden con ninguna cuenta del equipo. "
            "Las mayúsculas cuentan."
        ),
        "incorrect_password": _("Esa no es tu contraseña"),
        "too_many_login_attempts": _("Demasiados intentos seguidos. Espera unos minutos y vuelve a probar."),
        "rate_limited": _("Demasiados intentos seguidos. Espera unos minutos y vuelve a probar."),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Attempts are counted before, per network and name (`desk_site.sign_in_limits`): by the library's
        count per name a stranger could lock anyone out."""

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever signed in minutes ago need not do it again."""
        return not _has_just_signed_in(self.request) and super().is_reauthentication_required(
            app=app, **kwargs
        )

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """No passkey where none works."""
        methods = super().get_reauthentication_methods(user)
        return [one for one in methods if "webauthn" not in one["id"] or passkeys.work(self.request)]


class StaffLoginForm(LoginForm):
    """The library's form, under the field names and with the words of Django's own."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        name = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = forms.CharField(
            label=_("Nombre de usuario"),
            max_length=150,
            widget=forms.TextInput(attrs=name),
            error_messages={"required": _("Escribe tu nombre de usuario")},
        )
        self.fields["password"] = _password_field()
        self.order_fields(["login", "password"])

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix("username" if field_name == "login" else field_name)


class StaffLoginView(LoginView):
    form_class = StaffLoginForm
    template_name = "admin/login.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """A customer is nobody here; the desk would send them back, in circles."""
        if not request.user.is_staff:
            request.user = AnonymousUser()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        """Whoever was signed in as a customer is so no longer."""
        if get_user(self.request).is_authenticated:
            logout(self.request)
        return super().form_valid(form)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> HttpResponseRedirect | None:
        """Back to the second factor that was asked for; a customer's code is no business of this page."""
        if stage.urlname != "mfa_authenticate":
            return None
        return super()._redirect_to_pending_stage(request, stage)

    def get_authenticated_redirect_url(self) -> str:
        return self.get_next_url() or super().get_authenticated_redirect_url()


class PasswordForm(ReauthenticateForm):
    """The password once more, before something that matters."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password_field()


class PasswordView(ReauthenticateView):
    form_class = PasswordForm
    template_name = "mfa/password.html"


def _password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Contraseña"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Escribe tu contraseña")},
    )


def _has_just_signed_in(request: HttpRequest) -> bool:
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(times) and time.time() - max(times) < app_settings.REAUTHENTICATION_TIMEOUT
