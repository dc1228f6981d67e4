"""What the tests of tickets share: files in a folder of the test, and a queue that only takes note."""

import pytest

from docs_kb.tests.own_files import own_files
from tickets import wake

__all__ = ["own_files"]


@pytest.fixture
def woken(monkeypatch) -> list[tuple]:
    """The calls to the worker, instead of a broker: [(task, argument, …), …]."""
    calls: list[tuple] = []
    monkeypatch.setattr(wake, "call", lambda task, *args: calls.append((task, *args)) or True)
    return calls
