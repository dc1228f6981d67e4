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

    Whoever has read the `calendars` already leaves them in the context; a mail, whose two parts close with
    the same lines, leaves a dictionary for them as `once`.
    """
    once = context.get("once", {})
    if "help_lines" not in once:
        states = channel_states(timezone.now(), calendars=context.get("calendars"))
        once["help_lines"] = help_block.help_lines(states)
    return once["help_lines"]
