"""Sessions in the database, opened with one statement: the ticket form's visitors pay for no more."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string


class SessionStore(db.SessionStore):
    def _get_new_session_key(self) -> str:
        """Without asking first whether it is free: `create` inserts, and draws another for a taken one."""
        return get_random_string(32, VALID_KEY_CHARS)
