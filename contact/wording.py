"""The sentences that name several channels at once, or promise something."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from contact.availability import Availability, ChannelState, Situation
from contact.models import Channel
from docs_kb.dates import before, clock, opening

MAINLAND = "Europe/Madrid"
CANARIES = ZoneInfo("Atlantic/Canary")
# «Atendemos …»: with its preposition, as each name wants its own.
BY = {
    Channel.Kind.WHATSAPP: "por WhatsApp",
    Channel.Kind.PHONE: "por teléfono",
    Channel.Kind.CHAT: "por chat",
}


def time_now(now: datetime) -> str:
    """«Son las 18:42 h (hora peninsular; 17:42 h en Canarias).»"""
    local = timezone.localtime(now)
    verb = "Es la" if local.hour == 1 else "Son las"
    if timezone.get_current_timezone_name() != MAINLAND:
        return f"{verb} {clock(local)}."
    islands = now.astimezone(CANARIES)
    return f"{verb} {clock(local)} (hora peninsular; {clock(islands.time())} en Canarias)."


def attended_now(situation: Situation) -> str:
    """Who can be spoken to now and until when, or when the first channel opens; empty with no hours."""
    timed = [state for state in situation.states if state.kind in BY and state.calendar]
    answering = [state for state in timed if state.is_open]
    if answering:
        parts = [f"{BY[state.kind]} {state.until_text}".strip() for state in answering]
        return _("Hoy atendemos %(channels)s.") % {"channels": _and(parts)}
    # The chat's hours alone promise nobody, so it is named only while it answers.
    waiting = [state for state in timed if state.next_opening and state.kind != Channel.Kind.CHAT]
    reopening = min((state.next_opening for state in waiting), default=None)
    if reopening is None:
        return ""
    return _("Volvemos a atender %(channels)s %(opening)s.") % {
        "channels": _and([BY[state.kind] for state in waiting if state.next_opening == reopening]),
        "opening": opening(reopening, situation.now),
    }


def answer_promise(due: datetime | None, now: datetime) -> str:
    """«te responderemos antes de las 13:14 h de hoy», or by mail when nothing is promised."""
    return f"te responderemos {before(due, now)}" if due else "te responderemos por correo"


def chat_sentence(state: ChannelState | None, due: datetime | None, now: datetime) -> str:
    """What the chat page says in each of its states, the shut-down one (None) included."""
    if state is None:
        return _("Ahora no atendemos por chat. Abre un ticket: %(promise)s.") % {
            "promise": answer_promise(due, now)
        }
    match state.availability:
        case Availability.UNSTAFFED:
            return _(
                "Ahora mismo no hay nadie en el chat. Comprueba la disponibilidad más tarde o abre un "
                "ticket: %(promise)s."
            ) % {"promise": answer_promise(due, now)}
        case Availability.OUT_OF_HOURS | Availability.HOLIDAY if state.next_opening:
            return _("El chat %(opening)s.") % {"opening": state.opening_text}
        case Availability.OUT_OF_HOURS | Availability.HOLIDAY:
            return _("El chat está cerrado.")
        case Availability.PAUSED:
            return state.channel.pause_message
        case Availability.UNKNOWN:
            return _("No hemos podido comprobar si el chat está disponible.")
    return _("El chat ya está disponible.")


def _and(parts: list[str]) -> str:
    return " y ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
