"""Template tags and filters that every template may use without loading them."""

import re
from collections.abc import Iterable

from django import forms, template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.utils.html import Urlizer, escape
from django.utils.safestring import SafeString, mark_safe

from docs_kb import dates
from tickets.models.ticket import REFERENCE_ALPHABET

register = template.Library()

register.filter("clock", dates.clock)
register.filter("long_date", dates.long_date)
register.filter("date_time", dates.date_time)
register.filter("moment", dates.moment)
register.filter("before", dates.before)
register.filter("before_day", dates.before_day)
register.filter("hour", dates.hour)
register.filter("file_size", dates.file_size)
register.filter("duration", dates.duration)


class _HandedOn(Urlizer):
    """Addresses in what people wrote, as links that tell the other site nothing of ours."""

    url_template = '<a href="{href}" rel="nofollow noopener">{url}</a>'


@register.filter
def linked(text: str) -> SafeString:
    """What somebody wrote, escaped, with its addresses as links of 80 characters at most."""
    return mark_safe(_HandedOn()(text, trim_url_limit=80, autoescape=True))


@register.filter
def unbroken(sentence: str) -> SafeString:
    """A sentence of ours, escaped, in which no line ends within a reference."""
    letter = f"[{REFERENCE_ALPHABET}]"
    reference = rf"{settings.REFERENCE_PREFIX}-{letter}{{4}}-{letter}{{3}}"
    return mark_safe(re.sub(reference, r'<span class="nowrap">\g<0></span>', escape(str(sentence))))


@register.filter
def is_choice_group(field: BoundField) -> bool:
    """Radios or a list of checkboxes: several controls under one legend."""
    return isinstance(field.field.widget, forms.RadioSelect)


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_file_input(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.FileInput)


@register.filter
def focus_id(field: BoundField) -> str:
    """The id of the control that a link to this field should focus: a group's is its first option."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def error_count(form: BaseForm) -> int:
    """How many things there are to review in the whole form."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def inside_sentence(detail: str) -> str:
    """«910 000 000 · Abierto hasta…» between brackets: «910 000 000, abierto hasta…»."""
    return ", ".join(part[:1].lower() + part[1:] for part in detail.split(" · "))


@register.filter
def direct_channels(entries: Iterable) -> list:
    """The ways of the help block that reach a person at once or by mail: the third step of Mi Cuenta."""
    return [entry for entry in entries or () if entry.kind in ("whatsapp", "phone", "email")]


@register.filter
def is_everyone_away(entries: Iterable) -> bool:
    """There are people to talk to, at other hours."""
    states = [entry.is_open for entry in direct_channels(entries) if entry.is_open is not None]
    return bool(states) and not any(states)


class TrailNode(template.Node):
    """Wrap its contents in the «Ruta» landmark, and vanish when there are none."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString | str:
        items = self.nodelist.render(context).strip()
        if not items:
            return ""
        return mark_safe(f'<nav class="breadcrumb container" aria-label="Ruta"><ol>{items}</ol></nav>')


@register.tag
def trail(parser: template.base.Parser, token: template.base.Token) -> TrailNode:
    """`{% trail %}<li>…</li>{% endtrail %}`: the breadcrumb, or nothing."""
    nodelist = parser.parse(("endtrail",))
    parser.delete_first_token()
    return TrailNode(nodelist)
