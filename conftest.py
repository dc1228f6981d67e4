"""What every test of every app shares."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache():
    """Throttles of one test never count in the next; on Redis no transaction takes them back."""
    cache.clear()
