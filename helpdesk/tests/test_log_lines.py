"""What may stand in a log."""

import logging
import sys

import pytest

from helpdesk.log_lines import DiscreetFormatter
from tickets.links import reply_address, signed_token, signed_url, survey_token, survey_url
from tickets.models import Survey
from tickets.tests.factories import make_ticket


@pytest.mark.django_db
def test_log_holds_no_secret_of_a_link_and_no_address():
    """Not even where a driver puts them into what it raises."""
    ticket = make_ticket()
    survey = Survey.objects.create(ticket=ticket, resolved_at=ticket.created_at)
    words = f"{signed_url(ticket)} {survey_url(survey, 'good')} {reply_address(ticket)}"
    try:
        raise ValueError(f"Key (email)=(lucia@example.com) exists: {words}")
    except ValueError:
        raised = sys.exc_info()
    said = "550 5.1.1 <Lucia.Ferrer@correo.example.com>: unknown, %s"
    record = logging.LogRecord("tickets", logging.ERROR, __file__, 1, said, (words,), raised)
    handlers = logging.getLogger().handlers
    [console] = [one for one in handlers if isinstance(one.formatter, DiscreetFormatter)]
    line = console.format(record)
    assert "550 5.1.1 <[address]>: unknown, http" in line
    assert "Key (email)=([address]) exists" in line
    for secret in (signed_token(ticket), survey_token(survey), "+", "lucia@", "Ferrer"):
        assert secret not in line


def test_long_words_are_read_once():
    """Looked through again from each letter, this would take minutes."""
    for line in ("a" * 1_000_000, "a@" * 500_000, "a@" + "1." * 500_000):
        record = logging.LogRecord("tickets", logging.ERROR, __file__, 1, line, (), None)
        assert DiscreetFormatter("%(message)s").format(record) == line
