"""«Ahora, lo más rápido»: the one way that fits what the customer needs at this moment."""

from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from contact.availability import ChannelState, Situation
from contact.models import Channel
from contact.wording import answer_promise


class Reason(StrEnum):
    """`?motivo=` of the contact page; URL values are Spanish."""

    URGENT = "urgente"
    DOUBT = "duda"
    TICKET = "ticket"
    UNSAID = ""


def reason_from(text: str) -> Reason:
    """The reason an address names; anything unknown counts as unsaid."""
    return Reason(text) if text in list(Reason) else Reason.UNSAID


@dataclass(frozen=True)
class Recommendation:
    """What to do, why, and the link that does it; `also` is a second link (label, url)."""

    name: str
    sentence: str
    action: str
    url: str
    opens_elsewhere: bool = False
    also: tuple[str, str] | None = None


# Somebody to talk to is what an urgency needs first; otherwise the order of the list.
URGENT_ORDER = (Channel.Kind.PHONE, Channel.Kind.WHATSAPP, Channel.Kind.CHAT)
USUAL_ORDER = (Channel.Kind.WHATSAPP, Channel.Kind.PHONE, Channel.Kind.CHAT)


def recommend(situation: Situation, reason: Reason) -> Recommendation:
    """One recommendation for the reason: an open channel, the guides, the ticket's own page or a ticket."""
    if reason == Reason.DOUBT:
        return _documentation(situation)
    if reason == Reason.TICKET:
        return _follow_up()
    order = URGENT_ORDER if reason == Reason.URGENT else USUAL_ORDER
    states = (situation.of(kind) for kind in order)
    first = next((state for state in states if state and state.is_open), None)
    return _channel(first) if first else _ticket(situation, reason)


def _channel(state: ChannelState) -> Recommendation:
    channel = state.channel
    return Recommendation(
        name=channel.get_kind_display(),
        sentence=f"{channel.expected_wait or state.summary}.",
        action={
            Channel.Kind.WHATSAPP: "Escribir por WhatsApp",
            Channel.Kind.PHONE: f"Llamar al {state.address_text}",
            Channel.Kind.CHAT: "Ir al chat",
        }[channel.kind],
        url=state.url,
        opens_elsewhere=channel.kind == Channel.Kind.WHATSAPP,
    )


def _ticket(situation: Situation, reason: Reason) -> Recommendation:
    promise = answer_promise(situation.first_response_due, situation.now)
    sentence = f"{promise[0].upper()}{promise[1:]}."
    url = reverse("tickets:create")
    if reason != Reason.URGENT:
        return Recommendation("Ticket", sentence, "Abrir un ticket", url)
    opening = _first_opening(situation)
    return Recommendation(
        "Ticket urgente", f"{sentence} {opening}".strip(), "Abrir un ticket urgente", f"{url}?motivo=urgente"
    )


def _first_opening(situation: Situation) -> str:
    """«Teléfono: abre mañana a las 9:00 h.» for the first channel with a voice to open again."""
    waiting = [s for kind in URGENT_ORDER if (s := situation.of(kind)) and s.next_opening]
    if not waiting:
        return ""
    state = min(waiting, key=lambda state: state.next_opening)
    return f"{state.channel.get_kind_display()}: {state.opening_text}."


def _documentation(situation: Situation) -> Recommendation:
    return Recommendation(
        name="Documentación",
        sentence="Busca tu duda en las guías: la mayoría se resuelve en unos minutos, a cualquier hora.",
        action="Ver las guías",
        url=reverse("docs_kb:home"),
        also=("Abrir un ticket", reverse("tickets:create")),
    )


def _follow_up() -> Recommendation:
    return Recommendation(
        name="Tu ticket",
        sentence=(
            "Responde desde el enlace del correo que te enviamos: lo lee quien ya conoce tu caso. "
            "Si no lo encuentras, pide otro con tu referencia."
        ),
        action="Tengo una referencia",
        url=reverse("tickets:link_request"),
    )
