"""What the tests of articles share."""

import pytest

from docs_kb.tests.factories import make_author
from docs_kb.tests.own_files import own_files

__all__ = ["own_files"]


@pytest.fixture
def ana(client):
    """A browser in which somebody who writes articles has signed in."""
    client.user = make_author()
    client.force_login(client.user)
    return client
