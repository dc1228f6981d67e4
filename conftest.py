"""What every test of every app shares."""

import os

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _empty_cache():
    """Throttles of one test never count in the next (on Redis no transaction takes them back), and pages
    that it saw are made anew, as it may change settings."""
    for cache in caches.all(initialized_only=False):
        cache.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true nothing may be skipped."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {call.excinfo.value}"
    return report
