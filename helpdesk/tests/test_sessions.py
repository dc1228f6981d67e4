"""Sessions that are opened with one statement."""

import pytest

from helpdesk import sessions
from tickets.tests.web import count_queries

pytestmark = pytest.mark.django_db


def test_session_opens_with_one_statement():
    store = sessions.SessionStore()
    store["tickets"] = {"1": [0, 0]}
    with count_queries() as queries:
        store.save()
    assert [sql.split()[0] for sql in queries.statements] == ["INSERT"]
    assert sessions.SessionStore(store.session_key)["tickets"] == {"1": [0, 0]}


def test_taken_key_is_never_shared(monkeypatch):
    first = sessions.SessionStore()
    first["who"] = "Lucía"
    first.save()
    drawn = iter([first.session_key, first.session_key, "n" * 32])
    monkeypatch.setattr(sessions, "get_random_string", lambda *args: next(drawn))
    second = sessions.SessionStore()
    second["who"] = "Bruno"
    second.save()
    assert second.session_key == "n" * 32
    assert sessions.SessionStore(first.session_key)["who"] == "Lucía"
