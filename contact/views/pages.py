"""The contact page and the chat's door: how to reach us, and whether someone answers now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from contact import recommendation, timetable, wording
from contact.availability import Availability
from contact.context_processors import situation_of
from contact.structured_data import organization
from docs_kb.page_cache import reader_page

REASONS = (
    (recommendation.Reason.URGENT, "Es urgente"),
    (recommendation.Reason.DOUBT, "Tengo una duda"),
    (recommendation.Reason.TICKET, "Es sobre un ticket que ya abrí"),
)
# Where a second look may find the chat open within minutes; otherwise the ticket comes first.
SOON_TO_CHANGE = (Availability.UNSTAFFED, Availability.UNKNOWN)


@require_safe
@cache_control(no_store=True)
@reader_page
def home(request: HttpRequest) -> HttpResponse:
    """`/contacto/`: `?motivo=` changes the recommendation and nothing else."""
    situation = situation_of(request)
    today = timezone.localdate(situation.now)
    reason = recommendation.reason_from(request.GET.get("motivo", ""))
    context = {
        "nav": "contact",
        "time_now": wording.time_now(situation.now),
        "attended_now": wording.attended_now(situation),
        "recommendation": recommendation.recommend(situation, reason),
        "reason": reason,
        "reasons": REASONS,
        "states": [
            (state, timetable.rows(state.calendar, today) if state.calendar else [])
            for state in situation.states
        ],
        "has_whatsapp": situation.of("whatsapp") is not None,
        "chat_sentence": wording.chat_sentence(
            situation.of("chat"), situation.first_response_due, situation.now
        ),
        "special_dates": timetable.special_dates(situation, today),
        "structured_data": organization(situation),
    }
    return render(request, "contact/home.html", context)


@require_safe
@cache_control(no_store=True)
def chat(request: HttpRequest) -> HttpResponse:
    """`/contacto/chat/`: its state in one sentence; only that part when a script asks for it."""
    situation = situation_of(request)
    state = situation.of("chat")
    context = {
        "nav": "contact",
        "state": state,
        "sentence": wording.chat_sentence(state, situation.first_response_due, situation.now),
        "look_again_first": state is not None and state.availability in SOON_TO_CHANGE,
        "other_ways": [s for s in situation.states if s.kind in wording.BY and s.is_open],
        "rows": timetable.rows(state.calendar, timezone.localdate(situation.now))
        if state and state.calendar
        else [],
    }
    wants_fragment = "HX-Request" in request.headers or request.GET.get("fragmento") == "1"
    template = "contact/_chat_availability.html" if wants_fragment else "contact/chat.html"
    return render(request, template, context)
