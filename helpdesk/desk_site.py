"""The admin as the desk's workplace: its navigation, and on its first page what waits to be done."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from docs_kb import feedback, search_report
from docs_kb.dates import duration
from docs_kb.models import Article
from docs_kb.throttle import Limit, hit_all, network_of
from helpdesk import second_factor
from helpdesk.staff_sign_in import StaffLoginView
from tickets import saved_views
from tickets.models import OutboxMessage

SECTIONS = (
    ("Tickets", "tickets.view_ticket", "admin:tickets_ticket_changelist"),
    ("Clientes", "tickets.view_requester", "admin:tickets_requester_changelist"),
    ("Correos", "tickets.view_outboxmessage", "admin:tickets_outboxmessage_changelist"),
    ("Guías", "docs_kb.view_article", "admin:docs_kb_article_changelist"),
    ("Búsquedas", "docs_kb.change_searchquery", "admin:docs_kb_searchquery_changelist"),
    ("Canales", "contact.view_channel", "admin:contact_channel_changelist"),
    ("Horarios", "tickets.view_schedule", "admin:tickets_schedule_changelist"),
    ("Avisos", "tickets.change_servicenotice", "admin:tickets_servicenotice_changelist"),
)


SEARCH_DAYS, OPINION_DAYS = 7, 28
LONGEST_TOP = 5
QUARTER_OF_AN_HOUR = 15 * 60


class DeskSite(AdminSite):
    site_title = site_header = settings.SITE_NAME
    index_title = "Mesa de trabajo"
    empty_value_display = "—"
    enable_nav_sidebar = False

    def get_urls(self) -> list:
        """Without the library's way to any object's page by its number, which asks for no right to see it."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def each_context(self, request: HttpRequest) -> dict:
        return super().each_context(request) | {"sections": sections(request)}

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Name and password, through the library; nobody may try one password after another."""
        if request.method == "POST" and (throttled := hit_all(sign_in_limits(request))):
            page = render(request, "429.html", {"retry_at": throttled.retry_at}, status=429)
            page.headers["Retry-After"] = str(throttled.retry_after)
            return page
        if request.user.is_anonymous and second_factor.is_halfway(request):
            return redirect("mfa_index")
        context = self.each_context(request) | {"title": "Entrada del equipo", "subtitle": None}
        return StaffLoginView.as_view(extra_context=context | (extra_context or {}))(request)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"cards": cards(request.user), "documentation": documentation(request.user)}
        return super().index(request, context | (extra_context or {}))


def sign_in_limits(request: HttpRequest) -> list[Limit]:
    """Attempts for a name from one network, and for any name from there: a stranger locks nobody out."""
    network, name = network_of(request), request.POST.get("username", "").strip().lower()[:150]
    return [
        Limit("sign-in", f"{network} {name}", limit=20, seconds=QUARTER_OF_AN_HOUR),
        Limit("sign-in", network, limit=200, seconds=QUARTER_OF_AN_HOUR),
    ]


def sections(request: HttpRequest) -> list[dict]:
    """The parts of the desk that this member of the team may see, and which one is open."""
    places = [
        {"label": label, "url": reverse(name)}
        for label, permission, name in SECTIONS
        if request.user.is_active and request.user.has_perm(permission)
    ]
    return [place | {"is_current": request.path.startswith(place["url"])} for place in places]


def cards(user: User) -> list[dict]:
    """What waits: a name, a number, a sentence and where to go. Five queries at most."""
    return _ticket_cards(user) + _mail_cards(user) + _documentation_cards(user)


def documentation(user: User) -> dict | None:
    """For whoever keeps the guides: what fails most. Two queries."""
    if not user.has_perm("docs_kb.change_searchquery"):
        return None
    return {
        "searches": search_report.fruitless(days=SEARCH_DAYS, limit=LONGEST_TOP),
        "guides": feedback.least_helpful(days=OPINION_DAYS, limit=LONGEST_TOP),
        "search_days": SEARCH_DAYS,
        "opinion_days": OPINION_DAYS,
        "can_begin": user.has_perm("docs_kb.add_article"),
    }


def _ticket_cards(user: User) -> list[dict]:
    if not user.has_perm("tickets.view_ticket"):
        return []
    counts, since = saved_views.counts(user), saved_views.longest_wait_since()
    wait = f"La espera más larga: {duration(timezone.now() - since)}" if since else "Nadie espera respuesta"
    sentences = {
        "sin-responder": wait,
        "sin-asignar": "Abiertos que aún no lleva nadie",
        "mios": "Abiertos que llevas tú",
    }
    address = reverse("admin:tickets_ticket_changelist")
    return [
        {
            "label": saved_views.VIEWS[name][0],
            "number": counts[name],
            "sentence": sentence,
            "url": f"{address}?vista={name}",
            "is_pressing": name == "sin-responder" and counts[name] > 0,
        }
        for name, sentence in sentences.items()
    ]


def _mail_cards(user: User) -> list[dict]:
    if not user.has_perm("tickets.view_outboxmessage"):
        return []
    number = OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED).count()
    return [
        {
            "label": "Correos no entregados",
            "number": number,
            "sentence": "Se pueden enviar otra vez" if number else "Todo ha salido",
            "url": reverse("admin:tickets_outboxmessage_changelist") + "?state__exact=failed",
            "is_pressing": number > 0,
        }
    ]


def _documentation_cards(user: User) -> list[dict]:
    """For whoever keeps the guides: what is asked in vain, and what has to be read again."""
    if not user.has_perm("docs_kb.change_searchquery"):
        return []
    fruitless = search_report.fruitless_count(days=SEARCH_DAYS)
    stale = Article.objects.published().filter(review_by__lte=timezone.localdate()).count()
    return [
        {
            "label": "Búsquedas sin resultado",
            "number": fruitless,
            "sentence": "En los últimos 7 días" if fruitless else "Todo lo buscado en 7 días encontró algo",
            "url": reverse("admin:docs_kb_searchquery_changelist") + f"?dias={SEARCH_DAYS}",
            "is_pressing": False,
        },
        {
            "label": "Guías por revisar",
            "number": stale,
            "sentence": "Su fecha de revisión ha llegado" if stale else "Ninguna ha llegado a su fecha",
            "url": reverse("admin:docs_kb_article_changelist") + "?revision=pasada",
            "is_pressing": stale > 0,
        },
    ]
