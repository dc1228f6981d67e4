"""schema.org data about the support desk, for the contact page."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from contact.availability import ChannelState, Situation
from contact.models import Channel
from tickets.hours import MIDNIGHT, Calendar, Span

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Inside <script> only these could end the element or open a comment (as Django's json_script does).
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


def organization(situation: Situation) -> SafeString:
    """The company with one ContactPoint per channel that has a number or an address, as JSON-LD."""
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": settings.COMPANY_NAME,
        "url": settings.SITE_URL,
        "contactPoint": [_contact_point(s) for s in situation.states if s.channel.address],
    }
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)  # escaped just above; HTML escaping would break the JSON


def _contact_point(state: ChannelState) -> dict:
    channel = state.channel
    point = {
        "@type": "ContactPoint",
        "contactType": "customer support",
        "name": channel.get_kind_display(),
        "availableLanguage": "es",
    }
    if channel.kind == Channel.Kind.EMAIL:
        point["email"] = channel.address
    else:
        point["telephone"] = channel.address
    if channel.kind == Channel.Kind.WHATSAPP:
        point["url"] = state.url
    if state.calendar:
        point["hoursAvailable"] = _hours(state.calendar)
    return point


def _hours(calendar: Calendar) -> list[dict]:
    weekly = [
        {"dayOfWeek": DAYS[day], **_span(span)}
        for day, spans in sorted(calendar.week.items())
        for span in spans
    ]
    special = [
        {"validFrom": day.isoformat(), "validThrough": day.isoformat(), **_span(span)}
        for day, exceptional in sorted(calendar.special.items())
        # No opening is written as a span without length, as schema.org's documentation asks.
        for span in exceptional.spans or (None,)
    ]
    return [{"@type": "OpeningHoursSpecification", **entry} for entry in weekly + special]


def _span(span: Span | None) -> dict:
    if span is None:
        return {"opens": "00:00", "closes": "00:00"}
    closes = "23:59" if span.closes_at == MIDNIGHT else f"{span.closes_at:%H:%M}"
    return {"opens": f"{span.opens_at:%H:%M}", "closes": closes}
