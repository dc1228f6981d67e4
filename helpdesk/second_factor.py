"""The team's second factor: an app's code or a passkey, through the library, on pages of the desk.

Where `STAFF_SECOND_FACTOR` is on (production), whoever has given only a password is nobody but on these
pages: neither the admin nor any other page that asks who they are lets them in.
"""

import logging
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk import passkeys, sealed
from helpdesk.staff_sign_in import PasswordView
from tickets import notifications

log = logging.getLogger(__name__)
PLACE = "admin/segundo-factor/"
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Adapter(DefaultMFAAdapter):
    """The library's questions about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Es tu único segundo factor: añade otro antes de quitarlo"),
        "incorrect_code": _("Ese código no coincide. Escribe el que se ve ahora"),
    }

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.SITE_NAME}

    def encrypt(self, text: str) -> str:
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed under a key that is gone is as good as lost: then no code is the right one."""
        try:
            return sealed.unseal(encrypted_text)
        except sealed.Unreadable:
            log.error("a second factor was sealed under a SECRET_KEY that is not in SECRET_KEY_FALLBACKS")
            return generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where one is asked for, the last one stays."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=KINDS)
        return not settings.STAFF_SECOND_FACTOR or others.exclude(pk=authenticator.pk).exists()


# --- Who is let in ----------------------------------------------------------------------------


class SecondFactorMiddleware:
    """Whoever of the team has given only a password is anonymous everywhere but on these pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR and not request.path_info.startswith(f"/{PLACE}"):
            signed_in = request.user
            request.user = SimpleLazyObject(lambda: _admitted(request, signed_in))
        return self.get_response(request)


def is_halfway(request: HttpRequest) -> bool:
    """Whether this session has given the right password and still owes a second factor."""
    return settings.STAFF_SECOND_FACTOR and "_second_factor_owed" in request.__dict__


def has_given(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was given, or set up, in this very session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def _admitted(request: HttpRequest, user: User) -> User | AnonymousUser:
    if user.is_authenticated and (user.is_staff or user.is_superuser) and not has_given(request, user):
        request._second_factor_owed = True
        return AnonymousUser()
    return user


def reset(user: User, *, by: User | None) -> str:
    """Take away all second factors of someone who has lost them, tell them, and note it in the admin's
    history; `by` is None at the console. What was taken away, in words; empty when there was nothing."""
    with transaction.atomic():
        kinds = Authenticator.objects.filter(user=user).order_by("pk").values_list("type", flat=True)
        removed = list(kinds)
        if not removed:
            return ""
        Authenticator.objects.filter(user=user).delete()
        where = "" if by else " desde la consola"
        names = _in_words(removed)
        LogEntry.objects.log_actions(
            (by or user).pk,
            User.objects.filter(pk=user.pk),
            CHANGE,
            f"Segundo factor quitado{where}: {names}.",
            single_object=True,
        )
        notifications.second_factor_changed(user, "reset")
    return names


def _in_words(kinds: list[str]) -> str:
    keys = kinds.count(Authenticator.Type.WEBAUTHN)
    names = ["aplicación de códigos"] if Authenticator.Type.TOTP in kinds else []
    names += [f"{keys} llave{'s' if keys > 1 else ''} de acceso"] if keys else []
    names += ["códigos de recuperación"] if Authenticator.Type.RECOVERY_CODES in kinds else []
    return ", ".join(names)


# --- Pages ------------------------------------------------------------------------------------


class Told:
    """A change of one's second factor, with the mail about it in the same transaction."""

    change = ""

    def form_valid(self, form) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            notifications.second_factor_changed(self.request.user, self.change)
        return response


class Given(Told):
    """What has just been set up is a second factor given."""

    kind = ""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type=self.kind)
        return response


class ActivateTOTP(Given, totp.ActivateTOTPView):
    change, kind = "app_added", Authenticator.Type.TOTP


class DeactivateTOTP(Told, totp.DeactivateTOTPView):
    change = "app_removed"


class NewRecoveryCodes(Told, recovery_codes.GenerateRecoveryCodesView):
    change = "codes_made"


class AddPasskey(Given, webauthn.AddWebAuthnView):
    change, kind = "passkey_added", Authenticator.Type.WEBAUTHN


class RemovePasskey(Told, webauthn.RemoveWebAuthnView):
    change = "passkey_removed"

    def form_valid(self, form) -> HttpResponse:
        adapter = Adapter()
        if not adapter.can_delete_authenticator(self.object):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            return self.form_invalid(form)
        return super().form_valid(form)


@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """The secret of the app that is being set up, as a picture: an image of our own, as the policy asks."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = Adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml")


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Forget the password that was given, and sign in as somebody else."""
    return _out(request)


def _out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("admin:login")


def _owes_one(request: HttpRequest) -> bool:
    """Whether this session began with a password alone, before there was the second factor that it has not
    given: with its password it could add one of its own."""
    if not settings.STAFF_SECOND_FACTOR or has_given(request, request.user):
        return False
    return Authenticator.objects.filter(user=request.user, type__in=KINDS).exists()


def desk_page(view: Callable, title: str = "") -> Callable:
    """A page of the library in the frame of the desk, for the team alone."""

    @wraps(view)
    def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not request.user.is_staff:
            raise PermissionDenied
        if _owes_one(request):
            return _out(request)
        return _frame(request, view(request, *args, **kwargs), title)

    return framed


def entrance_page(view: Callable, title: str) -> Callable:
    """The page between the password and the desk, for whoever has given the first."""

    @wraps(view)
    def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return _frame(request, view(request, *args, **kwargs), title)

    return framed


def _frame(request: HttpRequest, response: HttpResponse, title: str) -> HttpResponse:
    context = getattr(response, "context_data", None)
    if context is not None:
        frame = admin.site.each_context(request) | {
            "title": title,
            "is_required": settings.STAFF_SECOND_FACTOR,
            "passkeys_work": passkeys.work(request),
            "passkey_place": passkeys.place(request),
        }
        if settings.STAFF_SECOND_FACTOR and not has_given(request, request.user):
            frame |= {"sections": [], "is_halfway": True}
        response.context_data = context | frame
    return response


urlpatterns = [
    path("", desk_page(base.index, "Segundo factor"), name="mfa_index"),
    path("entrar/", entrance_page(base.authenticate, "Segundo factor"), name="mfa_authenticate"),
    path("volver-a-empezar/", start_over, name="second_factor_start_over"),
    path("confirmar/", desk_page(base.reauthenticate, "Confirma que eres tú"), name="mfa_reauthenticate"),
    path(
        "contrasena/",
        desk_page(PasswordView.as_view(), "Confirma que eres tú"),
        name="account_reauthenticate",
    ),
    path("aplicacion/", desk_page(ActivateTOTP.as_view(), "Aplicación de códigos"), name="mfa_activate_totp"),
    path("aplicacion/qr.svg", desk_page(qr_code), name="second_factor_qr"),
    path(
        "aplicacion/quitar/",
        desk_page(DeactivateTOTP.as_view(), "Quitar la aplicación"),
        name="mfa_deactivate_totp",
    ),
    path("llaves/", desk_page(webauthn.list_webauthn, "Llaves de acceso"), name="mfa_list_webauthn"),
    path("llaves/nueva/", desk_page(AddPasskey.as_view(), "Llave de acceso nueva"), name="mfa_add_webauthn"),
    path(
        "llaves/confirmar/",
        desk_page(webauthn.reauthenticate_webauthn, "Confirma que eres tú"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "llaves/<int:pk>/quitar/",
        desk_page(RemovePasskey.as_view(), "Quitar la llave"),
        name="mfa_remove_webauthn",
    ),
    path(
        "llaves/<int:pk>/nombre/",
        desk_page(webauthn.edit_webauthn, "Nombre de la llave"),
        name="mfa_edit_webauthn",
    ),
    path(
        "codigos/",
        desk_page(recovery_codes.view_recovery_codes, "Códigos de recuperación"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "codigos/nuevos/",
        desk_page(NewRecoveryCodes.as_view(), "Códigos de recuperación nuevos"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codigos/descargar/",
        desk_page(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
