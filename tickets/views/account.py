"""Mi Cuenta: entering with a mailed code, leaving, one's own tickets and one's name."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from docs_kb.throttle import Throttled
from tickets import access, own_tickets, sign_in
from tickets.forms import AddressForm, CodeForm, NameForm
from tickets.search import Search
from tickets.sign_in import Pending
from tickets.views.private import private, slow_down
from tickets.views.redrawing import UNSENT

# Makes the next page forget what was typed in this tab (static/js/forget-words.js).
FORGET_WORDS = "forget-words"

# --- Entering ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@private
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for a code; the answer is the same whether or not the address is known."""
    form = AddressForm(request.POST or None, initial={"email": _address_asked_before(request)})
    if request.method != "POST":
        return _address_page(request, form)
    if not form.is_valid():
        return _address_page(request, form, status=UNSENT)
    if minutes := sign_in.minutes_of_pause(request):
        return _address_page(request, form, status=429, notice=_pause(minutes))
    email = form.cleaned_data["email"]
    waiting = sign_in.pending(request)
    if waiting and waiting.is_for(email) and waiting.resend_in:
        messages.warning(request, _("Acabamos de enviarte uno. Espera un minuto"))
        return redirect("tickets:sign_in_code")
    return _ask(request, email, _next(request), renews=waiting is not None and waiting.is_for(email))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def enter_code(request: HttpRequest) -> HttpResponse:
    """Give the code back; looking at the page spends nothing."""
    waiting = sign_in.pending(request)
    if waiting is None:
        notice = _("Escribe el código en la ventana donde lo pediste, o pide uno nuevo aquí")
        return _address_page(request, AddressForm(), notice=notice)
    if request.method != "POST":
        return _code_page(request, CodeForm(), waiting)
    form = CodeForm(request.POST)
    if waiting.has_expired:
        return _code_page(request, form, waiting, status=UNSENT)
    if form.is_valid() and waiting.is_right(form.cleaned_data["code"]):
        return _entered(request, form, waiting)
    if waiting.tries_left <= 0:
        return _address_page(request, AddressForm(), status=429, notice=_pause(sign_in.PAUSE_SECONDS // 60))
    if not form.errors:
        form.add_error("code", _wrong(waiting.tries_left))
    return _code_page(request, form, waiting, status=UNSENT)


@require_POST
@private
def resend(request: HttpRequest) -> HttpResponse:
    """Another code for the same address, which cancels the one before."""
    waiting = sign_in.pending(request)
    if waiting is None:
        return redirect("tickets:sign_in_code")
    if waiting.resend_in:
        messages.warning(request, _("Acabamos de enviarte uno. Espera un minuto"))
        return redirect("tickets:sign_in_code")
    return _ask(request, waiting.email, waiting.next_address, renews=True)


@require_POST
@private
def leave(request: HttpRequest) -> HttpResponse:
    """End the session with all that it has opened."""
    logout(request)
    messages.success(request, _("Has salido de Mi Cuenta"), extra_tags=FORGET_WORDS)
    response = redirect("my_account")
    response.delete_cookie(access.MARK_COOKIE, samesite="Lax")
    return response


def _ask(request: HttpRequest, email: str, next_address: str, *, renews: bool) -> HttpResponse:
    if throttled := sign_in.too_many(request, email):
        return _wait_page(request, throttled)
    sign_in.ask(request, email, next_address=next_address)
    if renews:
        messages.success(request, _("Te hemos enviado otro código. El anterior ya no sirve."))
    return redirect("tickets:sign_in_code")


def _entered(request: HttpRequest, form: CodeForm, waiting: Pending) -> HttpResponse:
    remember = form.cleaned_data["remember"]
    response = waiting.finish(remember=remember, otherwise=reverse("my_account"))
    if access.signed_in_requester(request):
        messages.success(request, _("Has entrado como %s") % waiting.email)
        lives = settings.REMEMBERED_SECONDS if remember else settings.SESSION_COOKIE_AGE
        response.set_cookie(
            access.MARK_COOKIE,
            "1",
            max_age=2 * lives,
            httponly=True,
            samesite="Lax",
            secure=settings.PRODUCTION,
        )
    return response


def _address_page(
    request: HttpRequest, form: AddressForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    context = {"form": form, "notice": notice, "next": _next(request)}
    return render(request, "account/enter.html", context, status=status)


def _code_page(request: HttpRequest, form: CodeForm, waiting: Pending, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "waiting": waiting}
    return render(request, "account/enter_code.html", context, status=status)


def _wait_page(request: HttpRequest, throttled: Throttled) -> HttpResponse:
    return slow_down(render(request, "429.html", {"retry_at": throttled.retry_at}), throttled)


def _wrong(tries_left: int) -> str:
    sentence = ngettext(
        "Ese código no coincide. Te queda %(number)s intento",
        "Ese código no coincide. Te quedan %(number)s intentos",
        tries_left,
    )
    return sentence % {"number": tries_left}


def _pause(minutes: int) -> str:
    sentence = ngettext(
        "Demasiados intentos. Pide un código nuevo dentro de %(number)s minuto",
        "Demasiados intentos. Pide un código nuevo dentro de %(number)s minutos",
        minutes,
    )
    return sentence % {"number": minutes}


def _address_asked_before(request: HttpRequest) -> str:
    waiting = sign_in.pending(request)
    return waiting.email if waiting else ""


def _next(request: HttpRequest) -> str:
    """Where to go after entering: a page of ours, or nothing."""
    address = request.POST.get("next") or request.GET.get("next", "")
    return address if sign_in.is_own_address(address) else ""


# --- One's own tickets ------------------------------------------------------------------------


@require_safe
@private
def tickets(request: HttpRequest) -> HttpResponse:
    """All tickets of the signed-in customer; for anyone else those that this session has opened."""
    requester = access.signed_in_requester(request)
    mine = own_tickets.of(requester) if requester else access.opened_tickets(request)
    if requester is None and not mine.exists():
        return redirect(f"{reverse('tickets:sign_in')}?next={request.path}")
    search = Search(mine, request.GET.get("q", ""), request.GET.get("ver", ""))
    page = own_tickets.page(search.found, request.GET.get("pagina", ""))
    context = {"nav": "tickets", "search": search, "page_obj": page, "is_guest": requester is None}
    return render(request, "tickets/my_tickets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def name(request: HttpRequest) -> HttpResponse:
    """How the team should call the signed-in customer."""
    requester = access.signed_in_requester(request)
    if requester is None:
        return redirect(f"{reverse('tickets:sign_in')}?next={request.path}")
    form = NameForm(request.POST or None, initial={"name": requester.name})
    if request.method == "POST" and form.is_valid():
        requester.name = form.cleaned_data["name"]
        requester.save(update_fields=["name"])
        messages.success(request, _("Nombre guardado"))
        return redirect("my_account")
    return render(request, "account/name.html", {"form": form}, status=UNSENT if form.errors else 200)
