"""`{% load contact_help %}{% help_lines as lines %}`: the help lines that close a mail."""

from django import template
from django.template import Context
from django.utils import timezone

from contact import help_block
from contact.availability import channel_states

register = template.Library()


@register.simple_tag(takes_context=True)
def help_lines(context: Context) -> list[help_block.HelpLine]:
    """Each with `number`, `name`, `url` (absolute), `text` (to read or dial) and `detail` (hours).

    Whoever has read the `calendars` already leaves them in the context.
    """
    return help_block.help_lines(channel_states(timezone.now(), calendars=context.get("calendars")))
