"""What every test of every app shares."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.cache import caches
from whitenoise.middleware import WhiteNoiseMiddleware

HAS_BROWSER_TOOLS = find_spec("playwright") is not None


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once():
    """Every test client has a WhiteNoise of its own, and each of them would look through all files again."""
    look = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, dict] = {}

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        if self.static_prefix not in found:
            look(self)
            found[self.static_prefix] = dict(self.files)
        self.files.update(found[self.static_prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders)
        yield


@pytest.fixture(autouse=True)
def _empty_cache():
    """Throttles of one test never count in the next (on Redis no transaction takes them back), and pages
    that it saw are made anew, as it may change settings."""
    for cache in caches.all(initialized_only=False):
        cache.clear()


@pytest.fixture(autouse=True)
def _whole_fuses():
    """A store that one test broke, or a lock that it waited for in vain, is not left alone in the next."""
    from docs_kb import patience, throttle
    from docs_kb.views import searching
    from tickets import wake

    for breaker in (patience._in_vain, throttle._breaker, searching.breaker, wake._breaker):
        breaker.reset()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true nothing may be skipped."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {call.excinfo.value}"
    return report


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """With requirements.txt alone there is no playwright: its tests are left out, and the rest runs."""
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    needs_browser = is_test and not HAS_BROWSER_TOOLS and "playwright" in collection_path.read_text()
    return True if needs_browser else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if HAS_BROWSER_TOOLS:
        return
    in_browser = [item for item in items if item.get_closest_marker("e2e")]
    config.hook.pytest_deselected(items=in_browser)
    items[:] = [item for item in items if item not in in_browser]
