"""The admin as the desk's workplace: its navigation, and on its first page what waits to be done."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from docs_kb.dates import duration
from tickets import saved_views
from tickets.models import OutboxMessage

SECTIONS = (
    ("Tickets", "tickets.view_ticket", "admin:tickets_ticket_changelist"),
    ("Clientes", "tickets.view_requester", "admin:tickets_requester_changelist"),
    ("Correos", "tickets.view_outboxmessage", "admin:tickets_outboxmessage_changelist"),
    ("Guías", "docs_kb.view_article", "admin:docs_kb_article_changelist"),
    ("Canales", "contact.view_channel", "admin:contact_channel_changelist"),
    ("Horarios", "tickets.view_schedule", "admin:tickets_schedule_changelist"),
)


class DeskSite(AdminSite):
    site_title = site_header = settings.SITE_NAME
    index_title = "Mesa de trabajo"
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict:
        return super().each_context(request) | {"sections": sections(request)}

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {"cards": cards(request.user)} | (extra_context or {}))


def sections(request: HttpRequest) -> list[dict]:
    """The parts of the desk that this member of the team may see, and which one is open."""
    places = [
        {"label": label, "url": reverse(name)}
        for label, permission, name in SECTIONS
        if request.user.is_active and request.user.has_perm(permission)
    ]
    return [place | {"is_current": request.path.startswith(place["url"])} for place in places]


def cards(user: User) -> list[dict]:
    """What waits: a name, a number, a sentence and where to go. Three queries at most."""
    return _ticket_cards(user) + _mail_cards(user)


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
