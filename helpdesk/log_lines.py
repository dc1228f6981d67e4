"""Lines of the log without what opens a ticket or names a person: logs are copied and kept elsewhere."""

import logging
import re

# As `tickets.links` makes them; no app is loaded yet when the log is set up.
_TOKEN = re.compile(r"[0-9A-Z]{8,11}\.[A-Za-z0-9_-]{43}")
_LETTER = r"[^\s<>()\"',;:=/@]"
# From the beginning of a word and never back: a long word without «@» is read once.
_ADDRESS = re.compile(rf"(?<!{_LETTER}){_LETTER}++@{_LETTER}+\.[a-z]{{2,}}", re.IGNORECASE)


class DiscreetFormatter(logging.Formatter):
    """Takes the secrets of links and mail addresses out of messages and tracebacks alike."""

    def format(self, record: logging.LogRecord) -> str:
        return _ADDRESS.sub("[address]", _TOKEN.sub("[token]", super().format(record)))
