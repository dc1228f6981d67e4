"""`{% load contact_help %}{% help_lines as lines %}`: the help lines that close a mail."""

from django import template
from django.utils import timezone

from contact import help_block
from contact.availability import read_situation

register = template.Library()


@register.simple_tag
def help_lines() -> list[help_block.HelpLine]:
    """Each with `number`, `name`, `url` (absolute), `text` (to read or dial) and `detail` (hours)."""
    return help_block.help_lines(read_situation(timezone.now()))
